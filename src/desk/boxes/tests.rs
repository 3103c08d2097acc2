//! Two reviewers and their boxes: what goes out, what comes back, and what a crash leaves.
#![expect(clippy::disallowed_types, reason = "edge: the tests set when a file was changed")]

use super::*;
use crate::ledger::samples;
use crate::model::Lang;
use crate::review::Row;

const TWO: &str = "[queue]\npath = \"queue.csv\"\n\
    [[reviewer]]\nname = \"Айгүл\"\nlanguage = \"kk\"\n\
    [[reviewer]]\nname = \"Пётр\"\nlanguage = \"ru\"\n";

/// A moment, in seconds after the one at which everything begins: a day of the house's future, so that a file
/// which a test writes is never older than a minute by its own time of change.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(4_000_000_000 + seconds).unwrap()
}

/// The same moment as a file's time of change.
fn clock(seconds: i64) -> std::time::SystemTime {
    std::time::UNIX_EPOCH + std::time::Duration::from_secs(at(seconds).as_second().unsigned_abs())
}

fn id(n: u32) -> String {
    format!("s{n:016x}")
}

struct House {
    folder: tempfile::TempDir,
    desk: Desk,
}

impl House {
    fn new(config: &str, rows: std::ops::Range<u32>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = open(config, folder.path());
        rows.for_each(|n| desk.record(&[samples::story(n, true)]).unwrap());
        Self { folder, desk }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file whose time of change lies in the future of every moment of the tests: it is whole once it
    /// has stayed the same, and not for its age.
    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = std::fs::File::create(&path).unwrap();
        std::io::Write::write_all(&mut &file, bytes).unwrap();
        file.set_modified(clock(1_000_000)).unwrap();
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn exchange(&self, seconds: i64) -> Boxes {
        self.desk.exchange(at(seconds)).unwrap().boxes.unwrap()
    }

    /// Two exchanges, by when a file that lay there before the first is whole.
    fn settle(&self, seconds: i64) -> Boxes {
        self.exchange(seconds);
        self.exchange(seconds + 5)
    }

    /// Ids in a file, with the reviewer that stands in each row.
    fn rows(&self, name: &str) -> Vec<(String, String)> {
        let bytes = std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (rows, notices) = review::parse(&bytes, Format::Csv);
        assert_eq!(notices, []);
        rows.iter().map(|row| (row.id().to_owned(), row.get("reviewer").unwrap().to_owned())).collect()
    }

    /// A file in which somebody decided on these rows.
    fn decided(&self, by: &str, rows: &[(u32, &str)], format: Format) -> Vec<u8> {
        let row = |(n, decision): &(u32, &str)| {
            let candidate = self.desk.store().candidate(&id(*n)).unwrap().unwrap();
            let mut row = self.desk.row(&candidate);
            row.set("decision", decision);
            row.set("reviewer", by);
            row
        };
        review::print(&rows.iter().map(row).collect::<Vec<Row>>(), format).unwrap()
    }

    fn waiting(&self) -> usize {
        self.desk.waiting().unwrap().len()
    }

    fn acts(&self) -> usize {
        self.desk.records().ledger.read(0).unwrap().count()
    }
}

fn open(config: &str, folder: &Path) -> Desk {
    let (config, told) = crate::config::parse(config, "config.toml").unwrap();
    assert_eq!(told, []);
    Desk::open(config, folder, at(0)).unwrap().0
}

#[test]
fn rows_are_dealt_into_boxes_and_the_rest_stays_in_the_common_file() {
    let config = format!(
        "{TWO}limit = 1\n[[reviewer]]\nname = \"заңгер\"\ncategories = [\"legislation\"]\n\
         [[reviewer]]\nname = \"редактор\"\nshared = true\nlanguages = [\"kk\"]\n"
    );
    let house = House::new(&config, 1..5);
    let boxes = house.exchange(0);
    let held: Vec<(&str, usize)> = boxes.held.iter().map(|held| (held.reviewer.as_str(), held.rows)).collect();
    assert_eq!(held, [("Айгүл", 3), ("Пётр", 1), ("заңгер", 0), ("редактор", 0)]);
    assert_eq!((boxes.unwanted, boxes.no_room), (0, 0));
    let rows = house.rows("outbox/Айгүл/queue-Айгүл.csv");
    assert!(rows.len() == 3 && rows.iter().all(|(_, reviewer)| reviewer == "Айгүл"), "{rows:?}");
    assert_eq!(house.rows("queue.csv"), []);
    // The next exchange writes the same, and touches no file.
    let before = std::fs::metadata(house.path("outbox/Пётр/queue-Пётр.csv")).unwrap().modified().unwrap();
    house.exchange(10);
    assert_eq!(std::fs::metadata(house.path("outbox/Пётр/queue-Пётр.csv")).unwrap().modified().unwrap(), before);
    assert_eq!(house.rows("outbox/Айгүл/queue-Айгүл.csv"), rows);
    let standing = house.desk.standing(at(10)).unwrap().boxes.unwrap();
    assert_eq!(standing.reviewers[..2], [("Айгүл".to_owned(), 3), ("Пётр".to_owned(), 1)]);
    assert_eq!(standing.left, []);
}

#[test]
fn what_no_reviewer_takes_is_told_and_stays_in_the_common_file() {
    let config = "[[reviewer]]\nname = \"A\"\nlanguages = [\"kk\"]\n";
    let house = House::new(config, 1..3);
    let boxes = house.exchange(0);
    assert_eq!((boxes.unwanted, boxes.no_room), (2, 0));
    assert_eq!(house.rows("queue.csv").iter().map(|(_, reviewer)| reviewer.as_str()).collect::<Vec<_>>(), ["", ""]);
    let house = House::new("[[reviewer]]\nname = \"A\"\nlimit = 1\n", 1..4);
    house.exchange(0);
    let standing = house.desk.standing(at(1)).unwrap().boxes.unwrap();
    assert_eq!((standing.unwanted, standing.no_room), (0, 2));
}

#[test]
fn decisions_come_back_under_any_name_and_are_answered_in_the_reviewers_language() {
    let house = House::new(TWO, 1..5);
    house.exchange(0);
    let mut sent = house.decided("айгүл ", &[(1, "reject"), (2, "chess"), (3, "confirm")], Format::Csv);
    sent.extend_from_slice(
        "confirm,Айгүл,,Телефон арқылы,arrest/detention,,2017-11-16,,,,,,,,,,,,,,,KZ,,,,қоңырау,,,,,,\r\n".as_bytes(),
    );
    house.put("inbox/Менің шешімдерім (1).bak", &sent);
    assert!(house.exchange(0).settling && house.waiting() == 4, "it may still be on its way");
    let boxes = house.exchange(5);
    let [received] = boxes.received.as_slice() else { panic!("{boxes:?}") };
    assert_eq!((received.reviewer.as_deref(), received.imported.taken), (Some("Айгүл"), 3));
    assert_eq!(house.waiting(), 2);
    let by_hand = &received.imported.rows.last().unwrap().id;
    let reply = house.text("outbox/Айгүл/reply-Айгүл.txt");
    assert!(reply.contains("Менің шешімдерім (1).bak\r\n3 қабылданды, 1 қайтарылды, себебі:\r\n  3-жол [s"), "{reply}");
    assert!(
        reply.contains("«Шешім» (decision): `chess` тізімде жоқ; мыналардың бірін таңдаңыз: растау, қабылдамау,"),
        "{reply}"
    );
    assert!(reply.contains(&format!("берілген нөмірлер:\r\n  5-жол [{by_hand}] «Телефон арқылы»")), "{reply}");
    assert_eq!(house.rows("outbox/Айгүл/returned-Айгүл.csv").len(), 1);
    assert_eq!(std::fs::read(house.path("inbox/done/Менің шешімдерім (1).bak")).unwrap(), sent);
    // Mended under the same name it is taken, and the rows that came back lie there no longer.
    house.put("inbox/returned-Айгүл.csv", &house.decided("Айгүл", &[(2, "later")], Format::Csv));
    house.settle(20);
    assert!(!house.path("outbox/Айгүл/returned-Айгүл.csv").exists());
    let reply = house.text("outbox/Айгүл/reply-Айгүл.txt");
    assert!(reply.contains("– returned-Айгүл.csv\r\n1 қабылданды.\r\n\r\n2096") && reply.contains("chess"), "{reply}");
    assert_eq!(reply.matches('\u{feff}').count(), 1);
    // The same file once more holds nothing new, and nothing is overwritten.
    let acts = house.acts();
    house.put("inbox/returned-Айгүл.csv", b"decision,id\r\n");
    house.settle(40);
    assert!(house.text("outbox/Айгүл/reply-Айгүл.txt").contains("Файлда жаңа ештеңе жоқ."));
    assert!(
        house.path("inbox/done/returned-Айгүл.csv").exists() && house.path("inbox/done/returned-Айгүл-2.csv").exists()
    );
    assert_eq!(house.acts(), acts);
}

#[test]
fn what_another_decided_meanwhile_comes_back_with_both_decisions() {
    let house = House::new(&format!("{TWO}shared = true\n"), 1..3);
    house.exchange(0);
    assert_eq!(house.rows("outbox/Пётр/queue-Пётр.csv").len(), 2, "he sees what she has");
    let hers = house.decided("Айгүл", &[(1, "reject")], Format::Jsonl);
    let his = house.decided("Пётр", &[(1, "later")], Format::Xlsx);
    house.put("inbox/1.jsonl", &hers);
    house.settle(0);
    house.put("inbox/2.xlsx", &his);
    house.settle(20);
    let reply = house.text("outbox/Пётр/reply-Пётр.txt");
    assert!(reply.contains("Принято 0, возвращено 1, потому что:"), "{reply}");
    assert!(reply.contains("решено тем временем") && reply.contains("Айгүл: отклонить"), "{reply}");
    // A workbook comes back as a workbook, with the reason in front.
    let book = std::fs::read(house.path("outbox/Пётр/returned-Пётр.xlsx")).unwrap();
    let lines = review::sheet_lines(&book).unwrap();
    assert_eq!((lines[0].1[0].as_str(), lines[1].1[0].as_str()), ("reason", "Причина"));
    assert!(lines[2].1[0].starts_with("решено тем временем"), "{:?}", lines[2]);
}

#[test]
fn what_is_not_whole_is_left_alone_and_taken_once_it_is() {
    let house = House::new(TWO, 1..4);
    house.exchange(0);
    let book = house.decided("Пётр", &[(2, "reject")], Format::Xlsx);
    house.put("inbox/half.xlsx", &book[..book.len() / 2]);
    house.put("inbox/open.csv", &house.decided("Пётр", &[(1, "reject")], Format::Csv));
    house.put("inbox/.~lock.open.csv#", b",petr,");
    house.put("inbox/.syncthing.sent.csv.tmp", b"decision");
    house.put("inbox/~syncthing~sent.csv.tmp", b"decision");
    house.put("inbox/sent.csv.filepart", b"decision");
    house.put("inbox/Пётр/empty.csv", b"");
    house.put("inbox/photo.ods", b"PK\x03\x04");
    let cut = house.decided("Айгүл", &[(3, "reject")], Format::Csv);
    house.put("inbox/cut.csv", &[&cut[..], b"\"conf"].concat());
    house.put("inbox/Thumbs.db", b"x");
    let boxes = house.settle(0);
    assert_eq!((boxes.received.len(), house.waiting()), (0, 3));
    let left: Vec<(&str, bool)> =
        boxes.left.iter().map(|left| (left.file.as_str(), left.why.contains("still being copied"))).collect();
    assert_eq!(
        left,
        [
            ("inbox/.syncthing.sent.csv.tmp", true),
            ("inbox/cut.csv", false),
            ("inbox/half.xlsx", false),
            ("inbox/open.csv", false),
            ("inbox/photo.ods", false),
            ("inbox/sent.csv.filepart", true),
            ("inbox/~syncthing~sent.csv.tmp", true),
            ("inbox/Пётр/empty.csv", false),
        ]
    );
    let alarms = |seconds| {
        let left = house.desk.alarms(at(seconds)).unwrap().into_iter();
        left.filter(|alarm| alarm.ailment == Ailment::LeftAlone).map(|alarm| alarm.about).collect::<Vec<_>>()
    };
    assert_eq!(alarms(5), <[String; 0]>::default());
    assert!(!house.path("outbox/Пётр/reply-Пётр.txt").exists());
    // After a while the senders of what cannot be read are told, each once and in the language of the box.
    house.exchange(601);
    house.exchange(602);
    let reply = house.text("outbox/Пётр/reply-Пётр.txt");
    assert_eq!(reply.matches("Файл не прочитан и оставлен на месте:\r\n  файл пуст; ").count(), 1, "{reply}");
    let nobodys = house.text("outbox/reply.txt");
    assert!(nobodys.contains("half.xlsx") && nobodys.contains("из файла .ods очередь не читается"), "{nobodys}");
    assert!(!nobodys.contains("open.csv"), "{nobodys}");
    // What ends in the middle of a row and never grew is no copy on its way.
    assert_eq!(house.waiting(), 2);
    assert!(house.text("outbox/Айгүл/reply-Айгүл.txt").contains("1 қабылданды, 1 қайтарылды"));
    assert_eq!(alarms(3601).len(), 7);
    // The copy ends, the editor closes.
    std::fs::remove_file(house.path("inbox/.~lock.open.csv#")).unwrap();
    house.put("inbox/half.xlsx", &book);
    std::fs::remove_file(house.path("inbox/Пётр/empty.csv")).unwrap();
    house.settle(4000);
    assert_eq!(house.waiting(), 0);
    assert_eq!(house.desk.standing(at(4010)).unwrap().boxes.unwrap().left.len(), 4);
}

#[test]
fn an_old_file_is_taken_at_once() {
    let house = House::new(TWO, 1..3);
    house.put("inbox/a.csv", &house.decided("Пётр", &[(1, "reject")], Format::Csv));
    let file = std::fs::File::options().write(true).open(house.path("inbox/a.csv")).unwrap();
    file.set_modified(clock(-60)).unwrap();
    assert_eq!(house.exchange(0).received.len(), 1);
}

#[test]
fn a_file_that_was_edited_in_the_outbox_is_never_overwritten() {
    let house = House::new(TWO, 1..5);
    house.exchange(0);
    let name = "outbox/Пётр/queue-Пётр.csv";
    let own: u32 = house.rows(name)[0].0.trim_start_matches('s').trim_start_matches('0').parse().unwrap();
    let edited = house.decided("Пётр", &[(own, "reject")], Format::Csv);
    house.put(name, &edited);
    house.put("outbox/Пётр/.~lock.queue-Пётр.csv#", b"");
    let boxes = house.settle(0);
    assert!(boxes.held[1].left_alone.as_deref().unwrap().contains("an editor has it open"), "{boxes:?}");
    assert_eq!(std::fs::read(house.path(name)).unwrap(), edited);
    assert!(house.path("outbox/Пётр/queue-Пётр.new.csv").exists());
    std::fs::remove_file(house.path("outbox/Пётр/.~lock.queue-Пётр.csv#")).unwrap();
    // Whole, it is taken as if it had been sent: it lies with those taken, and a new one stands in its place.
    let boxes = house.exchange(10);
    assert_eq!((boxes.received.len(), house.waiting()), (1, 3));
    assert_eq!(std::fs::read(house.path("inbox/done/queue-Пётр.csv")).unwrap(), edited);
    assert!(house.rows(name).iter().all(|(row, _)| *row != id(own)));
    assert!(!house.path("outbox/Пётр/queue-Пётр.new.csv").exists());
    // Edited and unreadable: left, with the new one beside it.
    house.put(name, b"what is this");
    let boxes = house.settle(30);
    assert_eq!(boxes.left[0].file, name);
    assert_eq!(house.text(name), "what is this");
    assert_eq!(house.rows("outbox/Пётр/queue-Пётр.new.csv").len(), house.exchange(40).held[1].rows);
}

#[test]
fn a_crash_at_each_step_loses_nothing_and_takes_nothing_twice() {
    let house = House::new(TWO, 1..5);
    house.exchange(0);
    let sent = house.decided("Пётр", &[(1, "reject"), (2, "chess")], Format::Csv);
    house.put("inbox/a.csv", &sent);
    house.exchange(0);
    // The ledger has it, and nobody was told.
    let language = |_: &[Given]| Lang::RU;
    house.desk.take(&house.path("inbox/a.csv"), &sent, Format::Csv, &language, at(2)).unwrap();
    let acts = house.acts();
    house.exchange(5);
    let reply = house.text("outbox/Пётр/reply-Пётр.txt");
    assert!(reply.contains("Принято 1, возвращено 1, потому что:"), "{reply}");
    assert_eq!(house.acts(), acts);
    // Everybody was told, and the file was not moved.
    std::fs::rename(house.path("inbox/done/a.csv"), house.path("inbox/a.csv")).unwrap();
    house.settle(90);
    assert_eq!((house.acts(), house.waiting()), (acts, 3));
    assert_eq!(house.text("outbox/Пётр/reply-Пётр.txt"), reply);
    assert!(!house.path("outbox/Пётр/returned-Пётр-2.csv").exists());
    assert!(house.path("inbox/done/a.csv").exists());
    // What is remembered is lost: our own files count as sent, and there is nothing in them.
    std::fs::remove_file(house.path("store/boxes.json")).unwrap();
    house.settle(200);
    assert_eq!((house.acts(), house.waiting()), (acts, 3));
    let dealt = house.rows("outbox/Айгүл/queue-Айгүл.csv").len() + house.rows("outbox/Пётр/queue-Пётр.csv").len();
    assert_eq!(dealt, 3);
}

#[test]
fn a_copy_that_went_on_after_all_is_taken_again() {
    let house = House::new(TWO, 1..4);
    house.exchange(0);
    let whole = house.decided("Пётр", &[(1, "reject"), (2, "reject")], Format::Csv);
    let first_row = house.decided("Пётр", &[(1, "reject")], Format::Csv).len();
    house.put("inbox/a.csv", &whole[..first_row]);
    house.settle(0);
    assert_eq!(house.waiting(), 2);
    // The copier held the file open, wherever it was moved.
    house.put("inbox/done/a.csv", &whole);
    house.settle(20);
    house.settle(30);
    assert_eq!(house.waiting(), 1);
    assert_eq!(std::fs::read(house.path("inbox/done/a.csv")).unwrap(), whole);
}

#[test]
fn what_was_taken_from_a_box_can_be_taken_back_by_its_file() {
    let house = House::new(TWO, 1..3);
    house.exchange(0);
    house.put("inbox/a.csv", &house.decided("Пётр", &[(1, "reject"), (2, "reject")], Format::Csv));
    house.settle(0);
    assert_eq!(house.waiting(), 0);
    assert_eq!(house.desk.take_back(&house.path("inbox/done/a.csv"), "", at(10)).unwrap().decisions, 2);
    house.exchange(20);
    // They return to whoever had decided them.
    assert_eq!(house.rows("outbox/Пётр/queue-Пётр.csv").len(), 2);
}

#[test]
fn who_is_forgotten_is_gone_from_the_boxes() {
    let house = House::new(&TWO.replace("queue.csv", "queue.xlsx"), 1..4);
    house.exchange(0);
    let sent = house.decided("Пётр", &[(1, "chess"), (2, "reject")], Format::Xlsx);
    house.put("inbox/a.xlsx", &sent);
    house.settle(0);
    house.put("inbox/later.csv", &house.decided("Пётр", &[(1, "reject"), (3, "reject")], Format::Csv));
    let names = |name: &str| {
        let bytes = std::fs::read(house.path(name)).unwrap();
        let (rows, _) = review::parse(&bytes, Format::Csv);
        rows.iter().any(|row| row.id() == id(1)) || String::from_utf8_lossy(&bytes).contains(&id(1))
    };
    let holders =
        ["inbox/done/a.xlsx", "inbox/later.csv", "outbox/Пётр/reply-Пётр.txt", "outbox/Пётр/returned-Пётр.xlsx"];
    assert!(holders.iter().all(|name| names(name)));
    let done = house.desk.forget(&id(1), "asked by letter", at(20)).unwrap();
    assert!(!holders.iter().any(|name| names(name)), "{:?}", done.files);
    assert!(house.text("outbox/Пётр/reply-Пётр.txt").contains("Принято 1"));
    // What was taken stays taken, and the other row of the file that waits is still taken.
    house.settle(30);
    assert_eq!(house.waiting(), 0);
    assert!(house.path("inbox/done/a.xlsx").exists() && !house.path("inbox/a.xlsx").exists());
}

#[test]
fn without_reviewers_there_are_no_boxes() {
    let house = House::new("", 1..3);
    let exchanged = house.desk.exchange(at(0)).unwrap();
    assert_eq!((exchanged.boxes, exchanged.rows), (None, 2));
    assert!(!house.path("inbox").exists() && !house.path("outbox").exists());
    assert_eq!(house.desk.look_of_boxes(), "");
}

#[test]
fn a_box_that_cannot_be_reached_stops_nothing() {
    let house = House::new(&TWO.replace("path", "outbox = \"out/box\"\npath"), 1..3);
    house.put("out", b"a file where a folder should be");
    let boxes = house.exchange(0);
    assert!(boxes.held.iter().all(|held| held.left_alone.is_some()), "{boxes:?}");
    assert_eq!(boxes.left[0].file, "out/box");
    assert_eq!(house.rows("queue.csv"), []);
}

#[test]
fn on_a_slice_for_several_people_each_signs() {
    let house = House::new("[queue]\npath = \"queue.csv\"\n[[reviewer]]\nname = \"мәселе\"\nseveral = true\n", 1..3);
    house.exchange(0);
    let rows = house.rows("outbox/мәселе/queue-мәселе.csv");
    assert_eq!(rows.iter().map(|(_, by)| by.as_str()).collect::<Vec<_>>(), ["", ""]);
    house.put("inbox/a.csv", &house.decided("Анна", &[(1, "reject")], Format::Csv));
    house.put("inbox/b.csv", &house.decided("", &[(2, "reject")], Format::Csv));
    house.settle(0);
    assert_eq!(house.waiting(), 1, "nobody signed the other");
    let reply = house.text("outbox/мәселе/reply-мәселе.txt");
    assert!(reply.contains("a.csv") && reply.contains("b.csv"), "{reply}");
}

#[test]
fn a_returned_file_goes_once_its_rows_were_sent_again_under_any_name() {
    let house = House::new(TWO, 1..6);
    house.exchange(0);
    let returned = |n: &str| house.path(&format!("outbox/Пётр/returned-Пётр{n}.csv"));
    house.put("inbox/a.csv", &house.decided("Пётр", &[(1, "chess"), (2, "chess")], Format::Csv));
    house.settle(0);
    house.put("inbox/b.csv", &house.decided("Пётр", &[(3, "chess")], Format::Csv));
    house.settle(20);
    assert!(returned("").exists() && returned("-2").exists());
    // One of its two rows, and a row that nobody decided on: it stays.
    house.put("inbox/c.csv", &house.decided("Пётр", &[(1, "reject"), (2, "")], Format::Csv));
    house.settle(40);
    assert!(returned("").exists() && returned("-2").exists());
    // Sent again and wrong again: one file is left of it.
    house.put("inbox/d.csv", &house.decided("Пётр", &[(3, "checkers")], Format::Csv));
    house.settle(60);
    assert!(returned("").exists() && returned("-2").exists() && !returned("-3").exists());
    assert!(std::fs::read_to_string(returned("-2")).unwrap().contains("checkers"));
    house.put("inbox/e.csv", &house.decided("Пётр", &[(1, "reject"), (2, "reject"), (3, "reject")], Format::Csv));
    house.settle(80);
    assert!(!returned("").exists() && !returned("-2").exists());
    assert_eq!(house.waiting(), 2);
}

#[test]
fn a_returned_file_that_somebody_works_on_stays() {
    let house = House::new(TWO, 1..3);
    house.exchange(0);
    house.put("inbox/a.csv", &house.decided("Пётр", &[(1, "chess")], Format::Csv));
    house.settle(0);
    let edited = house.decided("Пётр", &[(1, "checkers")], Format::Csv);
    house.put("outbox/Пётр/returned-Пётр.csv", &edited);
    house.put("outbox/Пётр/.~lock.returned-Пётр.csv#", b"");
    house.put("inbox/b.csv", &house.decided("Пётр", &[(1, "reject")], Format::Csv));
    house.settle(20);
    assert_eq!(std::fs::read(house.path("outbox/Пётр/returned-Пётр.csv")).unwrap(), edited);
}

#[test]
fn an_event_entered_by_hand_is_forgotten_where_it_has_no_id_and_digests_that_tell_of_it_are_named() {
    let house = House::new(TWO, 1..3);
    house.exchange(0);
    let own = "confirm,Айгүл,,Звонок о задержании,arrest/detention,,2017-11-16,,,,,,,,,,,,,,,KZ,,,,звонок,,,,https://tau.example/?a=1&b=2,,\r\n";
    let other = own.replace("Звонок", "Письмо").replace("b=2", "b=3");
    let mut sent = house.decided("Айгүл", &[(1, "reject")], Format::Csv);
    sent.extend_from_slice([own, &other].concat().as_bytes());
    house.put("inbox/a.csv", &sent);
    let boxes = house.settle(0);
    assert_eq!(boxes.received[0].imported.taken, 3, "{boxes:?}");
    let id = boxes.received[0].imported.rows[1].id.clone();
    let digests = house.path(&house.desk.config().digest.dir);
    std::fs::create_dir_all(&digests).unwrap();
    let zipped = |text: &str| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    std::fs::write(digests.join("by-id.xlsx"), zipped(&id)).unwrap();
    std::fs::write(digests.join("by-address.docx"), zipped("https://tau.example/?a=1&amp;b=2")).unwrap();
    std::fs::write(digests.join("other.docx"), zipped("https://tau.example/?a=1&amp;b=3")).unwrap();
    std::fs::write(digests.join("cut.docx"), &zipped(&id)[..20]).unwrap();
    let done = house.desk.forget(&id, "asked by letter", at(20)).unwrap();
    let kept = house.text("inbox/done/a.csv");
    assert!(!kept.contains("Звонок") && kept.contains("Письмо") && kept.contains("reject"), "{kept}");
    let left: Vec<String> =
        done.left.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(left, ["by-address.docx", "by-id.xlsx"]);
    // It is not taken again, and counts as before.
    house.settle(40);
    let events = house.desk.events().unwrap();
    assert_eq!(events.len(), 2);
    assert!(!events.iter().any(|event| event.card.headline.as_deref() == Some("Звонок о задержании")), "{events:?}");
}
