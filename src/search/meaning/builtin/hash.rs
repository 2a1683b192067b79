//! The hash by which word pieces are found. The build lays the table out with it, and palc looks things up with it.

/// How many slots the table has: more than twice the pieces, so that neighbours are few.
pub const SLOTS: usize = 1 << 16;

/// Grows byte by byte, so one pass over a word gives the hashes of all its beginnings.
#[derive(Debug, Clone, Copy)]
pub struct Hash(u64);

impl Hash {
    /// Pieces that continue a word are others than those that begin one.
    pub fn new(continues: bool) -> Hash {
        Hash(if continues { 0x9e37_79b9_7f4a_7c15 } else { 0xcbf2_9ce4_8422_2325 })
    }

    #[must_use]
    pub fn add(self, byte: u8) -> Hash {
        Hash((self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    pub fn slot(self) -> usize {
        ((self.0 ^ (self.0 >> 32)) % SLOTS as u64) as usize
    }
}
