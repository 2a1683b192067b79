//! Tells the program which commit it is built from, without running git and without rebuilding for every commit while
//! somebody works on it: only release builds look.

#![allow(clippy::disallowed_methods, reason = "a build script is told everything by its environment")]

#[path = "build/static_table.rs"]
mod static_table;

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    static_table::build(Path::new(
        &std::env::var_os("OUT_DIR").expect("cargo names the folder for what a build makes"),
    ));
    link_at_a_fixed_place();
    println!("cargo::rerun-if-env-changed=PALC_BUILD_COMMIT");
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=PALC_BUILD_TARGET={target}");
    let given = std::env::var("PALC_BUILD_COMMIT").ok();
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if let Some(commit) = given.or_else(|| is_release.then(commit).flatten()) {
        println!("cargo::rustc-env=PALC_BUILD_COMMIT={commit}");
    }
}

/// A program that may lie anywhere in memory has every pointer in its tables put right each time it starts. palc has
/// sixty thousand of them, and that took longer than to answer a small question. Like most programs written in Go it
/// lies at a fixed place instead, where that is known to work; its heap, stack and libraries still lie anywhere.
fn link_at_a_fixed_place() {
    let is = |key: &str, value: &str| std::env::var(key).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bin=palc=-no-pie");
    }
}

/// The commit that HEAD names, read from git's own files.
fn commit() -> Option<String> {
    let git = git_folder()?;
    let head_file = git.join("HEAD");
    println!("cargo::rerun-if-changed={}", head_file.display());
    let head = fs::read_to_string(head_file).ok()?;
    let Some(name) = head.trim().strip_prefix("ref: ") else {
        return Some(head.trim().to_owned());
    };
    let common = fs::read_to_string(git.join("commondir")).map_or(git.clone(), |path| git.join(path.trim()));
    let loose = common.join(name);
    println!("cargo::rerun-if-changed={}", loose.display());
    let packed = || {
        let refs = fs::read_to_string(common.join("packed-refs")).ok()?;
        let line = refs.lines().find(|line| line.ends_with(&format!(" {name}")))?;
        line.split(' ').next().map(str::to_owned)
    };
    fs::read_to_string(loose).ok().map(|id| id.trim().to_owned()).or_else(packed)
}

/// `.git`, also where it is a file that names the folder of a linked worktree.
fn git_folder() -> Option<PathBuf> {
    let git = Path::new(env!("CARGO_MANIFEST_DIR")).join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    Some(PathBuf::from(text.trim().strip_prefix("gitdir: ")?))
}
