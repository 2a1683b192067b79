//! Server-sent events, out of bytes that are cut anywhere.

/// One event: its name, `message` unless it has another, and its lines of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub name: String,
    pub data: String,
}

/// Takes bytes as they come and gives events as they end.
#[derive(Debug, Default)]
pub struct Sse {
    line: Vec<u8>,
    /// A line feed that follows is the second half of a line end.
    after_cr: bool,
    /// Whether a whole line was read: a byte order mark may stand before the first one only.
    begun: bool,
    name: String,
    data: Vec<String>,
    form: Form,
}

/// What the bytes turned out to be.
#[derive(Debug, PartialEq, Eq)]
enum Form {
    /// Nothing but blanks so far, which are held until more is known.
    Unknown(Vec<u8>),
    Events,
    Plain(Vec<u8>),
}

impl Default for Form {
    fn default() -> Form {
        Form::Unknown(Vec::new())
    }
}

impl Sse {
    pub fn feed(&mut self, bytes: &[u8], events: &mut Vec<Event>) {
        match &mut self.form {
            Form::Unknown(held) => {
                held.extend_from_slice(bytes);
                let held = std::mem::take(held);
                self.form = form(&held);
                match &mut self.form {
                    Form::Events => self.read(&held, events),
                    Form::Unknown(body) | Form::Plain(body) => *body = held,
                }
            }
            Form::Plain(body) => body.extend_from_slice(bytes),
            Form::Events => self.read(bytes, events),
        }
    }

    fn read(&mut self, bytes: &[u8], events: &mut Vec<Event>) {
        let mut rest = bytes;
        while let Some((&first, after)) = rest.split_first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                rest = after;
                continue;
            }
            let Some(end) = memchr::memchr2(b'\r', b'\n', rest) else {
                self.line.extend_from_slice(rest);
                return;
            };
            self.line.extend_from_slice(&rest[..end]);
            self.after_cr = rest[end] == b'\r';
            rest = &rest[end + 1..];
            events.extend(self.end_line());
        }
    }

    /// The bytes have ended. An event that no empty line ended counts all the same.
    pub fn finish(&mut self) -> Option<Event> {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.end_event()
    }

    /// All bytes so far, if they are no events: a service that was asked for a stream may answer in one piece, or with a
    /// page for people.
    pub fn plain(&self) -> Option<&[u8]> {
        match &self.form {
            Form::Plain(body) => Some(body),
            _ => None,
        }
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = if self.begun { &*line } else { line.strip_prefix('\u{feff}').unwrap_or(&line) };
        self.begun = true;
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => self.data.push(value.to_owned()),
            // Comments have an empty name. Ids and waiting times are for reconnecting, which would be paid twice.
            _ => {}
        }
        None
    }

    fn end_event(&mut self) -> Option<Event> {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        let name = if name.is_empty() { "message".to_owned() } else { name };
        (!data.is_empty()).then(|| Event { name, data: data.join("\n") })
    }
}

/// No line of an event begins with a bracket.
fn form(bytes: &[u8]) -> Form {
    let blank = |byte: &u8| byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(byte);
    match bytes.iter().find(|byte| !blank(byte)) {
        None => Form::default(),
        Some(b'{' | b'[' | b'<') => Form::Plain(Vec::new()),
        Some(_) => Form::Events,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<(String, String)> {
        let (mut sse, mut events) = (Sse::default(), Vec::new());
        pieces.into_iter().for_each(|piece| sse.feed(piece, &mut events));
        events.extend(sse.finish());
        events.into_iter().map(|event| (event.name, event.data)).collect()
    }

    fn event(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    #[test]
    fn all_line_ends_comments_and_fields() {
        let text = "\u{feff}: hello\r\nevent: ping\rdata:{}\n\ndata: a\ndata:  b\nid: 4\nretry: 1\nother\n\nevent: none\n\ndata\n\ndata: end";
        let wanted = [event("ping", "{}"), event("message", "a\n b"), event("message", ""), event("message", "end")];
        assert_eq!(read([text.as_bytes()]), wanted);
    }

    #[test]
    fn an_event_is_there_as_soon_as_it_ends() {
        let (mut sse, mut events) = (Sse::default(), Vec::new());
        sse.feed(b"data: a\r\n\r", &mut events);
        assert_eq!(events.len(), 1);
        sse.feed(b"\ndata: b\r\n\r\n", &mut events);
        assert_eq!(events.len(), 2);
    }

    #[test]
    fn what_is_no_stream_is_kept_whole() {
        let (mut sse, mut events) = (Sse::default(), Vec::new());
        sse.feed(b"\xef", &mut events);
        sse.feed(b"\xbb\xbf \n", &mut events);
        sse.feed(b"{\"a\":\n\n", &mut events);
        sse.feed(b"1}", &mut events);
        assert_eq!((sse.plain(), events.len()), (Some(&b"\xef\xbb\xbf \n{\"a\":\n\n1}"[..]), 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn cuts_change_nothing(lines in prop::collection::vec("(data: ?|event:|:|)[a-zä☃]{0,4}", 0..12),
                               ends in prop::collection::vec(prop::sample::select(vec!["\n", "\r", "\r\n"]), 12),
                               cuts in prop::collection::vec(1usize..5, 1..60)) {
            let text: String = lines.iter().zip(&ends).map(|(line, end)| format!("{line}{end}")).collect();
            let whole = read([text.as_bytes()]);
            let mut pieces = Vec::new();
            let mut rest = text.as_bytes();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            prop_assert_eq!(read(pieces), whole);
        }
    }
}
