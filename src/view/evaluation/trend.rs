//! How kept results went, commit by commit: a table, and a line through time.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::report::trend::{Outcome, Point};
use crate::eval::tally::Column;

use super::super::diff::html::{escape, page};
use super::super::log::{CommitV1, short};
use super::super::paint::{Paint, printable, visible};
use super::super::table::columns;
use super::json::{RowV1, rows};
use super::percent;

/// A row a commit, a column what is tried; where there are many, only what they come to together.
pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let tried = tried(outcome);
    let wide = table(outcome, &tried, paint);
    let plain = table(outcome, &tried, Paint::default());
    let fits = |text: &str| {
        width.is_none_or(|width| text.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= width))
    };
    let body = if fits(&plain) { wide } else { together(outcome, paint, width) };
    format!("{}, share of answers that pass\n\n{body}", printable(&outcome.suite))
}

fn tried(outcome: &Outcome) -> Vec<&Column> {
    let mut tried: Vec<&Column> = outcome.points.iter().flat_map(|point| point.tally.columns.keys()).collect();
    tried.sort();
    tried.dedup();
    tried
}

fn head(point: &Point, paint: Paint) -> Vec<String> {
    vec![point.commit.time.day(), paint.yellow(short(&point.commit.id))]
}

fn table(outcome: &Outcome, tried: &[&Column], paint: Paint) -> String {
    let names = tried.iter().map(|column| format!("{} {}", printable(&column.prompt), printable(&column.engine())));
    let titles = ["", ""].into_iter().map(str::to_owned).chain(names).chain([String::new()]).collect();
    let row = |point: &Point| {
        let cell = |column: &&Column| match point.tally.columns.get(*column) {
            None => String::new(),
            Some(sum) => sum.counts.rate().map_or("?".into(), percent),
        };
        let subject = printable(&point.commit.subject);
        head(point, paint).into_iter().chain(tried.iter().map(cell)).chain([subject]).collect()
    };
    columns(&std::iter::once(titles).chain(outcome.points.iter().map(row)).collect::<Vec<_>>(), None)
}

fn together(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let row = |point: &Point| {
        let sum = &point.tally.total;
        let rate = sum.counts.rate().map_or("?".into(), percent);
        let mut row = head(point, paint);
        row.extend([rate, format!("{}/{}", sum.counts.passed, sum.counts.decided()), printable(&point.commit.subject)]);
        row
    };
    columns(&outcome.points.iter().map(row).collect::<Vec<_>>(), width)
}

/// A suite's kept results over commits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TrendV1<'a> {
    suite: &'a str,
    /// Oldest first.
    points: Vec<PointV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PointV1<'a> {
    #[serde(flatten)]
    commit: CommitV1,
    rows: Vec<RowV1<'a>>,
    /// Lines that this version of palc cannot read.
    unread: u64,
}

pub fn object(outcome: &Outcome) -> TrendV1<'_> {
    TrendV1 { suite: &outcome.suite, points: outcome.points.iter().map(point).collect() }
}

fn point(point: &Point) -> PointV1<'_> {
    PointV1 { commit: CommitV1::of(&point.commit), rows: rows(&point.tally), unread: point.unread }
}

/// The whole page of a trend.
pub fn html(outcome: &Outcome) -> String {
    let title = format!("Results of {} over commits", escape(&visible(&outcome.suite)));
    let row = |point: &Point| {
        let sum = &point.tally.total;
        format!(
            "<tr><td>{}</td><th>{}</th><td>{}/{}</td><td>{}</td><td>{}</td></tr>\n",
            point.commit.time.day(),
            short(&point.commit.id),
            sum.counts.passed,
            sum.counts.decided(),
            sum.counts.rate().map_or("?".into(), percent),
            escape(&visible(&point.commit.subject))
        )
    };
    let rows: String = outcome.points.iter().rev().map(row).collect();
    let style = "<style>svg{max-width:100%;height:auto;font:11px system-ui,sans-serif}svg .axis{stroke:var(--line)}\
                 svg text{fill:var(--quiet)}.key{margin-right:1rem;font-size:.87rem;white-space:nowrap}\
                 .key i{display:inline-block;width:.8rem;height:.8rem;border-radius:.15rem;background:var(--c);margin-right:.3rem}\
                 figure{margin:1rem 0}</style>\n";
    page(
        &title,
        &format!(
            "{style}<h1>{title}</h1>\n{}<div style=\"overflow-x:auto\"><table>\n<thead><tr><th>day</th><th>commit</th>\
             <th>pass</th><th>rate</th><th>what was done</th></tr></thead><tbody>\n{rows}</tbody></table></div>\n",
            picture(outcome)
        ),
    )
}

/// The section of a longer page.
pub fn section(outcome: &Outcome) -> String {
    if outcome.points.len() < 2 { String::new() } else { format!("<h2>Over commits</h2>\n{}", picture(outcome)) }
}

/// Colours that are told apart by most eyes, on light and on dark.
const COLOURS: [&str; 8] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#8250df", "#6e7781"];
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 44.0;
const BELOW: f64 = 26.0;

/// A line for everything that is tried, its dots at the commits that brought results.
fn picture(outcome: &Outcome) -> String {
    let count = outcome.points.len();
    let x = |at: usize| {
        let room = WIDTH - LEFT - 14.0;
        LEFT + if count > 1 { room * at as f64 / (count - 1) as f64 } else { room / 2.0 }
    };
    let y = |rate: f64| 10.0 + (HEIGHT - BELOW - 10.0) * (1.0 - rate);
    let mut lines: BTreeMap<&Column, Vec<(usize, f64)>> = BTreeMap::new();
    for (at, point) in outcome.points.iter().enumerate() {
        for (column, sum) in &point.tally.columns {
            lines.entry(column).or_default().extend(sum.counts.rate().map(|rate| (at, rate)));
        }
    }
    let mut out = format!(
        "<figure><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" \
         aria-label=\"share of answers that pass, by commit\">\n"
    );
    for step in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let _ = writeln!(
            out,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{0:.1}\" y2=\"{0:.1}\"/>\
             <text x=\"{1}\" y=\"{2:.1}\" text-anchor=\"end\">{3}</text>",
            y(step),
            LEFT - 6.0,
            y(step) + 4.0,
            percent(step)
        );
    }
    // As many days as there is room for.
    let every = count.div_ceil(8).max(1);
    for (at, point) in outcome.points.iter().enumerate().filter(|(at, _)| (count - 1 - at).is_multiple_of(every)) {
        let anchor = if at + 1 == count && count > 1 { "end" } else { "middle" };
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            x(at),
            HEIGHT - 8.0,
            point.commit.time.day()
        );
    }
    let mut keys = String::new();
    for (number, (column, line)) in lines.iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let points: Vec<String> = line.iter().map(|(at, rate)| format!("{:.1},{:.1}", x(*at), y(*rate))).collect();
        let _ = writeln!(
            out,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>",
            points.join(" ")
        );
        for (at, rate) in line {
            let commit = &outcome.points[*at].commit;
            let title = format!("{} {}: {}", short(&commit.id), visible(&commit.subject), percent(*rate));
            let _ = writeln!(
                out,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{colour}\"><title>{}</title></circle>",
                x(*at),
                y(*rate),
                escape(&title)
            );
        }
        let name = escape(&visible(&format!("{} · {}", column.prompt, column.engine())));
        let _ = write!(keys, "<span class=\"key\"><i style=\"--c:{colour}\"></i>{name}</span>");
    }
    format!("{out}</svg>\n<figcaption>{keys}</figcaption></figure>\n")
}
