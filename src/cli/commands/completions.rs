use clap::ValueEnum;
use clap_complete::env::EnvCompleter;

use crate::base::{Error, env};
use crate::cli::Exit;
use crate::cli::ui::Ui;

/// Print the completion script for a shell
///
/// The script asks palc itself, so names of prompts and keys are completed too. Put this line into your shell's start file:
///
///   bash        source <(palc completions bash)
///   zsh         source <(palc completions zsh)
///   fish        palc completions fish | source
///   elvish      eval (palc completions elvish | slurp)
///   powershell  palc completions powershell | Out-String | Invoke-Expression
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

impl Shell {
    fn completer(self) -> &'static dyn EnvCompleter {
        use clap_complete::env;
        match self {
            Shell::Bash => &env::Bash,
            Shell::Elvish => &env::Elvish,
            Shell::Fish => &env::Fish,
            Shell::Powershell => &env::Powershell,
            Shell::Zsh => &env::Zsh,
        }
    }
}

pub fn run(ui: &mut Ui, args: &Args) -> Exit {
    let mut script = Vec::new();
    let written = args.shell.completer().write_registration(env::COMPLETE, "palc", "palc", "palc", &mut script);
    written.map_err(|error| Error::bug("the completion script cannot be written").because(error))?;
    ui.bytes(&script)?;
    Ok(0)
}
