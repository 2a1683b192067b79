//! Lists of models.

use crate::model::call::What;
use crate::model::{Trouble, Value};

use super::super::protocol::Listed;
use super::text;

pub fn read(body: &Value) -> Result<Vec<Listed>, Trouble> {
    let all = body.as_array().or_else(|| ["data", "models"].into_iter().find_map(|key| body.get(key)?.as_array()));
    let all = all.ok_or_else(|| Trouble::new(What::Decode, "the answer is no list of models"))?;
    Ok(all.iter().filter_map(listed).collect())
}

fn listed(model: &Value) -> Option<Listed> {
    const CONTEXT: [&str; 4] = ["context_length", "max_context_length", "context_window", "max_model_len"];
    let name = text(model, "id").or(text(model, "name"))?;
    let title = text(model, "display_name").or(text(model, "name")).filter(|title| *title != name);
    let context = CONTEXT.into_iter().find_map(|key| model.get(key)?.as_u64());
    Some(Listed { name, title, context, raw: model.clone() })
}
