//! Programs that palc writes, such as hooks: executable from the moment they stand there.

use std::fs;
use std::io;
use std::path::Path;

use super::{failed, folder, steps, temp};
use crate::base::error::Result;

/// Put a program in its place. What stands there gets a second name first, so that at no moment nothing is there.
pub fn install(path: &Path, bytes: &[u8], aside: Option<&Path>) -> Result<()> {
    folder::make(folder::of(path))?;
    try_install(path, bytes, aside).map_err(|error| failed("write", path, error))
}

fn try_install(path: &Path, bytes: &[u8], aside: Option<&Path>) -> io::Result<()> {
    let mut name = std::ffi::OsString::from(temp::PREFIX);
    name.push(path.file_name().unwrap_or_default());
    let new = path.with_file_name(name);
    let _ = fs::remove_file(&new);
    let written = steps::create(&new, 0o777).and_then(|file| {
        steps::write(&file, &new, bytes)?;
        steps::sync(&file, &new)?;
        if let Some(aside) = aside {
            steps::link(path, aside)?;
        }
        steps::rename(&new, path)
    });
    if written.is_err() {
        let _ = steps::unlink(&new);
    }
    written?;
    steps::sync_folder(folder::of(path))
}

/// Put back what was set aside, over the program.
pub fn put_back(path: &Path, aside: &Path) -> Result<()> {
    let moved = steps::rename(aside, path).and_then(|()| steps::sync_folder(folder::of(path)));
    moved.map_err(|error| failed("put back", path, error))
}

/// Let a file be run by those who may read it.
pub fn make_executable(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let failing = |error| failed("make executable", path, error);
        let mode = fs::metadata(path).map_err(failing)?.permissions().mode();
        fs::set_permissions(path, fs::Permissions::from_mode(mode | (mode & 0o444) >> 2)).map_err(failing)?;
    }
    Ok(())
}
