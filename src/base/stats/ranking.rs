//! Strengths of several, from who beat whom (Bradley and Terry). Unlike ratings that move with each game, they do not
//! hang on the order of the games.

/// Strengths whose geometric mean is 1: `a` beats `b` with a chance of `a / (a + b)`. `wins[a][b]` says how often `a` beat
/// `b`; a tie is half a win for each. None if they cannot be told: some never met, even by others, or one side of a cut
/// won or lost everything, so that its strength is without bounds.
pub fn strengths(wins: &[Vec<f64>]) -> Option<Vec<f64>> {
    let n = wins.len();
    if n == 0 || !(reaches_all(n, |a, b| wins[a][b] > 0.0) && reaches_all(n, |a, b| wins[b][a] > 0.0)) {
        return None;
    }
    let mut strengths = vec![1.0; n];
    for _ in 0..100_000 {
        let next = normalised((0..n).map(|at| step(wins, &strengths, at)).collect());
        let moved = strengths.iter().zip(&next).map(|(old, new)| (new / old - 1.0).abs()).fold(0.0, f64::max);
        strengths = next;
        if moved < 1e-13 {
            break;
        }
    }
    Some(strengths)
}

/// The wins of one over the games it played, each weighed by how strong the two are now (Hunter's MM).
fn step(wins: &[Vec<f64>], strengths: &[f64], at: usize) -> f64 {
    let others = || (0..wins.len()).filter(|other| *other != at);
    let won: f64 = others().map(|other| wins[at][other]).sum();
    let games = |other: usize| (wins[at][other] + wins[other][at]) / (strengths[at] + strengths[other]);
    let played: f64 = others().map(games).sum();
    if played > 0.0 { won / played } else { strengths[at] }
}

fn normalised(strengths: Vec<f64>) -> Vec<f64> {
    let mean = (strengths.iter().map(|strength| strength.ln()).sum::<f64>() / strengths.len() as f64).exp();
    strengths.into_iter().map(|strength| strength / mean).collect()
}

/// Whether every one is reached from the first.
fn reaches_all(n: usize, edge: impl Fn(usize, usize) -> bool) -> bool {
    let (mut seen, mut open) = (vec![false; n], vec![0]);
    seen[0] = true;
    while let Some(at) = open.pop() {
        let new: Vec<usize> = (0..n).filter(|other| *other != at && !seen[*other] && edge(at, *other)).collect();
        new.iter().for_each(|other| seen[*other] = true);
        open.extend(new);
    }
    seen.iter().all(|seen| *seen)
}

#[cfg(test)]
mod tests {
    use super::super::{close, near};
    use super::*;

    #[test]
    fn three_who_played_ten_games_each() {
        let wins = [vec![0.0, 8.0, 9.0], vec![2.0, 0.0, 6.0], vec![1.0, 4.0, 0.0]];
        let found = strengths(&wins).unwrap();
        close(found[0], 3.222603);
        close(found[1], 0.710551);
        close(found[2], 0.436715);
        near(found.iter().product(), 1.0);
    }

    #[test]
    fn strength_without_bounds_is_not_told() {
        assert_eq!(strengths(&[vec![0.0, 3.0], vec![0.0, 0.0]]), None);
        assert_eq!(strengths(&[vec![0.0, 0.0], vec![0.0, 0.0]]), None);
        assert_eq!(strengths(&[]), None);
        near(strengths(&[vec![0.0, 2.0], vec![1.0, 0.0]]).unwrap()[0], 2.0_f64.sqrt());
    }
}
