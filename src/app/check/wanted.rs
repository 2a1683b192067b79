//! Which prompts were asked for.

use crate::base::Result;
use crate::repo::PromptFile;

use super::super::App;
use super::super::filter::Globs;
use super::{Known, Request};

/// Which files are reported.
pub struct Wanted {
    pub all: bool,
    /// Whether the file of labels is.
    pub labels: bool,
    pub globs: Option<Globs>,
    /// Files and folders by their path from the root.
    pub paths: Vec<String>,
}

impl Wanted {
    pub fn new(app: &App, request: &Request, known: &[Known]) -> Result<Wanted> {
        let workspace = app.workspace()?;
        let relative = |typed: &str| workspace.relative(app.env.folder(), typed).ok();
        if let Some(given) = &request.unsaved {
            let path = workspace.relative(app.env.folder(), &given.path)?;
            return Ok(Wanted { all: false, labels: false, globs: None, paths: vec![path] });
        }
        let is_path =
            |path: &String| known.iter().any(|known| known.file.path == *path || is_below(&known.file.path, path));
        let (mut paths, mut names) = (Vec::new(), Vec::new());
        let mut labels = request.names.is_empty();
        for typed in &request.names {
            if relative(typed).is_some_and(|path| path == workspace.layout().labels()) {
                labels = true;
                continue;
            }
            match relative(typed).filter(is_path) {
                Some(path) => paths.push(path),
                None => names.push(typed.clone()),
            }
        }
        let globs = if names.is_empty() { None } else { Some(Globs::new(&names)?) };
        let wanted = Wanted { all: request.names.is_empty(), labels, globs, paths };
        if let Some(globs) = &wanted.globs
            && !known.iter().any(|known| globs.matches(&known.file.name))
        {
            globs.explain_nothing()?;
        }
        Ok(wanted)
    }

    pub fn file(&self, file: &PromptFile) -> bool {
        self.all
            || self.paths.iter().any(|path| file.path == *path || is_below(&file.path, path))
            || self.globs.as_ref().is_some_and(|globs| globs.matches(&file.name))
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
