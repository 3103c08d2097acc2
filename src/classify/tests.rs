//! The judge on invented stories: windows, gates, categories, hostile text.

use proptest::prelude::*;

use super::*;
use crate::model::Part;
use crate::rules::sample;

fn judge() -> Judge {
    Judge::new(sample::set())
}

/// A judge by the sample with one more rule, given by its body from `all` on.
fn judge_by(body: &str) -> Judge {
    let rule = format!("id = \"any.tried\"\nwhy = \"For the test.\"\n{body}\n");
    let mut files = sample::files();
    files.push(("any/tried.toml", &rule));
    let (set, faults) = RuleSet::of(&files);
    assert_eq!(faults, []);
    Judge::new(set)
}

fn story(title: &str, text: &str) -> Story {
    Story {
        id: "1".to_owned(),
        url: None,
        title: title.to_owned(),
        text: text.to_owned(),
        published: None,
        byline: None,
        source: None,
    }
}

/// What a rule adds to a story; 0 where it does not fire.
fn weight(judge: &Judge, rule: &str, title: &str, text: &str) -> f64 {
    let verdict = judge.judge(&story(title, text), None);
    verdict
        .evidence
        .iter()
        .chain(&verdict.against)
        .find(|evidence| evidence.rule == rule)
        .map_or(0.0, |evidence| evidence.weight)
}

const QUIET: &str = "The weather was mild. Trams ran on time. The river froze late. Schools opened on Tuesday.";

#[test]
fn windows_count_where_they_fire() {
    let judge = judge();
    let check = |title: &str, text: &str, expect: f64| {
        assert_eq!(weight(&judge, "arrest.speaker_held", title, text), expect, "{title} / {text}");
    };
    // near + sentence + lede.
    check("", "Police detained a journalist.", 3.1);
    // sentence + lede: eight tokens between.
    check("", "Police detained one two three four five six seven eight a journalist.", 2.1);
    // next + lede.
    check("", "Police came for a journalist. Later he was detained.", 1.0);
    check("A journalist speaks", "He was detained there.", 1.0);
    // lede alone: two sentences between.
    check("", "A journalist speaks. It rained. He was detained.", 0.5);
    // Further down: a quarter of near and sentence, and no lede.
    check("", &format!("{QUIET} Police detained a journalist."), 0.65);
    // Twice in the lede: a quarter more of near and sentence.
    check("", "Police detained a journalist. They detained a reporter too.", 3.75);
    // Once in the lede and once below.
    check("", &format!("Police detained a journalist. {QUIET} They detained a reporter too."), 3.75);
    check("", &format!("Police came. {QUIET} {QUIET} The journalist spoke."), 0.0);
    check("", &format!("Police detained him. {QUIET} The journalist spoke."), 0.0);
}

#[test]
fn groups_are_hit_by_different_tokens() {
    let judge = judge_by("all = [[\"held\"], [\"remand\"]]\n[weight]\nsentence = 1.0");
    let check = |text: &str, expect: f64| assert_eq!(weight(&judge, "any.tried", "", text), expect, "{text}");
    check("He was arrested.", 0.0);
    check("He was arrested and arrested again.", 1.0);
    check("He was detained and arrested.", 1.0);
}

#[test]
fn order_asks_for_the_order_of_the_groups() {
    let judge = judge_by("all = [[\"speaker\"], [\"held\"]]\norder = true\n[weight]\nnear = 1.0\nsentence = 0.1");
    let check = |text: &str, expect: f64| assert_eq!(weight(&judge, "any.tried", "", text), expect, "{text}");
    check("A journalist was detained.", 1.1);
    check("They detained a journalist.", 0.0);
    check("They detained a journalist who was then arrested.", 1.1);
    check("A journalist saw one two three four five six seven eight detained.", 0.1);
}

