//! What a group of blocks does not hold, told without reading the blocks: the blocked Bloom filter of Putze, Sanders
//! and Singler 2007, "Cache-, Hash- and Space-Efficient Bloom Filters".
//!
//! A filter is lines of 64 bytes: 60 of bits, and their crc32. It knows the first [`KNOWN`] bytes of each key: a
//! table's letter and eight bytes of hash, which tell keys apart and are what rows of one prefix share.

use std::io;

/// Bytes of a filter.
pub(super) const SIZE: usize = 16 << 10;
/// Bytes of a key that a filter knows.
pub(super) const KNOWN: usize = 9;
/// Bytes of a line.
pub(super) const LINE: usize = 64;
const SUM: usize = 4;
const BITS: u64 = 8 * (LINE - SUM) as u64;
/// Bits set for a key: with some 11,000 keys in a filter one in fifty that it does not hold passes.
const PROBES: u32 = 6;

/// A filter being made.
pub(super) struct Filter {
    lines: Vec<[u8; LINE]>,
}

impl Filter {
    pub(super) fn new() -> Self {
        Self { lines: vec![[0; LINE]; SIZE / LINE] }
    }

    pub(super) fn add(&mut self, key: &[u8]) {
        let (line, bits) = places(key);
        for bit in bits {
            self.lines[line][bit / 8] |= 1 << (bit % 8);
        }
    }

    /// The bytes of the filter, which is empty from now on.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let mut lines = std::mem::replace(self, Self::new()).lines;
        for line in &mut lines {
            let (bits, sum) = line.split_at_mut(LINE - SUM);
            sum.copy_from_slice(&crc32fast::hash(bits).to_le_bytes());
        }
        lines.into_flattened()
    }
}

/// At which byte of a filter the line stands that speaks of a key.
pub(super) fn line_of(key: &[u8]) -> usize {
    places(key).0 * LINE
}

/// May a key be there, by the line that speaks of it?
pub(super) fn may_hold(line: &[u8; LINE], key: &[u8]) -> io::Result<bool> {
    let (bits, sum) = line.split_at(LINE - SUM);
    if crc32fast::hash(bits).to_le_bytes() != sum {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the bytes of a filter were changed"));
    }
    Ok(places(key).1.into_iter().all(|bit| bits[bit / 8] & 1 << (bit % 8) != 0))
}

/// The line of a key, and its bits there.
fn places(key: &[u8]) -> (usize, [usize; PROBES as usize]) {
    let mut known = [0; KNOWN];
    let length = key.len().min(KNOWN);
    known[..length].copy_from_slice(&key[..length]);
    let [letter, hash @ ..] = known;
    let mut mixed = u64::from_le_bytes(hash) ^ u64::from(letter) << 56;
    // The finaliser of MurmurHash3.
    mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^= mixed >> 33;
    let line = (mixed % (SIZE / LINE) as u64) as usize;
    let (mut at, step) = (mixed >> 8, mixed >> 40 | 1);
    let bits = std::array::from_fn(|_| {
        at = at.wrapping_add(step);
        (at % BITS) as usize
    });
    (line, bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u64) -> Vec<u8> {
        [b"N".as_slice(), &n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes(), b"any more of it"].concat()
    }

    fn passes(filter: &[u8], key: &[u8]) -> bool {
        let line = line_of(key);
        may_hold(filter[line..line + LINE].try_into().unwrap(), key).unwrap()
    }

    #[test]
    fn what_was_added_passes_and_hardly_anything_else() {
        let mut filter = Filter::new();
        (0..11_000).for_each(|n| filter.add(&key(n)));
        let bytes = filter.take();
        assert_eq!(bytes.len(), SIZE);
        assert!((0..11_000).all(|n| passes(&bytes, &key(n))));
        assert!(passes(&bytes, &key(7)[..KNOWN]), "the beginning of a key is known");
        let others = (11_000..31_000).filter(|n| passes(&bytes, &key(*n))).count();
        assert!(others < 600, "{others} of 20,000 pass");
        let emptied = filter.take();
        assert!((0..11_000).all(|n| !passes(&emptied, &key(n))));
    }

    #[test]
    fn keys_of_other_tables_and_short_keys_are_told_apart() {
        let mut filter = Filter::new();
        filter.add(b"U");
        filter.add(b"U12345678");
        let bytes = filter.take();
        assert!(passes(&bytes, b"U") && passes(&bytes, b"U12345678"));
        assert!(!passes(&bytes, b"S12345678") && !passes(&bytes, b"S"));
    }

    #[test]
    fn a_changed_bit_is_told() {
        let mut filter = Filter::new();
        filter.add(&key(1));
        let mut bytes = filter.take();
        let at = line_of(&key(1));
        for byte in [at, at + 59, at + 63] {
            bytes[byte] ^= 4;
            assert!(may_hold(bytes[at..at + LINE].try_into().unwrap(), &key(1)).is_err(), "{byte}");
            bytes[byte] ^= 4;
        }
    }
}
