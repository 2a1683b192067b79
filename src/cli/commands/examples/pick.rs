use clap::builder::PossibleValuesParser;

use crate::app::examples::{self, PickRequest};
use crate::app::{App, given};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::render::examples::{By, Choice};
use crate::view;

/// Pick the examples that a case would be shown
///
/// The same set and the same case give the same examples, in the order of the set. Those whose input is the case itself are
/// never picked, however it is spelled: they would give the answer away.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A data file, or the name of a set
    #[arg(value_name = "SET")]
    set: String,
    /// The case: a text, or a map of variables as JSON; @FILE reads a file, - reads standard input
    #[arg(long = "for", value_name = "TEXT")]
    case: String,
    /// How many
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = Choice::default().count)]
    count: usize,
    /// Which: those that share most words with the case, the first ones, or any
    #[arg(long, value_name = "alike|first|random", value_parser = PossibleValuesParser::new(By::WORDS), default_value = "alike", hide_possible_values = true)]
    by: String,
    /// What decides about any
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// Never pick the example with this id or input; repeat for several
    #[arg(long, value_name = "CASE")]
    except: Vec<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let by = By::from_word(&args.by).unwrap_or_default();
    let request = PickRequest {
        set: args.set.clone(),
        case: given::meant(app, &args.case)?,
        choice: Choice { count: args.count, by, seed: args.seed },
        except: args.except.clone(),
    };
    let chosen = examples::pick(app, &request)?;
    if args.output.is_json() {
        ui.data(&view::envelope("examples.pick", view::examples::picked(&chosen), &[]))?;
        return Ok(0);
    }
    ui.data(&view::examples::chosen(&chosen, ui.paint(), ui.width()))?;
    if let Some(sentence) = view::examples::left_out(&chosen) {
        ui.status(&sentence);
    }
    if chosen.picked.is_empty() {
        ui.status("no example is left to show");
    }
    Ok(0)
}