#[test]
fn a_rule_of_neighbours_only_means_one_sentence_too() {
    let judge = judge_by("all = [[\"speaker\"], [\"held\"]]\n[weight]\nnext = 1.0");
    let check = |text: &str, expect: f64| assert_eq!(weight(&judge, "any.tried", "", text), expect, "{text}");
    check("A journalist was detained.", 1.0);
    check("A journalist came. He was detained.", 1.0);
    check("A journalist came. It rained. He was detained.", 0.0);
}

#[test]
fn a_sentence_with_a_word_of_none_is_switched_off() {
    let judge = judge();
    let check = |text: &str, fires: bool| {
        assert_eq!(weight(&judge, "arrest.speaker_held", "", text) > 0.0, fires, "{text}");
    };
    check("Police detained a journalist with drugs.", false);
    check("Police detained a journalist. He spoke of drugs.", true);
    check("Police came for a journalist. Later he was detained with drugs.", false);
}

#[test]
fn a_phrase_that_says_who_reported_is_no_news_of_reporters() {
    let judge = judge();
    let check = |text: &str, fires: bool| {
        assert_eq!(weight(&judge, "arrest.speaker_held", "", text) > 0.0, fires, "{text}");
    };
    check("A thief was arrested, police told reporters.", false);
    check("A thief was arrested, police told a journalist.", true);
    check("He told reporters that a journalist was arrested.", true);
    check("Вор задержан, сообщили журналистам в полиции.", false);
    check("Ұры ұсталды, деп журналистерге айтты тергеуші.", false);
}

/// Words that say that something did not happen or is long past, and a concept that can be denied.
const MARKS: &str = r#"
[[concept]]
id = "beaten"
is = "somebody is beaten"
deniable = true
ru = ["избит*"]
kk = ["соққыға+жығылған"]
en = ["beaten"]
[[concept]]
id = "negation_before"
is = "it did not happen"
ru = ["=не", "не+был"]
en = ["=not", "not+been"]
[[concept]]
id = "negation_after"
is = "it did not happen"
kk = ["=жоқ"]
[[concept]]
id = "background"
is = "the rest recalls what was before"
ru = ["=напомним"]
kk = ["еске+салсақ"]
en = ["=earlier"]
"#;

fn judge_with_marks() -> Judge {
    let rule = "id = \"attack.beaten\"\ncategory = \"attack\"\nwhy = \"For the test.\"\n\
                all = [[\"speaker\"], [\"beaten\"]]\n[weight]\nsentence = 1.6\n";
    let mut files = sample::files();
    files.push(("concepts/marks.toml", MARKS));
    files.push(("attack/beaten.toml", rule));
    let (set, faults) = RuleSet::of(&files);
    assert_eq!(faults, []);
    Judge::new(set)
}

#[test]
fn what_is_denied_did_not_happen() {
    let judge = judge_with_marks();
    let check = |text: &str, fires: bool| {
        assert_eq!(weight(&judge, "attack.beaten", "", text) > 0.0, fires, "{text}");
    };
    check("Журналист был избит на рынке.", true);
    check("Журналист не был избит на рынке.", false);
    check("Журналист не избит.", false);
    check("Журналист не молчал: он избит.", true);
    check("Журналист соққыға жығылған.", true);
    check("Журналист соққыға жығылған жоқ.", false);
    check("The journalist was beaten.", true);
    check("The journalist was not beaten.", false);
    check("The journalist has not been beaten.", false);
    check("The journalist was not silent and was beaten.", true);
}

