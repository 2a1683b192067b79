//! Where the shared library of ONNX Runtime is. palc neither ships it nor downloads it.

use std::path::{Path, PathBuf};

use crate::base::env::{self, Env};
use crate::base::{Error, Result};

/// How a user gets it: pip's wheels hold the plain library, and need no Python to be used.
pub fn how_to_get(env: &Env) -> String {
    let folder = own_folder(env).unwrap_or_else(|| "FOLDER".into());
    format!("get it with `pip install --no-deps --target {} onnxruntime`, or set search.onnxruntime", folder.display())
}

/// The library to load: the configured one, the one that `ORT_DYLIB_PATH` names, or the first in the usual places.
pub fn find(configured: Option<&str>, env: &Env) -> Result<PathBuf> {
    let named = [("search.onnxruntime", configured), (env::ORT_DYLIB_PATH, env.get(env::ORT_DYLIB_PATH))];
    if let Some((by, path)) = named.into_iter().find_map(|(by, path)| Some((by, path?))) {
        return named_one(by, env.own_path(path), env);
    }
    let found = usual_places(env).iter().find_map(|folder| library_in(folder));
    found.ok_or_else(|| Error::invalid("ONNX Runtime is not in any of the usual places").hint(how_to_get(env)))
}

fn named_one(by: &str, path: PathBuf, env: &Env) -> Result<PathBuf> {
    let wrong = |what: &str| Error::invalid(format!("{by} names {}, which is {what}", path.display()));
    // A path that depends on the folder could name a file of whatever clone palc is started in.
    if !path.is_absolute() {
        return Err(wrong("not a whole path"));
    }
    if !path.is_file() {
        return Err(wrong("not there").hint(how_to_get(env)));
    }
    Ok(path)
}

/// The folders that are looked into, in order: palc's own, the user's, the system's.
pub fn usual_places(env: &Env) -> Vec<PathBuf> {
    let own = own_folder(env);
    let own = own.iter().flat_map(|folder| [folder.join("onnxruntime/capi"), folder.join("lib"), folder.clone()]);
    let home = env.home().map(|home| home.join(".local/lib"));
    let system = ["/usr/local/lib", "/opt/homebrew/lib", "/opt/onnxruntime/lib", "/usr/lib64", "/usr/lib"];
    let debian = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    own.chain(home).chain(system.map(PathBuf::from)).chain([debian.into()]).collect()
}

/// Where palc's own copy is expected.
fn own_folder(env: &Env) -> Option<PathBuf> {
    Some(env.data_folder()?.join("onnxruntime"))
}

/// The library in a folder. Names come with and without a version; the plain one counts first, then the newest.
fn library_in(folder: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let best = names.filter_map(|name| Some((version(&name)?, name))).max()?;
    Some(folder.join(best.1)).filter(|path| path.is_file())
}

/// The version in a library's name; the highest there is for a name without one, and nothing for other files.
fn version(name: &str) -> Option<Vec<u32>> {
    let rest = name.strip_prefix(std::env::consts::DLL_PREFIX)?.strip_prefix("onnxruntime")?;
    let suffix = std::env::consts::DLL_SUFFIX;
    // Linux puts the version behind the suffix, macOS before it.
    let version = rest.strip_prefix(suffix).or_else(|| rest.strip_suffix(suffix))?;
    if version.is_empty() {
        return Some(vec![u32::MAX]);
    }
    version.strip_prefix('.')?.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn env(home: &Path, more: &[(&str, &str)]) -> Env {
        let variables = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Env::new(home, variables.chain([("HOME".into(), home.display().to_string())]))
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn takes_the_plain_name_and_then_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let put = |names: &[&str]| names.iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
        put(&["libonnxruntime_providers_shared.so", "libonnxruntime.so.md", "libonnx.so"]);
        assert_eq!(library_in(folder.path()), None);
        put(&["libonnxruntime.so.1.9.0", "libonnxruntime.so.1.31.1"]);
        assert_eq!(library_in(folder.path()), Some(folder.path().join("libonnxruntime.so.1.31.1")));
        put(&["libonnxruntime.so"]);
        assert_eq!(library_in(folder.path()), Some(folder.path().join("libonnxruntime.so")));
    }

    #[test]
    fn what_is_named_must_be_there_and_mean_the_same_place_everywhere() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("here.so"), "").unwrap();
        let found = find(Some("~/here.so"), &env(home.path(), &[])).unwrap();
        assert_eq!(found, home.path().join("here.so"));
        let error = find(Some("~/gone.so"), &env(home.path(), &[])).unwrap_err();
        assert!(error.message().contains("gone.so, which is not there") && !error.hints().is_empty(), "{error}");
        let error = find(None, &env(home.path(), &[("ORT_DYLIB_PATH", "here.so")])).unwrap_err();
        assert_eq!(error.message(), "ORT_DYLIB_PATH names here.so, which is not a whole path");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn finds_what_the_hint_installs() {
        let home = tempfile::tempdir().unwrap();
        let env = env(home.path(), &[]);
        let folder = home.path().join(".local/share/palc/onnxruntime");
        assert!(how_to_get(&env).contains(&format!("--target {} onnxruntime", folder.display())));
        fs::create_dir_all(folder.join("onnxruntime/capi")).unwrap();
        fs::write(folder.join("onnxruntime/capi/libonnxruntime.so.1.31.1"), "").unwrap();
        assert_eq!(find(None, &env).unwrap(), folder.join("onnxruntime/capi/libonnxruntime.so.1.31.1"));
    }
}
