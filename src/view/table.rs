//! Columns of text that line up, and fit the window where there is one.

use std::borrow::Cow;

use rayon::prelude::*;
use unicode_width::UnicodeWidthStr;

/// Rows of cells; the last column takes what room is left and is cut to the width, if a width is given.
pub fn columns(rows: &[Vec<String>], width: Option<usize>) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| visible(cell)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    rows.iter().for_each(|row| line(&mut out, row.iter().map(String::as_str), &widths, width));
    out
}

/// A row of a table that may have a hundred thousand: its cells in one piece of memory.
#[derive(Debug)]
pub struct Row(Box<str>);

/// Stands between cells. Printable text holds no control characters.
const BETWEEN: char = '\0';

impl Row {
    pub fn of<const N: usize>(cells: [&str; N]) -> Row {
        Row(cells.join(BETWEEN.encode_utf8(&mut [0])).into())
    }

    fn cells(&self) -> impl Iterator<Item = &str> {
        self.0.split(BETWEEN)
    }
}

/// As [`columns`], in pieces that are made in parallel.
pub fn long(rows: &[Row], width: Option<usize>) -> Vec<String> {
    let widest = |mut widths: Vec<usize>, row: &Row| {
        for (column, cell) in row.cells().map(visible).enumerate() {
            widths.resize(widths.len().max(column + 1), 0);
            widths[column] = widths[column].max(cell);
        }
        widths
    };
    let both = |one: Vec<usize>, other: Vec<usize>| {
        let (long, short) = if one.len() < other.len() { (other, one) } else { (one, other) };
        let short = short.into_iter().chain(std::iter::repeat(0));
        long.into_iter().zip(short).map(|(a, b)| a.max(b)).collect()
    };
    let widths = rows.par_iter().fold(Vec::new, widest).reduce(Vec::new, both);
    let chunk = |rows: &[Row]| {
        let mut out = String::new();
        rows.iter().for_each(|row| line(&mut out, row.cells(), &widths, width));
        out
    };
    rows.par_chunks(1024).map(chunk).collect()
}

fn line<'c>(out: &mut String, cells: impl Iterator<Item = &'c str>, widths: &[usize], width: Option<usize>) {
    let start = out.len();
    let mut used = 0;
    for (cell, &column) in cells.zip(widths) {
        if used > 0 {
            out.push_str("  ");
            used += 2;
        }
        let cell = match width {
            Some(width) if visible(cell) > width.saturating_sub(used) => {
                Cow::Owned(cut(cell, width.saturating_sub(used)))
            }
            _ => Cow::Borrowed(cell),
        };
        out.push_str(&cell);
        out.extend(std::iter::repeat_n(' ', column.saturating_sub(visible(&cell))));
        used += column;
    }
    out.truncate(start + out[start..].trim_end().len());
    out.push('\n');
}

/// Width on screen, not counting colour.
fn visible(cell: &str) -> usize {
    if cell.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return cell.len();
    }
    let mut inside = false;
    let plain: String = cell
        .chars()
        .filter(|&c| {
            let skip = inside || c == '\u{1b}';
            inside = skip && c != 'm';
            !skip
        })
        .collect();
    plain.width()
}

fn cut(cell: &str, width: usize) -> String {
    if cell.contains('\u{1b}') || width < 2 {
        return cell.to_owned();
    }
    let mut out = String::new();
    for c in cell.chars() {
        if out.width() + 2 > width {
            break;
        }
        out.push(c);
    }
    format!("{out}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_width_on_screen() {
        let rows = vec![vec!["a".into(), "x".into()], vec!["日本".into(), "y".into()]];
        assert_eq!(columns(&rows, None), "a     x\n日本  y\n");
        let long = long(&[Row::of(["a", "x"]), Row::of(["日本", "y"])], None);
        assert_eq!(long.concat(), columns(&rows, None));
        assert_eq!(columns(&[vec!["name".into(), "a long text".into()]], Some(12)), "name  a lon…\n");
    }
}
