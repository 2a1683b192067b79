use crate::app::App;
use crate::app::filter::Condition;
use crate::app::search::{self, How};
use crate::base::Result;
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::output::{Listing, Shape};
use crate::cli::ui::Ui;
use crate::view;

/// Find prompts by what they say
#[derive(Debug, clap::Args)]
#[command(after_help = "\
In the query, \"words in a row\" must stand like this, +word must be there and -word must not; word* begins so, word~ \
may have a typing error; name:, title:, description:, tag:, input: and body: look into that part only.")]
pub struct Args {
    /// What to look for, in any words
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,
    /// Compare words only
    #[arg(long, conflicts_with = "semantic")]
    text: bool,
    /// Compare meanings only
    #[arg(long)]
    semantic: bool,
    /// With a meaning at least this near, from 0 to 1
    #[arg(long, value_name = "COSINE")]
    min_similarity: Option<f32>,
    /// In these folders, or with names like this: a name or a glob; repeat for several
    #[arg(long = "in", value_name = "NAME")]
    names: Vec<String>,
    /// In a revision instead of the work tree
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    /// In everything that was ever committed, on any branch
    #[arg(long, conflicts_with = "rev")]
    all_history: bool,
    /// Last changed since this date, or a while ago
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Last changed until this date
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// By this author, as the front matter says
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// How many to show
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 10)]
    limit: usize,
    /// How many of the best to pass over
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    offset: usize,
    /// Say why each was found
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    listing: Listing,
    #[command(flatten)]
    filter: Filter,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let how = match (args.text, args.semantic) {
        (true, _) => How::Text,
        (_, true) => How::Meaning,
        _ => How::Both,
    };
    let mut conditions = args.filter.conditions()?;
    conditions.extend(args.author.iter().map(|author| Condition::is("authors", author)));
    let outcome = search::search(
        app,
        &search::Request {
            query: args.query.join(" "),
            how,
            min_similarity: args.min_similarity,
            names: args.names.clone(),
            conditions,
            revision: args.rev.clone(),
            all_history: args.all_history,
            since: args.since.clone(),
            until: args.until.clone(),
            limit: args.limit,
            offset: args.offset,
        },
    )?;
    print(ui, args, &outcome)?;
    Ok(u8::from(outcome.hits.is_empty()))
}

fn print(ui: &mut Ui, args: &Args, outcome: &search::Outcome) -> Result<()> {
    let hits = &outcome.hits;
    match args.listing.shape() {
        Shape::Json => {
            let data = view::search::object(outcome);
            return ui.data(&view::envelope("search", data, &outcome.findings));
        }
        Shape::Names => ui.data(&hits.iter().map(|hit| format!("{}\n", hit.name)).collect::<String>())?,
        Shape::Paths => ui.data(&hits.iter().map(|hit| format!("{}\n", hit.path)).collect::<String>())?,
        Shape::Text => ui.data(&view::search::text(outcome, args.explain, ui.paint()))?,
    }
    outcome.notes.iter().for_each(|note| ui.hint(note));
    ui.findings(&outcome.findings);
    if hits.is_empty() {
        ui.status("nothing found");
    } else if outcome.more && args.listing.shape() == Shape::Text {
        ui.hint(&format!("there are more: --offset {} shows the next", args.offset + hits.len()));
    }
    Ok(())
}
