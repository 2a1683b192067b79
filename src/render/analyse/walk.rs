//! A walk over Jinja's syntax tree that knows which names are local.

use std::collections::HashSet;

use minijinja::machinery::ast::{BinOpKind, CallArg, CallType, Expr, Macro, Spanned, Stmt, UnaryOpKind};

use crate::base::Span;

use super::super::patch::Patched;
use super::{Include, Named, Uses, Variable, Verb};

pub fn walk(tree: &Stmt<'_>, patched: &Patched) -> Uses {
    let mut walker =
        Walker { patched, uses: Uses::default(), scopes: vec![HashSet::new()], guards: Vec::new(), loops: 0 };
    walker.stmt(tree);
    walker.uses
}

struct Walker<'p> {
    patched: &'p Patched,
    uses: Uses,
    /// Names the template gives values to, innermost scope last.
    scopes: Vec<HashSet<String>>,
    /// Names that surrounding conditions have found to be there.
    guards: Vec<String>,
    loops: usize,
}

/// Tests that do not fail when their operand is missing.
const TOLERANT: &[&str] = &[
    "defined",
    "undefined",
    "none",
    "string",
    "number",
    "mapping",
    "sequence",
    "iterable",
    "boolean",
    "integer",
    "float",
    "true",
    "false",
];

