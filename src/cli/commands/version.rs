use serde_json::json;

use crate::base::build;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Say which palc this is
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(ui: &mut Ui, args: &Args) -> Exit {
    if args.output.is_json() {
        let data = json!({
            "version": build::VERSION,
            "commit": build::COMMIT,
            "target": build::TARGET,
            "profile": build::PROFILE,
        });
        ui.data(&view::envelope("version", data, &[]))?;
    } else {
        let commit = build::COMMIT.unwrap_or("not known");
        ui.data(&format!(
            "palc {}\ncommit: {commit}\ntarget: {}\nbuild: {}\n",
            build::VERSION,
            build::TARGET,
            build::PROFILE
        ))?;
    }
    Ok(0)
}
