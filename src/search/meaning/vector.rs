//! A text's meaning as numbers.

/// The direction of a text's meaning: one signed byte a dimension, and what makes their products cosines.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    pub values: Box<[i8]>,
    /// One through the length of `values`; nothing for a text without meaning, which is like no other.
    pub inverse_norm: f32,
}

impl Vector {
    /// Only the direction is kept: the largest value becomes 127.
    pub fn of(values: &[f32]) -> Vector {
        let largest = values.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let scale = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        Vector::from_bytes(values.iter().map(|value| (value * scale).round() as i8).collect())
    }

    pub fn from_bytes(values: Box<[i8]>) -> Vector {
        let square: i32 = values.iter().map(|&value| i32::from(value).pow(2)).sum();
        let inverse_norm = if square > 0 { 1.0 / (square as f32).sqrt() } else { 0.0 };
        Vector { values, inverse_norm }
    }

    pub fn cosine(&self, other: &Vector) -> f32 {
        let product: i32 = self.values.iter().zip(&other.values).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        product as f32 * self.inverse_norm * other.inverse_norm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_direction_and_nothing_else() {
        let one = Vector::of(&[0.2, -0.1, 0.0]);
        assert_eq!((&*one.values, Vector::of(&[2.0, -1.0, 0.0])), (&[127, -64, 0][..], one.clone()));
        assert!((one.cosine(&one) - 1.0).abs() < 1e-6);
        assert!((one.cosine(&Vector::of(&[-0.2, 0.1, 0.0])) + 1.0).abs() < 1e-6);
    }

    #[test]
    fn nothing_is_like_nothing() {
        let nothing = Vector::of(&[0.0, 0.0]);
        assert_eq!(nothing.cosine(&nothing), 0.0);
        assert_eq!(Vector::of(&[f32::NAN, 1.0]).values[0], 0);
    }
}
