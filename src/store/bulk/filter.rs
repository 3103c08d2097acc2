//! What a group of blocks does not hold, told without reading the blocks: the blocked Bloom filter of Putze, Sanders
//! and Singler 2007, "Cache-, Hash- and Space-Efficient Bloom Filters".
//!
//! A filter is lines of 64 bytes, as many as its keys need; a key sets its bits in one of them. It knows the first
//! [`KNOWN`] bytes of each key: a table's letter and eight bytes of hash, which tell keys apart and are what rows of
//! one prefix share.

/// Bytes of a key that a filter knows.
pub(super) const KNOWN: usize = 9;
/// Bytes of a line.
pub(super) const LINE: usize = 64;
/// Bits of a filter for each of its keys.
const FOR_A_KEY: usize = 10;
/// Bits set for a key: one in sixty that the filter does not hold passes.
const SET: u32 = 6;

/// What a filter knows of a key: a hash of its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark(u64);

impl Mark {
    pub(super) fn of(key: &[u8]) -> Self {
        let mut known = [0; KNOWN];
        let length = key.len().min(KNOWN);
        known[..length].copy_from_slice(&key[..length]);
        let [letter, hash @ ..] = known;
        Self(mixed(u64::from_le_bytes(hash) ^ u64::from(letter) << 56))
    }

    /// The line of a filter of so many that speaks of the key.
    fn line(self, lines: usize) -> usize {
        ((u128::from(self.0) * lines as u128) >> u64::BITS) as usize
    }

    /// The bits of the key in its line.
    fn bits(self) -> impl Iterator<Item = usize> {
        let bits = mixed(self.0);
        (0..SET).map(move |bit| (bits >> (9 * bit)) as usize % (8 * LINE))
    }
}

/// The finaliser of MurmurHash3.
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

/// A filter of these keys.
pub(super) fn of(keys: &[Mark]) -> Vec<u8> {
    let lines = (keys.len() * FOR_A_KEY).div_ceil(8 * LINE);
    let mut filter = vec![0; lines * LINE];
    for key in keys {
        let line = &mut filter[key.line(lines) * LINE..][..LINE];
        key.bits().for_each(|bit| line[bit / 8] |= 1 << (bit % 8));
    }
    filter
}

/// The line of a filter that speaks of a key; none where the filter has no keys.
pub(super) fn line_of(filter: &[u8], key: Mark) -> Option<&[u8; LINE]> {
    filter.get(key.line(filter.len() / LINE) * LINE..)?.first_chunk()
}

/// May a key be among those of the filter, by the line that speaks of it?
pub(super) fn may_hold(line: &[u8; LINE], key: Mark) -> bool {
    key.bits().all(|bit| line[bit / 8] & 1 << (bit % 8) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(n: u64) -> Mark {
        Mark::of(&[b"N".as_slice(), &n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes(), b"any more of it"].concat())
    }

    fn passes(filter: &[u8], key: Mark) -> bool {
        line_of(filter, key).is_some_and(|line| may_hold(line, key))
    }

    #[test]
    fn what_was_added_passes_and_hardly_anything_else() {
        for count in [1, 51, 52, 500, 11_000] {
            let filter = of(&(0..count).map(mark).collect::<Vec<_>>());
            assert_eq!(filter.len(), (count as usize * FOR_A_KEY).div_ceil(8 * LINE) * LINE);
            assert!((0..count).all(|n| passes(&filter, mark(n))));
            let others = (count..count + 20_000).filter(|n| passes(&filter, mark(*n))).count();
            assert!(others < 400, "{others} of 20,000 pass a filter of {count}");
        }
        assert!(!passes(&of(&[]), mark(1)));
    }

    #[test]
    fn keys_are_known_by_their_beginning_and_by_their_table() {
        let key = |key: &str| Mark::of(key.as_bytes());
        assert_eq!(key("U12345678"), key("U12345678 and more"));
        let filter = of(&[key("U"), key("U12345678")]);
        assert!(passes(&filter, key("U")) && passes(&filter, key("U12345678")));
        assert!(!passes(&filter, key("S12345678")) && !passes(&filter, key("S")));
    }

    /// Filters lie in the index of old workspaces: this pins them.
    #[test]
    fn filters_do_not_change() {
        assert_eq!(crc32fast::hash(&of(&(0..100).map(mark).collect::<Vec<_>>())), PINNED);
    }
    const PINNED: u32 = 3_877_243_000;
}
