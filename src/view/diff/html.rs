//! Changed prompts as one self-contained page: no script, nothing loaded from elsewhere.

use crate::app::diff::rendered::Rendering;
use crate::app::diff::{Changed, Outcome};
use crate::repo::diff::{Class, Mark};

use super::super::paint::visible;
use super::{
    Change, Fact, Line, Shown, Sign, became, class_word, facts, heading, of_block, of_file, of_pieces, place, tally,
    tokens,
};

pub fn report(outcome: &Outcome, shown: Shown) -> String {
    let (before, after) = outcome.range.sides();
    let title = format!("{} → {}", escape(&before), escape(&after));
    let prompts: String = outcome.prompts.iter().map(|changed| prompt(changed, shown)).collect();
    let list: String = outcome.prompts.iter().map(entry).collect();
    let nothing = if outcome.prompts.is_empty() { "<p>No prompt differs.</p>" } else { "" };
    let count = escape(&tally(&outcome.prompts));
    page(
        &title,
        &format!("<h1>{title}</h1>\n<p class=\"sum\">{count}</p>\n<ul class=\"toc\">{list}</ul>\n{nothing}{prompts}"),
    )
}

/// A whole page around its content.
pub fn page(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
        <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{content}\n</main>\n</body>\n</html>\n"
    )
}

fn entry(changed: &Changed) -> String {
    let (new, gone) = super::word_counts(changed);
    format!(
        "<li>{} <a href=\"#{}\">{}</a> <span class=\"quiet\"><ins>+{new}</ins> <del>−{gone}</del> {}</span></li>\n",
        badge(changed.class()),
        anchor(changed),
        escape(&heading(changed)),
        escape(&visible(&changed.summary())),
    )
}

fn anchor(changed: &Changed) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("-{:x}", u32::from(c)) };
    format!("p-{}", changed.pair.path().chars().map(plain).collect::<String>())
}

pub fn badge(class: Option<Class>) -> String {
    format!("<span class=\"badge {0}\">{0}</span>", class_word(class))
}

/// One prompt as a section.
pub fn prompt(changed: &Changed, shown: Shown) -> String {
    let what = match became(changed) {
        "changed" => String::new(),
        what => format!(" <span class=\"quiet\">{what}</span>"),
    };
    let counted =
        changed.tokens.as_ref().map(|counted| format!("<span class=\"quiet\">{} tokens</span>", tokens(counted)));
    let content = match (&changed.rendered, became(changed)) {
        (Some(rendering), _) => messages(rendering),
        (None, "added" | "removed") => block(&of_file(changed)),
        (None, _) if shown.meta => table(&facts(changed)),
        (None, _) => format!("{}{}", table(&facts(changed)), body(changed)),
    };
    format!(
        "<section id=\"{}\">\n<h2>{}{what} {} {}</h2>\n{content}</section>\n",
        anchor(changed),
        escape(&heading(changed)),
        badge(changed.class()),
        counted.unwrap_or_default(),
    )
}

fn messages(rendering: &Rendering) -> String {
    match rendering {
        Rendering::Same => "<p>A pure refactor: the same messages are sent.</p>\n".into(),
        Rendering::Failed(error) => format!("<p>It cannot be rendered: {}</p>\n", escape(error.message())),
        Rendering::Differs(turns) => {
            let changed = turns.iter().filter(|turn| turn.pieces.iter().any(|piece| piece.mark != Mark::Same));
            changed
                .map(|turn| format!("<h3>{}</h3>\n{}", escape(&visible(&turn.role)), block(&of_pieces(&turn.pieces))))
                .collect()
        }
    }
}

fn table(facts: &[Fact]) -> String {
    if facts.is_empty() {
        return String::new();
    }
    let row = |fact: &Fact| {
        format!(
            "<tr><th>{}</th><td>{}</td><td>{}</td></tr>\n",
            escape(&fact.what),
            change(&fact.change),
            badge(Some(fact.class))
        )
    };
    format!("<table>\n{}</table>\n", facts.iter().map(row).collect::<String>())
}

