//! The choice of format that every command offers.

use clap::{ArgMatches, Args, ValueEnum};

/// `--format text|json`, for commands that have no other.
#[derive(Debug, Clone, Args)]
pub struct Output {
    /// How to print the result
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "text|json",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

impl Output {
    pub fn is_json(&self) -> bool {
        self.json || self.format == Format::Json
    }
}

/// `--format text|json|names|paths`, for commands whose result is a list of prompts.
#[derive(Debug, Clone, Args)]
pub struct Listing {
    /// How to print the result; names and paths are one a line, for scripts
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "text|json|names|paths",
        hide_possible_values = true,
        hide_default_value = true
    )]
    format: Shape,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Shape {
    #[default]
    Text,
    Json,
    Names,
    Paths,
}

impl Listing {
    pub fn shape(&self) -> Shape {
        if self.json { Shape::Json } else { self.format }
    }
}

/// Whether JSON was asked for, whatever the command: errors are then JSON too.
pub fn wants_json(matches: &ArgMatches) -> bool {
    if let Some((_, inner)) = matches.subcommand() {
        return wants_json(inner);
    }
    let flag = matches.try_get_one::<bool>("json").ok().flatten().copied().unwrap_or(false);
    let format = matches.try_get_raw("format").ok().flatten().and_then(|mut values| values.next());
    flag || format.is_some_and(|format| format == "json")
}
