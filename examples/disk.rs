//! The write layer by itself, as a small command, for `tests/faults/strace.py`.
//!
//! Each verb finishes what a crash left, as every command of palc does, and makes one change:
//! `disk set FILE TEXT`, `disk new FILE TEXT`, `disk remove FILE`, `disk swap FILE FILE NEW-NAME`.
#![expect(clippy::print_stderr, reason = "this is a front end")]

use std::path::Path;
use std::process::ExitCode;

use palc::base::disk::{self, Batch, Expect, fault};
use palc::base::env::Env;
use palc::base::{Error, Result};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            error.causes().iter().for_each(|cause| eprintln!("  because: {cause}"));
            error.hints().iter().for_each(|hint| eprintln!("  hint: {hint}"));
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    let env = Env::system().map_err(|error| Error::storage("cannot read the environment").because(error))?;
    fault::arm(&env)?;
    let home = Path::new(".git/palc");
    disk::recover(home)?;
    match *words {
        ["set", file, text] => {
            let old = disk::read(Path::new(file))?;
            Batch::new().write(file, text, Expect::Same(&old.stamp)).commit(home)
        }
        ["new", file, text] => Batch::new().write(file, text, Expect::Absent).commit(home),
        ["remove", file] => {
            let old = disk::read(Path::new(file))?;
            Batch::new().remove(file, Expect::Same(&old.stamp)).commit(home)
        }
        ["swap", one, other, name] => swap(one, other, name, home),
        _ => Err(Error::usage("disk set|new|remove|swap …")),
    }
}

/// All a batch can do: write to one file what another holds, remove that one, and rename a third.
fn swap(one: &str, other: &str, name: &str, home: &Path) -> Result<()> {
    let (first, second) = (disk::read(Path::new(one))?, disk::read(Path::new(other))?);
    let moved = Path::new(one).with_file_name("moved.md");
    let moved = disk::read(&moved).map(|it| (moved, it.stamp))?;
    Batch::new()
        .write(one, second.bytes, Expect::Same(&first.stamp))
        .write(format!("{name}/fresh.md"), first.bytes, Expect::Absent)
        .remove(other, Expect::Same(&second.stamp))
        .rename(moved.0, format!("{name}/moved.md"), Expect::Same(&moved.1))
        .prune(".")
        .commit(home)
}