#[test]
fn what_is_only_recalled_counts_less() {
    let judge = judge_with_marks();
    let check = |text: &str, expect: f64| assert_eq!(weight(&judge, "attack.beaten", "", text), expect, "{text}");
    let score = judge.rules().score().clone();
    let recalled = rounded(1.6 * score.elsewhere * score.recalled, 3);
    check("The weather was mild. A journalist was beaten.", 1.6);
    check("The weather was mild. Earlier a journalist was beaten.", recalled);
    check("The weather was mild. Earlier it had rained. A journalist was beaten.", recalled);
    check("Погода мягкая. Напомним, журналист был избит.", recalled);
    check("Ауа райы жақсы болды. Еске салсақ, журналист соққыға жығылған.", recalled);
    // The word deep in the sentence, at the head of the text, or in another paragraph recalls nothing.
    check("The weather was mild. A journalist who spoke earlier was beaten.", 1.6);
    check("Earlier today a journalist was beaten.", 1.6);
    check("The weather was mild. Earlier it had rained.\n\nA journalist was beaten.", rounded(1.6 * score.early, 3));
}

#[test]
fn a_rule_against_a_category_takes_nothing_from_the_candidate() {
    let mut files = sample::files();
    let rule = "id = \"against.not_arrest\"\ncategory = \"arrest\"\nwhy = \"For the test.\"\n\
                all = [[\"today\"]]\n[weight]\nlede = -9.0\n";
    files.push(("against/not_arrest.toml", rule));
    let (set, faults) = RuleSet::of(&files);
    assert_eq!(faults, []);
    let judge = Judge::new(set);
    let judged = |text: &str| judge.judge(&story("", text), None);
    let (with, without) = (judged("Police detained a journalist today."), judged("Police detained a journalist."));
    assert_eq!((with.candidate, with.score), (true, without.score));
    assert_eq!(without.categories[0].id, Category::Arrest);
    assert_eq!(with.categories, []);
    assert!(with.against.is_empty());
    let shown = judge.explain(&story("", "Police detained a journalist today.")).to_string();
    assert!(shown.contains("of its category alone"), "{shown}");
}

#[test]
fn a_gate_shuts_what_has_no_present_act() {
    let judge = judge();
    let check = |title: &str, text: &str, fires: bool| {
        assert_eq!(weight(&judge, "arrest.speaker_held", title, text) > 0.0, fires, "{title} / {text}");
    };
    check("The museum recalls", "In 1951 a journalist was arrested.", false);
    check("", "The museum opened. In 1951 a journalist was arrested.", false);
    check("The museum recalls", "Today a journalist was arrested.", true);
    check("The museum recalls", "Today a journalist was arrested in the museum.", false);
    check("", "A journalist was arrested. The museum is closed.", true);
}

#[test]
fn a_title_told_again_counts_once() {
    let judge = judge();
    let once = weight(&judge, "arrest.speaker_held", "A journalist was arrested", "It rained all day.");
    let again = "A journalist was arrested\n\nIt rained all day.";
    assert_eq!(weight(&judge, "arrest.speaker_held", "A journalist was arrested", again), once);
}

#[test]
fn evidence_quotes_the_sentence_and_marks_the_words() {
    let verdict = judge().judge(&story("", "It rained. Police detained a journalist. It rained on."), None);
    let evidence = &verdict.evidence[0];
    assert_eq!(evidence.text, "Police detained a journalist.");
    assert_eq!((evidence.start, evidence.part), (11, Part::Text));
    let text = "It rained. Police detained a journalist. It rained on.";
    let words: Vec<&str> = evidence.words.iter().map(|word| &text[word.start..word.end]).collect();
    assert_eq!(words, ["detained", "journalist"]);
    assert!(verdict.candidate);
    assert_eq!(verdict.categories[0].id, Category::Arrest);
    assert_eq!(verdict.categories[0].subtype.as_deref(), Some("detention"));
}

#[test]
fn what_is_no_candidate_has_no_categories() {
    let verdict = judge().judge(&story("Weather", QUIET), None);
    assert!(!verdict.candidate);
    assert_eq!((verdict.categories, verdict.evidence), (vec![], vec![]));
}

