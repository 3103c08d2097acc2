//! An archive under changing rules: what moves, what people decided, and near-duplicates.

use std::path::Path;

use super::*;
use crate::config::{Config, RulesConfig};
use crate::desk::Kept;
use crate::ledger::Act;
use crate::model::{Card, Decision, Lang, Review, Story};

/// Words that nobody's rules know, in a text that is otherwise quiet.
const TEXT: &str = "The town library was open on Monday. It has a garden, three rooms and a hall for a hundred people. A \
    gardener said the roses had come through the winter well, and the tulips would follow in a week or two. Bread was \
    sold at the gate, and children drew ships with chalk on the long grey path beside the pond.";

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_510_790_400 + 3600 * hour).unwrap()
}

fn story(id: &str, text: &str) -> Story {
    Story {
        id: id.to_owned(),
        url: Some(format!("https://tau.example/{id}")),
        title: format!("A day in the library, part {id}"),
        text: text.to_owned(),
        published: None,
        byline: None,
        source: Some(format!("Source {id}")),
    }
}

/// Writes an operator's rules: a category for each of these words, which alone make a candidate.
fn rules(folder: &Path, words: &[(&str, &str)]) {
    let dir = folder.join("rules");
    let _ = std::fs::remove_dir_all(&dir);
    let mut concepts = String::new();
    for (word, category) in words {
        concepts.push_str(&format!("[[concept]]\nid = \"{word}\"\nis = \"a word\"\nen = [\"{word}\"]\n"));
        let rule = format!(
            "id = \"{category}.{word}\"\ncategory = \"{category}\"\nwhy = \"For the test.\"\nall = [[\"{word}\"]]\n\
             [weight]\nsentence = 12.0\n"
        );
        std::fs::create_dir_all(dir.join(category)).unwrap();
        std::fs::write(dir.join(format!("{category}/{word}.toml")), rule).unwrap();
    }
    std::fs::create_dir_all(dir.join("concepts")).unwrap();
    // The words that ship would outweigh one invented rule in a text on gardens.
    let constants = "share = 1.0\nmost = 99.0\nstart = 0.0\nthreshold = 0.5\n";
    std::fs::write(dir.join("score.toml"), constants).unwrap();
    std::fs::write(dir.join("concepts/own.toml"), concepts).unwrap();
}

fn config() -> Config {
    Config { rules: RulesConfig { dir: Some("rules".to_owned()) }, ..Config::embedded() }
}

fn open(folder: &Path) -> Desk {
    let (desk, notices) = Desk::open(config(), folder, at(0)).unwrap();
    assert_eq!(notices, []);
    desk
}

fn with(word: &str) -> String {
    TEXT.replace("A gardener", &format!("A {word} gardener"))
}

/// A long text that is no near-duplicate of one with another seed.
fn apart(word: &str, seed: &str) -> String {
    format!("The {word} stood there. {}", format!("{seed} tells of {seed} things. ").repeat(30))
}

/// What is listed, where: ids of those who wait and of those decided.
fn lists(desk: &Desk) -> (Vec<String>, Vec<String>) {
    let ids = |candidates: Vec<crate::model::Candidate>| candidates.into_iter().map(|candidate| candidate.id).collect();
    (ids(desk.store().waiting().unwrap()), ids(desk.store().decided().unwrap()))
}

/// Every story of the store, whole.
fn all(desk: &Desk) -> Vec<Judged> {
    desk.store().stories_after(None, 1000).unwrap()
}

fn turns(done: &Rejudged) -> Vec<(Turn, &str)> {
    done.changes.iter().map(|change| (change.turn, change.id.as_str())).collect()
}

fn review(id: &str, decision: Decision) -> Act {
    Act::Review(Review {
        id: id.to_owned(),
        decision: Some(decision),
        reviewer: "A. Kim".to_owned(),
        at: at(2),
        note: None,
        card: Card::default(),
        by_hand: None,
        fingerprint: String::new(),
        takes_back: None,
        saw: None,
    })
}

