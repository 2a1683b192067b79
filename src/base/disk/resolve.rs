//! Paths that stay inside a root, whatever a repository, an archive or a user names.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::failed;
use crate::base::error::{Error, Result};

/// The file that a relative path means below a root, for reading or writing. Links are followed as long as they lead
/// to a place inside the root; the result has none, so that `write` accepts it. Refused: absolute paths, `..`,
/// anything that some system takes for `.git`, names of devices, links that leave the root or lead nowhere.
pub fn resolve_beneath(root: &Path, relative: &Path) -> Result<PathBuf> {
    let refuse = |why: &str| Error::invalid(format!("the path {} {why}", relative.display()));
    check_names(relative).map_err(refuse)?;
    let plain = root.join(relative);
    let real_root = fs::canonicalize(root).map_err(|error| failed("resolve", root, error))?;
    let real = real(&plain).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => refuse("leads through a link to a place that does not exist"),
        _ => failed("resolve", &plain, error),
    })?;
    let inside = real.strip_prefix(&real_root).map_err(|_| refuse("leads out of the repository through a link"))?;
    check_names(inside).map_err(refuse)?;
    // Without links the path stays as people know it.
    Ok(if inside == relative { plain } else { real })
}

/// An absolute path without links: what exists of it resolved, the rest as it is. `NotFound` means a link to nowhere.
pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    for existing in path.ancestors() {
        match fs::symlink_metadata(existing) {
            Ok(_) => {
                let rest = path.strip_prefix(existing).unwrap_or(Path::new(""));
                let real = fs::canonicalize(existing)?;
                return Ok(if rest.as_os_str().is_empty() { real } else { real.join(rest) });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(path)
}

fn check_names(path: &Path) -> Result<(), &'static str> {
    if path.as_os_str().is_empty() {
        return Err("is empty");
    }
    for component in path.components() {
        match component {
            Component::Normal(name) => check_name(&name.to_string_lossy())?,
            Component::CurDir => {}
            Component::ParentDir => return Err("leads upwards with `..`"),
            Component::RootDir | Component::Prefix(_) => return Err("is absolute"),
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), &'static str> {
    if name.contains('\0') {
        return Err("holds a NUL");
    }
    if name.contains('\\') {
        return Err("holds a backslash, which other systems read as a separator");
    }
    // NTFS reads `.git::$INDEX_ALLOCATION` as `.git`, and both it and FAT drop dots and spaces at the end.
    let visible: String = name.chars().filter(|&it| !is_ignorable(it)).collect::<String>().to_lowercase();
    let stem = visible.split(':').next().unwrap_or_default().trim_end_matches(['.', ' ']);
    if stem == ".git" || stem == "git~1" {
        return Err("leads into git's own folder");
    }
    if is_device(stem.split('.').next().unwrap_or_default().trim_end()) {
        return Err("holds a name that is a device on Windows");
    }
    Ok(())
}

/// Characters that HFS+ leaves out when it compares names.
fn is_ignorable(it: char) -> bool {
    matches!(it, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

fn is_device(stem: &str) -> bool {
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            let mut rest = rest.chars();
            matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.next().is_none()
        })
    };
    matches!(stem, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$") || numbered("com") || numbered("lpt")
}

/// Whether a folder is the one that the process works in, so that paths can be told from there.
#[cfg(unix)]
pub fn is_here(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |path: &Path| fs::metadata(path).ok().map(|it| (it.dev(), it.ino()));
    let here = identity(Path::new("."));
    here.is_some() && here == identity(folder)
}

#[cfg(not(unix))]
pub fn is_here(_folder: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(relative: &str) -> String {
        let root = tempfile::tempdir().expect("a folder");
        resolve_beneath(root.path(), Path::new(relative)).expect_err(relative).to_string()
    }

    #[test]
    fn what_leaves_the_root_is_refused() {
        for path in ["..", "a/../../b", "a/..", "/etc/passwd", "", "a\\..\\b", "a\0b"] {
            why(path);
        }
        for path in [".git", "a/.GIT/config", ".git.", ".git ", ".git::$INDEX_ALLOCATION", "GIT~1/x", ".g\u{200c}it"] {
            assert!(why(path).ends_with("leads into git's own folder"), "{path}");
        }
        for path in ["nul", "CON.md", "a/com1.txt", "lpt¹", "aux .md"] {
            assert!(why(path).contains("device"), "{path}");
        }
    }

    #[test]
    fn usual_names_pass_as_they_are() {
        let root = tempfile::tempdir().expect("a folder");
        for path in ["a.md", "a/b/c.md", ".github/x.md", ".gitattributes", "git/x", "console.md", "com10", "a: b.md"] {
            let resolved = resolve_beneath(root.path(), Path::new(path)).expect(path);
            assert_eq!(resolved, root.path().join(path));
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_only() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().expect("a folder");
        let folder = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(folder.path()).expect("resolved");
        fs::create_dir_all(root.join(".git")).expect("made");
        fs::create_dir(root.join("real")).expect("made");
        fs::write(root.join("real/a.md"), "a").expect("written");
        let link = |to: &Path, name: &str| symlink(to, root.join(name)).expect("linked");
        link(Path::new("real"), "folder");
        link(Path::new("real/a.md"), "file");
        link(outside.path(), "out");
        link(Path::new("../.."), "up");
        link(Path::new("nowhere"), "dangling");
        link(Path::new(".git"), "hidden");
        link(Path::new("loop"), "loop");
        let resolve = |path: &str| resolve_beneath(&root, Path::new(path));
        assert_eq!(resolve("folder/new.md").expect("inside"), root.join("real/new.md"));
        assert_eq!(resolve("file").expect("inside"), root.join("real/a.md"));
        for path in ["out/x", "out", "up/x", "dangling", "dangling/x", "hidden/config", "loop"] {
            resolve(path).expect_err(path);
        }
    }
}