fn change(change: &Change) -> String {
    let ins = |text: &String| format!("<ins>{}</ins>", escape(text));
    let del = |text: &String| format!("<del>{}</del>", escape(text));
    match change {
        Change::Added(value) => ins(value),
        Change::Removed(value) => del(value),
        Change::Became(before, after) => format!("{} → {}", del(before), ins(after)),
        Change::Items(added, removed) => {
            added.iter().map(ins).chain(removed.iter().map(del)).collect::<Vec<_>>().join(" ")
        }
        Change::Note(note) => escape(note),
        Change::Words(pieces) => block(&of_pieces(pieces)),
    }
}

fn body(changed: &Changed) -> String {
    let mut out = String::new();
    let blocks = &changed.diff.blocks;
    let mut at = 0;
    while at < blocks.len() {
        let home = &blocks[at].home;
        let next = blocks[at..].iter().position(|block| block.home != *home).map_or(blocks.len(), |more| at + more);
        let lines: Vec<Line> = blocks[at..next].iter().flat_map(of_block).collect();
        out.push_str(&format!("<h3>{}</h3>\n{}", escape(&place(home)), block(&lines)));
        at = next;
    }
    out
}

fn block(lines: &[Line]) -> String {
    let piece = |(mark, text): &(Mark, String)| match mark {
        Mark::Same => escape(text),
        Mark::Gone => format!("<del>{}</del>", escape(text)),
        Mark::New => format!("<ins>{}</ins>", escape(text)),
    };
    let line = |line: &Line| {
        let class = match line.sign {
            Sign::Added => "new",
            Sign::Removed => "gone",
            Sign::Moved => "moved",
            Sign::Changed => "changed",
            Sign::Same => "same",
            Sign::Skipped => "skipped",
        };
        let text: String = line.pieces.iter().map(piece).collect();
        format!("<div class=\"{class}\"><b>{}</b><span>{text}</span></div>\n", line.sign.mark())
    };
    format!("<div class=\"text\">\n{}</div>\n", lines.iter().map(line).collect::<String>())
}

pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#d8dee4;--quiet:#59636e;--new:#dafbe1;--gone:#ffebe9;--word-new:#7ee2a0;--word-gone:#ffb3ad;--moved:#ddf4ff;--soft:#f6f8fa}
@media(prefers-color-scheme:dark){:root{--line:#3d444d;--quiet:#9198a1;--new:#12361f;--gone:#3d1a1c;--word-new:#1f7a3d;--word-gone:#8e3236;--moved:#10304d;--soft:#151b23}}
body{font:15px/1.5 system-ui,sans-serif;margin:0}
main{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}
h2{font-size:1.1rem;border-bottom:1px solid var(--line);padding-bottom:.3rem;margin-top:2.2rem}
h3{font-size:.9rem;margin:.9rem 0 .3rem;color:var(--quiet)}
.sum,.quiet{color:var(--quiet);font-weight:normal}
.quiet{font-size:.85rem}
.toc{list-style:none;padding:0}
.badge{display:inline-block;font-size:.72rem;font-weight:600;border-radius:1rem;padding:0 .55rem;border:1px solid var(--line);vertical-align:middle}
.badge.breaking{background:#cf222e;border-color:#cf222e;color:#fff}
.badge.behaviour{background:#bf8700;border-color:#bf8700;color:#fff}
table{border-collapse:collapse;margin:.6rem 0}
th,td{border:1px solid var(--line);padding:.25rem .6rem;text-align:left;font-weight:normal;vertical-align:top}
th{font-family:ui-monospace,monospace;font-size:.85rem}
ins,del{text-decoration:none;border-radius:.2rem;padding:0 .1rem}
ins{background:var(--word-new)}
del{background:var(--word-gone);text-decoration:line-through}
.text{border:1px solid var(--line);border-radius:.4rem;overflow-x:auto;font:13px/1.55 ui-monospace,monospace;padding:.2rem 0}
.text div{display:flex;padding:0 .6rem;white-space:pre-wrap}
.text b{flex:0 0 1.2rem;color:var(--quiet);font-weight:normal}
.text .new{background:var(--new)}
.text .gone{background:var(--gone)}
.text .moved{background:var(--moved)}
.text .same,.text .skipped{color:var(--quiet);background:var(--soft)}
";