#[test]
fn changes_are_shown_then_written_and_people_have_the_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    rules(folder, &[("zorblat", "censorship"), ("quibbix", "attack")]);
    let desk = open(folder);
    for (id, text) in [
        ("a1", apart("zorblat", "Autumn")),
        ("b2", apart("zorblat", "Bread")),
        ("c3", apart("quibbix", "Chalk")),
        ("d4", apart("plimfor", "Dew")),
        ("e5", apart("nothing", "Elms")),
    ] {
        assert!(matches!(desk.keep(story(id, &text), at(1)).unwrap(), Kept::Stored { .. }));
    }
    desk.record_acts(vec![review("b2", Decision::Reject)], at(2)).unwrap();
    let (mut waiting, decided) = lists(&desk);
    waiting.sort();
    assert_eq!((waiting, decided), (vec!["a1".to_owned(), "c3".to_owned()], vec!["b2".to_owned()]));
    let old = desk.judge().rules().version();
    let same = desk.rejudge(None, false, at(3)).unwrap();
    assert_eq!((same.stories, same.same, same.changes.len()), (5, 5, 0));

    // One word falls, one comes, one is of another category now. The desk that is open sees it coming.
    rules(folder, &[("quibbix", "obstruction"), ("plimfor", "attack")]);
    let shown = desk.rejudge(None, false, at(3)).unwrap();
    let expect = [(Turn::Enters, "d4"), (Turn::Leaves, "a1"), (Turn::Leaves, "b2"), (Turn::Category, "c3")];
    assert_eq!(turns(&shown), expect);
    assert_eq!((shown.stories, shown.same, shown.details, shown.applied), (5, 1, 0, false));
    assert_eq!(shown.judged_by, BTreeMap::from([(old.clone(), 5)]));
    let moved = |enters, leaves, category| Moved { enters, leaves, category };
    let counts = BTreeMap::from([
        ("attack.plimfor".to_owned(), moved(1, 0, 0)),
        ("attack.quibbix".to_owned(), moved(0, 0, 1)),
        ("censorship.zorblat".to_owned(), moved(0, 2, 0)),
        ("obstruction.quibbix".to_owned(), moved(0, 0, 1)),
    ]);
    assert_eq!(shown.by_rule, counts);
    assert_eq!(shown.changes[2].decided, Some(Status::Rejected));
    assert_eq!(shown.changes[3].before.categories, ["attack"]);
    assert_eq!(shown.changes[3].after.categories, ["obstruction"]);
    assert_eq!(shown.changes[0].rules["attack.plimfor"].0, None);
    assert_eq!(lists(&desk).0.len(), 2, "nothing was written");
    let refused = desk.rejudge(None, true, at(3)).unwrap_err().to_string();
    assert!(refused.contains("SIGHUP"), "{refused}");
    drop(desk);

    let desk = open(folder);
    let new = desk.judge().rules().version();
    let lock = folder.join(".~lock.queue.csv#");
    std::fs::write(&lock, "").unwrap();
    let refused = desk.rejudge(None, true, at(4)).unwrap_err().to_string();
    assert!(refused.contains("being worked on"), "{refused}");
    std::fs::remove_file(&lock).unwrap();
    assert_eq!(lists(&desk).0.len(), 2, "nothing was written");

    let done = desk.rejudge(None, true, at(4)).unwrap();
    assert_eq!((turns(&done), done.applied, done.rule_set == new), (expect.to_vec(), true, true));
    assert_eq!(done.queue.as_ref().map(|queue| queue.rows), Some(2));
    let (mut waiting, decided) = lists(&desk);
    waiting.sort();
    assert_eq!((waiting, decided), (vec!["c3".to_owned(), "d4".to_owned()], vec!["b2".to_owned()]));
    let versions: Vec<bool> = all(&desk).iter().map(|judged| judged.rule_set == new).collect();
    assert_eq!(versions.iter().filter(|changed| **changed).count(), 4, "the verdict that stayed keeps its version");
    let rejected = desk.store().candidate("b2").unwrap().unwrap();
    assert_eq!((review::status(&rejected), rejected.reviews.len()), (Status::Rejected, 1));
    assert!(!rejected.judged.unwrap().verdict.candidate);
    let again = desk.rejudge(None, true, at(5)).unwrap();
    assert_eq!((again.same, again.changes.len(), again.details), (5, 0, 0));
    assert_eq!(desk.check().unwrap(), []);

    let (stories, listed) = (all(&desk), lists(&desk));
    drop(desk);
    Desk::rebuild(&config(), folder).unwrap();
    let desk = open(folder);
    assert_eq!((all(&desk), lists(&desk)), (stories, listed), "the journal gives the same store");
}

