//! Where a field of palc is kept in a file of a dialect.

use crate::format::fields::FIELDS;
use crate::format::yaml::Node;

use super::Dialect;
use super::spec::{Key, Others};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// Under this path of keys in the file.
    File(Vec<String>),
    /// Under palc's own path in the file beside it.
    Sidecar,
}

impl Dialect {
    /// Where a field is kept, given as a path of keys in palc's words. A path in the dialect's own words is taken as it
    /// is. Where two keys could hold a field, the one that is there does.
    pub fn home(self, root: Option<&Node>, path: &[&str]) -> Home {
        let spec = self.spec();
        let Some(first) = path.first().filter(|_| spec.others != Others::Same) else { return Home::File(owned(path)) };
        let present = |key: &Key| root.map_or(0, |root| depth(root, key.theirs));
        // Of several that are best, `max_by_key` takes the last; the first row is meant.
        let usable = |key: &&Key| leads_to(key, path) && (key.makes || present(key) == segments(key.theirs).count());
        let rows = (spec.keys)(root).iter().rev().filter(usable);
        let best = rows.max_by_key(|key| (segments(key.palc).count(), present(key)));
        if let Some(key) = best {
            let rest = path.iter().skip(segments(key.palc).count());
            return Home::File(segments(key.theirs).chain(rest.copied()).map(str::to_owned).collect());
        }
        let is_ours = FIELDS.iter().any(|field| field.name == *first);
        let is_theirs = spec.fields.iter().any(|field| field.name == *first);
        match path {
            ["ext", word, rest @ ..] if *word == spec.word && !rest.is_empty() => return Home::File(owned(rest)),
            _ if !is_ours && is_theirs => return Home::File(owned(path)),
            _ => {}
        }
        match spec.others {
            Others::Dotted => {
                let key = format!("palc.{first}");
                Home::File(std::iter::once(key).chain(path[1..].iter().map(|&key| key.to_owned())).collect())
            }
            Others::Same => Home::File(owned(path)),
            Others::Sidecar => Home::Sidecar,
        }
    }

    /// Whether keys below a path are kept in several places, so that a map there must be changed key by key.
    pub fn is_spread(self, root: Option<&Node>, path: &[&str]) -> bool {
        let deeper = |key: &Key| {
            let mut palc = segments(key.palc);
            path.iter().all(|part| palc.next() == Some(part)) && palc.next().is_some()
        };
        (self.spec().keys)(root).iter().any(deeper)
    }
}

fn leads_to(key: &Key, path: &[&str]) -> bool {
    let mut path = path.iter();
    segments(key.palc).all(|part| path.next() == Some(&part))
}

/// How many keys of a path are there.
fn depth(root: &Node, path: &str) -> usize {
    let mut node = root;
    segments(path).take_while(|key| node.get(key).map(|next| node = next).is_some()).count()
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').filter(|key| !key.is_empty())
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|&key| key.to_owned()).collect()
}
