//! Just enough of an HTTP server, and of every way in which one misbehaves. It needs nothing but the standard library, so
//! the benchmarks compile it by itself.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// How many came before it.
    pub number: usize,
    /// Which connection it came on.
    pub connection: usize,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What is answered, and how.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Sent in pieces, without saying how long it will be.
    pub chunked: bool,
    /// Bytes a write.
    pub step: usize,
    /// What happens after so many bytes of the body: nothing more comes, or the connection breaks.
    pub end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Whole,
    /// Hold the connection until the other side goes.
    Stall(usize),
    /// Close it.
    Break(usize),
    /// Close it without a word.
    Silent,
    /// Answer nothing until the other side goes.
    Never,
}

impl Answer {
    pub fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Answer { status, headers, body: body.into(), chunked: false, step: usize::MAX, end: End::Whole }
    }

    pub fn header(mut self, name: &str, value: &str) -> Answer {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Written in pieces of so many bytes.
    pub fn cut(mut self, step: usize) -> Answer {
        self.step = step.max(1);
        self
    }

    pub fn end(mut self, end: End) -> Answer {
        self.end = end;
        self
    }

    /// No answer until the client has gone.
    pub fn never() -> Answer {
        Answer::new(200, "", "").end(End::Never)
    }

    /// The connection closes without an answer.
    pub fn gone() -> Answer {
        Answer::new(200, "", "").end(End::Silent)
    }
}

/// A server on this machine that answers by a function.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

type Reply = dyn Fn(&Asked) -> Answer + Send + Sync;

struct State {
    reply: Box<Reply>,
    asked: Mutex<Vec<Asked>>,
    keeps: bool,
    number: AtomicUsize,
    connections: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    /// Clients that went before their answer was written.
    left: AtomicUsize,
    over: AtomicBool,
}

impl Server {
    /// Keep what was asked, for tests to look at, or forget it.
    pub fn start(port: u16, keeps: bool, reply: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            reply: Box::new(reply),
            asked: Mutex::default(),
            keeps,
            number: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
            left: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let shared = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                let connection = shared.connections.fetch_add(1, Ordering::SeqCst);
                let state = shared.clone();
                // Whoever goes away in the middle ends only their own connection.
                thread::spawn(move || drop(state.serve(&stream, connection)));
            }
        });
        Server { address, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().expect("nobody fails holding it").clone()
    }

    pub fn count(&self) -> usize {
        self.state.number.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    pub fn most_at_once(&self) -> usize {
        self.state.most_at_once.load(Ordering::SeqCst)
    }

    pub fn left(&self) -> usize {
        self.state.left.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        // The listener wakes up once more and sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

impl State {
    fn serve(&self, stream: &TcpStream, connection: usize) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        while let Some(mut asked) = read(&mut reader, connection)? {
            asked.number = self.number.fetch_add(1, Ordering::SeqCst);
            let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
            if self.keeps {
                self.asked.lock().expect("nobody fails holding it").push(asked.clone());
            }
            let answer = (self.reply)(&asked);
            self.at_once.fetch_sub(1, Ordering::SeqCst);
            if !self.write(stream, &mut reader, &answer)? {
                return stream.shutdown(Shutdown::Both);
            }
        }
        Ok(())
    }

    /// Whether the connection goes on.
    fn write(&self, mut stream: &TcpStream, reader: &mut BufReader<TcpStream>, answer: &Answer) -> io::Result<bool> {
        let until = match answer.end {
            End::Silent => return Ok(false),
            End::Never => return self.wait(reader),
            End::Whole => answer.body.len(),
            End::Stall(until) | End::Break(until) => until.min(answer.body.len()),
        };
        let mut bytes = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status)).into_bytes();
        for (name, value) in &answer.headers {
            write!(bytes, "{name}: {value}\r\n")?;
        }
        match answer.chunked {
            true => bytes.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n"),
            false => write!(bytes, "content-length: {}\r\n\r\n", answer.body.len())?,
        }
        if !answer.chunked && answer.step == usize::MAX {
            // The usual case in one write.
            bytes.extend_from_slice(&answer.body[..until]);
            stream.write_all(&bytes)?;
        } else {
            stream.write_all(&bytes)?;
            for piece in answer.body[..until].chunks(answer.step) {
                let written = match answer.chunked {
                    true => stream.write_all(&[format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()),
                    false => stream.write_all(piece),
                };
                if let Err(error) = written {
                    self.left.fetch_add(1, Ordering::SeqCst);
                    return Err(error);
                }
            }
        }
        match answer.end {
            End::Stall(_) => self.wait(reader),
            End::Break(_) => Ok(false),
            _ if answer.chunked => stream.write_all(b"0\r\n\r\n").map(|()| true),
            _ => Ok(true),
        }
    }

    /// Hold until the other side has gone.
    fn wait(&self, reader: &mut BufReader<TcpStream>) -> io::Result<bool> {
        let _ = reader.read(&mut [0]);
        self.left.fetch_add(1, Ordering::SeqCst);
        Ok(false)
    }
}

/// The next request of a connection; none at its end.
fn read(reader: &mut BufReader<TcpStream>, connection: usize) -> io::Result<Option<Asked>> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut words = first.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(Some(Asked { method, path, headers, body, number: 0, connection }))
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        429 => "Too Many Requests",
        _ => "Status",
    }
}
