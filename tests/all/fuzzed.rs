//! The corpus of the fuzz target, judged by an ordinary build: as it is, cut short, and its files mixed.
//!
//! `SOZWATCH_FUZZ=100000 cargo test --release --test all fuzzed` mixes them so many times, where no
//! fuzzer is at hand.

#[path = "../../fuzz/holds.rs"]
mod holds;

use std::path::Path;

use sozwatch::classify::Judge;
use sozwatch::rules::RuleSet;

/// Mixed files of an ordinary run.
const MIXED: usize = 200;
/// Longest mixed file, in bytes.
const LONGEST: usize = 4_000;

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/judge");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    /// A piece of one of some files.
    fn piece<'c>(&mut self, corpus: &'c [Vec<u8>]) -> &'c [u8] {
        let file = &corpus[self.below(corpus.len())];
        let start = self.below(file.len());
        let length = match self.below(3) {
            0 => self.below(8),
            1 => self.below(60),
            _ => file.len(),
        };
        &file[start..(start + length).min(file.len())]
    }
}

#[test]
fn what_was_fuzzed_is_judged() {
    let (judge, corpus) = (Judge::new(RuleSet::builtin().0), corpus());
    assert!(corpus.len() >= 20, "the corpus is there");
    for bytes in &corpus {
        holds::whatever_it_says(&judge, bytes);
        for cut in (0..bytes.len().min(200)).step_by(17) {
            holds::whatever_it_says(&judge, &bytes[cut..]);
            holds::whatever_it_says(&judge, &bytes[..cut]);
        }
    }
    let times = std::env::var("SOZWATCH_FUZZ").ok().and_then(|times| times.parse().ok()).unwrap_or(MIXED);
    let mut chance = Chance(3);
    for _ in 0..times {
        let mut mixed = Vec::new();
        for _ in 0..1 + chance.below(8) {
            mixed.extend_from_slice(chance.piece(&corpus));
            if chance.below(6) == 0 {
                mixed.push(chance.below(256) as u8);
            }
        }
        mixed.truncate(LONGEST);
        let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| holds::whatever_it_says(&judge, &mixed)));
        assert!(judged.is_ok(), "to be put into the corpus: {:?}", String::from_utf8_lossy(&mixed));
    }
}
