//! The arguments that give variables.

use std::path::PathBuf;

use crate::app::given::Given;

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Variables")]
pub struct Variables {
    /// Give a variable; @FILE reads a file, - reads standard input, @@ begins a text with @
    #[arg(long = "var", value_name = "NAME=TEXT")]
    vars: Vec<String>,
    /// Take what the prompt asks for from a JSON or YAML file
    #[arg(long = "vars", value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Variables {
    pub fn given(&self) -> Given {
        Given { vars: self.vars.clone(), files: self.files.clone() }
    }
}
