//! Commits and tags as their bytes, so that what is not changed stays what it is, however odd.

use gix::ObjectId;
use gix::bstr::ByteSlice as _;

use crate::base::{Error, Result};

/// Headers that vouch for content which is no more.
const VOUCHING: [&[u8]; 3] = [b"gpgsig", b"gpgsig-sha256", b"mergetag"];
const SIGNATURES: [&[u8]; 4] = [
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"-----BEGIN SSH SIGNATURE-----",
    b"-----BEGIN SIGNED MESSAGE-----",
];

/// What a commit or tag comes from: parents, or what it names.
pub(super) fn before(data: &[u8]) -> Result<Vec<ObjectId>> {
    named(data, &[b"parent", b"object"])
}

pub(super) fn tree(data: &[u8]) -> Result<ObjectId> {
    named(data, &[b"tree"])?.into_iter().next().ok_or_else(|| Error::storage("git has a commit without a tree"))
}

fn named(data: &[u8], keys: &[&[u8]]) -> Result<Vec<ObjectId>> {
    let ids = headers(data).filter(|(key, _)| keys.contains(key)).map(|(_, line)| value(line));
    ids.map(|hex| {
        ObjectId::from_hex(hex).map_err(|error| Error::storage("git has an object that names no object").because(error))
    })
    .collect()
}

/// The lines before the message, each with the key that it belongs to.
fn headers(data: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut last: &[u8] = b"";
    data.split_inclusive(|&byte| byte == b'\n').take_while(|line| line.trim_end() != b"").map(move |line| {
        if !line.starts_with(b" ") {
            last = line.split(|&byte| byte == b' ' || byte == b'\n').next().unwrap_or_default();
        }
        (last, line)
    })
}

fn value(line: &[u8]) -> &[u8] {
    line.find_byte(b' ').map_or(&[][..], |at| line[at + 1..].trim_end())
}

pub(super) fn message(data: &[u8]) -> &[u8] {
    let end: usize = headers(data).map(|(_, line)| line.len()).sum();
    data.get(end + 1..).unwrap_or_default()
}

/// The same commit or tag, naming other objects and without signatures. Says whether there was one.
pub(super) fn renamed(data: &[u8], other: impl Fn(&[u8], ObjectId) -> ObjectId, is_tag: bool) -> (Vec<u8>, bool) {
    let (mut out, mut signed, mut length) = (Vec::with_capacity(data.len()), false, 0);
    for (key, line) in headers(data) {
        length += line.len();
        if VOUCHING.contains(&key) {
            signed = true;
            continue;
        }
        match ObjectId::from_hex(value(line)) {
            Ok(id) if [&b"tree"[..], b"parent", b"object"].contains(&key) => {
                out.extend_from_slice(key);
                out.extend_from_slice(format!(" {}\n", other(key, id)).as_bytes());
            }
            _ => out.extend_from_slice(line),
        }
    }
    let rest = &data[length..];
    // A tag's signature stands at the end of its message.
    let begins = |mark: &[u8]| {
        let at = rest.find(mark)?;
        (rest[..at].ends_with(b"\n")).then_some(at)
    };
    let end = SIGNATURES.iter().filter(|_| is_tag).filter_map(|mark| begins(mark)).min();
    out.extend_from_slice(&rest[..end.unwrap_or(rest.len())]);
    (out, signed || end.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const TWO: &str = "2222222222222222222222222222222222222222";

    fn other(data: &str, is_tag: bool) -> (String, bool) {
        let two = ObjectId::from_hex(TWO.as_bytes()).expect("hex");
        let (out, signed) = renamed(data.as_bytes(), |_, _| two, is_tag);
        (String::from_utf8(out).expect("text"), signed)
    }

    #[test]
    fn only_what_is_named_and_what_vouches_changes() {
        let commit = format!(
            "tree {ONE}\nparent {ONE}\nauthor A <a> 1 +0000\nencoding latin1\ngpgsig -----BEGIN\n x\n y\nodd z\n\ntree {ONE}\n\n"
        );
        let expected =
            format!("tree {TWO}\nparent {TWO}\nauthor A <a> 1 +0000\nencoding latin1\nodd z\n\ntree {ONE}\n\n");
        assert_eq!(other(&commit, false), (expected, true));
        assert_eq!(message(commit.as_bytes()), format!("tree {ONE}\n\n").as_bytes());
        let tag = format!("object {ONE}\ntype commit\ntag v1\n\nFirst\n-----BEGIN PGP SIGNATURE-----\nx\n");
        assert_eq!(other(&tag, true), (format!("object {TWO}\ntype commit\ntag v1\n\nFirst\n"), true));
        let bare = format!("tree {ONE}\n");
        assert_eq!((other(&bare, false), message(bare.as_bytes())), ((format!("tree {TWO}\n"), false), &[][..]));
        assert_eq!(before(commit.as_bytes()).expect("reads").len(), 1);
    }
}
