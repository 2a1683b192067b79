use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;

use crate::app::App;
use crate::base::disk::{self, Expect};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::ui::Ui;

/// Print the manual page, or write all pages into a folder
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command whose page is printed, such as `config set`; palc itself if none is given
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    out: Option<PathBuf>,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let mut root = crate::cli::command();
    root.build();
    if let Some(folder) = &args.out {
        let folder = app.env.folder().join(folder);
        let pages = pages(&root);
        for (name, page) in &pages {
            disk::write(&folder.join(name), page, Expect::Whatever)?;
        }
        ui.status(&format!("wrote {} pages to {}", pages.len(), folder.display()));
        return Ok(0);
    }
    let command = args.command.iter().try_fold(&root, |command, name| {
        let unknown = || Error::usage(format!("there is no command `{}`", args.command.join(" ")));
        command.find_subcommand(name).ok_or_else(unknown)
    })?;
    ui.bytes(&page(command)?)?;
    Ok(0)
}

/// Every command's page with its file name: `palc.1`, `palc-config.1`, `palc-config-set.1`.
fn pages(command: &Command) -> Vec<(String, Vec<u8>)> {
    let own = page(command).map(|page| (Man::new(command.clone()).get_filename(), page));
    let shown = command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help");
    own.into_iter().chain(shown.flat_map(pages)).collect()
}

fn page(command: &Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    let rendered = Man::new(command.clone()).render(&mut page);
    rendered.map_err(|error| Error::bug("the manual page cannot be written").because(error))?;
    Ok(page)
}
