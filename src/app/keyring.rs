//! The keyring of the system, reached through the program that the system has for it. A key goes through pipes alone:
//! arguments can be read by everybody on the machine.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::App;
use crate::base::env::{self, Env};
use crate::base::process::{self, Ended, Program};
use crate::base::secret::Secret;
use crate::base::{Error, Result};

/// The name under which palc's keys are kept there.
const SERVICE: &str = "palc";

#[derive(Debug, Clone)]
pub(super) struct Keyring {
    kind: Kind,
    program: PathBuf,
    folder: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `secret-tool` of libsecret: GNOME Keyring, KWallet and others behind the session's bus.
    SecretTool,
    /// `security` of macOS.
    Security,
}

/// The keyring of this session, if it has one.
pub(super) fn keyring(app: &App) -> Option<Keyring> {
    let (kind, name) = match cfg!(target_os = "macos") {
        true => (Kind::Security, "security"),
        false => (Kind::SecretTool, "secret-tool"),
    };
    if kind == Kind::SecretTool && !has_bus(&app.env) {
        return None;
    }
    let program = process::find(app.env.get(env::PATH)?, name)?;
    // A clone must not bring the program along.
    let inside = |root: &Path| {
        program.canonicalize().is_ok_and(|real| root.canonicalize().is_ok_and(|root| real.starts_with(root)))
    };
    if app.place().is_ok_and(|place| inside(place.root())) {
        return None;
    }
    Some(Keyring { kind, program, folder: PathBuf::from("/") })
}

/// Without a session's bus there is no keyring, and asking for one can take long.
fn has_bus(env: &Env) -> bool {
    let socket = || Some(Path::new(env.get(env::XDG_RUNTIME_DIR)?).join("bus").exists());
    env.get(env::DBUS_SESSION_BUS_ADDRESS).is_some() || socket().unwrap_or(false)
}

impl Keyring {
    /// The key of a service; none if there is none, or the keyring is closed.
    pub(super) fn find(&self, name: &str) -> Option<Secret> {
        let program = match self.kind {
            Kind::SecretTool => self.program().arg("lookup").args(attributes(name)),
            Kind::Security => self.program().args(["find-generic-password", "-s", SERVICE, "-a", name, "-w"]),
        };
        let ended = program.run().ok().filter(Ended::is_success)?;
        let said = Zeroizing::new(ended.stdout);
        let secret = Secret::new(std::str::from_utf8(&said).ok()?);
        (!secret.is_empty()).then_some(secret)
    }

    pub(super) fn set(&self, name: &str, secret: &Secret) -> Result<()> {
        let program = match self.kind {
            Kind::SecretTool => {
                let label = format!("--label=palc: key of {name}");
                self.program().args(["store", &label]).args(attributes(name)).input(secret.expose())
            }
            // It reads whole commands from its input, and the key as hexadecimal digits, which need no quotes.
            Kind::Security => {
                let hex: Zeroizing<String> =
                    secret.expose().bytes().map(|byte| format!("{byte:02x}")).collect::<String>().into();
                let line = format!("add-generic-password -U -s {SERVICE} -a \"{name}\" -X {}\n", *hex);
                self.program().arg("-i").input(line)
            }
        };
        let ended = program.run()?;
        match ended.is_success() && (self.kind == Kind::SecretTool || self.find(name).is_some()) {
            true => Ok(()),
            false => Err(self.refused("keep the key", &ended)),
        }
    }

    /// Take a key away; whether there was one.
    pub(super) fn remove(&self, name: &str) -> Result<bool> {
        if self.find(name).is_none() {
            return Ok(false);
        }
        let program = match self.kind {
            Kind::SecretTool => self.program().arg("clear").args(attributes(name)),
            Kind::Security => self.program().args(["delete-generic-password", "-s", SERVICE, "-a", name]),
        };
        let ended = program.run()?;
        match ended.is_success() {
            true => Ok(true),
            false => Err(self.refused("remove the key", &ended)),
        }
    }

    fn program(&self) -> Program {
        Program::new(&self.program, &self.folder)
    }

    fn refused(&self, what: &str, ended: &Ended) -> Error {
        let said = ended.complaint();
        let why = if said.is_empty() { "it does not say why".to_owned() } else { said };
        Error::storage(format!("the keyring did not {what}: {why}"))
            .hint("`--file` keeps the key in a file that only you can read")
    }
}

fn attributes(name: &str) -> [&str; 4] {
    ["service", SERVICE, "account", name]
}
