//! A folder of exchanges.

use std::cell::OnceCell;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::base::{Error, Result, disk};
use crate::model::Trouble;
use crate::model::call::What;
use crate::provider::cassette::{Canonical, Exchange, nearest};

#[derive(Debug)]
pub struct Cassette {
    folder: PathBuf,
    /// As the user wrote it.
    shown: String,
    /// All files with their requests, read when one was not found, or when the folder stands for a model.
    requests: OnceCell<Vec<(String, Canonical)>>,
}

impl Cassette {
    /// A folder to answer from; it must be there.
    pub fn open(base: &Path, shown: &Path) -> Result<Cassette> {
        let cassette = Cassette::new(base, shown);
        if cassette.folder.is_dir() {
            return Ok(cassette);
        }
        Err(Error::invalid(format!("there is no folder {}", cassette.shown))
            .hint("`--record FOLDER` makes one from real answers"))
    }

    /// A folder to record to.
    pub fn new(base: &Path, shown: &Path) -> Cassette {
        let folder = base.join(shown);
        Cassette { folder, shown: shown.display().to_string(), requests: OnceCell::new() }
    }

    pub fn keep(&self, exchange: &Exchange, ordinal: u32) -> Result<()> {
        let path = self.folder.join(file(&exchange.request.key(), ordinal));
        let text = exchange.print();
        if fs::read(&path).is_ok_and(|known| known == text.as_bytes()) {
            return Ok(());
        }
        disk::write(&path, text.as_bytes(), disk::Expect::Whatever)
    }

    /// What was answered to a request, when it was asked for the so-manieth time in a run.
    pub fn find(&self, request: &Canonical, ordinal: u32) -> Result<Exchange, Trouble> {
        let key = request.key();
        match self.read(&file(&key, ordinal))? {
            Some(exchange) => Ok(exchange),
            None if ordinal > 1 && self.folder.join(file(&key, 1)).exists() => Err(Trouble::new(
                What::Refused,
                format!("{} holds {} answers to this request, and it was asked once more", self.shown, ordinal - 1),
            )),
            None => Err(self.miss(request)),
        }
    }

    /// The services and models that answered when this was recorded, each once, in order.
    pub fn speakers(&self) -> Result<Vec<(String, String)>, Trouble> {
        let speaker =
            |(_, request): &(String, Canonical)| Some((request.service().to_owned(), request.model()?.to_owned()));
        let mut speakers: Vec<_> = self.requests()?.iter().filter_map(speaker).collect();
        speakers.sort();
        speakers.dedup();
        Ok(speakers)
    }

    pub fn miss(&self, request: &Canonical) -> Trouble {
        let requests = match self.requests() {
            Ok(requests) => requests,
            Err(trouble) => return trouble,
        };
        let mut message = format!("{} has no answer to this request", self.shown);
        match nearest(request, requests) {
            Some((name, lines)) => {
                message += &format!("; the nearest is {name}, and this differs:\n{}", lines.join("\n"));
            }
            None => message += ": it is empty",
        }
        Trouble::new(What::Refused, message)
    }

    fn read(&self, name: &str) -> Result<Option<Exchange>, Trouble> {
        let path = self.folder.join(name);
        let wrong = |why: String| Trouble::new(What::Refused, format!("{}/{name} cannot be read: {why}", self.shown));
        match fs::read_to_string(&path) {
            Ok(text) => Exchange::parse(&text).map(Some).map_err(wrong),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    fn requests(&self) -> Result<&Vec<(String, Canonical)>, Trouble> {
        if let Some(requests) = self.requests.get() {
            return Ok(requests);
        }
        let wrong =
            |error: std::io::Error| Trouble::new(What::Refused, format!("{} cannot be read: {error}", self.shown));
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(wrong)? {
            let name = entry.map_err(wrong)?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".json") {
                names.push(name);
            }
        }
        names.sort();
        let mut requests = Vec::new();
        for name in names {
            if let Some(exchange) = self.read(&name)? {
                requests.push((name, exchange.request));
            }
        }
        Ok(self.requests.get_or_init(|| requests))
    }
}

/// The first answer to a request, and those that came when it was asked again.
fn file(key: &str, ordinal: u32) -> String {
    match ordinal {
        0 | 1 => format!("{key}.json"),
        more => format!("{key}.{more}.json"),
    }
}
