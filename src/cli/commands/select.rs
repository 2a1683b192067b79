use std::path::PathBuf;

use crate::app::App;
use crate::app::given::Given;
use crate::app::render;
use crate::app::select::{self, Outcome};
use crate::base::Error;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Choose the prompt that serves a phase
///
/// Of the committed prompts of that phase and type the newest version serves that is not switched off, by `palc deactivate`
/// or by its status. It is printed as NAME@VERSION, or rendered if a context is given. Where nothing serves, the exit code is
/// 1, and the JSON has a stable word for the reason and the versions that could have served.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The phase; without one, prompts that belong to no phase
    #[arg(long, value_name = "WORD")]
    phase: Option<String>,
    /// The type, which must be given where prompts of several types serve the phase
    #[arg(long = "type", value_name = "WORD")]
    type_: Option<String>,
    /// Take this version and no other: 4, or NAME@4
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// A YAML or JSON file of versions by phase; those of other phases have no effect
    #[arg(long, value_name = "FILE", conflicts_with = "version")]
    pins: Option<PathBuf>,
    /// Also allow phases that no user can be in
    #[arg(long)]
    system: bool,
    /// Render it with what it asks for of a JSON or YAML file; repeat for several
    #[arg(long, value_name = "FILE")]
    context: Vec<PathBuf>,
    /// Render it with all that this file puts together with it
    #[arg(long, value_name = "FILE")]
    assembly: Option<PathBuf>,
    /// Earlier messages: a file that lists `role` and `content`
    #[arg(long, value_name = "FILE", requires = "assembly")]
    history: Option<PathBuf>,
    /// Print the text of the prompt
    #[arg(long, conflicts_with_all = ["context", "assembly"])]
    body: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = select::Request {
        type_: args.type_.clone(),
        phase: args.phase.clone(),
        version: args.version.clone(),
        pins: args.pins.clone(),
        system: args.system,
    };
    let outcome = select::select(app, &request)?;
    let rendered = match &outcome {
        Outcome::Chosen(chosen) if !args.context.is_empty() || args.assembly.is_some() => {
            Some(rendered(app, args, chosen)?)
        }
        _ => None,
    };
    if args.output.is_json() {
        let findings = rendered.as_ref().map_or(&[][..], |one| &one.rendered.warnings);
        ui.data(&view::envelope("select", view::select::object(&outcome, rendered.as_ref()), findings))?;
        return Ok(u8::from(matches!(outcome, Outcome::Refused(_))));
    }
    let chosen = match outcome {
        Outcome::Chosen(chosen) => chosen,
        Outcome::Refused(refused) => {
            let error = Error::no(format!("{} [{}]", refused.message, refused.code.word()));
            return Err(refused.hints.iter().fold(error, Error::hint));
        }
    };
    let name = view::select::name(&chosen);
    match rendered {
        Some(one) => {
            ui.findings(&one.rendered.warnings);
            ui.status(&name);
            ui.data(&view::render::text(&one, ui.paint()))?;
        }
        None if args.body => {
            ui.status(&name);
            ui.data(&chosen.loaded.prompt.body)?;
        }
        None => ui.data(&format!("{name}\n"))?,
    }
    if !chosen.others.is_empty() {
        ui.warn(&view::select::others(&chosen));
    }
    Ok(0)
}

fn rendered(app: &App, args: &Args, chosen: &select::Chosen) -> Result<render::One, Error> {
    let given = Given { vars: Vec::new(), files: args.context.clone() };
    let what = format!("{}@{}", chosen.loaded.file.path, chosen.version);
    let (assembly, history) = (args.assembly.clone(), args.history.clone());
    let request = render::Request { what, given, assembly, history, ..render::Request::default() };
    let job = render::prepare(app, &request)?;
    let mut found = None;
    render::render(app, &request, &job, &mut |one| {
        found = Some(one?);
        Ok(())
    })?;
    found.ok_or_else(|| Error::bug("a rendering without a result"))
}
