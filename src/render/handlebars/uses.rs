//! What a Handlebars or Mustache template uses.

use super::super::analyse::{Include, Named, Problem, Uses, Variable, Verb};
use super::super::patch::Patched;
use super::super::request::Body;
use super::Flavour;
use super::parse::{Expr, Kind, Node, parse};

pub fn uses(body: Body<'_>, flavour: Flavour) -> Uses {
    let patched = Patched::new(body.text(), body.span.start);
    let mut walker =
        Walker { patched: &patched, uses: Uses::default(), flavour, depth: 0, names: Vec::new(), guards: Vec::new() };
    match parse(&patched.text, flavour) {
        Ok(nodes) => walker.nodes(&nodes),
        Err((range, message, hint)) => {
            let span = patched.original_span(range);
            walker.uses.problem = Some(Problem { message, span, hint: Some(hint.into()) });
        }
    }
    walker.uses
}

struct Walker<'p> {
    patched: &'p Patched,
    uses: Uses,
    flavour: Flavour,
    /// How many `each` and `with` are open: names inside mean parts of something else.
    depth: usize,
    names: Vec<String>,
    guards: Vec<String>,
}

impl Walker<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        nodes.iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Text(_) => {}
            Node::Print(expr, _) => self.expr(expr, false),
            Node::Call { name, args, hash, range } => {
                let span = self.patched.original_span(range.clone());
                self.uses.functions.push(Named { name: name.clone(), span });
                args.iter().chain(hash.iter().map(|(_, value)| value)).for_each(|expr| self.expr(expr, false));
            }
            Node::Partial { name, hash, range } => {
                hash.iter().for_each(|(_, value)| self.expr(value, false));
                let (folder, last) = name.rsplit_once('/').map_or(("", name.as_str()), |(folder, last)| (folder, last));
                let slash = if folder.is_empty() { "" } else { "/" };
                self.uses.includes.push(Include {
                    verb: Verb::Include,
                    names: Some(vec![format!("{folder}{slash}_{last}.prompt")]),
                    optional: false,
                    span: self.patched.original_span(range.clone()),
                    locals: hash.iter().map(|(key, _)| key.clone()).collect(),
                });
            }
            Node::Block { kind, args, names, body, other, .. } => self.block(*kind, args, names, body, other),
        }
    }

    fn block(&mut self, kind: Kind, args: &[Expr], names: &[String], body: &[Node], other: &[Node]) {
        let condition = matches!(kind, Kind::If | Kind::Unless | Kind::With | Kind::Section | Kind::Inverted);
        args.iter().for_each(|expr| self.expr(expr, condition));
        let found = args.first().and_then(top).filter(|_| condition);
        let (guards, known) = (self.guards.len(), self.names.len());
        let inner =
            matches!(kind, Kind::Each | Kind::With) || (kind == Kind::Section && self.flavour == Flavour::Mustache);
        self.names.extend(names.iter().cloned());
        self.depth += usize::from(inner);
        if !matches!(kind, Kind::Unless | Kind::Inverted) {
            self.guards.extend(found.clone());
        }
        self.nodes(body);
        self.guards.truncate(guards);
        self.depth -= usize::from(inner);
        self.names.truncate(known);
        if matches!(kind, Kind::Unless | Kind::Inverted) {
            self.guards.extend(found);
        }
        self.nodes(other);
        self.guards.truncate(guards);
    }

    fn expr(&mut self, expr: &Expr, safe: bool) {
        let Expr::Path { up, root, keys, range } = expr else { return };
        let outside = *root || *up >= self.depth;
        let Some(name) = keys.first().filter(|name| outside && !self.names.contains(name)) else { return };
        let guarded = safe || self.guards.contains(name);
        let span = self.patched.original_span(range.clone());
        self.uses.variables.push(Variable {
            name: name.clone(),
            path: keys.join("."),
            span,
            guarded,
            in_loop: self.depth > 0,
        });
    }
}

fn top(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path { keys, .. } => keys.first().cloned(),
        _ => None,
    }
}
