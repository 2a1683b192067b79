//! What a dialect is made of.

use crate::format::fields::Field;
use crate::format::shape::Rest;
use crate::format::yaml::Node;
use crate::model;

use super::words::Words;

#[derive(Debug)]
pub struct Spec {
    pub word: &'static str,
    /// How its file names end. One that begins with `/` is a whole file name: the prompt is named for the folder.
    pub suffixes: &'static [&'static str],
    pub split: Split,
    /// What its files are for unless they say so.
    pub kind: model::Kind,
    pub engine: &'static str,
    pub messages: &'static str,
    /// Its own keys, for checks.
    pub fields: &'static [Field],
    /// What is said about keys that are not its own.
    pub unknown: Rest,
    /// Which of its keys holds which field of palc; of two for the same, the first is read.
    pub keys: fn(Option<&Node>) -> &'static [Key],
    /// What a row of keys cannot say.
    pub reshape: fn(&mut Words),
    /// Where fields go that none of its keys can hold.
    pub others: Others,
}

/// How a file is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// Front matter between fences on the first line, then the body.
    Fences,
    /// The same, and comments and empty lines may come before.
    FencesAfterComments,
    /// All of it is YAML.
    Yaml,
    /// All of it is body.
    Body,
}

/// A field of palc and the key that holds it.
#[derive(Debug)]
pub struct Key {
    pub palc: &'static str,
    pub theirs: &'static str,
    pub part: Part,
    /// Whether an edit may make the key where it is missing.
    pub makes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The whole value.
    Whole,
    /// The value, unless it is a map.
    Single,
    /// Every key of the map that no other row names.
    Rest,
}

/// Where fields go that a dialect has no key for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Into the same map: the dialect is palc's own.
    Same,
    /// Into keys that begin with `palc.`, which the dialect allows.
    Dotted,
    /// Into the file beside it, `<file>.palc.yaml`, because the dialect forbids keys it does not know.
    Sidecar,
}

pub(super) const fn whole(palc: &'static str, theirs: &'static str) -> Key {
    Key { palc, theirs, part: Part::Whole, makes: true }
}

pub(super) const fn single(palc: &'static str, theirs: &'static str) -> Key {
    Key { palc, theirs, part: Part::Single, makes: true }
}

pub(super) const fn rest(palc: &'static str, theirs: &'static str) -> Key {
    Key { palc, theirs, part: Part::Rest, makes: true }
}

/// A key that some files have and the format does not ask for.
pub(super) const fn found(palc: &'static str, theirs: &'static str, part: Part) -> Key {
    Key { palc, theirs, part, makes: false }
}

/// For dialects whose keys say all there is to say.
pub(super) fn as_it_is(_: &mut Words) {}
