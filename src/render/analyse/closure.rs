//! What a template uses through everything it includes.

use std::collections::HashSet;
use std::sync::Arc;

use crate::base::{Place, Span};
use crate::model::Template;

use super::super::include::{Library, Loaded, Refusal};
use super::super::request::Engine;
use super::{Include, Uses, Variable, Verb, analyse};

/// The uses of one file in a tree of includes.
#[derive(Debug, Clone)]
pub struct Part {
    pub file: Arc<Loaded>,
    pub uses: Uses,
    /// Names that the including files give values to.
    pub locals: HashSet<String>,
    /// Includes that lead nowhere, and why.
    pub broken: Vec<(Include, Refusal)>,
}

/// A file and everything it includes, each once, the file itself first.
#[derive(Debug, Clone, Default)]
pub struct Closure {
    pub parts: Vec<Part>,
    pub cycles: Vec<Cycle>,
    /// Where includes nest deeper than is allowed.
    pub too_deep: Option<Place>,
}

/// Files that include each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// Their names, the first again at the end.
    pub names: Vec<String>,
    /// The place of each include, in the same order.
    pub places: Vec<Place>,
}

impl Closure {
    /// The variables that must come from outside, each with the file it is used in.
    pub fn variables(&self) -> impl Iterator<Item = (&Loaded, &Variable)> {
        self.parts.iter().flat_map(|part| {
            let outside = part.uses.variables.iter().filter(|used| !part.locals.contains(&used.name));
            outside.map(|used| (part.file.as_ref(), used))
        })
    }

    /// Take in what another file uses.
    pub fn add(&mut self, other: Closure) {
        self.parts.extend(other.parts);
        self.cycles.extend(other.cycles);
        self.too_deep = self.too_deep.take().or(other.too_deep);
    }

    /// Whether everything that is used can be known before rendering.
    pub fn is_whole(&self) -> bool {
        let whole = |part: &Part| {
            part.uses.problem.is_none()
                && part.broken.is_empty()
                && part.uses.includes.iter().all(|i| i.names.is_some())
        };
        self.parts.iter().all(whole)
    }
}

/// Follow the includes of a file, at most `depth` levels down.
pub fn closure(root: &Arc<Loaded>, library: &Library, template: &Template, depth: usize) -> Closure {
    let mut follower = Follower { library, template, depth, chain: Vec::new(), closure: Closure::default() };
    follower.follow(root, &HashSet::new());
    follower.closure
}

struct Follower<'a> {
    library: &'a Library,
    template: &'a Template,
    depth: usize,
    /// The files on the way to the current one, each with the place of the include that left it.
    chain: Vec<(String, Place)>,
    closure: Closure,
}

impl Follower<'_> {
    fn follow(&mut self, file: &Arc<Loaded>, locals: &HashSet<String>) {
        let engine = Engine::named(file.engine.as_deref()).unwrap_or(Engine::None);
        let uses = analyse(file.body(), engine, self.template);
        let at = self.closure.parts.len();
        let part = Part { file: file.clone(), uses: uses.clone(), locals: locals.clone(), broken: Vec::new() };
        self.closure.parts.push(part);
        for include in base(file).iter().chain(&uses.includes) {
            for name in include.names.iter().flatten() {
                self.chain.push((file.name.clone(), file.body().place(include.span)));
                let inner: HashSet<String> = locals.iter().chain(&include.locals).cloned().collect();
                if let Err(refusal) = self.enter(name, file, &inner)
                    && !include.optional
                {
                    self.closure.parts[at].broken.push((include.clone(), refusal));
                }
                self.chain.pop();
            }
        }
    }

    fn enter(&mut self, name: &str, file: &Loaded, locals: &HashSet<String>) -> Result<(), Refusal> {
        let next = self.library.find(name, &file.name)?;
        if let Some(from) = self.chain.iter().position(|(earlier, _)| *earlier == next.name) {
            let (mut names, places): (Vec<_>, Vec<_>) = self.chain[from..].iter().cloned().unzip();
            names.push(next.name.clone());
            self.closure.cycles.push(Cycle { names, places });
        } else if self.chain.len() > self.depth {
            self.closure.too_deep = self.chain.last().map(|(_, place)| place.clone());
        } else if !self.closure.parts.iter().any(|part| part.file.name == next.name) {
            self.follow(&next, locals);
        }
        Ok(())
    }
}

/// The include that the front matter's `extends` stands for.
fn base(file: &Loaded) -> Option<Include> {
    let names = Some(vec![file.base.clone()?]);
    let span = Span::at(file.body.start);
    Some(Include { verb: Verb::Extends, names, optional: false, span, locals: Vec::new() })
}
