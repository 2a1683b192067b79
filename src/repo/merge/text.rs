//! Bytes as lines, with what stands around them set apart: the mark at the start, the kind of line endings, whether the
//! last line is ended. Each of these is merged by itself, so that an editor that changes them changes no line.

use crate::base::text::BOM;

use super::three::Three;

/// A file as lines without their endings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) frame: Frame,
    pub(super) lines: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Frame {
    bom: bool,
    crlf: bool,
    /// The last line has no ending.
    open: bool,
    /// Not UTF-8: each character stands for the byte of its number.
    pub(super) raw: bool,
}

/// What a file's line endings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endings {
    None,
    Lf,
    CrLf,
    Mixed,
}

impl Endings {
    fn of(bytes: &[u8]) -> Endings {
        let all = memchr::memchr_iter(b'\n', bytes).count();
        let crlf = memchr::memchr_iter(b'\n', bytes).filter(|&at| at > 0 && bytes[at - 1] == b'\r').count();
        match (all, crlf) {
            (0, _) => Endings::None,
            (_, 0) => Endings::Lf,
            (all, crlf) if all == crlf => Endings::CrLf,
            _ => Endings::Mixed,
        }
    }
}

/// Read the three files alike; none if one of them is binary.
pub(super) fn read(files: Three<&[u8]>) -> Option<Three<Text>> {
    if files.sides().iter().any(|bytes| memchr::memchr(0, bytes).is_some()) {
        return None;
    }
    let raw = files.sides().iter().any(|bytes| std::str::from_utf8(bytes).is_err());
    let endings = files.map(Endings::of);
    // In a file of mixed endings they belong to the lines, so there they must do so in all three.
    let apart = endings.all(|&endings| endings != Endings::Mixed);
    let usual = endings.base == Endings::CrLf;
    let text = |bytes: &[u8], endings: Endings| {
        let crlf = apart && (endings == Endings::CrLf || endings == Endings::None && usual);
        of(bytes, raw, crlf)
    };
    Some(Three {
        base: text(files.base, endings.base),
        ours: text(files.ours, endings.ours),
        theirs: text(files.theirs, endings.theirs),
    })
}

fn of(bytes: &[u8], raw: bool, crlf: bool) -> Text {
    let text: String = if raw {
        bytes.iter().map(|&byte| char::from(byte)).collect()
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    };
    let bare = text.strip_prefix(BOM).filter(|_| !raw);
    let bom = bare.is_some();
    let bare = bare.unwrap_or(&text);
    let open = !bare.is_empty() && !bare.ends_with('\n');
    let line = |line: &str| {
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').filter(|_| crlf).unwrap_or(line).to_owned()
    };
    Text { frame: Frame { bom, crlf, open, raw }, lines: bare.split_inclusive('\n').map(line).collect() }
}

impl Frame {
    /// What the merged file has around its lines. Each part has two values, so the sides cannot both change it and
    /// disagree.
    pub(super) fn merged(frames: Three<Frame>) -> Frame {
        let one = |of: fn(Frame) -> bool| frames.map(of).settled().unwrap_or_else(|| of(frames.ours));
        Frame {
            bom: one(|frame| frame.bom),
            crlf: one(|frame| frame.crlf),
            open: one(|frame| frame.open),
            raw: frames.ours.raw,
        }
    }

    /// The file's bytes. A marker of a conflict always ends its line.
    pub(super) fn bytes(self, lines: &[String], ends_in_marker: bool) -> Vec<u8> {
        let ending = if self.crlf { "\r\n" } else { "\n" };
        let mut text = if self.bom { BOM.to_string() } else { String::new() };
        text.push_str(&lines.join(ending));
        if !lines.is_empty() && (!self.open || ends_in_marker || lines.last().is_some_and(String::is_empty)) {
            text.push_str(ending);
        }
        if self.raw {
            return text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        }
        text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_they_were() {
        for bytes in
            [&b""[..], b"\n", b"a", b"a\n\n", b"a\r\nb", b"a\r\nb\n", "\u{feff}a\r\n".as_bytes(), b"a\xff\n", b"\r"]
        {
            let texts = read(Three::new(bytes, bytes, bytes)).expect("text");
            assert_eq!(texts.ours.frame.bytes(&texts.ours.lines, false), bytes, "{bytes:?}");
        }
        assert!(read(Three::new(&b"\0"[..], b"", b"")).is_none());
    }
}
