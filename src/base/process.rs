//! Other programs. The only place that starts one.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::env::secret_variables;
use super::error::{Error, Result};

/// What a program prints when it is asked for its version: its first line. None if there is no such program.
pub fn version(program: &str) -> io::Result<Option<String>> {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stderr(Stdio::null());
    match command.output() {
        Ok(output) => Ok(String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A program in one of the folders of a PATH. Folders that are not written as full paths are wherever palc is started,
/// such as in a clone, and are passed over.
pub fn find(path: &str, name: &str) -> Option<PathBuf> {
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|program| is_program(program))
}

/// Where this program is, for those that call it back.
pub fn own_path() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// Whether a path is a program that can be started.
#[cfg(unix)]
pub fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
pub fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Open a file in an editor and wait until it closes. The editor is a line of shell, as git reads `core.editor`.
pub fn edit(editor: &str, path: &Path) -> Result<()> {
    let status = Command::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg(editor).arg(path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::storage(format!("the editor `{editor}` ended with {status}"))),
        Err(error) => Err(Error::storage(format!("cannot start the editor `{editor}`")).because(error)),
    }
}

/// A program to be run to its end, in an explicit folder, with the environment of palc and what is added here. It gets
/// none of the keys that stand in the environment: git runs hooks, and what these run may come with a repository.
#[derive(Debug, Clone)]
pub struct Program {
    name: OsString,
    arguments: Vec<OsString>,
    folder: PathBuf,
    /// Set, or taken away.
    variables: Vec<(OsString, Option<OsString>)>,
    input: Option<Vec<u8>>,
    has_keys: bool,
}

/// How a program ended, and what it said.
#[derive(Debug, Clone)]
pub struct Ended {
    /// None if a signal ended it.
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Program {
    pub fn new(name: impl AsRef<OsStr>, folder: &Path) -> Program {
        let name = name.as_ref().to_owned();
        let folder = folder.to_owned();
        Program { name, arguments: Vec::new(), folder, variables: Vec::new(), input: None, has_keys: false }
    }

    /// Let it have the keys of the environment, too: the user named it, and it may ask models.
    #[must_use]
    pub fn with_keys(mut self) -> Self {
        self.has_keys = true;
        self
    }

    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    #[must_use]
    pub fn set(mut self, variable: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((variable.into(), Some(value.as_ref().to_owned())));
        self
    }

    #[must_use]
    pub fn unset(mut self, variable: &str) -> Self {
        self.variables.push((variable.into(), None));
        self
    }

    /// What it reads from its standard input; otherwise there is none.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Some(bytes.into());
        self
    }

    /// Run it and keep what it says.
    pub fn run(&self) -> Result<Ended> {
        let mut command = self.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        self.finish(command)
    }

    /// Run it and let people read what it says, on stderr: stdout is for palc's own data.
    pub fn show(&self) -> Result<Ended> {
        let mut command = self.command();
        command.stdout(Stdio::from(io::stderr())).stderr(Stdio::inherit());
        self.finish(command)
    }

    /// Run it with palc's own standard input, for programs that ask.
    pub fn converse(&self) -> Result<Ended> {
        let mut command = self.command();
        command.stdin(Stdio::inherit()).stdout(Stdio::from(io::stderr())).stderr(Stdio::inherit());
        self.finish(command)
    }

    /// Let it take palc's place, with palc's own input and output. Comes back with its exit code only where one program
    /// cannot become another.
    pub fn hand_over(&self) -> Result<u8> {
        let mut command = self.command();
        command.stdin(Stdio::inherit());
        self.become_it(command)
    }

    #[cfg(unix)]
    fn become_it(&self, mut command: Command) -> Result<u8> {
        use std::os::unix::process::CommandExt as _;
        let error = command.exec();
        Err(Error::storage(format!("cannot run `{}`", self.name.display())).because(error))
    }

    #[cfg(not(unix))]
    fn become_it(&self, mut command: Command) -> Result<u8> {
        let failed = |error| Error::storage(format!("cannot run `{}`", self.name.display())).because(error);
        let code = command.status().map_err(failed)?.code();
        Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.name);
        command.args(&self.arguments).current_dir(&self.folder);
        if !self.has_keys {
            for name in secret_variables() {
                command.env_remove(name);
            }
        }
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        command
    }

    fn finish(&self, mut command: Command) -> Result<Ended> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => Error::storage(format!("there is no program `{}`", self.name.display())),
            _ => Error::storage(format!("cannot run `{}`", self.name.display())).because(error),
        };
        let mut child = command.spawn().map_err(failed)?;
        // A program that answers while it still reads would wait for ever if one thread did both.
        let output = std::thread::scope(|scope| {
            if let (Some(bytes), Some(mut pipe)) = (&self.input, child.stdin.take()) {
                // One that does not read its input to the end closes it early; that is its right.
                scope.spawn(move || drop(pipe.write_all(bytes)));
            }
            child.wait_with_output()
        });
        let output = output.map_err(failed)?;
        Ok(Ended { code: output.status.code(), stdout: output.stdout, stderr: output.stderr })
    }
}

impl Ended {
    pub fn is_success(&self) -> bool {
        self.code == Some(0)
    }

    /// What it printed, without the last line break.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim_end_matches(['\n', '\r']).to_owned()
    }

    /// What it complained of.
    pub fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.stderr).trim().to_owned()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(line: &str) -> Program {
        Program::new("sh", Path::new("/")).args(["-c", line])
    }

    #[test]
    fn a_program_is_told_and_heard() {
        let ended = shell("cat; pwd; echo $A; echo no >&2; exit 3").input("in\n").set("A", "b").run().expect("runs");
        assert_eq!((ended.text().as_str(), ended.complaint().as_str()), ("in\n/\nb", "no"));
        assert_eq!((ended.code, ended.is_success()), (Some(3), false));
    }

    #[test]
    fn much_input_and_output_at_once_is_no_standstill() {
        let ended = shell("cat").input(vec![b'x'; 1 << 20]).run().expect("runs");
        assert_eq!(ended.stdout.len(), 1 << 20);
        assert!(shell("exit").input(vec![b'x'; 1 << 20]).run().expect("runs").is_success());
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Program::new("no-such-program", Path::new("/")).run().expect_err("missing");
        assert_eq!(error.message(), "there is no program `no-such-program`");
    }
}
