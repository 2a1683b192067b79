use std::path::PathBuf;

use crate::app::examples::{self, AddRequest, New};
use crate::app::{App, given};
use crate::base::Error;
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;
use crate::view;

/// Add examples to a set, which is made if it is not there
///
/// They are written as the file's others are, and nothing else in it changes. An example whose input is there already, in
/// whatever spelling, is refused; so are all that came with it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A data file, or the name of a set
    #[arg(value_name = "SET")]
    set: String,
    /// Take examples from a data file; - reads JSON, JSON lines or YAML from standard input
    #[arg(value_name = "FILE", conflicts_with_all = ["input", "answer", "id"], required_unless_present = "input")]
    file: Option<PathBuf>,
    /// What is asked; @FILE reads a file, - reads standard input
    #[arg(long, value_name = "TEXT", requires = "answer")]
    input: Option<String>,
    /// What is the right answer; @FILE reads a file, - reads standard input
    #[arg(long = "output", id = "answer", value_name = "TEXT", requires = "input")]
    answer: Option<String>,
    /// What the example is called
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Leave out examples that the set has, and add the others
    #[arg(long)]
    skip_known: bool,
    #[command(flatten)]
    writing: Writing,
}

impl Args {
    fn given(&self, app: &App) -> Result<New, Error> {
        match (&self.file, &self.input, &self.answer) {
            (Some(file), _, _) if file.as_os_str() == "-" => Ok(New::Piped(given::stdin()?)),
            (Some(file), _, _) => Ok(New::File(file.clone())),
            (None, Some(input), Some(answer)) if input == "-" && answer == "-" => {
                Err(Error::usage("only one text can be read from standard input"))
            }
            (None, Some(input), Some(answer)) => {
                let (input, output) = (given::meant(app, input)?, given::meant(app, answer)?);
                Ok(New::One { id: self.id.clone(), input, output })
            }
            (None, _, _) => Err(Error::usage("which example?").hint("give --input and --output, or a data file")),
        }
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let new = args.given(app)?;
    let request = AddRequest { set: args.set.clone(), new, skip_known: args.skip_known, dry_run: args.writing.dry_run };
    let added = examples::add(app, &request)?;
    if args.writing.output.is_json() {
        ui.data(&view::envelope("examples.add", view::examples::added(&added), &[]))?;
        return Ok(0);
    }
    if args.writing.dry_run {
        ui.data(&view::written::text(&added.written, ui.paint()))?;
    }
    ui.status(&view::examples::sentence(&added));
    Ok(0)
}