#[test]
fn subtypes_are_the_first_that_the_sentence_says() {
    let judge = judge();
    let check = |text: &str, expect: &str| {
        let verdict = judge.judge(&story("", text), None);
        assert_eq!(verdict.categories[0].subtype.as_deref(), Some(expect), "{text}");
    };
    check("Police detained a journalist.", "detention");
    check("Police arrested a journalist.", "remand");
    check("Қалада кеше кешке жергілікті журналист қамауға алынды.", "remand");
}

#[test]
fn implied_categories_follow_from_subtypes() {
    let check = |labels: &[(Category, Option<&str>)], expect: &[(Category, Option<&str>)]| {
        let label = |(id, subtype): &(Category, Option<&str>)| Label {
            id: *id,
            subtype: subtype.map(str::to_owned),
            score: 0.8,
        };
        let mut labels: Vec<Label> = labels.iter().map(label).collect();
        imply(&mut labels);
        assert_eq!(labels, expect.iter().map(label).collect::<Vec<_>>());
    };
    use Category::{AdministrativeProsecution, Arrest, CriminalProsecution, DefamationSuit};
    check(
        &[(Arrest, Some("administrative_arrest"))],
        &[(Arrest, Some("administrative_arrest")), (AdministrativeProsecution, Some("administrative_arrest"))],
    );
    check(
        &[(CriminalProsecution, Some("defamation")), (DefamationSuit, None)],
        &[(CriminalProsecution, Some("defamation")), (DefamationSuit, Some("criminal"))],
    );
    check(
        &[(DefamationSuit, Some("administrative"))],
        &[(AdministrativeProsecution, None), (DefamationSuit, Some("administrative"))],
    );
    check(&[(Arrest, Some("remand"))], &[(Arrest, Some("remand"))]);
    check(&[(CriminalProsecution, Some("incitement"))], &[(CriminalProsecution, Some("incitement"))]);
}

#[test]
fn the_examples_of_the_sample_hold_and_wrong_ones_are_told() {
    let report = judge().test();
    assert_eq!(report.faults, []);
    assert_eq!((report.rules, report.examples, report.known_wrong), (3, 18, 0));
    assert_eq!(judge().check(), []);

    let wrong = sample::HELD
        .replace("detained a journalist in", "praised a journalist in")
        .replace("told reporters", "told one reporter");
    let wrong = format!("{wrong}[[known_wrong]]\nlang = \"en\"\nfires = true\ntext = \"The weather was mild.\"\n");
    let mut files = sample::files();
    files[1].1 = &wrong;
    let report = Judge::new(RuleSet::of(&files).0).test();
    let told: Vec<&str> = report.faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "`arrest.speaker_held` does not fire on its own [[hit]] in en",
            "`arrest.speaker_held` fires on a [[miss]] in en",
            "`arrest.speaker_held` is right now about an example that was known wrong",
        ]
    );
    assert_eq!(report.faults[0].line, Some(26));
    assert_eq!(report.known_wrong, 1);
}

#[test]
fn an_explanation_marks_the_words_and_shows_the_sum() {
    let explained = judge().explain(&story("Drugs", "Police detained a journalist.\u{1b}[31m")).to_string();
    for wanted in [
        "[Drugs: drugs]",
        "Police [detained: held] a [journalist: speaker].",
        "candidate, score ",
        "+3.10  arrest.speaker_held  (near, sentence, lede)",
        "-1.00  against.drugs  (lede)",
        "where every story starts",
    ] {
        assert!(explained.contains(wanted), "{wanted}\n{explained}");
    }
    assert!(!explained.contains('\u{1b}'));
}

#[test]
fn a_judge_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&judge());
}

