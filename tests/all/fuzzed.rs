//! The corpus of the fuzz target, judged by an ordinary build.

#[path = "../../fuzz/holds.rs"]
mod holds;

use std::path::Path;

use sozwatch::classify::Judge;
use sozwatch::rules::RuleSet;

#[test]
fn what_was_fuzzed_is_judged() {
    let judge = Judge::new(RuleSet::builtin().0);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/judge");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 20, "the corpus is there");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        eprintln!("{}", file.display());
        holds::whatever_it_says(&judge, &bytes);
        // Every way to cut it short, up to a length.
        for cut in (0..bytes.len().min(200)).step_by(7) {
            holds::whatever_it_says(&judge, &bytes[cut..]);
            holds::whatever_it_says(&judge, &bytes[..cut]);
        }
    }
}
