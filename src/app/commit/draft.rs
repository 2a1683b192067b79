//! A message from what changed.

use super::super::App;
use super::{File, What};
use crate::base::Result;

/// One line that says what changed.
pub fn draft(_app: &App, files: &[File]) -> Result<String> {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_deref().unwrap_or(&file.path)).collect();
    let verb = match files {
        [first, rest @ ..] if rest.iter().all(|file| file.what == first.what) => match first.what {
            What::Added => "Add",
            What::Changed => "Change",
            What::Removed => "Remove",
        },
        _ => "Change",
    };
    Ok(match &names[..] {
        [one] => format!("{verb} {one}"),
        [one, other] => format!("{verb} {one} and {other}"),
        several => format!("{verb} {} prompts\n\n{}", several.len(), lines(several)),
    })
}

fn lines(names: &[&str]) -> String {
    names.iter().map(|name| format!("- {name}\n")).collect()
}

/// What the editor shows below the draft.
pub fn with_help(message: &str, files: &[File]) -> String {
    let mut text = format!(
        "{message}\n# Change the message as you like. Lines that start with # are not part of it, and an empty one\n\
         # commits nothing.\n#\n"
    );
    for file in files {
        let word = match file.what {
            What::Added => "added",
            What::Changed => "changed",
            What::Removed => "removed",
        };
        text.push_str(&format!("#   {word} {}\n", file.path));
    }
    text
}