impl Walker<'_> {
    fn stmt(&mut self, stmt: &Stmt<'_>) {
        match stmt {
            Stmt::Template(template) => {
                self.assign("self");
                self.body(&template.children);
            }
            Stmt::EmitExpr(emit) => self.expr(&emit.expr, false),
            Stmt::EmitRaw(_) | Stmt::Continue(_) | Stmt::Break(_) => {}
            Stmt::ForLoop(each) => {
                self.expr(&each.iter, false);
                self.loops += 1;
                self.scope(|walker| {
                    walker.assign("loop");
                    walker.target(&each.target);
                    each.filter_expr.iter().for_each(|expr| walker.expr(expr, true));
                    walker.body(&each.body);
                });
                self.loops -= 1;
                self.scope(|walker| walker.body(&each.else_body));
            }
            Stmt::IfCond(cond) => {
                self.expr(&cond.expr, true);
                let (yes, no) = guards(&cond.expr);
                self.guarded(yes, |walker| walker.body(&cond.true_body));
                self.guarded(no, |walker| walker.body(&cond.false_body));
            }
            Stmt::WithBlock(with) => self.scope(|walker| {
                for (target, value) in &with.assignments {
                    walker.expr(value, false);
                    walker.target(target);
                }
                walker.body(&with.body);
            }),
            Stmt::Set(set) => {
                self.expr(&set.expr, false);
                self.target(&set.target);
            }
            Stmt::SetBlock(set) => {
                set.filter.iter().for_each(|filter| self.expr(filter, false));
                self.scope(|walker| walker.body(&set.body));
                self.target(&set.target);
            }
            Stmt::AutoEscape(escape) => self.scope(|walker| walker.body(&escape.body)),
            Stmt::FilterBlock(block) => {
                self.expr(&block.filter, false);
                self.scope(|walker| walker.body(&block.body));
            }
            Stmt::Block(block) => {
                let span = self.span_of(block.name, block.span());
                self.uses.blocks.push(Named { name: block.name.into(), span });
                self.scope(|walker| {
                    walker.assign("super");
                    walker.body(&block.body);
                });
            }
            Stmt::Extends(extends) => self.file(Verb::Extends, &extends.name, false),
            Stmt::Include(include) => self.file(Verb::Include, &include.name, include.ignore_missing),
            Stmt::Import(import) => {
                self.file(Verb::Import, &import.expr, false);
                self.target(&import.name);
            }
            Stmt::FromImport(import) => {
                self.file(Verb::Import, &import.expr, false);
                import.names.iter().for_each(|(name, alias)| self.target(alias.as_ref().unwrap_or(name)));
            }
            Stmt::Macro(makro) => {
                self.assign(makro.name);
                self.makro(makro);
            }
            Stmt::CallBlock(block) => {
                self.call(&block.call);
                self.makro(&block.macro_decl);
            }
            Stmt::Do(call) => self.call(&call.call),
        }
    }

    fn body(&mut self, stmts: &[Stmt<'_>]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn makro(&mut self, makro: &Macro<'_>) {
        self.scope(|walker| {
            walker.assign("caller");
            makro.defaults.iter().for_each(|expr| walker.expr(expr, false));
            makro.args.iter().for_each(|arg| walker.target(arg));
            walker.body(&makro.body);
        });
    }

    /// Visit an expression. `safe` says that nothing fails when it has no value.
    fn expr(&mut self, expr: &Expr<'_>, safe: bool) {
        match expr {
            Expr::Var(var) => self.variable(var.id, var.id.into(), var.span(), safe),
            Expr::GetAttr(_) | Expr::GetItem(_) => self.access(expr),
            Expr::Const(_) => {}
            Expr::UnaryOp(op) => self.expr(&op.expr, matches!(op.op, UnaryOpKind::Not)),
            Expr::BinOp(op) => match op.op {
                BinOpKind::ScOr => {
                    self.expr(&op.left, true);
                    let (_, no) = guards(&op.left);
                    self.guarded(no, |walker| walker.expr(&op.right, safe));
                }
                BinOpKind::ScAnd => {
                    self.expr(&op.left, safe);
                    let (yes, _) = guards(&op.left);
                    self.guarded(yes, |walker| walker.expr(&op.right, safe));
                }
                _ => {
                    self.expr(&op.left, false);
                    self.expr(&op.right, false);
                }
            },
            Expr::Compare(compare) => {
                self.expr(&compare.expr, false);
                compare.ops.iter().for_each(|op| self.expr(&op.expr, false));
            }
            Expr::IfExpr(choice) => {
                self.expr(&choice.test_expr, true);
                let (yes, no) = guards(&choice.test_expr);
                self.guarded(yes, |walker| walker.expr(&choice.true_expr, safe));
                self.guarded(no, |walker| choice.false_expr.iter().for_each(|expr| walker.expr(expr, safe)));
            }
            Expr::Filter(filter) => {
                let tolerant = matches!(filter.name, "default" | "d");
                filter.expr.iter().for_each(|operand| self.expr(operand, tolerant));
                let span = self.span_of(filter.name, filter.span());
                self.uses.filters.push(Named { name: filter.name.into(), span });
                self.args(&filter.args);
            }
            Expr::Test(test) => {
                self.expr(&test.expr, TOLERANT.contains(&test.name));
                let span = self.span_of(test.name, test.span());
                self.uses.tests.push(Named { name: test.name.into(), span });
                self.args(&test.args);
            }
            Expr::Slice(slice) => {
                self.expr(&slice.expr, false);
                [&slice.start, &slice.stop, &slice.step].into_iter().flatten().for_each(|part| self.expr(part, false));
            }
            Expr::Call(call) => self.call(call),
            Expr::List(list) => list.items.iter().for_each(|item| self.expr(item, false)),
            Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| self.expr(item, false)),
            Expr::Map(map) => map.keys.iter().chain(&map.values).for_each(|item| self.expr(item, false)),
        }
    }

    fn call(&mut self, call: &Spanned<minijinja::machinery::ast::Call<'_>>) {
        match call.identify_call() {
            CallType::Function(name) if !self.is_local(name) => {
                let span = self.span_of(name, call.expr.span());
                self.uses.functions.push(Named { name: name.into(), span });
            }
            CallType::Function(_) | CallType::Block(_) => {}
            CallType::Method(object, _) => self.expr(object, false),
            CallType::Object(object) => self.expr(object, false),
        }
        self.args(&call.args);
    }

    fn args(&mut self, args: &[CallArg<'_>]) {
        for arg in args {
            match arg {
                CallArg::Pos(expr) | CallArg::Kwarg(_, expr) | CallArg::PosSplat(expr) | CallArg::KwargSplat(expr) => {
                    self.expr(expr, false);
                }
            }
        }
    }

    /// `a.b["c"]`: a use of `a` by the path `a.b.c`. Reading an attribute of something missing fails, guard or not.
    fn access(&mut self, expr: &Expr<'_>) {
        let mut keys = Vec::new();
        let mut at = expr;
        loop {
            match at {
                Expr::GetAttr(get) => {
                    keys.push(get.name.to_owned());
                    at = &get.expr;
                }
                Expr::GetItem(get) => {
                    match get.subscript_expr.as_const().and_then(|key| key.as_str().map(str::to_owned)) {
                        Some(key) => keys.push(key),
                        None => {
                            keys.clear();
                            self.expr(&get.subscript_expr, false);
                        }
                    }
                    at = &get.expr;
                }
                Expr::Var(var) => {
                    keys.push(var.id.to_owned());
                    keys.reverse();
                    return self.variable(var.id, keys.join("."), var.span(), false);
                }
                other => return self.expr(other, false),
            }
        }
    }

    fn variable(&mut self, name: &str, path: String, span: minijinja::machinery::Span, safe: bool) {
        if self.is_local(name) {
            return;
        }
        let guarded = safe || self.guards.iter().any(|guard| guard == name);
        let span = self.span_of(name, span);
        self.uses.variables.push(Variable { name: name.into(), path, span, guarded, in_loop: self.loops > 0 });
    }

    fn file(&mut self, verb: Verb, name: &Expr<'_>, optional: bool) {
        let names = name.as_const().and_then(|value| match value.as_str() {
            Some(name) => Some(vec![name.to_owned()]),
            None => value.try_iter().ok()?.map(|item| item.as_str().map(str::to_owned)).collect(),
        });
        if names.is_none() {
            self.expr(name, false);
        }
        let mut locals: Vec<String> = self.scopes.iter().flatten().filter(|name| *name != "self").cloned().collect();
        locals.sort();
        let span = self.span(name.span());
        self.uses.includes.push(Include { verb, names, optional, span, locals });
    }

    fn target(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Var(var) => self.assign(var.id),
            Expr::List(list) => list.items.iter().for_each(|item| self.target(item)),
            Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| self.target(item)),
            _ => {}
        }
    }

    fn assign(&mut self, name: &str) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned());
        }
    }

    fn is_local(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.contains(name))
    }

    fn scope(&mut self, inside: impl FnOnce(&mut Self)) {
        self.scopes.push(HashSet::new());
        inside(self);
        self.scopes.pop();
    }

    fn guarded(&mut self, names: Vec<String>, inside: impl FnOnce(&mut Self)) {
        let before = self.guards.len();
        self.guards.extend(names);
        inside(self);
        self.guards.truncate(before);
    }

    fn span(&self, span: minijinja::machinery::Span) -> Span {
        self.patched.original_span(span.start_offset as usize..span.end_offset as usize)
    }

    /// The span of the name at the start of what the tree calls its span.
    fn span_of(&self, name: &str, span: minijinja::machinery::Span) -> Span {
        let start = span.start_offset as usize;
        let at = self.patched.text.get(start..).and_then(|rest| rest.find(name)).map_or(start, |at| start + at);
        self.patched.original_span(at..at + name.len())
    }
}

