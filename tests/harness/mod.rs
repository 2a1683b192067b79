//! A repository to try palc in, and its answers as one text.

pub mod model_server;
pub mod schemas;

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const PALC: &str = env!("CARGO_BIN_EXE_palc");

/// A folder of its own, with git if asked, where time, ids and the environment are fixed.
pub struct Repo {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Repo {
    /// An empty git repository.
    pub fn new() -> Repo {
        let repo = Repo::without_git();
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    pub fn without_git() -> Repo {
        let repo = Repo { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        fs::create_dir(repo.root()).unwrap();
        fs::create_dir(repo.home()).unwrap();
        repo
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    /// The user's home: configuration and state go below it.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Repo {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Set a variable for the commands that follow.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Repo {
        self.variables.push((name.into(), value.into()));
        self
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(self.root());
        self.surround(&mut command);
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Commit everything in the work tree.
    pub fn commit(&self, message: &str) -> &Repo {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self
    }

    pub fn palc(&self, arguments: &[&str]) -> Answer {
        self.palc_in("", arguments)
    }

    /// Run palc in a folder of the repository.
    pub fn palc_in(&self, folder: &str, arguments: &[&str]) -> Answer {
        self.run(folder, arguments, b"")
    }

    pub fn palc_with_input(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Answer {
        self.run("", arguments, input.as_ref())
    }

    /// Run a line of shell in a folder of the repository, as a reader of the documentation would.
    pub fn shell(&self, folder: &str, line: &str) -> Answer {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        self.spawn(command, folder, b"")
    }

    fn run(&self, folder: &str, arguments: &[&str], input: &[u8]) -> Answer {
        let mut command = Command::new(PALC);
        command.args(arguments);
        self.spawn(command, folder, input)
    }

    /// Start a command that goes on by itself; its stdout can be read.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(PALC);
        command.args(arguments).current_dir(self.root());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        self.surround(&mut command);
        command.spawn().unwrap()
    }

    fn spawn(&self, mut command: Command, folder: &str, input: &[u8]) -> Answer {
        command.current_dir(self.path(folder));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.surround(&mut command);
        let mut child = command.spawn().unwrap();
        // A command that does not read its input closes it early; that is its right.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        let clean = |bytes: &[u8]| self.clean(&String::from_utf8_lossy(bytes));
        Answer { code: output.status.code(), stdout: clean(&output.stdout), stderr: clean(&output.stderr) }
    }

    /// Nothing of the machine's own environment reaches palc or git.
    fn surround(&self, command: &mut Command) {
        command.env_clear();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(Path::new(PALC).parent().unwrap().to_owned()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).unwrap());
        command.env("HOME", self.home()).env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
        command.env("PALC_NOW", "2026-01-31T12:00:00Z").env("PALC_SEED", "1");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.com");
            command.env(format!("GIT_{who}_DATE"), "2026-01-31T12:00:00Z");
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
    }

    /// Paths of this run become stable words.
    fn clean(&self, text: &str) -> String {
        let real = fs::canonicalize(self.folder.path()).unwrap();
        let name = |path: &Path| path.to_str().unwrap().to_owned();
        text.replace(&name(&real), "$TMP").replace(&name(self.folder.path()), "$TMP")
    }
}

/// What a command printed and how it ended; as text for an inline snapshot.
#[must_use]
pub struct Answer {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// The data, for commands that must succeed.
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self}");
        self.stdout
    }

    /// The one JSON object that was printed, which must be what its published schema says.
    pub fn json(self) -> Value {
        let value: Value = serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"));
        schemas::check(&value);
        value
    }

    /// A stream of such objects, one a line.
    pub fn json_lines(self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}\n{line}"));
        self.stdout.lines().map(parse).inspect(schemas::check).collect()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "--- stderr\n{}", self.stderr)?;
        }
        match self.code {
            Some(0) => Ok(()),
            Some(code) => write!(f, "--- exit {code}"),
            None => write!(f, "--- killed"),
        }
    }
}
