//! Who commits, and the signature that the user wants below it.

use gix::actor::Signature;
use gix::date::Time;

use super::Git;
use super::session::{Dates, Draft, parse_id, unwritten};
use crate::base::{Error, Result};

impl Git {
    /// Say clearly, and before any work is done, that git knows no author or committer.
    pub fn must_know_people(&self) -> Result<()> {
        people(&self.repo(), Dates::default(), None).map(drop)
    }

    /// The author's name, as git knows it.
    pub fn who(&self) -> Result<String> {
        Ok(people(&self.repo(), Dates::default(), None)?.0.name.to_string())
    }
}

/// Write a commit object.
pub(super) fn commit(repo: &gix::Repository, draft: &Draft<'_>) -> Result<gix::ObjectId> {
    let (author, committer) = people(repo, draft.dates, draft.author_of)?;
    let parents = draft.parents.iter().map(|id| parse_id(id)).collect::<Result<Vec<_>>>()?;
    let commit = gix::objs::Commit {
        tree: parse_id(draft.tree)?,
        parents: parents.into_iter().collect(),
        author,
        committer,
        encoding: None,
        message: draft.message.into(),
        extra_headers: Vec::new(),
    };
    let id = repo.write_object(commit).map_err(unwritten)?.detach();
    if repo.commit_signing_options_if_enabled().map_err(unsigned)?.is_none() {
        return Ok(id);
    }
    let signed = repo.find_commit(id).map_err(unwritten)?.signed().map_err(unsigned)?;
    Ok(signed.id().detach())
}

/// Author and committer.
pub(super) fn people(repo: &gix::Repository, dates: Dates, author_of: Option<&str>) -> Result<(Signature, Signature)> {
    let committer = dated(repo.committer(), "committer", dates.committer)?;
    let author = match author_of {
        Some(id) => {
            let commit = repo.find_commit(parse_id(id)?).map_err(unwritten)?;
            commit.author().map_err(unwritten)?.to_owned().map_err(unwritten)?
        }
        None => dated(repo.author(), "author", dates.author)?,
    };
    Ok((author, committer))
}

fn dated(
    known: Option<gix::Result<gix::actor::SignatureRef<'_>>>,
    role: &str,
    seconds: Option<i64>,
) -> Result<Signature> {
    let known = known.ok_or_else(|| {
        Error::invalid(format!("git does not know who the {role} is"))
            .hint("git config --global user.name \"Your Name\"")
            .hint("git config --global user.email you@example.com")
    })?;
    let wrong = |error| Error::invalid(format!("git cannot use the {role} it was given")).because(error);
    let mut who = known.map_err(wrong)?.to_owned().map_err(wrong)?;
    if who.name.is_empty() || who.email.iter().chain(who.name.iter()).any(|byte| b"<>\n".contains(byte)) {
        return Err(Error::invalid(format!("git cannot use `{} <{}>` as the {role}", who.name, who.email)));
    }
    if let Some(seconds) = seconds {
        who.time = Time { seconds, offset: 0 };
    }
    Ok(who)
}

/// The committer's part of a reflog entry: name, address, time.
pub(super) fn line(repo: &gix::Repository, dates: Dates) -> Result<String> {
    let (_, committer) = people(repo, dates, None)?;
    Ok(format!("{} <{}> {}", committer.name, committer.email, moment(committer.time)))
}

/// Seconds since 1970 and the offset, as git writes them: `1769860800 +0100`.
pub(super) fn moment(time: Time) -> String {
    let sign = if time.offset < 0 { '-' } else { '+' };
    let minutes = time.offset.abs() / 60;
    format!("{} {sign}{:02}{:02}", time.seconds, minutes / 60, minutes % 60)
}

fn unsigned(error: gix::Error) -> Error {
    Error::storage("the commit could not be signed, so it was not made")
        .because(error)
        .hint("commit.gpgSign asks for signatures; user.signingKey, gpg.format and gpg.program say how")
}
