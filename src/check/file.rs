//! One file as its rules see it.

use crate::format::Parsed;
use crate::format::fields::FIELDS;
use crate::format::shape::{Shape, walk_fields};
use crate::format::yaml::Node;

/// A file that was read. Its path is left out on purpose: what is found must depend on the content alone.
#[derive(Debug)]
pub struct File<'a> {
    pub parsed: &'a Parsed<'a>,
}

impl<'a> File<'a> {
    /// The front matter, if there is one that could be read.
    pub fn root(&self) -> Option<&'a Node> {
        self.parsed.tree.root.as_ref()
    }

    pub fn body(&self) -> &'a str {
        self.parsed.document.body_text()
    }

    /// Where the body begins in the file.
    pub fn body_start(&self) -> usize {
        self.parsed.document.body.start
    }

    /// Every value of the front matter that has a known shape.
    pub fn values(&self, mut visit: impl FnMut(&str, &'a Node, &'static Shape)) {
        if let Some(root) = self.root() {
            walk_fields(root, FIELDS, "", &mut visit);
        }
    }
}
