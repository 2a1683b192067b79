//! The options that choose prompts, shared by all commands that take many.

use clap::Args;

use crate::app::filter::Condition;
use crate::base::Result;

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which prompts")]
pub struct Filter {
    /// With this tag; repeat for several
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// In this project: its folder, with those inside of it
    #[arg(long, value_name = "FOLDER")]
    project: Option<String>,
    /// With this status
    #[arg(long, value_name = "WORD")]
    status: Option<String>,
    /// Of this type
    #[arg(long = "type", value_name = "WORD")]
    type_: Option<String>,
    /// Of this phase
    #[arg(long, value_name = "WORD")]
    phase: Option<String>,
    /// Of this kind: prompt, partial, persona, …
    #[arg(long, value_name = "WORD")]
    kind: Option<String>,
    /// For this model
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// With this in the front matter: key=value, key!=value, key~part or key; repeat for several
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
}

impl Filter {
    pub fn conditions(&self) -> Result<Vec<Condition>> {
        let one = |key: &'static str, value: &Option<String>| value.as_ref().map(|value| Condition::is(key, value));
        let named = [
            ("status", &self.status),
            ("type", &self.type_),
            ("phase", &self.phase),
            ("kind", &self.kind),
            ("model", &self.model),
        ];
        let project = self.project.as_ref().map(|folder| Ok(Condition::is("project", folder.trim_matches('/'))));
        let named = named.into_iter().filter_map(|(key, value)| one(key, value)).map(Ok);
        let tags = self.tags.iter().map(|tag| Ok(Condition::is("tags", tag)));
        tags.chain(project).chain(named).chain(self.conditions.iter().map(|text| Condition::parse(text))).collect()
    }
}
