//! Rule files read, overlaid, linted and explained.

use super::sample;
use super::*;

fn told(files: &[(&str, &str)]) -> Vec<String> {
    RuleSet::of(files).1.iter().map(ToString::to_string).collect()
}

/// What the sample says when one file of it is changed.
fn changed(name: &str, from: &str, to: &str) -> Vec<String> {
    let mut files = sample::files();
    let file = files.iter_mut().find(|(file, _)| *file == name).unwrap();
    assert!(file.1.contains(from), "{from}");
    let text = file.1.replacen(from, to, 1);
    file.1 = &text;
    told(&files)
}

#[test]
fn what_ships_loads_and_has_a_version() {
    let (set, _) = RuleSet::builtin();
    assert_eq!(set.version().len(), 12);
    assert!(set.version().bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(set.version(), RuleSet::builtin().0.version());
}

#[test]
fn anything_that_changes_changes_the_version() {
    let base = sample::set().version();
    let mut files = sample::files();
    let more = format!("{}\n# a remark", sample::HELD);
    files[1].1 = &more;
    assert_ne!(RuleSet::of(&files).0.version(), base);
    files.pop();
    assert_ne!(RuleSet::of(&files).0.version(), base);
}

#[test]
fn faults_are_told_with_file_line_and_help_and_stop_nothing() {
    let check = |name: &str, from: &str, to: &str, expect: &[&str]| {
        let told = changed(name, from, to);
        assert!(!told.is_empty(), "{to}: nothing was told");
        for (told, expect) in told.iter().zip(expect) {
            assert_eq!(told, expect);
        }
        assert_eq!(told.len(), expect.len(), "{told:#?}");
    };
    let rule = "arrest/speaker_held.toml";
    check(
        rule,
        "why =",
        "wyh =",
        &[
            "arrest/speaker_held.toml:1: rule `arrest.speaker_held` has no `why`\n  help: write why = \"…\"",
            "arrest/speaker_held.toml:4: `wyh` is no key of a rule\n  help: did you mean `why`?",
        ],
    );
    check(
        rule,
        "[\"held\"]]",
        "[\"hold\"]]",
        &[
            "arrest/speaker_held.toml:6: rule `arrest.speaker_held` names the concept `hold`, which there is not\n  help: did you mean `held`?",
            "arrest/speaker_held.toml:1: rule `arrest.speaker_held` is left out: a group of it is left with no concept",
        ],
    );
    check(
        rule,
        "category = \"arrest\"",
        "category = \"arest\"",
        &[
            "arrest/speaker_held.toml:3: `arest` is no category; use one of arrest, criminal_prosecution, administrative_prosecution, defamation_suit, legislation, attack, obstruction, blocking, cyber_attack, access_to_information, censorship\n  help: leave the key out where none fits",
        ],
    );
    check(
        rule,
        "id = \"detention\"",
        "id = \"detaining\"",
        &[
            "arrest/speaker_held.toml:17: `detaining` is no subtype here\n  help: arrest has detention, remand, house_arrest, administrative_arrest, imprisonment, release",
        ],
    );
    check(
        rule,
        "near = 1.0",
        "near = -1.0",
        &[
            "arrest/speaker_held.toml:9: rule `arrest.speaker_held` speaks for and against at once\n  help: give all its weights one sign",
        ],
    );
    check(
        rule,
        "near = 1.0",
        "near = \"much\"",
        &["arrest/speaker_held.toml:9: `near` wants a number, not a text\n  help: write near = 1.0"],
    );
    check(
        rule,
        "lede = 0.5",
        "lede = 0.5\nlangs = [\"ru\"]",
        &[
            "arrest/speaker_held.toml:13: `langs` of rule `arrest.speaker_held` stands under [weight]\n  help: write it above [weight]: what stands below belongs to [weight]",
        ],
    );
    check(
        rule,
        "lede = 0.5",
        "lede = 0.5\nleft_out = \"No such words.\"\nzone = 1",
        &[
            "arrest/speaker_held.toml:13: `left_out` of rule `arrest.speaker_held` stands under [weight]\n  help: write it above [weight]: what stands below belongs to [weight]",
            "arrest/speaker_held.toml:14: `zone` is no key of [weight]\n  help: use one of near, sentence, next, lede, story, title, body, langs, left_out",
        ],
    );
    check(
        rule,
        "all = [[\"speaker\"], [\"held\"]]",
        "all = [[\"speaker\"], [\"held\", 3]]\norder = \"yes\"\nunless = [\"today\"]",
        &[
            "arrest/speaker_held.toml:6: `all` wants a list of lists of texts, not a whole number\n  help: write all = [[\"…\", \"…\"], [\"…\"]]",
            "arrest/speaker_held.toml:7: `order` wants true or false, not a text\n  help: write order = true",
            "arrest/speaker_held.toml:8: rule `arrest.speaker_held` has `unless` but is no gate\n  help: write gate = true",
        ],
    );
    check(
        "concepts/sample.toml",
        "\"репортер\"",
        "\"*\"",
        &[
            "concepts/sample.toml:6: `*` of concept `speaker` (ru) cannot be used: it holds no letter\n  help: forms are word, word*, =word, upper:word, lower:word, two words, two+words",
        ],
    );
    check(
        "concepts/sample.toml",
        "id = \"today\"",
        "id = \"history\"",
        &[
            "concepts/sample.toml:41: concept `history` stands in concepts/sample.toml:34 already\n  help: put the words together, or rename one",
            "against/museum.toml:6: rule `against.museum` names the concept `today`, which there is not\n  help: write it into a file under rules/concepts/",
        ],
    );
}

#[test]
fn what_stands_below_the_weights_by_mistake_is_honoured() {
    let mut files = sample::files();
    let text = sample::HELD.replacen("lede = 0.5", "lede = 0.5\nlangs = [\"ru\"]\nleft_out = \"No such words.\"", 1);
    files[1].1 = &text;
    let set = RuleSet::of(&files).0;
    let rule = set.rule("arrest.speaker_held").unwrap();
    assert_eq!((rule.reads(Lang::RU), rule.reads(Lang::KK)), (true, false));
    assert!(!set.lint().iter().any(|fault| fault.message.contains("without a reason")));
}

#[test]
fn a_file_that_is_no_toml_leaves_the_rest_standing() {
    let mut files = sample::files();
    files[2].1 = "id = ";
    let (set, faults) = RuleSet::of(&files);
    assert_eq!(faults[0].path, "against/museum.toml");
    assert_eq!(set.list().map(|rule| rule.id.to_owned()).collect::<Vec<_>>(), ["against.drugs", "arrest.speaker_held"]);
}

#[test]
fn a_file_in_no_folder_of_the_rules_is_told() {
    let told = told(&[("arest/x.toml", ""), ("notes.toml", ""), ("readme.md", "words")]);
    assert_eq!(
        told[0],
        "arest/x.toml: this is no folder of the rules; the file is left out\n  help: did you mean `arrest/`?"
    );
    assert!(told[1].starts_with("notes.toml: "));
    assert_eq!(told.len(), 2);
}

#[test]
fn an_operators_files_are_laid_over_by_id_and_table_path() {
    let files = |rule: &str| {
        vec![
            ("arrest/speaker_held.toml".to_owned(), rule.to_owned()),
            ("law/kz.toml".to_owned(), "own = true".to_owned()),
            ("score.toml".to_owned(), "threshold = 0.9".to_owned()),
            ("concepts/mine.toml".to_owned(), sample::CONCEPTS.to_owned()),
        ]
    };
    let (set, _) = RuleSet::overlaid(files(sample::HELD));
    assert_eq!(
        set.rule("arrest.speaker_held").map(|rule| rule.why.as_str()),
        Some("Somebody who informs the public is held.")
    );
    assert_eq!(
        set.tables()
            .iter()
            .filter(|(name, _)| name == "law/kz.toml")
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>(),
        ["own = true"]
    );
    assert_eq!(set.score().threshold, 0.9);
    let built_in = RuleSet::builtin().0;
    assert_eq!(set.score().bias, built_in.score().bias);
    assert!(set.list().count() >= built_in.list().count());
}

#[test]
fn the_list_tells_weight_category_and_languages() {
    let set = sample::set();
    let list: Vec<_> = set.list().map(|rule| (rule.id, rule.weight, rule.category, rule.langs.len())).collect();
    assert_eq!(
        list,
        [
            ("against.drugs", -1.0, None, 3),
            ("against.museum", 0.0, None, 3),
            ("arrest.speaker_held", 1.6, Some(Category::Arrest), 3),
        ]
    );
}

#[test]
fn a_rule_is_explained_as_prose() {
    let prose = sample::set().explain("arrest.speaker_held").unwrap();
    for wanted in [
        "arrest.speaker_held speaks for arrest.",
        "Somebody who informs the public is held.",
        "1. a person whose work is to inform (`speaker`)",
        "in one sentence: +1.60",
        "Switched off in a sentence that says: drugs (`drugs`)",
        "ru: журналист…, репортер, блогер…",
        "Must not fire on:",
        "(en) A thief was arrested, an officer told reporters.",
    ] {
        assert!(prose.contains(wanted), "{wanted}\n{prose}");
    }
    assert_eq!(sample::set().explain("arrest.nothing"), None);
}

#[test]
fn lint_finds_what_a_person_should_mend() {
    let check = |name: &str, from: &str, to: &str, expect: &str| {
        let mut files = sample::files();
        let file = files.iter_mut().find(|(file, _)| *file == name).unwrap();
        assert!(file.1.contains(from), "{from}");
        let text = file.1.replacen(from, to, 1);
        file.1 = &text;
        let told: Vec<String> = RuleSet::of(&files).0.lint().iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|told| told.starts_with(expect)), "{expect}\n{told:#?}");
    };
    assert_eq!(sample::set().lint(), []);
    let concepts = "concepts/sample.toml";
    check(
        concepts,
        "\"репортер\"",
        "\"ре*\"",
        "concepts/sample.toml:6: `ре*` of concept `speaker` matches nearly everything",
    );
    check(
        concepts,
        "\"репортер\"",
        "\"Журналист*\"",
        "concepts/sample.toml:6: `Журналист*` stands twice in concept `speaker` (ru)",
    );
    check(
        concepts,
        "\"тілші*\"",
        "\"сөгіс*\"",
        "concepts/sample.toml:7: `сөгіс*` of concept `speaker` is `соғыс` once",
    );
    check(
        "against/museum.toml",
        "unless = [\"today\"]",
        "",
        "concepts/sample.toml:41: no rule uses the concept `today`",
    );
    let rule = "arrest/speaker_held.toml";
    check(
        rule,
        "none =",
        "langs = [\"ru\"]\nnone =",
        "arrest/speaker_held.toml:1: rule `arrest.speaker_held` leaves a language out",
    );
    check(
        rule,
        "[[hit]]\nlang = \"kk\"",
        "[[hit]]\nlang = \"ru\"",
        "arrest/speaker_held.toml:1: rule `arrest.speaker_held` has no [[hit]] in kk",
    );
    check(
        concepts,
        "kk = [\"ұсталды\", \"ұстады\", \"қамауға\"]",
        "",
        "arrest/speaker_held.toml:1: rule `arrest.speaker_held` can never fire in kk: held",
    );
}
