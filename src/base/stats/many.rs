//! Many tests at once: of twenty, one is significant by chance. Adjusted p values may be read as if each stood alone.

/// After Holm: the chance of any false alarm stays what is asked for. For gates.
pub fn holm(ps: &[f64]) -> Vec<f64> {
    let n = ps.len();
    let mut adjusted = vec![0.0; n];
    let mut worst: f64 = 0.0;
    for (rank, at) in order(ps).into_iter().enumerate() {
        worst = worst.max((n - rank) as f64 * ps[at]).min(1.0);
        adjusted[at] = worst;
    }
    adjusted
}

/// After Benjamini and Hochberg: the share of false alarms among the alarms stays what is asked for. For reports.
pub fn benjamini_hochberg(ps: &[f64]) -> Vec<f64> {
    let n = ps.len();
    let mut adjusted = vec![0.0; n];
    let mut best: f64 = 1.0;
    for (rank, at) in order(ps).into_iter().enumerate().rev() {
        best = best.min(n as f64 / (rank + 1) as f64 * ps[at]);
        adjusted[at] = best;
    }
    adjusted
}

/// Places from the least to the largest.
fn order(ps: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ps.len()).collect();
    order.sort_by(|a, b| ps[*a].total_cmp(&ps[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::super::near;
    use super::*;

    #[track_caller]
    fn are(values: &[f64], references: &[f64]) {
        assert_eq!(values.len(), references.len());
        values.iter().zip(references).for_each(|(value, reference)| near(*value, *reference));
    }

    #[test]
    fn after_holm_and_after_benjamini_and_hochberg() {
        let ps = [0.01, 0.04, 0.03, 0.005, 0.2];
        are(&holm(&ps), &[0.04, 0.09, 0.09, 0.025, 0.2]);
        are(&benjamini_hochberg(&ps), &[0.025, 0.05, 0.05, 0.025, 0.2]);
        are(&holm(&[0.6, 0.7]), &[1.0, 1.0]);
        are(&holm(&[]), &[]);
        are(&benjamini_hochberg(&[0.3]), &[0.3]);
    }
}