#[test]
fn hostile_text_is_judged_like_any_other() {
    let judge = judge();
    for text in [
        String::new(),
        "\0\u{1}\u{7f}\u{202e}\u{feff}".to_owned(),
        "a".repeat(1 << 20),
        format!("journalist{}", "ж".repeat(1 << 20)),
        "journalist detained ".repeat(20_000),
        "detained. ".repeat(20_000),
        "journalist. drugs detained. ".repeat(10_000),
        format!("journalist {} detained", "word ".repeat(100_000)),
        "\n\n".repeat(100_000),
        "🙂".repeat(10_000),
    ] {
        for (title, text) in [("", text.as_str()), (text.as_str(), "")] {
            let story = story(title, text);
            let verdict = judge.judge(&story, None);
            check_quotes(&story, &verdict);
            assert!(verdict.evidence.iter().all(|evidence| evidence.text.len() <= 2 * LONGEST_EVIDENCE));
        }
    }
}

/// Every span stands on character borders and quotes exactly.
fn check_quotes(story: &Story, verdict: &Verdict) {
    for evidence in verdict.evidence.iter().chain(&verdict.against) {
        assert_eq!(story.part(evidence.part).get(evidence.start..evidence.end), Some(evidence.text.as_str()));
        for word in &evidence.words {
            assert!(story.part(word.part).get(word.start..word.end).is_some_and(|word| !word.is_empty()));
            assert!(word.part == evidence.part && evidence.start <= word.start && word.end <= evidence.end);
        }
    }
}

/// Words that hit, words that do not, and what may stand between them.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "journalist", "reporters", "detained", "arrested", "museum", "today", "drugs", "told", "журналиста", "задержали",
            "арестован", "сообщили", "журналистам", "ұсталды", "журналист", "қамауға", "есірткі", "мұражай", "the", "и", "деп",
        ]).prop_map(|word| format!("{word} ")),
        2 => prop::sample::select(vec![". ", "! ", "\n\n", ", ", "- ", "\u{ad}", "\u{200b}", "e\u{301}"]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn spans_quote_exactly_and_judging_is_deterministic(title in text(), text in text()) {
        let story = story(&title, &text);
        let (one, other) = (SHARED.with(|judge| judge.judge(&story, Some("KZ"))), judge().judge(&story, Some("KZ")));
        check_quotes(&story, &one);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn what_is_told_below_never_removes_a_candidate_of_the_lede((quiet, title, body) in story_of_one_language()) {
        // The head is full, so that what is appended stands below it.
        let body = format!("{body}.\n\n{}", quiet[0]);
        let before = SHARED.with(|judge| judge.weigh(&judge.reading(&title, &body), None).sum);
        let by_lede = before.total() - before.tail();
        for quiet in quiet {
            let after = SHARED.with(|judge| judge.judge(&story(&title, &format!("{body}\n\n{quiet}")), None));
            prop_assert!(!before.candidate || by_lede < -0.8 || after.candidate, "{:?}\n{:?}", before, after);
        }
    }
}

/// Two quiet paragraphs, a title and a body, all in one language: a paragraph of mixed languages may be
/// read as another when more of one is appended.
fn story_of_one_language() -> impl Strategy<Value = ([&'static str; 2], String, String)> {
    let words = [
        &[
            "journalist",
            "reporters",
            "detained",
            "arrested",
            "museum",
            "today",
            "drugs",
            "told",
            "the",
            "of",
            "and",
            ". ",
        ][..],
        &[
            "журналиста",
            "задержали",
            "арестован",
            "сообщили",
            "журналистам",
            "музей",
            "сегодня",
            "наркотики",
            "и",
            "в",
            ". ",
        ],
    ];
    let quiet = [
        [QUIET, "They spoke of drugs. The museum sold drugs."],
        [
            "Шёл снег. Трамваи ходили по расписанию. Река встала поздно. Школы открылись во вторник.",
            "Они говорили о наркотиках. Музей рассказал о наркотиках.",
        ],
    ];
    (0..2usize).prop_flat_map(move |lang| {
        let some =
            |most| prop::collection::vec(prop::sample::select(words[lang]), 0..most).prop_map(|words| words.join(" "));
        (Just(quiet[lang]), some(6), some(30))
    })
}

thread_local! {
    static SHARED: Judge = judge();
}
