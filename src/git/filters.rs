//! The programs of `filter.<name>` in git's configuration, which change files on their way in and out.

use gix::bstr::{BString, ByteSlice as _};

use super::Git;
use crate::base::env::secret_variables;

impl Git {
    /// The repository for working with filters. They get the environment of palc, as from git, but none of the keys in
    /// it: a filter may be a script of the repository.
    pub(super) fn filtering(&self) -> gix::Repository {
        let mut repo = self.repo();
        let hidden = secret_variables();
        let names: Vec<&str> = hidden.iter().filter_map(|name| name.to_str()).filter(|name| is_name(name)).collect();
        if names.is_empty() {
            return repo;
        }
        let commands = commands(&repo);
        let mut config = repo.config_snapshot_mut();
        for (filter, key, command) in commands {
            let line = format!("unset {}; ", names.join(" "));
            let line = BString::from([line.as_bytes(), command.as_slice()].concat());
            // A value that was just read can be set.
            let _ = config.set_raw_value_by("filter", Some(filter.as_bstr()), key, line.as_bstr());
        }
        drop(config);
        repo
    }
}

/// Every command of every filter, with the name of the filter and its key.
fn commands(repo: &gix::Repository) -> Vec<(BString, &'static str, BString)> {
    const KEYS: [&str; 3] = ["clean", "smudge", "process"];
    let config = repo.config_snapshot();
    let sections = config.plumbing().sections_by_name("filter").into_iter().flatten();
    let of_section = |section: gix::config::file::SectionRef<'_>| {
        let name = section.header().subsection_name().map(ToOwned::to_owned);
        let command = |key| Some((name.clone()?, key, section.value(key).filter(|line| !line.is_empty())?));
        KEYS.into_iter().filter_map(command).collect::<Vec<_>>()
    };
    sections.flat_map(of_section).collect()
}

/// What a shell can unset.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(fits)
}
