//! What judges are asked: prompt files that palc fills in, those that come with it or one's own.

use std::sync::{Arc, LazyLock};

use crate::base::hash::sha256;
use crate::base::{Error, Result};
use crate::model::call::Message;
use crate::model::{Map, Prompt};
use crate::render::Source;
use crate::render::form::Form;

/// What the sheets that come with palc are called where their digests are told.
const FOLDER: &str = "palc:judges";

/// A prompt that asks a judge.
pub struct Sheet {
    form: Form,
    /// Of its text and of everything that it may include.
    digest: String,
}

/// Parts that every sheet may include: how material is fenced, and how a case is shown.
const PARTS: &[(&str, &str)] = &[
    ("_case.md", include_str!("../../../assets/judges/_case.md")),
    ("_material.md", include_str!("../../../assets/judges/_material.md")),
];

/// One for every way of judging.
pub struct Sheets {
    pub rubric: Arc<Sheet>,
    pub classify: Arc<Sheet>,
    pub factuality: Arc<Sheet>,
    pub closed_qa: Arc<Sheet>,
    pub pairwise: Arc<Sheet>,
    pub g_eval: Arc<Sheet>,
    pub steps: Arc<Sheet>,
}

/// The sheets that come with palc.
pub static SHEETS: LazyLock<Sheets> = LazyLock::new(|| {
    let read = |name: &str, text: &str| {
        let sheet = Sheet::read(&format!("{FOLDER}/{name}.md"), text);
        Arc::new(sheet.expect("the sheets that are compiled in are right"))
    };
    Sheets {
        rubric: read("rubric", include_str!("../../../assets/judges/rubric.md")),
        classify: read("classify", include_str!("../../../assets/judges/classify.md")),
        factuality: read("factuality", include_str!("../../../assets/judges/factuality.md")),
        closed_qa: read("closed-qa", include_str!("../../../assets/judges/closed-qa.md")),
        pairwise: read("pairwise", include_str!("../../../assets/judges/pairwise.md")),
        g_eval: read("g-eval", include_str!("../../../assets/judges/g-eval.md")),
        steps: read("steps", include_str!("../../../assets/judges/steps.md")),
    }
});

/// The parts beside a sheet, in whatever folder it is.
struct Parts;

impl Source for Parts {
    fn read(&self, path: &str, _: Option<&str>) -> Result<Option<Vec<u8>>> {
        let name = path.rsplit('/').next().unwrap_or(path);
        Ok(PARTS.iter().find(|(part, _)| *part == name).map(|(_, text)| text.as_bytes().to_vec()))
    }
}

impl Sheet {
    pub fn read(path: &str, text: &str) -> Result<Sheet> {
        let form = Form::read(path, text, Arc::new(Parts))?;
        if let Some(finding) = form.problem() {
            return Err(Error::findings(format!("{path} is not in order"), vec![finding]));
        }
        // Without the word nobody could tell the answer from its fence, and no verdict would ever count.
        if !text.contains("nonce") {
            return Err(Error::invalid(format!("{path} nowhere says `{{{{ nonce }}}}`, so no verdict would count"))
                .hint("put what is judged between tags that end in it, and ask for it as the `verdict`")
                .hint("`palc rubric prompt` prints the one that palc asks"));
        }
        let whole: String = PARTS.iter().map(|(_, text)| *text).chain([text]).collect();
        Ok(Sheet { form, digest: sha256(whole.as_bytes()) })
    }

    pub fn path(&self) -> &str {
        &self.form.path
    }

    pub fn text(&self) -> &str {
        self.form.text()
    }

    pub fn digest(&self) -> &str {
        &self.digest
    }

    pub fn prompt(&self) -> &Prompt {
        &self.form.prompt
    }

    pub fn messages(&self, context: Map) -> Result<Vec<Message>> {
        self.form.messages(context)
    }
}
