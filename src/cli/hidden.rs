//! Reading a line that is not shown while it is typed.

use std::io;

use crate::base::secret::Secret;

/// What is typed up to Enter; none if it was broken off. The terminal is as it was afterwards.
#[cfg(unix)]
pub(super) fn line() -> io::Result<Option<Secret>> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let terminal = io::stdin();
    let usual = tcgetattr(&terminal)?;
    let mut quiet = usual.clone();
    // Letter by letter and without signals: a signal would end palc and leave the terminal silent.
    quiet.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
    tcsetattr(&terminal, OptionalActions::Flush, &quiet)?;
    let typed = letters(&mut terminal.lock());
    tcsetattr(&terminal, OptionalActions::Flush, &usual)?;
    typed
}

/// Where a terminal cannot be made silent, a key comes by a pipe.
#[cfg(not(unix))]
pub(super) fn line() -> io::Result<Option<Secret>> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "the terminal would show the key; hand it over by a pipe"))
}

/// The keys that were pressed, as far as they edit a line.
#[cfg_attr(not(unix), allow(dead_code))]
fn letters(terminal: &mut impl io::Read) -> io::Result<Option<Secret>> {
    const BREAK: u8 = 3;
    const END: u8 = 4;
    const LINE: u8 = 0x15;
    let mut typed = zeroize::Zeroizing::new(Vec::with_capacity(4096));
    let mut letter = [0];
    while terminal.read(&mut letter)? == 1 {
        match letter[0] {
            b'\r' | b'\n' => break,
            END if typed.is_empty() => return Ok(None),
            END => break,
            BREAK => return Ok(None),
            LINE => typed.clear(),
            8 | 0x7f => drop(typed.pop()),
            other => typed.push(other),
        }
    }
    let text = std::str::from_utf8(&typed).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"))?;
    Ok(Some(Secret::new(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_line_can_be_mended() {
        let typed = |keys: &[u8]| letters(&mut &keys[..]).unwrap().map(|secret| secret.expose().to_owned());
        assert_eq!(typed(b"abcx\x7fd\rrest").as_deref(), Some("abcd"));
        assert_eq!(typed(b"wrong\x15right\n").as_deref(), Some("right"));
        assert_eq!((typed(b"ab\x03"), typed(b"\x04")), (None, None));
        assert_eq!(typed(b"ab\x04").as_deref(), Some("ab"));
        assert_eq!(typed(b"\r").as_deref(), Some(""));
    }
}