#[test]
fn near_duplicates_are_neither_lost_nor_shown_twice() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    rules(folder, &[("zorblat", "censorship"), ("library", "attack")]);
    let desk = open(folder);
    // The first two are candidates by the library, the third repeats them.
    for (id, text, expect) in [
        ("h1", TEXT.to_owned(), "stored"),
        ("r2", with("zorblat"), "reprint"),
        ("r3", with("zorblat").replace("two.", "two or three."), "reprint"),
    ] {
        let kept = desk.keep(story(id, &text), at(id.len() as i64)).unwrap();
        assert_eq!(matches!(kept, Kept::Reprint { .. }), expect == "reprint", "{id}: {kept:?}");
    }
    assert_eq!(lists(&desk).0, ["h1"]);
    drop(desk);

    // Their head leaves: they stay candidates by the other word and must not be hidden under it.
    rules(folder, &[("zorblat", "censorship")]);
    let desk = open(folder);
    let done = desk.rejudge(None, true, at(9)).unwrap();
    assert_eq!(turns(&done).first(), Some(&(Turn::Leaves, "h1")));
    assert_eq!((done.set_free, done.joined), (1, 0));
    assert_eq!(lists(&desk).0, ["r2"]);
    let also: Vec<String> =
        desk.store().candidate("r2").unwrap().unwrap().also.into_iter().map(|told| told.id).collect();
    assert_eq!(also, ["r3"]);
    assert_eq!(desk.check().unwrap(), []);
    drop(desk);

    // It enters again: it repeats a story that is in the queue, and goes under it.
    rules(folder, &[("zorblat", "censorship"), ("library", "attack")]);
    let desk = open(folder);
    let done = desk.rejudge(None, true, at(10)).unwrap();
    assert_eq!(turns(&done).first(), Some(&(Turn::Enters, "h1")));
    assert_eq!((done.set_free, done.joined), (0, 1));
    assert_eq!(lists(&desk).0, ["r2"]);
    assert_eq!(desk.check().unwrap(), []);
}

#[test]
fn a_story_that_enters_goes_under_the_one_it_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    rules(folder, &[("zorblat", "censorship")]);
    let desk = open(folder);
    let kept = [desk.keep(story("q1", TEXT), at(1)).unwrap(), desk.keep(story("z2", &with("zorblat")), at(2)).unwrap()];
    assert!(kept.iter().all(|kept| matches!(kept, Kept::Stored { .. })), "{kept:?}");
    assert_eq!(lists(&desk).0, ["z2"]);
    drop(desk);

    rules(folder, &[("zorblat", "censorship"), ("library", "attack")]);
    let desk = open(folder);
    // Captured on a later day than either: nothing is judged. The house's day begins five hours early.
    let none = desk.rejudge(Some("2017-11-17".parse().unwrap()), true, at(10)).unwrap();
    assert_eq!((none.stories, none.changes.len()), (0, 0));
    let done = desk.rejudge(Some("2017-11-16".parse().unwrap()), true, at(10)).unwrap();
    assert_eq!((done.stories, done.joined, done.set_free), (2, 1, 0));
    assert_eq!(lists(&desk).0, ["z2"]);
    assert_eq!(desk.store().story("q1").unwrap().unwrap().head.as_deref(), Some("z2"));
    assert_eq!(desk.check().unwrap(), []);
    let stories = all(&desk);
    drop(desk);
    Desk::rebuild(&config(), folder).unwrap();
    assert_eq!(all(&open(folder)), stories);
}

/// Stories by id, each with the hour in which it was captured, who it is about, and its telling word.
fn keep_all(desk: &Desk, stories: &[(&str, i64, &str, &str)]) {
    for (id, hour, person, word) in stories {
        let own: String = (0..60).map(|number| format!(" {id}{number}")).collect();
        let text = format!("{person} saw the {word}, and {person} left with{own}.");
        assert!(matches!(desk.keep(story(id, &text), at(*hour)).unwrap(), Kept::Stored { .. }), "{id}");
    }
}

fn judged(desk: &Desk, id: &str) -> Judged {
    desk.store().story(id).unwrap().unwrap()
}

