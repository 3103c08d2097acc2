//! Forms, and the words that they hit and do not hit.

use super::*;
use crate::text::language::Detector;
use crate::text::read;

fn lexicon(entries: &[(&'static str, Lang, &'static str)]) -> Lexicon {
    let entries = entries.iter().map(|(concept, lang, form)| {
        let (except, form) = form.strip_prefix('!').map_or((false, *form), |form| (true, form));
        Entry { concept, lang: *lang, form, except }
    });
    let (lexicon, bad) = Lexicon::build(entries);
    assert_eq!(bad, []);
    lexicon
}

fn found(lexicon: &Lexicon, text: &str) -> Vec<String> {
    let reading = read("", text, &Detector::new());
    let hits = lexicon.hits(&reading);
    hits.all()
        .iter()
        .map(|hit| {
            let span = reading.span(hit.first as usize..hit.last as usize + 1);
            format!("{}: {}", lexicon.name(hit.concept), reading.quote(span))
        })
        .collect()
}

#[test]
fn russian_forms_hit_their_endings_and_nothing_else() {
    let lexicon = lexicon(&[
        ("claim", Lang::RU, "иск"),
        ("held", Lang::RU, "арестова*"),
        ("court", Lang::RU, "суд"),
        ("media", Lang::RU, "=сми"),
    ]);
    let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
    check("Он подал иск, суд отклонил иски и искать не стал", &["claim: иск", "court: суд", "claim: иски"]);
    check("Поиск судна и его судьба интересуют искусствоведа", &[]);
    check("Журналист арестован, СМИ молчат, а Смирнов нет", &["held: арестован", "media: СМИ"]);
}

#[test]
fn kazakh_forms_hit_suffix_chains_in_every_script() {
    let lexicon = lexicon(&[
        ("verdict", Lang::KK, "үкім"),
        ("editor", Lang::KK, "редактор"),
        ("media", Lang::KK, "upper:бақ"),
        ("held", Lang::KK, "ұстал*"),
    ]);
    let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
    check("Сот үкімінің күші жойылды, бірақ үкімет үндемеді", &["verdict: үкімінің"]);
    check("Редакторларымыздың бірі кеше ұсталды деді", &["editor: Редакторларымыздың", "held: ұсталды"]);
    check("БАҚ-тың өкілдері бақ туралы айтты және кетті", &["media: БАҚ-тың"]);
    check("Redaktordyñ özı keşe ūstaldy jäne bosatylğan joq", &["editor: Redaktordyñ", "held: ūstaldy"]);
    check("رەداكتوردىڭ ءوزى كەشە ۇستالدى", &["editor: رەداكتوردىڭ", "held: ۇستالدى"]);
}

#[test]
fn english_forms_and_capitals() {
    let lexicon = lexicon(&[
        ("speaker", Lang::EN, "editor"),
        ("protest", Lang::EN, "lower:march"),
        ("crew", Lang::EN, "camera+crew"),
    ]);
    let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
    check("The editor's lawyer and two editors left in March", &["speaker: editor's", "speaker: editors"]);
    check("The editorial was about the march of the miners", &["protest: march"]);
    check("A camera crew and the crew with a camera were there", &["crew: camera crew"]);
}

#[test]
fn forms_of_several_words_keep_their_order_and_distance() {
    let lexicon = lexicon(&[("off_air", Lang::RU, "снял* =с эфир*"), ("post", Lang::RU, "=за пост")]);
    let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
    check("Программу сняли вчера вечером с эфира телеканала", &["off_air: сняли вчера вечером с эфира"]);
    check("С эфира программу не сняли вовсе, и она идёт", &[]);
    check("Его судят за старый критический пост в сети", &["post: за старый критический пост"]);
    check("Его судят за то, что он некогда написал там пост", &[]);
}

#[test]
fn false_friends_cancel_their_concept_only() {
    let lexicon =
        lexicon(&[("held", Lang::RU, "арест"), ("held", Lang::RU, "!арест счет"), ("order", Lang::RU, "арест")]);
    let check = |text: &str, expect: &[&str]| assert_eq!(found(&lexicon, text), expect, "{text}");
    check("Суд наложил арест на счета компании в банке", &["order: арест"]);
    check("Суд продлил арест журналиста до конца месяца", &["held: арест", "order: арест"]);
}

#[test]
fn joined_lexicons_hit_what_both_hit() {
    let one = lexicon(&[
        ("held", Lang::RU, "арест"),
        ("held", Lang::RU, "!арест счет"),
        ("off_air", Lang::RU, "снял* =с эфир*"),
    ]);
    let two = lexicon(&[
        ("0", Lang::RU, "городск*+суд"),
        ("1", Lang::RU, "арест"),
        ("2", Lang::EN, "court"),
        ("3", Lang::RU, "снял* эфир*"),
    ]);
    let text = "Городской суд снял арест счета, а арест редактора нет. Программу сняли вчера с эфира.";
    let reading = read("", text, &Detector::new());
    let both = one.joined(&two).hits(&reading);
    assert_eq!(both.parted(one.len()), (one.hits(&reading), two.hits(&reading)));
    assert_eq!((one.hits(&reading).all().len(), two.hits(&reading).all().len()), (2, 4));
}

#[test]
fn bad_forms_are_told() {
    let bad = |form: &'static str, lang: Lang| {
        let (_, bad) = Lexicon::build([Entry { concept: "c", lang, form, except: false }]);
        bad.first().map(|bad| bad.why)
    };
    assert_eq!(bad("слово", Lang::RU), None);
    assert!(bad("", Lang::RU).is_some());
    assert!(bad("=сло*", Lang::RU).is_some());
    assert!(bad("сл*во", Lang::RU).is_some());
    assert!(bad("big:слово", Lang::RU).is_some());
    assert!(bad("--", Lang::RU).is_some());
    assert!(bad("слово", Lang::UND).is_some());
}
