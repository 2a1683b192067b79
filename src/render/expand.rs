//! The text of a prompt with its includes written out, for reading: templates stay templates.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{Finding, Result, Span};
use crate::model::Template;

use super::analyse::{Include, Verb, analyse};
use super::include::{Library, Loaded};
use super::request::Engine;

/// A text with its includes in place, and what could not be put there.
#[derive(Debug, Default)]
pub struct Expanded {
    pub text: String,
    pub findings: Vec<Finding>,
}

/// Put every include whose name is fixed in its place, and those of the included files too. What is computed, optional
/// and missing, or in a circle stays as it is written.
pub fn expand(root: &Arc<Loaded>, library: &Library, template: &Template) -> Result<Expanded> {
    let mut expander = Expander { library, template, above: BTreeSet::new(), findings: Vec::new() };
    let text = expander.file(root)?;
    Ok(Expanded { text, findings: expander.findings })
}

struct Expander<'a> {
    library: &'a Library,
    template: &'a Template,
    /// The files that led here.
    above: BTreeSet<String>,
    findings: Vec<Finding>,
}

impl Expander<'_> {
    fn file(&mut self, loaded: &Arc<Loaded>) -> Result<String> {
        let engine = Engine::named(loaded.engine.as_deref())?;
        let body = loaded.body();
        if engine != Engine::Jinja {
            return Ok(body.text().to_owned());
        }
        self.above.insert(loaded.name.clone());
        let mut out = String::new();
        let mut at = loaded.body.start;
        for include in analyse(body, engine, self.template).includes {
            let Some(tag) = Tag::around(&loaded.file, include.span).filter(|tag| tag.span.start >= at) else {
                continue;
            };
            let Some(text) = self.included(loaded, &include)? else { continue };
            let before = &loaded.file[at..tag.span.start];
            out.push_str(if tag.trims_before { before.trim_end() } else { before });
            out.push_str(&text);
            let after = &loaded.file[tag.span.end..];
            at = tag.span.end + if tag.trims_after { after.len() - after.trim_start().len() } else { 0 };
        }
        out.push_str(&loaded.file[at..loaded.body.end]);
        self.above.remove(&loaded.name);
        Ok(out)
    }

    fn included(&mut self, from: &Arc<Loaded>, include: &Include) -> Result<Option<String>> {
        let Some([name]) = include.names.as_deref().filter(|_| include.verb == Verb::Include) else { return Ok(None) };
        match self.library.find(name, &from.name) {
            Ok(loaded) if self.above.contains(&loaded.name) => Ok(None),
            Ok(loaded) => self.file(&loaded).map(Some),
            Err(_) if include.optional => Ok(None),
            Err(refusal) => {
                let place = from.body().place(include.span);
                self.findings.push(Finding::error("broken-include", place, refusal.message(name)));
                Ok(None)
            }
        }
    }
}

/// The whole `{% include … %}` around its name.
struct Tag {
    span: Span,
    trims_before: bool,
    trims_after: bool,
}

impl Tag {
    fn around(file: &str, name: Span) -> Option<Tag> {
        let start = file.get(..name.start)?.rfind("{%")?;
        let end = name.end + file.get(name.end..)?.find("%}")? + 2;
        let inside = &file[start + 2..end - 2];
        Some(Tag {
            span: Span::new(start, end),
            trims_before: inside.starts_with('-'),
            trims_after: inside.ends_with('-'),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::include::Source;
    use crate::render::request::Body;

    struct Files(Vec<(&'static str, &'static str)>);

    impl Source for Files {
        fn read(&self, path: &str, _: Option<&str>) -> Result<Option<Vec<u8>>> {
            let found = self.0.iter().find(|(there, _)| *there == path);
            Ok(found.map(|(_, text)| text.as_bytes().to_vec()))
        }
    }

    fn expanded(text: &str, files: Vec<(&'static str, &'static str)>) -> String {
        let library = Library::new(Arc::new(Files(files)), &["prompts".to_owned()], &[]);
        let body = Body { path: "prompts/a.md", file: text, span: Span::new(0, text.len()) };
        let root = library.start(body, None, None);
        expand(&root, &library, &Template::default()).map(|expanded| expanded.text).expect("expands")
    }

    #[test]
    fn includes_are_written_out_and_templates_stay() {
        let files =
            vec![("prompts/_b.md", "---\ndescription: x\n---\nB {{ x }}{% include '_c.md' %}"), ("prompts/_c.md", "C")];
        assert_eq!(expanded("1 {% include '_b.md' %} {{ y }}", files.clone()), "1 B {{ x }}C {{ y }}");
        assert_eq!(expanded("1 {%- include '_c.md' -%} 2", files.clone()), "1C2");
        assert_eq!(
            expanded("{% raw %}{% include '_c.md' %}{% endraw %}", files),
            "{% raw %}{% include '_c.md' %}{% endraw %}"
        );
    }

    #[test]
    fn circles_and_computed_names_stay() {
        let files = vec![("prompts/_b.md", "b{% include '_b.md' %}")];
        assert_eq!(
            expanded("{% include '_b.md' %}{% include name %}", files),
            "b{% include '_b.md' %}{% include name %}"
        );
    }
}
