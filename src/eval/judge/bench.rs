//! Who judges, and what they are asked.

use std::sync::Arc;

use super::options::Options;
use super::sheet::Sheet;
use crate::base::Result;
use crate::eval::Around;
use crate::model::call::model_name;
use crate::model::rubric::Panel;

/// Services inside palc: they are not models, so they have no taste of their own.
const BUILT_IN: [&str; 2] = ["echo", "replay"];

/// One judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub service: String,
    pub model: String,
}

impl Seat {
    /// `service/model`.
    pub fn name(&self) -> String {
        model_name(&self.service, &self.model)
    }
}

/// The judges of a check.
#[derive(Clone)]
pub struct Bench {
    pub seats: Vec<Seat>,
    pub panel: Panel,
    pub sheet: Arc<Sheet>,
}

/// What holds where the check does not say it.
pub struct Usual<'a> {
    pub judges: &'a [String],
    pub panel: Panel,
    pub sheet: &'a Arc<Sheet>,
}

impl Bench {
    /// The judges that the check names, or those that are usual, or the one of the judge's prompt, or that of the suite.
    pub fn read(options: &Options, around: &dyn Around, usual: &Usual<'_>) -> Result<Bench, String> {
        let panel = match options.text("panel")? {
            None => usual.panel,
            Some(word) => {
                Panel::from_word(&word).ok_or_else(|| format!("`panel` is mean or majority, not `{word}`"))?
            }
        };
        let sheet = match options.text("prompt")? {
            None => usual.sheet.clone(),
            Some(path) => {
                let text = around.file(&path).map_err(|error| sentence(&error))?;
                Arc::new(Sheet::read(&path, &text).map_err(|error| sentence(&error))?)
            }
        };
        let seats = seats(options, around, usual, &sheet)?;
        if !options.flag("allow_self")? {
            refuse_own(&seats, &around.tested())?;
        }
        Ok(Bench { seats, panel, sheet })
    }

    /// `service/model` of everyone.
    pub fn names(&self) -> Vec<String> {
        self.seats.iter().map(Seat::name).collect()
    }

    /// The prompt with its digest.
    pub fn files(&self) -> Vec<(String, String)> {
        vec![(self.sheet.path().to_owned(), self.sheet.digest().to_owned())]
    }
}

fn seats(options: &Options, around: &dyn Around, usual: &Usual<'_>, sheet: &Sheet) -> Result<Vec<Seat>, String> {
    let mut named = options.texts("judges")?;
    match options.text("judge")? {
        Some(_) if !named.is_empty() => return Err("`judge` names one, `judges` several: give one of the two".into()),
        Some(one) => named.push(one),
        None => {}
    }
    if named.is_empty() {
        named = usual.judges.to_vec();
    }
    let named: Vec<Option<&str>> = match named.is_empty() {
        true => vec![sheet.prompt().model()],
        false => named.iter().map(|name| Some(name.as_str())).collect(),
    };
    let mut seats: Vec<Seat> = Vec::new();
    for name in named {
        let (service, model) = around.judge(name).map_err(|error| sentence(&error))?;
        let seat = Seat { service, model };
        // The second word of the same model is no second opinion, and would count as agreement.
        if seats.contains(&seat) {
            return Err(format!("{} sits on the panel twice", seat.name()));
        }
        seats.push(seat);
    }
    Ok(seats)
}

/// Models like their own words best.
fn refuse_own(seats: &[Seat], tested: &[String]) -> Result<(), String> {
    let own = seats.iter().find(|seat| !BUILT_IN.contains(&seat.service.as_str()) && tested.contains(&seat.name()));
    own.map_or(Ok(()), |seat| {
        let name = seat.name();
        Err(format!("{name} would judge its own answers; name another `judge`, or say `allow_self: true`"))
    })
}

/// An error with what to do about it.
pub fn sentence(error: &crate::base::Error) -> String {
    let places = error.places().iter().map(|finding| match finding.place.is_exact() {
        true => format!("{}:{}:{} {}", finding.place.path, finding.place.line, finding.place.column, finding.message),
        false => finding.message.clone(),
    });
    let said: Vec<String> = [error.message().to_owned()].into_iter().chain(places).collect();
    let hints: String = error.hints().iter().map(|hint| format!("; {hint}")).collect();
    format!("{}{hints}", said.join(": "))
}
