//! Any bytes, judged by the rules that ship: normalise, match and facts together.
//!
//! `cargo +nightly fuzz run judge`, or `RUSTC_BOOTSTRAP=1 cargo fuzz run judge`. What it finds is put
//! into `corpus/judge` once it is mended; an ordinary test judges that folder.
#![no_main]

#[path = "../holds.rs"]
mod holds;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sozwatch::classify::Judge;
use sozwatch::rules::RuleSet;

static JUDGE: LazyLock<Judge> = LazyLock::new(|| Judge::new(RuleSet::builtin().0));

fuzz_target!(|bytes: &[u8]| holds::whatever_it_says(&JUDGE, bytes));
