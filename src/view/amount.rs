//! Sizes and spans of time in words that people read at a glance.

use std::time::Duration;

/// `213 B`, `34 kB`, `1.5 MB`
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} kB", bytes / 1024),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// `1 second`, `3 hours`
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_fits_the_amount() {
        assert_eq!([0, 1023, 1024, 1_572_864].map(size), ["0 B", "1023 B", "1 kB", "1.5 MB"]);
        let spans = [0, 1, 60, 7200, 86_400, 604_800].map(|seconds| span(Duration::from_secs(seconds)));
        assert_eq!(spans, ["0 seconds", "1 second", "1 minute", "2 hours", "1 day", "7 days"]);
    }
}
