use crate::app::{App, new};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;
use crate::cli::{editor, input};

/// Make a new prompt
///
/// It gets a fresh id, which stays with it through renames. Nothing is ever overwritten.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its name, with slashes for folders: support/triage
    #[arg(value_name = "NAME")]
    name: String,
    /// A tag; repeat for several
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    #[arg(long, value_name = "TEXT", help = "A title for people")]
    title: Option<String>,
    /// What it is for, in a sentence
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// What the file is: prompt, partial, persona, judge, …
    #[arg(long, value_name = "WORD")]
    kind: Option<String>,
    /// A word of the type vocabulary
    #[arg(long = "type", value_name = "WORD")]
    type_: Option<String>,
    /// A word of the phase vocabulary; repeat for several
    #[arg(long, value_name = "WORD")]
    phase: Vec<String>,
    /// Where it is in its life
    #[arg(long, value_name = "WORD")]
    status: Option<String>,
    /// The persona it is written in
    #[arg(long, value_name = "NAME")]
    persona: Option<String>,
    /// The model, provider/model; repeat for a fallback order
    #[arg(long, value_name = "MODEL")]
    model: Vec<String>,
    /// A parameter of the model; repeat for several
    #[arg(long = "param", value_name = "KEY=VALUE")]
    params: Vec<String>,
    /// Any other field; repeat for several
    #[arg(long = "set", value_name = "KEY=VALUE")]
    fields: Vec<String>,
    /// Start from another prompt, which is noted as its parent
    #[arg(long, value_name = "NAME")]
    from: Option<String>,
    /// Start from a text; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    from_file: Option<String>,
    /// Open it in the editor
    #[arg(long, conflicts_with = "dry_run")]
    edit: bool,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let text = args.from_file.as_ref().map(|path| input::read(app, path)).transpose()?;
    let request = new::Request {
        name: args.name.clone(),
        kind: args.kind.clone(),
        fields: fields(args)?,
        from: args.from.clone(),
        text,
        dry_run: args.writing.dry_run,
    };
    let outcome = new::new(app, &request)?;
    args.writing.print(ui, "new", &outcome.written)?;
    if args.edit {
        return editor::edit(app, ui, outcome.name.as_str(), false);
    }
    if !args.writing.dry_run && !args.writing.output.is_json() {
        ui.hint(&format!("palc edit {} opens it", outcome.name));
    }
    Ok(0)
}

fn fields(args: &Args) -> Result<Vec<(String, Vec<String>)>> {
    let many = [("phase", &args.phase), ("tags", &args.tags), ("model", &args.model)];
    let one = [
        ("title", &args.title),
        ("description", &args.description),
        ("type", &args.type_),
        ("status", &args.status),
        ("persona", &args.persona),
    ];
    let one = one.into_iter().filter_map(|(key, value)| Some((key.to_owned(), vec![value.clone()?])));
    let many = many.into_iter().filter(|(_, values)| !values.is_empty());
    let mut fields: Vec<_> = one.chain(many.map(|(key, values)| (key.to_owned(), values.clone()))).collect();
    for (prefix, pairs) in [("params.", &args.params), ("", &args.fields)] {
        for pair in pairs {
            let wrong = || Error::usage(format!("`{pair}` is not KEY=VALUE")).hint("as in --param temperature=0.2");
            let (key, value) = pair.split_once('=').ok_or_else(wrong)?;
            fields.push((format!("{prefix}{key}"), vec![value.to_owned()]));
        }
    }
    Ok(fields)
}