/// Names that are there when the condition holds, and when it does not.
fn guards(expr: &Expr<'_>) -> (Vec<String>, Vec<String>) {
    match expr {
        Expr::Var(var) => (vec![var.id.to_owned()], Vec::new()),
        Expr::GetAttr(get) => (guards(&get.expr).0, Vec::new()),
        Expr::GetItem(get) => (guards(&get.expr).0, Vec::new()),
        Expr::Filter(filter) => (filter.expr.as_ref().map(|expr| guards(expr).0).unwrap_or_default(), Vec::new()),
        Expr::Test(test) if test.name == "undefined" => (Vec::new(), guards(&test.expr).0),
        Expr::Test(test) if test.name != "none" && test.name != "false" => (guards(&test.expr).0, Vec::new()),
        Expr::Compare(compare) => (guards(&compare.expr).0, Vec::new()),
        Expr::UnaryOp(op) if matches!(op.op, UnaryOpKind::Not) => {
            let (yes, no) = guards(&op.expr);
            (no, yes)
        }
        Expr::BinOp(op) => {
            let (left, right) = (guards(&op.left), guards(&op.right));
            match op.op {
                BinOpKind::ScAnd => ([left.0, right.0].concat(), Vec::new()),
                BinOpKind::ScOr => (Vec::new(), [left.1, right.1].concat()),
                _ => (Vec::new(), Vec::new()),
            }
        }
        _ => (Vec::new(), Vec::new()),
    }
}