#[test]
fn a_row_found_on_a_second_look_says_so_and_is_tied_to_its_case() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    rules(folder, &[("zorblat", "censorship")]);
    let desk = open(folder);
    keep_all(
        &desk,
        &[
            ("known", 1, "Dorel Vakish", "zorblat"),
            ("again", 2, "Dorel Vakish", "plimfor"),
            ("other", 3, "Tomas Brenkel", "plimfor"),
            ("decided", 4, "Ulpan Sherim", "zorblat"),
        ],
    );
    desk.record_acts(vec![review("decided", Decision::Reject)], at(5)).unwrap();
    drop(desk);

    rules(folder, &[("zorblat", "censorship"), ("plimfor", "censorship")]);
    let desk = open(folder);
    let version = desk.judge().rules().version();
    assert_eq!(desk.rejudge(None, false, at(6)).unwrap().tied, 0, "it was only shown");
    assert_eq!(judged(&desk, "again").second_look, None, "it was only shown");
    let done = desk.rejudge(None, true, at(6)).unwrap();
    assert_eq!((turns(&done).len(), done.tied), (2, 1));
    let link = judged(&desk, "again").link.unwrap();
    assert_eq!((link.case, link.to.as_str(), link.joins), (review::case_id("known"), "known", true));
    assert_eq!(judged(&desk, "other").link, None);

    let remarks = |id: &str, lang| desk.remarks(&desk.store().candidate(id).unwrap().unwrap(), lang).unwrap();
    for id in ["again", "other"] {
        assert_eq!(remarks(id, Lang::EN), [format!("Found on a second look, by rule set {version}")]);
        assert_eq!(remarks(id, Lang::RU), [format!("Найдено при повторном просмотре, по набору правил {version}")]);
        assert_eq!(remarks(id, Lang::KK), [format!("Қайта қарағанда табылды, ережелер жинағы: {version}")]);
    }
    assert_eq!(remarks("known", Lang::EN), [""; 0], "it waited before");
    let file = std::fs::read_to_string(folder.join("queue.csv")).unwrap();
    assert_eq!(file.matches(&version).count(), 2, "{file}");
    let imported = desk.import_queue(&folder.join("queue.csv"), at(7)).unwrap();
    assert_eq!((imported.taken, imported.returned.len()), (0, 0), "the line is nobody's correction: {imported:?}");

    // Neither is told twice, and another category does not make it found again.
    let again = desk.rejudge(None, true, at(8)).unwrap();
    assert_eq!((again.changes.len(), again.tied, lists(&desk).0.len()), (0, 0, 3));
    drop(desk);
    rules(folder, &[("plimfor", "attack")]);
    let desk = open(folder);
    desk.rejudge(None, true, at(9)).unwrap();
    assert_eq!(judged(&desk, "again").second_look, Some(version), "the category changed");
    assert_eq!(judged(&desk, "known").second_look, None, "it left");
    drop(desk);
    rules(folder, &[("zorblat", "censorship")]);
    let desk = open(folder);
    let done = desk.rejudge(None, true, at(10)).unwrap();
    assert_eq!(done.changes.iter().filter(|change| change.decided.is_some()).count(), 1);
    assert_eq!(judged(&desk, "again").second_look, None, "it left");
    assert_eq!(judged(&desk, "decided").second_look, None, "people have seen it");
    assert_eq!(judged(&desk, "known").second_look, Some(desk.judge().rules().version()));
    assert_eq!(desk.check().unwrap(), []);
}

#[test]
fn of_two_that_enter_the_later_is_tied_to_the_earlier() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    rules(folder, &[("zorblat", "censorship")]);
    let desk = open(folder);
    let people = ["Dorel Vakish", "Tomas Brenkel", "Ulpan Sherim", "Kenje Moldar"];
    for (number, person) in (0_i64..).zip(people) {
        keep_all(&desk, &[(&format!("late{number}"), 9 + number, person, "plimfor")]);
        keep_all(&desk, &[(&format!("early{number}"), 1 + number, person, "plimfor")]);
    }
    drop(desk);
    rules(folder, &[("plimfor", "censorship")]);
    let desk = open(folder);
    let done = desk.rejudge(None, true, at(20)).unwrap();
    assert_eq!((done.changes.len(), done.tied), (8, 4));
    for number in 0..people.len() {
        assert_eq!(judged(&desk, &format!("early{number}")).link, None);
        let link = judged(&desk, &format!("late{number}")).link.unwrap();
        assert_eq!((link.to, link.case), (format!("early{number}"), review::case_id(&format!("early{number}"))));
    }
    assert_eq!(desk.check().unwrap(), []);
}
