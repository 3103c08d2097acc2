//! Tables of phrases, and agreement with labelled stories where they are at hand.
//!
//! Every phrase is invented. Near misses stand among the hits: what must not be read is as much a
//! promise as what must.
#![expect(clippy::disallowed_methods, reason = "labelled stories, where SOZWATCH_DATA names them, are read from disk")]

mod agreement;
mod articles;
mod dates;
mod money;
mod stories;

use std::sync::LazyLock;

use super::*;
use crate::model::{Diagnostic, Lang};
use crate::text::language::Detector;
use crate::text::read;
use crate::text::stems::Entry;

macro_rules! rule_files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $name)))),+]
    };
}

const TABLES: &[(&str, &str)] = rule_files!(
    "law/kz.toml",
    "law/neighbours.toml",
    "law/codes.toml",
    "places/kz.toml",
    "places/world.toml",
    "outlets/kz.toml",
    "courts/kz.toml",
    "money/kz.toml",
    "money/currencies.toml",
    "money/cues.toml",
);

const CONCEPTS: &[&str] = &[
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/concepts/facts_stage.toml")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/concepts/facts_outcome.toml")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/concepts/facts_actor.toml")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/concepts/facts_role.toml")),
];

/// The tables of the project, built once for all tests.
fn tables() -> &'static Tables {
    static BUILT: LazyLock<Tables> = LazyLock::new(build_tables);
    &BUILT
}

fn build_tables() -> Tables {
    let files: Vec<(String, String)> =
        TABLES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let (tables, faults) = Tables::parse(&files);
    assert_eq!(faults, [], "the tables have faults");
    tables
}

/// The cue concepts of this module as a lexicon, built once.
fn cues() -> &'static Lexicon {
    static BUILT: LazyLock<Lexicon> = LazyLock::new(build_cues);
    &BUILT
}

/// The language detector, built once.
fn detector() -> &'static Detector {
    static BUILT: LazyLock<Detector> = LazyLock::new(Detector::new);
    &BUILT
}

fn build_cues() -> Lexicon {
    let mut forms: Vec<(String, Lang, String, bool)> = Vec::new();
    for text in CONCEPTS {
        let file: toml::Table = toml::from_str(text).unwrap();
        for concept in file["concept"].as_array().unwrap() {
            let id = concept["id"].as_str().unwrap();
            for (except, list) in [(false, Some(concept)), (true, concept.get("except"))] {
                for (key, lang) in [("ru", Lang::RU), ("kk", Lang::KK), ("en", Lang::EN)] {
                    let forms_of = list.and_then(|list| list.get(key)).and_then(toml::Value::as_array);
                    for form in forms_of.into_iter().flatten() {
                        forms.push((id.to_owned(), lang, form.as_str().unwrap().to_owned(), except));
                    }
                }
            }
        }
    }
    let entries =
        forms.iter().map(|(concept, lang, form, except)| Entry { concept, lang: *lang, form, except: *except });
    let (lexicon, bad) = Lexicon::build(entries);
    assert_eq!(bad, [], "cues that cannot be looked for");
    lexicon
}

