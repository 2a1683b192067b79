//! Columns of text that line up, and fit the window where there is one.

use unicode_width::UnicodeWidthStr;

/// Rows of cells; the last column takes what room is left and is cut to the width, if a width is given.
pub fn columns(rows: &[Vec<String>], width: Option<usize>) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| visible(cell)).max().unwrap_or(0))
        .collect();
    rows.iter().map(|row| line(row, &widths, width)).collect()
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
            Some(width) if visible(cell) > width.saturating_sub(used) => cut(cell, width.saturating_sub(used)),
            _ => cell.clone(),
        };
        out.push_str(&cell);
        out.push_str(&" ".repeat(column.saturating_sub(visible(&cell))));
        used += column;
    }
    format!("{}\n", out.trim_end())
}

/// Width on screen, not counting colour.
fn visible(cell: &str) -> usize {
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
