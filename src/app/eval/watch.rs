//! Wait until something changes that suites hang on.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::{choose, suites};
use crate::app::App;
use crate::base::Result;

/// The files of suites as they were at one moment. A file that is not there may come.
pub struct Eye {
    seen: BTreeMap<String, Stamp>,
}

type Stamp = Option<(u64, SystemTime)>;

impl Eye {
    /// Of a suite that cannot be read, only its own file.
    pub fn of(app: &App, paths: &[String]) -> Result<Eye> {
        let mut seen = BTreeMap::new();
        for path in paths {
            let inputs = suites::open(app, path).map(|open| choose::inputs(app, &open.suite)).unwrap_or_default();
            for input in inputs.into_iter().chain([path.clone()]) {
                let stamp = stamp(app, &input)?;
                seen.insert(input, stamp);
            }
        }
        Ok(Eye { seen })
    }

    /// Look so often, until something is not as it was.
    pub fn wait(&self, app: &App, interval: Duration) -> Result<()> {
        loop {
            for (path, then) in &self.seen {
                if stamp(app, path)? != *then {
                    return Ok(());
                }
            }
            app.clock.pause(interval);
        }
    }
}

fn stamp(app: &App, path: &str) -> Result<Stamp> {
    let metadata = app.place()?.path(path).metadata().ok();
    Ok(metadata.and_then(|it| Some((it.len(), it.modified().ok()?))))
}