/// A story surveyed by tables alone.
fn survey<'r, 'a>(reading: &'r Reading<'a>, tables: &'r Tables) -> Survey<'r, 'a> {
    Survey::of(reading, tables, &tables.lexicon().hits(reading))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn faults_of_a_table_are_told_with_their_line_and_the_rest_is_used() {
    let files = |name: &str, text: &str| vec![(name.to_owned(), text.to_owned())];
    let first = |name: &str, text: &str| Tables::parse(&files(name, text)).1.into_iter().next();
    let check = |name: &str, text: &str, line: usize, words: &str| {
        let Diagnostic { path, line: at, message, .. } = first(name, text).expect("a fault");
        assert_eq!((path.as_str(), at), (name, Some(line)), "{message}");
        assert!(message.contains(words), "{message}");
    };
    check("places/x.toml", "country = \"KZ\"\n[[place]]\nid = \"kz-a\"\n", 2, "missing");
    check("places/x.toml", "country = \"kaz\"\n", 1, "no country");
    check("places/x.toml", "[[place]]\nid = \"kz-a\"\nname = \"A\"\nkind = \"town\"\n", 2, "no country");
    check(
        "places/x.toml",
        "country = \"KZ\"\n[[place]]\nid = \"a\"\nname = \"A\"\nkind = \"town\"\nru = [\n\"=а*\"]\n",
        7,
        "cannot be looked for",
    );
    check("law/x.toml", "[[code]]\ncode = \"XC\"\n", 2, "is no code");
    check("law/x.toml", "[[article]]\ncode = \"CC\"\nnumber = \"1\"\ntitle = {}\n", 3, "no country");
    check("money/x.toml", "[[index]]\nfrom = \"2014-02-30\"\ntenge = 1\n", 2, "");
    check("courts/x.toml", "[[court]]\nid = \"x\"\ninstance = \"third\"\n", 3, "third");
    check("outlets/x.toml", "oulet = 1\n", 1, "oulet");
    let (tables, faults) = Tables::parse(&[
        ("places/bad.toml".to_owned(), "nonsense".to_owned()),
        ("places/kz.toml".to_owned(), "country = \"KZ\"\n[country_words]\nen = [\"Kazakhstan\"]\n".to_owned()),
        ("elsewhere/kz.toml".to_owned(), "nonsense".to_owned()),
    ]);
    assert_eq!(faults.len(), 1);
    let reading = read("", "The ministry in Kazakhstan said nothing", detector());
    assert_eq!(survey(&reading, &tables).country(None).as_deref(), Some("KZ"));
}

#[test]
fn no_text_makes_the_grammars_fail() {
    let (tables, cues, detector) = (tables(), cues(), detector());
    let nasty = [
        "ст. ст. ст. ч. ч. п. 174 174 174, 274, 400, и и и",
        "99999999999999999999 999 999 999 999 999 999 999 млрд тенге и $99999999999999 триллионов триллионов",
        "174-баптың -бабы 1-1-1-1-1-1 бап 0-бап 99999-бап 2017-13-45 31.02.2017 00.00.0000 29 февраля",
        "Article (1) of of of the Article 174(((1))) 20.3.3.3.3.3.3 КоАП",
        "қарашаның қарашаның 40-ы 2017 жылғы жылғы 16 16 16 қараша",
        "суд суд суд № № № города города г. г. по по делам",
        "««««««»»»»» «газета» газета «» \u{200b}\u{ad} ؟؟ ۱۲۳ ١٧٤-باپ",
        "миллион миллионов миллиардов тысяч тысяч полмиллиона half half a a million",
        "-5 млн тенге, 0 тенге, 0,000 тенге, 1.2.3.4.5 тенге, ٥ تەڭگە",
    ];
    for text in nasty {
        for (title, text) in [("", text), (text, ""), (text, text)] {
            let reading = read(title, text, detector);
            let hits = cues.hits(&reading);
            let labels: Vec<Label> =
                Category::ALL.iter().map(|id| Label { id: *id, subtype: None, score: 1.0 }).collect();
            for published in [None, Some("2024-02-29T12:00:00Z".parse().unwrap())] {
                let _ = survey(&reading, tables).fields(cues, &hits, &labels, published);
            }
            let _ = (
                survey(&reading, tables).articles(),
                survey(&reading, tables).outlets(),
                survey(&reading, tables).country(None),
            );
        }
    }
}

proptest::proptest! {
    #[test]
    fn spans_quote_the_story_whatever_it_says(
        title in ".{0,60}",
        text in "((ст\\.|ч\\.|УК|суд|тенге|млн|174|73-3|ноября|2017|бап|қараша|Article|\\$|«|»|Алматы|сот|on|Friday|[а-я]{1,6}|[0-9]{1,9}|.)[ ,.]){0,60}",
    ) {
        let (tables, cues) = (tables(), cues());
        let reading = read(&title, &text, detector());
        let hits = cues.hits(&reading);
        let labels = [Label { id: Category::DefamationSuit, subtype: None, score: 1.0 }];
        let published = Some("2024-02-29T12:00:00Z".parse().unwrap());
        let (_, spans) = survey(&reading, tables).fields(cues, &hits, &labels, published);
        for span in spans.values().flatten() {
            proptest::prop_assert!(reading.part(span.part).get(span.start..span.end).is_some());
        }
    }
}
