//! Changed prompts on a terminal.

use crate::app::diff::Changed;
use crate::app::diff::rendered::{Rendering, Turn};
use crate::repo::diff::{Class, Mark};

use super::super::finding;
use super::super::paint::{Paint, visible};
use super::super::table::columns;
use super::{
    Change, Fact, Line, Shown, Sign, became, class_word, facts, heading, of_block, of_file, of_pieces, place, tokens,
};

/// One prompt: its fields, then its body block by block.
pub fn prompt(changed: &Changed, shown: Shown, paint: Paint) -> String {
    let mut out = title(changed, paint);
    if became(changed) == "added" || became(changed) == "removed" {
        out.extend(of_file(changed).iter().map(|one| line(one, paint)));
    } else {
        out.push_str(&fields(&facts(changed), paint));
        if !shown.meta {
            out.push_str(&body(changed, paint));
        }
    }
    if let Some(counted) = changed.tokens.as_ref().filter(|counted| super::delta(counted) != 0) {
        out.push_str(&format!("  {} {}\n", paint.dim("tokens"), tokens(counted)));
    }
    out
}

/// One prompt as the messages that are sent.
pub fn rendered(changed: &Changed, paint: Paint) -> String {
    let mut out = title(changed, paint);
    match &changed.rendered {
        None | Some(Rendering::Same) => out.push_str("  the same messages are sent\n"),
        Some(Rendering::Failed(error)) => {
            let text = finding::error(error, paint);
            out.push_str(&text.lines().map(|line| format!("  {line}\n")).collect::<String>());
        }
        Some(Rendering::Differs(turns)) => turns.iter().for_each(|turn| out.push_str(&message(turn, paint))),
    }
    out
}

/// A line for each prompt.
pub fn stat(prompts: &[Changed], paint: Paint, width: Option<usize>) -> String {
    let row = |changed: &Changed| {
        let (new, gone) = super::word_counts(changed);
        let counted = changed.tokens.as_ref().map(tokens).unwrap_or_default();
        vec![
            paint.bold(&heading(changed)),
            painted(changed.class(), paint),
            format!("{}/{}", paint.green(&format!("+{new}")), paint.red(&format!("-{gone}"))),
            if counted.is_empty() { counted } else { format!("{counted} tokens") },
            visible(&changed.summary()),
        ]
    };
    columns(&prompts.iter().map(row).collect::<Vec<_>>(), width)
}

fn title(changed: &Changed, paint: Paint) -> String {
    let through =
        if changed.diff.class().is_none() && became(changed) == "changed" { " through an include" } else { "" };
    let what = match became(changed) {
        "changed" => String::new(),
        what => format!("{what}, "),
    };
    let class = match &changed.rendered {
        Some(Rendering::Same) => paint.dim("pure refactor"),
        Some(_) => painted(changed.class().max(Some(Class::Behaviour)), paint),
        None => painted(changed.class(), paint),
    };
    format!("{} ({what}{class}{through})\n", paint.bold(&heading(changed)))
}

pub fn painted(class: Option<Class>, paint: Paint) -> String {
    let word = class_word(class);
    match class {
        Some(Class::Breaking) => paint.red(word),
        Some(Class::Behaviour) => paint.yellow(word),
        _ => paint.dim(word),
    }
}

fn fields(facts: &[Fact], paint: Paint) -> String {
    let mut out = String::new();
    let mut rows = Vec::new();
    for fact in facts {
        let class = if fact.class == Class::Breaking {
            format!(" ({})", painted(Some(fact.class), paint))
        } else {
            String::new()
        };
        let change = match &fact.change {
            Change::Added(value) => paint.green(&format!("+{value}")),
            Change::Removed(value) => paint.red(&format!("-{value}")),
            Change::Became(before, after) => format!("{} → {}", paint.red(before), paint.green(after)),
            Change::Note(note) => note.clone(),
            Change::Items(added, removed) => {
                let added = added.iter().map(|item| paint.green(&format!("+{item}")));
                let removed = removed.iter().map(|item| paint.red(&format!("-{item}")));
                added.chain(removed).collect::<Vec<_>>().join(" ")
            }
            Change::Words(pieces) => {
                flush(&mut rows, &mut out);
                out.push_str(&format!("  {}{class}\n", fact.what));
                out.push_str(&of_pieces(pieces).iter().map(|one| line(one, paint)).collect::<String>());
                continue;
            }
        };
        rows.push(vec![format!("  {}", fact.what), format!("{change}{class}")]);
    }
    flush(&mut rows, &mut out);
    out
}

fn flush(rows: &mut Vec<Vec<String>>, out: &mut String) {
    out.push_str(&columns(rows, None));
    rows.clear();
}

fn body(changed: &Changed, paint: Paint) -> String {
    let mut out = String::new();
    let mut last = None;
    for block in &changed.diff.blocks {
        if last != Some(&block.home) {
            out.push_str(&format!("  {}\n", paint.cyan(&place(&block.home))));
            last = Some(&block.home);
        }
        out.extend(of_block(block).iter().map(|one| line(one, paint)));
    }
    out
}

fn message(turn: &Turn, paint: Paint) -> String {
    let same = turn.pieces.iter().all(|piece| piece.mark == Mark::Same);
    if same {
        return String::new();
    }
    let lines: String = of_pieces(&turn.pieces).iter().map(|one| line(one, paint)).collect();
    format!("  {}\n{lines}", paint.cyan(&visible(&turn.role)))
}

/// `    ~ some [-old-]{+new+} words`
pub fn line(line: &Line, paint: Paint) -> String {
    let text: String = line.pieces.iter().map(|(mark, text)| marked(*mark, text, paint)).collect();
    let whole = format!("{} {text}", line.sign.mark());
    let whole = match line.sign {
        Sign::Added => paint.green(&whole),
        Sign::Removed => paint.red(&whole),
        Sign::Same | Sign::Skipped => paint.dim(&whole),
        Sign::Changed | Sign::Moved => whole,
    };
    format!("    {}\n", whole.trim_end())
}

/// Words that went and came are told by colour, or by brackets where there is none.
fn marked(mark: Mark, text: &str, paint: Paint) -> String {
    match mark {
        Mark::Same => text.to_owned(),
        Mark::Gone if paint.colour => paint.red(text),
        Mark::New if paint.colour => paint.green(text),
        Mark::Gone => format!("[-{text}-]"),
        Mark::New => format!("{{+{text}+}}"),
    }
}
