//! Who judges, and by what: the arguments of commands that ask a judge.

use crate::app::judging::{ORDERS, Wanted};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Judge")]
pub struct Judging {
    /// The model that judges; `generation.judge` if nothing is said
    #[arg(long, value_name = "MODEL")]
    judge: Option<String>,
    /// How much each criterion counts: NAME=NUMBER,… or a YAML or JSON file
    #[arg(long, value_name = "FILE|NAME=NUMBER,…")]
    weights: Option<String>,
    /// Weigh as for this persona's prompts
    #[arg(long, value_name = "NAME")]
    persona: Option<String>,
    /// How often to ask, each time with the candidates in another order
    #[arg(long, value_name = "NUMBER", default_value_t = ORDERS as u8, value_parser = clap::value_parser!(u8).range(1..=20))]
    orders: u8,
}

impl Judging {
    pub fn wanted(&self) -> Wanted {
        Wanted {
            judge: self.judge.clone(),
            weights: self.weights.clone(),
            persona: self.persona.clone(),
            orders: usize::from(self.orders),
        }
    }
}
