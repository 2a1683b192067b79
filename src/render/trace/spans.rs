//! The steps of a rendering as a tree, each with the place it belongs to.

use std::collections::BTreeSet;

use crate::base::{Place, Span as Bytes};
use crate::model::{Map, Value};
use crate::render::analyse::Closure;
use crate::render::include::Library;
use crate::render::{Edge, Message, Request};

/// A step within another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The position of the step it belongs to.
    pub parent: Option<usize>,
    pub place: Option<Place>,
    pub step: Step,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Render,
    Inputs,
    Variable { name: String, value: Value, from: &'static str },
    History { messages: usize },
    Examples { examples: usize },
    Load { path: String, version: Option<String>, bytes: usize },
    Expand { bytes: usize, fuel: Option<u64> },
    Message { role: String, text: String },
    Piece { text: String, computed: bool },
}

/// What is known once everything is rendered.
pub struct Settling<'a> {
    pub request: &'a Request<'a>,
    pub library: &'a Library,
    pub closure: &'a Closure,
    pub variables: &'a Map,
    pub expanded: Step,
    pub messages: &'a [Message],
}

/// All steps, every one behind the one it belongs to.
pub fn spans(known: &Settling<'_>) -> Vec<Span> {
    let mut tree = Tree { known, spans: Vec::new(), loaded: BTreeSet::new() };
    let request = known.request;
    let root = tree.add(None, None, Step::Render);
    tree.inputs(root);
    if !request.history.is_empty() {
        tree.add(Some(root), None, Step::History { messages: request.history.len() });
    }
    if !request.examples.is_empty() {
        tree.add(Some(root), None, Step::Examples { examples: request.examples.len() / 2 });
    }
    let own = Step::Load { path: request.body.path.to_owned(), version: None, bytes: request.body.file.len() };
    let own = tree.add(Some(root), None, own);
    tree.loads(own, request.body.path);
    (0..request.prompt.messages.len()).for_each(|at| tree.loads(own, &request.body.listed(at)));
    tree.add(Some(root), None, known.expanded.clone());
    known.messages.iter().for_each(|message| tree.message(root, message));
    tree.spans
}

struct Tree<'a> {
    known: &'a Settling<'a>,
    spans: Vec<Span>,
    /// Files whose own includes are told already.
    loaded: BTreeSet<String>,
}

impl Tree<'_> {
    fn add(&mut self, parent: Option<usize>, place: Option<Place>, step: Step) -> usize {
        self.spans.push(Span { parent, place, step });
        self.spans.len() - 1
    }

    fn inputs(&mut self, root: usize) {
        let Settling { request, closure, variables, .. } = self.known;
        let inputs = self.add(Some(root), None, Step::Inputs);
        for (name, value) in variables.iter() {
            let used = closure.variables().find(|(_, used)| used.name == *name);
            let place = used.map(|(file, used)| file.body().place(used.span));
            let from = match () {
                () if request.variables.contains_key(name) => "variable",
                () if request.context.contains_key(name) => "context",
                () => "default",
            };
            self.add(Some(inputs), place, Step::Variable { name: name.clone(), value: value.clone(), from });
        }
    }

    /// The files that a file asks for.
    fn loads(&mut self, parent: usize, from: &str) {
        if !self.loaded.insert(from.to_owned()) {
            return;
        }
        for edge in self.known.library.edges().into_iter().filter(|edge| edge.from == from) {
            let Edge { to, version, .. } = edge.clone();
            let name = version.as_ref().map_or_else(|| to.clone(), |version| format!("{to}@{version}"));
            let bytes = self.known.library.get(&name).map_or(0, |loaded| loaded.file.len());
            let place = self.asked(&edge, &name);
            let load = self.add(Some(parent), place, Step::Load { path: to.clone(), version, bytes });
            self.loads(load, &to);
        }
    }

    /// Where a file is asked for. An include with a computed name has no place that could be told.
    fn asked(&self, edge: &Edge, name: &str) -> Option<Place> {
        let Settling { library, closure, .. } = self.known;
        let part = closure.parts.iter().find(|part| part.file.path == edge.from)?;
        let means = |asked: &String| library.find(asked, &part.file.name).is_ok_and(|found| found.name == name);
        let include = part.uses.includes.iter().find(|include| include.names.iter().flatten().any(means));
        let base = part.file.base.as_ref().filter(|base| means(base)).map(|_| Bytes::at(part.file.body.start));
        include.map(|include| include.span).or(base).map(|span| part.file.body().place(span))
    }

    fn message(&mut self, root: usize, message: &Message) {
        let place = message.segments.iter().find_map(|segment| segment.origin.as_ref());
        let place = place.map(|origin| origin.place.clone());
        let step = Step::Message { role: message.role.clone(), text: message.text() };
        let at = self.add(Some(root), place, step);
        for segment in &message.segments {
            let origin = segment.origin.as_ref();
            let computed = origin.is_some_and(|origin| origin.computed);
            let place = origin.map(|origin| origin.place.clone());
            self.add(Some(at), place, Step::Piece { text: segment.text.clone(), computed });
        }
    }
}
