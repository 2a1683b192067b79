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
    rows.iter().map(|row| line(row, &widths, width)).collect()
}

/// As [`columns`], for so many things that their rows are made twice and in parallel, and are never all there.
pub fn long<T: Sync>(items: &[T], row: impl Fn(&T) -> Vec<String> + Sync, width: Option<usize>) -> Vec<String> {
    let widest = |mut widths: Vec<usize>, cells: Vec<usize>| {
        widths.resize(widths.len().max(cells.len()), 0);
        widths.iter_mut().zip(cells).for_each(|(width, cell)| *width = (*width).max(cell));
        widths
    };
    let cells = |item: &T| row(item).iter().map(|cell| visible(cell)).collect::<Vec<_>>();
    let widths = items.par_iter().map(cells).reduce(Vec::new, widest);
    let chunk = |items: &[T]| items.iter().map(|item| line(&row(item), &widths, width)).collect();
    items.par_chunks(1024).map(chunk).collect()
}

fn line(row: &[String], widths: &[usize], width: Option<usize>) -> String {
    let mut out = String::new();
    let mut used = 0;
    for (cell, &column) in row.iter().zip(widths) {
        if used > 0 {
            out.push_str("  ");
            used += 2;
        }
        let cell = match width {
            Some(width) if visible(cell) > width.saturating_sub(used) => {
                Cow::Owned(cut(cell, width.saturating_sub(used)))
            }
            _ => Cow::Borrowed(cell.as_str()),
        };
        out.push_str(&cell);
        out.extend(std::iter::repeat_n(' ', column.saturating_sub(visible(&cell))));
        used += column;
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
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
        assert_eq!(columns(&[vec!["name".into(), "a long text".into()]], Some(12)), "name  a lon…\n");
    }
}
