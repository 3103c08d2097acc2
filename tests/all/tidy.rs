//! House rules that the compiler does not know: who may use whom, where edges begin, and that every
//! module says what it is for.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module, and the modules that it may use. The order is the map of `src/lib.rs`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("tables", &["model"]),
    ("config", &["model", "tables"]),
    ("text", &["model"]),
    ("facts", &["model", "tables", "text"]),
    ("rules", &["model", "tables", "text"]),
    ("classify", &["model", "text", "facts", "rules"]),
    ("extract", &["model", "config", "text"]),
    ("cases", &["model", "text"]),
    ("review", &["model", "cases"]),
    ("register", &["model", "cases", "review"]),
    ("digest", &["model", "cases", "review", "register"]),
    ("net", &["model", "config"]),
    ("disk", &["model"]),
    ("backup", &["model"]),
    ("ledger", &["model", "disk"]),
    ("store", &["model", "ledger", "disk"]),
    ("archive", &["model", "disk"]),
    ("web", &[]),
    ("selftest", &["model", "config", "rules", "classify", "extract", "review", "digest", "net"]),
    (
        "desk",
        &[
            "model", "config", "text", "facts", "rules", "classify", "extract", "cases", "review", "register",
            "digest", "net", "store", "ledger", "disk", "archive", "backup",
        ],
    ),
    ("daemon", &["model", "config", "digest", "net", "desk", "disk"]),
    (
        "cli",
        &[
            "model", "config", "text", "facts", "rules", "classify", "extract", "cases", "review", "register",
            "digest", "net", "desk", "daemon", "web", "selftest", "backup",
        ],
    ),
    ("main", &["cli"]),
];
const PURE: &[&str] = &[
    "model", "tables", "config", "text", "facts", "rules", "classify", "extract", "cases", "review", "register",
    "digest",
];

fn sources() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix("src").unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            (first.trim_end_matches(".rs").to_owned(), path, text)
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// The part of a file before its tests; nothing of a file of tests.
fn without_tests<'t>(path: &Path, text: &'t str) -> &'t str {
    let stem = path.file_stem().unwrap().to_string_lossy();
    let of_tests = path.components().any(|part| part.as_os_str() == "tests")
        || stem.ends_with("tests")
        || matches!(&*stem, "real" | "samples" | "stored");
    let begins = ["#[cfg(test)]\nmod tests {", "#[cfg(test)]\npub(super) mod tests {"];
    let end = begins.iter().filter_map(|begin| text.find(begin)).min().unwrap_or(text.len());
    if of_tests { "" } else { &text[..end] }
}

#[test]
fn modules_use_only_those_below_them() {
    let mut faults = Vec::new();
    for (module, path, text) in sources() {
        if module == "lib" {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            faults.push(format!("{} belongs to no module of the map", path.display()));
            continue;
        };
        for (number, line) in without_tests(&path, &text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for used in code.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let known = MAY_USE.iter().any(|(name, _)| *name == used);
                if known && used != module && !allowed.contains(&used.as_str()) {
                    faults.push(format!("{}:{}: {module} may not use {used}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_pure_part_opens_no_edge() {
    for (module, path, text) in sources() {
        let opens = without_tests(&path, &text).contains("clippy::disallowed_");
        assert!(!(opens && PURE.contains(&module.as_str())), "{} is pure and opens an edge", path.display());
        let has_async = without_tests(&path, &text).lines().any(|line| line.trim_start().starts_with("pub async fn"));
        assert!(!(has_async && PURE.contains(&module.as_str())), "{} is pure and async", path.display());
    }
}

#[test]
fn sled_and_reqwest_stay_in_their_modules() {
    for (module, path, text) in sources() {
        for (package, home) in [("sled::", "store"), ("reqwest::", "net"), ("axum::", "web")] {
            let names = without_tests(&path, &text).contains(package);
            assert!(!names || module == home, "{} names {package}, which only {home} knows", path.display());
        }
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for (_, path, text) in sources() {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//!") || first.starts_with("/*!"), "{} does not say what it is for", path.display());
        assert!(!text.contains("(to be written)"), "{} is a stub", path.display());
    }
}

#[test]
fn the_map_names_every_module() {
    let map = fs::read_to_string("src/lib.rs").unwrap();
    for (module, _) in MAY_USE.iter().filter(|(name, _)| *name != "main") {
        assert!(map.contains(&format!("[`{module}`]")), "src/lib.rs does not name {module}");
    }
}
