//! Changed prompts as Markdown, for comments on a forge.
//!
//! What comes from a prompt stands in code, always: there no forge reads mentions, images, links or HTML, and the fence
//! is longer than any in the text. And since reports are printed in logs as well, no line begins like a command.

use crate::app::diff::Changed;
use crate::app::diff::rendered::Rendering;
use crate::repo::diff::{Class, Mark};

use super::super::paint::visible;
use super::{
    Change, Fact, Line, Shown, became, class_word, facts, heading, of_block, of_file, of_pieces, place, tokens,
};

pub fn prompts(prompts: &[Changed], shown: Shown) -> String {
    prompts.iter().map(|changed| prompt(changed, shown) + "\n").collect()
}

/// One prompt under a heading.
pub fn prompt(changed: &Changed, shown: Shown) -> String {
    let what = match became(changed) {
        "changed" => String::new(),
        what => format!("{what}, "),
    };
    let mut out = format!("### {} — {what}{}\n\n", code(&heading(changed)), class_word(changed.class()));
    let facts = facts(changed);
    if matches!(became(changed), "added" | "removed") {
        out.push_str(&format!("{}\n", fenced(&of_file(changed))));
    } else {
        out.push_str(&table(&facts));
        if !shown.meta {
            out.push_str(&body(changed));
        }
    }
    if let Some(counted) = &changed.tokens {
        out.push_str(&format!("Tokens: {}\n", tokens(counted)));
    }
    out
}

pub fn rendered(prompts: &[Changed]) -> String {
    let one = |changed: &Changed| {
        let mut out = format!("### {}\n\n", code(&heading(changed)));
        match &changed.rendered {
            None | Some(Rendering::Same) => out.push_str("A pure refactor: the same messages are sent.\n\n"),
            Some(Rendering::Failed(error)) => {
                out.push_str(&format!("It cannot be rendered: {}\n\n", code(error.message())));
            }
            Some(Rendering::Differs(turns)) => {
                for turn in turns.iter().filter(|turn| turn.pieces.iter().any(|piece| piece.mark != Mark::Same)) {
                    out.push_str(&format!("{}\n\n{}\n", code(&turn.role), fenced(&of_pieces(&turn.pieces))));
                }
            }
        }
        out
    };
    prompts.iter().map(one).collect()
}

fn table(facts: &[Fact]) -> String {
    if facts.is_empty() {
        return String::new();
    }
    let row = |fact: &Fact| format!("| {} | {} | {} |\n", cell(&fact.what), change(&fact.change), grade(fact.class));
    let rows: String = facts.iter().map(row).collect();
    format!("| what | change | class |\n|---|---|---|\n{rows}\n")
}

fn grade(class: Class) -> &'static str {
    match class {
        Class::Breaking => "**breaking**",
        class => class.word(),
    }
}

fn change(change: &Change) -> String {
    let list =
        |items: &[String], word: &str| items.iter().map(|item| format!("{word} {}", cell(item))).collect::<Vec<_>>();
    match change {
        Change::Added(value) => format!("added {}", cell(value)),
        Change::Removed(value) => format!("removed {}", cell(value)),
        Change::Became(before, after) => format!("{} → {}", cell(before), cell(after)),
        Change::Items(added, removed) => [list(added, "added"), list(removed, "removed")].concat().join(", "),
        Change::Note(note) => cell(note),
        Change::Words(pieces) => {
            let line = |line: &Line| written(line);
            cell(&of_pieces(pieces).iter().map(line).collect::<Vec<_>>().join(" ⏎ "))
        }
    }
}

/// What changed in the body, under the places where it stands.
pub fn body(changed: &Changed) -> String {
    let mut out = String::new();
    let blocks = &changed.diff.blocks;
    let mut at = 0;
    while at < blocks.len() {
        let home = &blocks[at].home;
        let next = blocks[at..].iter().position(|block| block.home != *home).map_or(blocks.len(), |more| at + more);
        let lines: Vec<Line> = blocks[at..next].iter().flat_map(of_block).collect();
        out.push_str(&format!("{}\n\n{}\n", code(&place(home)), fenced(&lines)));
        at = next;
    }
    out
}

/// Text as code within a sentence.
pub fn code(text: &str) -> String {
    let text = inert(&visible(text).replace('\n', " "));
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The same within a table, where a bar would end the cell.
pub fn cell(text: &str) -> String {
    code(&text.replace('|', "¦"))
}

fn fenced(lines: &[Line]) -> String {
    let text: String = lines.iter().map(|line| format!("{}\n", inert(&written(line)))).collect();
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}diff\n{text}{fence}\n")
}

fn written(line: &Line) -> String {
    let piece = |(mark, text): &(Mark, String)| match mark {
        Mark::Same => text.clone(),
        Mark::Gone => format!("[-{text}-]"),
        Mark::New => format!("{{+{text}+}}"),
    };
    let text: String = line.pieces.iter().map(piece).collect();
    format!("{} {text}", line.sign.mark()).trim_end().to_owned()
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text that no runner of workflows takes for a command, wherever it stands.
pub fn inert(text: &str) -> String {
    text.replace("::", ":\\u{3a}").replace("##[", "#\\u{23}[")
}
