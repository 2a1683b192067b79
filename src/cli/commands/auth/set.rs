use std::io::{self, IsTerminal as _, Read as _};

use zeroize::Zeroizing;

use crate::app::{App, auth, services};
use crate::base::secret::Secret;
use crate::base::{Error, Kind, Result};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Keep a provider's key
///
/// The key is asked for, and not shown while it is typed; or it is read from standard input. It is never an argument:
/// those are kept by the shell and seen by everybody on the machine.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "PROVIDER")]
    name: String,
    /// A key that somebody writes there all the same
    #[arg(hide = true)]
    key: Vec<String>,
    /// Keep it in the file that only you can read, also where there is a keyring
    #[arg(long)]
    file: bool,
    /// Say where the key would be kept, and keep nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    if !args.key.is_empty() {
        args.key.iter().for_each(|key| drop(Secret::new(key)));
        let error = Error::usage("a key does not belong on the command line, where the shell keeps it");
        return Err(error.hint("take it out of the shell's history, and run the command without it"));
    }
    // Nobody should type a key for a name that is wrong.
    services::service(app, &args.name)?;
    if args.dry_run {
        let origin = auth::target(app, args.file)?;
        ui.status(&format!("would keep the key of {} in {}", args.name, view::auth::place(&origin)));
        return Ok(0);
    }
    let secret = if io::stdin().is_terminal() { asked(ui, &args.name)? } else { piped()? };
    let kept = auth::set(app, &auth::SetRequest { name: &args.name, secret: &secret, file: args.file })?;
    if args.output.is_json() {
        ui.data(&view::envelope("auth.set", view::auth::kept(&kept), &[]))?;
    }
    ui.status(&format!("kept the key of {} in {}", kept.name, view::auth::place(&kept.origin)));
    if let Some(origin) = &kept.hidden_by {
        ui.warn(&format!("it is not used as long as there is one in {}", view::auth::place(origin)));
    }
    Ok(0)
}

fn asked(ui: &mut Ui, name: &str) -> Result<Secret> {
    let typed = ui.hidden(&format!("key of {name} (not shown)"))?;
    typed.ok_or_else(|| Error::new(Kind::Interrupted, "broken off; nothing was changed"))
}

fn piped() -> Result<Secret> {
    const LONGEST: u64 = 64 << 10;
    let mut text = Zeroizing::new(String::with_capacity(LONGEST as usize));
    let read = io::stdin().lock().take(LONGEST).read_to_string(&mut text);
    read.map_err(|error| Error::storage("cannot read the key from standard input").because(error))?;
    Ok(Secret::new(text.as_str()))
}
