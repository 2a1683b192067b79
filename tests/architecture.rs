//! The layers of `src/lib.rs`, held against the imports of every source file.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules in the order of `src/lib.rs`, each with the number of its layer.
fn layers(map: &str) -> HashMap<String, usize> {
    let mut layers = HashMap::new();
    let mut layer = 0;
    for line in map.lines() {
        if line.starts_with("// layer:") {
            layer += 1;
        } else if let Some(name) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            assert!(layer > 0, "src/lib.rs: `{name}` stands before the first layer");
            layers.insert(name.to_owned(), layer);
        }
    }
    layers
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every `crate::name` of a file, with its line. Comments are left out.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            for name in first_names(rest) {
                found.push((number + 1, name));
            }
        }
    }
    found
}

/// `base::X` names `base`; `{base, model::Y}` names both.
fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    match rest.strip_prefix('{') {
        Some(group) => group.trim_end_matches(['}', ';']).split(',').map(|part| word(part.trim())).collect(),
        None => vec![word(rest)],
    }
}

/// Wrong edges among these sources, as `file:line: why`.
fn violations(map: &str, files: &[(String, String)]) -> Vec<String> {
    let layers = layers(map);
    let mut wrong = Vec::new();
    for (path, text) in files {
        let Some(own) = path.split('/').next().filter(|own| layers.contains_key(*own)) else { continue };
        for (line, name) in imports(text) {
            let Some(&layer) = layers.get(&name) else { continue };
            if name != own && layer >= layers[own] {
                wrong.push(format!(
                    "src/{path}:{line}: `{own}` may not import `{name}`, which stands below it in src/lib.rs"
                ));
            }
        }
    }
    wrong
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let relative = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            (relative, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

#[test]
fn imports_go_up_the_list() {
    let wrong = violations(include_str!("../src/lib.rs"), &all_sources());
    assert!(wrong.is_empty(), "wrong imports:\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_stands_on_the_map() {
    let layers = layers(include_str!("../src/lib.rs"));
    for (path, _) in all_sources() {
        if let Some((folder, _)) = path.split_once('/') {
            assert!(layers.contains_key(folder), "src/{path}: the folder `{folder}` is not in src/lib.rs");
        }
    }
}

/// Seams with one owner: what may be named in one place only.
#[test]
fn seams_have_one_owner() {
    let rules = [("gix::", "git/"), ("std::process::Command", "base/")];
    let mut wrong = Vec::new();
    for (path, text) in all_sources() {
        for (word, owner) in rules {
            if path.starts_with(owner) {
                continue;
            }
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or("");
                if code.contains(word) {
                    wrong.push(format!("src/{path}:{}: `{word}` belongs to src/{owner}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_edge_is_found_with_file_and_line() {
    let map = "// layer: a\npub mod base;\n// layer: b\npub mod model;\npub mod format;\n";
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files = [
        file("base/x.rs", "use std::fs;\nuse crate::model::Name;\n"),
        file("format/y.rs", "use crate::{base, model};\n"),
        file("model/z.rs", "use crate::base::Span; // crate::format is fine here\n"),
    ];
    assert_eq!(
        violations(map, &files),
        [
            "src/base/x.rs:2: `base` may not import `model`, which stands below it in src/lib.rs",
            "src/format/y.rs:1: `format` may not import `model`, which stands below it in src/lib.rs",
        ]
    );
}
