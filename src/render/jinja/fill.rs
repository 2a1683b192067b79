//! Templates inside values: what a check is held against may name the variables of its case.

use std::collections::BTreeSet;

use minijinja::value::{Serde, Value as Known};
use minijinja::{Environment, UndefinedBehavior};

use crate::model::{Map, Value};

use super::env;

/// Fills in values. A name that is not given is an error, never nothing.
#[derive(Debug)]
pub struct Fill {
    env: Environment<'static>,
}

impl Default for Fill {
    fn default() -> Fill {
        let mut env = env::base();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_fuel(Some(1_000_000));
        Fill { env }
    }
}

impl Fill {
    /// Whether anything in it is a template.
    pub fn is_wanted(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains("{{") || text.contains("{%"),
            Value::Array(items) => items.iter().any(Fill::is_wanted),
            Value::Object(map) => map.values().any(Fill::is_wanted),
            _ => false,
        }
    }

    /// The names that it takes from outside; or what is wrong with its template.
    pub fn names(&self, value: &Value) -> Result<BTreeSet<String>, String> {
        let mut names = BTreeSet::new();
        self.collect(value, &mut names)?;
        Ok(names)
    }

    fn collect(&self, value: &Value, names: &mut BTreeSet<String>) -> Result<(), String> {
        match value {
            Value::String(text) if Fill::is_wanted(value) => {
                let template = self.env.template_from_str(text).map_err(|error| said(&error))?;
                names.extend(template.undeclared_variables(false));
                Ok(())
            }
            Value::Array(items) => items.iter().try_for_each(|item| self.collect(item, names)),
            Value::Object(map) => map.values().try_for_each(|item| self.collect(item, names)),
            _ => Ok(()),
        }
    }

    /// The value with everything filled in. Text that is one `{{ name }}` and nothing else becomes what that is, be it a
    /// number or a list.
    pub fn fill(&self, value: &Value, vars: &Map) -> Result<Value, String> {
        match value {
            Value::String(text) if Fill::is_wanted(value) => self.text(text, vars),
            Value::Array(items) => items.iter().map(|item| self.fill(item, vars)).collect(),
            Value::Object(map) => map.iter().map(|(name, item)| Ok((name.clone(), self.fill(item, vars)?))).collect(),
            other => Ok(other.clone()),
        }
    }

    fn text(&self, text: &str, vars: &Map) -> Result<Value, String> {
        let vars = Known::from(Serde(vars));
        if let Some(inside) = alone(text) {
            let expression = self.env.compile_expression(inside).map_err(|error| said(&error))?;
            let value = expression.eval(vars).map_err(|error| said(&error))?;
            if value.is_undefined() {
                return Err(format!("`{}` is not given", inside.trim()));
            }
            return serde_json::to_value(&value).map_err(|error| error.to_string());
        }
        self.env.render_str(text, vars).map(Value::String).map_err(|error| said(&error))
    }
}

/// The expression of a text that is nothing else.
fn alone(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    (!inside.contains("{{") && !inside.contains("}}")).then_some(inside)
}

fn said(error: &minijinja::Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_filled_in_and_keep_their_kind() {
        let vars = json!({"n": 3, "who": "Ada", "list": [1, "{{ who }}"]}).as_object().expect("a map").clone();
        let fill = Fill::default();
        let filled = |value: Value| fill.fill(&value, &vars);
        assert_eq!(filled(json!("{{ n }}")), Ok(json!(3)));
        assert_eq!(
            filled(json!({"a": ["Dear {{ who }}", "{{ list }}", 1.5]})),
            Ok(json!({"a": ["Dear Ada", [1, "{{ who }}"], 1.5]}))
        );
        assert!(
            filled(json!("{{ nobody }}")).is_err_and(|why| why.contains("nobody")),
            "{:?}",
            filled(json!("{{ nobody }}"))
        );
        assert!(filled(json!("Dear {{ nobody }}")).is_err());
        assert!(fill.names(&json!(["{{ who }", "{% if %}"])).is_err());
        assert_eq!(fill.names(&json!(["{{ who }} {{ n }}"])), Ok(BTreeSet::from(["n".to_owned(), "who".to_owned()])));
    }
}
