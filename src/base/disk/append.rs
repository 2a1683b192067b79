//! Add a line to a file of JSON lines, so that it is there whole or not at all.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::{failed, folder, steps};
use crate::base::error::{Error, Result};
use crate::base::secret::redact_bytes;

/// Whether a line must outlive a power cut at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    Synced,
    /// The system writes it when it likes. It outlives the death of palc, not that of the machine.
    Eventual,
}

/// Add one line. Writers take turns by a kernel lock on the file itself. A last line that a killed writer left
/// unfinished goes to `<name>.torn` first.
pub fn append(path: &Path, line: &[u8], durability: Durability) -> Result<()> {
    if line.contains(&b'\n') {
        return Err(Error::bug(format!("a line for {} holds a line break", path.display())));
    }
    append_lines(path, &[line, b"\n"].concat(), durability)
}

/// Add whole lines at once; with none, only see to it that those that were added before are on the disk.
pub fn append_lines(path: &Path, lines: &[u8], durability: Durability) -> Result<()> {
    if lines.last().is_some_and(|&last| last != b'\n') {
        return Err(Error::bug(format!("a line for {} has no end", path.display())));
    }
    folder::make(folder::of(path))?;
    // Whatever is told line by line holds no secret, whoever tells it.
    try_append(path, &redact_bytes(lines), durability).map_err(|error| failed("add to", path, error))
}

/// Add bytes to a derived file whose readers see by themselves where a killed writer left it unfinished.
pub fn extend(path: &Path, bytes: &[u8]) -> Result<()> {
    folder::make(folder::of(path))?;
    let extend = || {
        let file = steps::open_to_append(path)?;
        file.lock()?;
        steps::write(&file, path, bytes)
    };
    extend().map_err(|error| failed("add to", path, error))
}

fn try_append(path: &Path, lines: &[u8], durability: Durability) -> io::Result<()> {
    let file = steps::open_to_append(path)?;
    file.lock()?;
    let end = repair(&file, path)?;
    let mut result = if lines.is_empty() { Ok(()) } else { steps::write(&file, path, lines) };
    if result.is_ok() && durability == Durability::Synced {
        result = steps::sync(&file, path);
    }
    if result.is_err() {
        // An error must mean that the line is not there.
        let _ = steps::truncate(&file, path, end);
    }
    if end == 0 && result.is_ok() && durability == Durability::Synced {
        result = steps::sync_folder(folder::of(path));
    }
    result
}

/// Move an unfinished last line out of the way. Returns where the file ends then.
fn repair(mut file: &File, path: &Path) -> io::Result<u64> {
    let len = file.metadata()?.len();
    let start = start_of_last_line(file, len)?;
    if start < len {
        let mut rest = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        file.read_to_end(&mut rest)?;
        rest.push(b'\n');
        let torn = torn(path);
        let aside = steps::open_to_append(&torn)?;
        steps::write(&aside, &torn, &rest)?;
        steps::sync(&aside, &torn)?;
        steps::truncate(file, path, start)?;
    }
    Ok(start)
}

/// The offset after the last line break, found from the end.
fn start_of_last_line(mut file: &File, len: u64) -> io::Result<u64> {
    let mut block = [0; 4096];
    let mut end = len;
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let part = &mut block[..(end - start) as usize];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(at) = part.iter().rposition(|&byte| byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn torn(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".torn");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::fault::rehearsal;
    use super::*;

    #[test]
    fn a_torn_line_is_moved_aside() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("events/a.jsonl");
        append(&path, b"{\"n\":1}", Durability::Synced).expect("added");
        let long = "x".repeat(9000);
        fs::write(&path, format!("{{\"n\":1}}\n{{\"n\":{long}")).expect("torn");
        append(&path, b"{\"n\":3}", Durability::Eventual).expect("added");
        assert_eq!(fs::read_to_string(&path).expect("there"), "{\"n\":1}\n{\"n\":3}\n");
        assert_eq!(fs::read_to_string(torn(&path)).expect("there"), format!("{{\"n\":{long}\n"));
    }

    #[test]
    fn a_failure_leaves_whole_lines() {
        for fault in ["ENOSPC", "EIO", "stop"] {
            let mut step = 1;
            loop {
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join("a.jsonl");
                append(&path, b"1", Durability::Synced).expect("added");
                let add = || append(&path, b"22", Durability::Synced);
                let (result, met) = rehearsal::with(&format!("{step}:{fault}"), add);
                if !met {
                    result.expect("undisturbed");
                    break;
                }
                assert!(result.is_err(), "{fault} at {step}");
                append(&path, b"333", Durability::Synced).expect("added");
                let lines = fs::read_to_string(&path).expect("there");
                assert!(["1\n333\n", "1\n22\n333\n"].contains(&lines.as_str()), "{fault} at {step}: {lines}");
                step += 1;
            }
        }
    }

    #[test]
    fn a_line_is_one_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = append(&folder.path().join("a"), b"1\n2", Durability::Synced).expect_err("two lines");
        assert_eq!(error.kind(), crate::base::Kind::Bug);
    }
}
