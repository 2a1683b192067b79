//! Files that include each other.

use crate::base::Severity;

use crate::check::hit::Hit;
use crate::check::repository::{Repository, Target};
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "cyclic-include",
    doc: "Files include each other in a circle.",
    why: "Rendering would never end, so it stops with an error. Move what both need into a third file.",
    severity: Severity::Error,
    fix: false,
    how: How::Repository(check),
};

/// Each circle is reported once, at the include that closes it when one starts from its first file.
fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    let mut state = vec![State::New; repository.members.len()];
    for index in 0..repository.members.len() {
        if state[index] == State::New {
            walk(repository, index, &mut state, out);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnPath,
    Done,
}

/// Depth first, with a stack of its own: a chain of includes may be longer than a thread's stack allows.
fn walk(repository: &Repository<'_>, start: usize, state: &mut [State], out: &mut Vec<(usize, Hit)>) {
    let mut path: Vec<(usize, usize)> = vec![(start, 0)];
    state[start] = State::OnPath;
    while let Some(step) = path.last_mut() {
        let (index, next) = *step;
        let Some((include, target)) = repository.includes(index).nth(next) else {
            state[index] = State::Done;
            path.pop();
            continue;
        };
        step.1 += 1;
        let Target::Member(target) = *target else { continue };
        match state[target] {
            State::Done => {}
            State::New => {
                state[target] = State::OnPath;
                path.push((target, 0));
            }
            State::OnPath => {
                let circle = path.iter().map(|&(file, _)| file).skip_while(|&file| file != target);
                let names: Vec<&str> = circle.chain([target]).map(|file| repository.name(file)).collect();
                let message = match &names[..] {
                    [_, _] => format!("`{}` includes itself", names[0]),
                    names => format!("files include each other: {}", names.join(" → ")),
                };
                out.push((index, Hit::at(RULE.name, include.at, message)));
            }
        }
    }
}
