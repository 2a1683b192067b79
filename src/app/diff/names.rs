//! Which of the prompts that differ were asked for.

use crate::base::Result;
use crate::repo::{Source, resolve};

use super::super::App;
use super::super::filter::Globs;
use super::pairs::Pair;
use super::range::Range;

/// Names, ids, paths, folders and globs.
pub struct Names {
    globs: Globs,
    /// Paths of files and folders.
    paths: Vec<String>,
}

impl Names {
    /// A name that means no prompt of either side is a mistake, even where nothing changed.
    pub fn new(app: &App, range: &Range, typed: &[String], pairs: &[Pair]) -> Result<Names> {
        let workspace = app.workspace()?;
        let mut names = Names { globs: Globs::new(typed)?, paths: Vec::new() };
        for name in typed {
            let alone = Globs::new(std::slice::from_ref(name))?;
            if alone.is_open() || pairs.iter().any(|pair| both(pair).any(|version| alone.matches(&version.name))) {
                continue;
            }
            let path = workspace.relative(app.env.folder(), name).ok();
            if let Some(path) = path.filter(|path| pairs.iter().any(|pair| both(pair).any(|v| below(&v.path, path)))) {
                names.paths.push(path);
                continue;
            }
            let source = Source::at(workspace, after(range))?;
            match resolve::resolve(&source, app.env.folder(), name) {
                Ok(file) => names.paths.push(file.path),
                Err(error) => {
                    let all = crate::repo::listing::files(&source)?;
                    if !all.iter().any(|file| alone.matches(&file.name)) {
                        return Err(error);
                    }
                }
            }
        }
        Ok(names)
    }

    pub fn wants(&self, pair: &Pair) -> bool {
        both(pair).any(|version| {
            self.globs.matches(&version.name) || self.paths.iter().any(|path| below(&version.path, path))
        })
    }
}

fn after(range: &Range) -> Option<&str> {
    match range {
        Range::Revisions { after, .. } => Some(after),
        _ => None,
    }
}

fn both(pair: &Pair) -> impl Iterator<Item = &super::Version> {
    pair.before.iter().chain(&pair.after)
}

fn below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
