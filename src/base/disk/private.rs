//! Files that nobody but their owner may read.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::failed;
use crate::base::error::{Error, Result};

/// Larger than any file of keys.
const LARGEST: u64 = 1 << 20;

/// The bytes of a file that is the user's own, is no link, and that nobody else can read; none if there is no such file.
/// It is looked at after it was opened, so it cannot be another one by then.
pub fn read_private(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) if path.is_symlink() => return Err(refused(path, "is a link").hint("put the file itself there")),
        Err(error) => return Err(failed("read", path, error)),
    };
    check(&file, path)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| failed("read", path, error))?;
    Ok(Some(bytes))
}

fn refused(path: &Path, why: &str) -> Error {
    Error::invalid(format!("{} {why}, so it is not read", path.display()))
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    // Not waiting: what stands there may be a pipe.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    Ok(rustix::fs::open(path, flags, Mode::empty()).map(File::from)?)
}

#[cfg(unix)]
fn check(file: &File, path: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = file.metadata().map_err(|error| failed("read", path, error))?;
    let mode = metadata.mode() & 0o777;
    if !metadata.is_file() {
        return Err(refused(path, "is no file"));
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(refused(path, "belongs to somebody else").hint(format!("chown $USER '{}'", path.display())));
    }
    if mode & 0o077 != 0 {
        let error = refused(path, &format!("can be read by others (mode {mode:o})"));
        return Err(error.hint(format!("chmod 600 '{}'", path.display())));
    }
    Ok(())
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(not(unix))]
fn check(file: &File, path: &Path) -> Result<()> {
    match file.metadata().is_ok_and(|it| it.is_file()) && !path.is_symlink() {
        true => Ok(()),
        false => Err(refused(path, "is no file")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn only_a_file_of_the_users_own_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys");
        assert!(read_private(&path).expect("absent").is_none());
        fs::write(&path, "a secret").expect("written");
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
        mode(0o600);
        assert_eq!(read_private(&path).expect("private").expect("there").as_slice(), b"a secret");
        for open in [0o644, 0o640, 0o606, 0o620] {
            mode(open);
            let error = read_private(&path).expect_err("open to others");
            assert!(error.message().contains(&format!("mode {open:o}")), "{error}");
            assert_eq!(error.hints(), [format!("chmod 600 '{}'", path.display())]);
        }
        mode(0o600);
        symlink(&path, folder.path().join("link")).expect("linked");
        assert!(read_private(&folder.path().join("link")).expect_err("a link").message().contains("is a link"));
        assert!(read_private(folder.path()).expect_err("a folder").message().contains("is no file"));
    }
}
