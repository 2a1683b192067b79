//! Pictures and other files of the repository, put into the messages that show them: `media("cat.png")`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::render::Job;
use crate::base::{Error, Result};
use crate::provider::media;
use crate::render::include::candidates;
use crate::render::{Message, Part, Source};

/// The largest file that is sent. Services take no larger requests.
const LARGEST: usize = 20 << 20;

impl Job {
    /// The messages with the files themselves in place of their paths, as a service wants them.
    pub fn with_media(&self, messages: &[Message]) -> Result<Vec<Message>> {
        let mut messages = messages.to_vec();
        for part in messages.iter_mut().flat_map(|message| &mut message.parts) {
            if let Part::Media { url, mime } = part
                && is_path(url)
            {
                *url = self.data_url(url, mime.as_deref())?;
            }
        }
        Ok(messages)
    }

    fn data_url(&self, path: &str, mime: Option<&str>) -> Result<String> {
        let roots = [self.roots(), &[String::new()]].concat();
        read(self.files(), path, &self.loaded.file.path, &roots, mime)
    }
}

/// Whether it names a file of the repository, and not something on the net.
fn is_path(url: &str) -> bool {
    !url.starts_with("data:") && !url.contains("://")
}

/// A file beside the prompt, below a root of prompts or at the top of the repository, as a `data:` URL.
fn read(files: &dyn Source, path: &str, prompt: &str, roots: &[String], mime: Option<&str>) -> Result<String> {
    let wrong = |message: String| Error::invalid(format!("{prompt} shows `{path}`: {message}"));
    let tried = candidates(path, prompt, roots, &[]).map_err(wrong)?;
    let mime = mime.or_else(|| media::by_name(path));
    let mime =
        mime.ok_or_else(|| wrong("what is it?".to_owned()).hint("say its type: media(…, mime=\"image/png\")"))?;
    for candidate in &tried {
        if let Some(bytes) = files.read(candidate, None)? {
            return match bytes.len() {
                0..=LARGEST => Ok(format!("data:{mime};base64,{}", STANDARD.encode(bytes))),
                size => Err(wrong(format!("it has {} MB, and no service takes more than 20", size >> 20))),
            };
        }
    }
    Err(wrong("there is no such file".to_owned()).hint(format!("looked for {}", tried.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Files;

    impl Source for Files {
        fn read(&self, path: &str, _version: Option<&str>) -> Result<Option<Vec<u8>>> {
            let known = ["prompts/animals/cat.png", "pictures/dog.jpg", "prompts/animals/odd.xyz"];
            Ok(known.contains(&path).then(|| b"ABC".to_vec()))
        }
    }

    fn url(path: &str, mime: Option<&str>) -> Result<String> {
        read(&Files, path, "prompts/animals/guess.md", &["prompts".into(), String::new()], mime)
    }

    #[test]
    fn files_are_found_as_includes_are() {
        assert_eq!(url("cat.png", None).expect("found"), "data:image/png;base64,QUJD");
        assert_eq!(url("animals/cat.png", Some("image/x")).expect("found"), "data:image/x;base64,QUJD");
        assert_eq!(url("pictures/dog.jpg", None).expect("found"), "data:image/jpeg;base64,QUJD");
    }

    #[test]
    fn what_cannot_be_shown_is_said() {
        let message = |path: &str| url(path, None).expect_err("refused").message().to_owned();
        assert_eq!(message("cow.png"), "prompts/animals/guess.md shows `cow.png`: there is no such file");
        assert_eq!(message("odd.xyz"), "prompts/animals/guess.md shows `odd.xyz`: what is it?");
        assert!(message("../../etc/passwd.png").contains("`..` cannot be part"));
        assert!(!is_path("https://x.example/a.png") && !is_path("data:image/png;base64,QUJD") && is_path("a.png"));
    }
}
