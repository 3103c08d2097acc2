//! How long a year's report takes: an invented ledger of decided events, and every format and language of the
//! report over it.
//!
//! `cargo bench --bench report -- --events 50000` (10,000 by default) makes the ledger in a folder of its own, then
//! has a fresh process open it and write the report, and prints the seconds of each and the most memory that it
//! held; then the share of each part in the whole, unless it is `--brief`. `--keep FOLDER` leaves the workspace there,
//! for `sozwatch report --year 2031`; where it is there already, it is measured again.
//!
//! Texts are invented, about 2 KB each, judged by the rules as they ship. One event in five goes on with an earlier
//! case, one in ten has a reprint under it, one in twenty was decided twice, one in forty is repeated by a duplicate,
//! and beside every thirty events one row was rejected. One in twenty lies in the year before.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files, arguments and the clock")]

use std::path::Path;
use std::time::Instant;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use sozwatch::classify::Judge;
use sozwatch::config;
use sozwatch::desk::{self, Desk, WantedReport};
use sozwatch::digest::Edition;
use sozwatch::digest::figures::Period;
use sozwatch::digest::report::{self, FORMATS, Output};
use sozwatch::ledger::{Act, Journal, Ledger, Record};
use sozwatch::model::{
    Actor, Amount, Article, Card, Category, Claimant, ClaimantKind, Code, Decision, Judged, Label, Lang, Moment,
    Outcome, PartialDate, Review, Role, Stage, Story, Target, Telling,
};
use sozwatch::rules::RuleSet;
use sozwatch::store::Store;

/// Entries in one batch of a record.
const BATCH: usize = 500;
/// The year that the report is of.
const YEAR: i16 = 2031;

const CONFIG: &str = r#"
[schedule]
time_zone = "Asia/Almaty"
[digest]
dir = "out"
languages = ["kk", "ru", "en"]
formats = ["md", "html", "docx", "xlsx", "csv", "json"]
letterhead = ["Invented House for Free Speech"]
"#;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let brief = arguments.iter().any(|argument| argument == "--brief");
    if let Some(folder) = value("--measure") {
        return measure(Path::new(&folder), brief);
    }
    let events: usize = value("--events").and_then(|number| number.parse().ok()).unwrap_or(10_000);
    let own = tempfile::tempdir().expect("a folder for the workspace");
    let kept = value("--keep").map(std::path::PathBuf::from);
    let folder = kept.as_deref().unwrap_or(own.path());
    if !folder.join("config.toml").exists() {
        let begun = Instant::now();
        make(folder, events);
        println!("made {events} events in {:.1} s", begun.elapsed().as_secs_f64());
    }
    let program = std::env::current_exe().expect("this program has a path");
    for _ in 0..value("--runs").and_then(|runs| runs.parse().ok()).unwrap_or(1) {
        let mut measured = std::process::Command::new(&program);
        let status = measured.arg("--measure").arg(folder).args(brief.then_some("--brief")).status();
        assert!(status.is_ok_and(|status| status.success()));
    }
}

/// Opens the workspace and writes the report of the year.
fn measure(folder: &Path, brief: bool) {
    let now: Timestamp = "2032-02-01T06:00:00Z".parse().expect("a moment");
    let text = std::fs::read_to_string(folder.join("config.toml")).expect("the configuration is read");
    let (config, _) = config::parse(&text, "config.toml").expect("the configuration is whole");
    let begun = Instant::now();
    let (desk, _) = Desk::open(config, folder, now).expect("the workspace opens");
    let opened = begun.elapsed().as_secs_f64();
    let open = peak();
    let formats = FORMATS.map(str::to_owned);
    let wanted = WantedReport {
        period: Period::parse("2031", sozwatch::digest::figures::Length::Year).expect("a year"),
        languages: &[Lang::KK, Lang::RU, Lang::EN],
        formats: &formats,
        edition: Edition::Internal,
        dir: &folder.join("out"),
        step: None,
    };
    let (begun, before) = (Instant::now(), processor());
    let reported = desk.report(&wanted, now).expect("the report is written");
    let (written, taken) = (begun.elapsed().as_secs_f64(), processor() - before);
    let bytes: u64 =
        reported.files.iter().filter_map(|file| std::fs::metadata(file).ok()).map(|about| about.len()).sum();
    println!(
        "opened in {opened:.2} s ({} MB), report of {} events: {} files, {} MB in {written:.2} s ({taken:.1} s of processor time); peak {} MB",
        open >> 20,
        reported.events,
        reported.files.len(),
        bytes >> 20,
        peak() >> 20
    );
    if !brief {
        shares(&desk, &wanted, now);
    }
}

/// The share of each part of the work in its processor time, and the most memory held meanwhile, files thrown away
/// instead of written.
fn shares(desk: &Desk, wanted: &WantedReport<'_>, now: Timestamp) {
    let begun = processor();
    forget_peak();
    let report = desk.gather_report(wanted.period, now).expect("the report is gathered");
    let mut parts = vec![("gathering", processor() - begun, peak())];
    for format in FORMATS {
        let begun = processor();
        forget_peak();
        let mut nothing = vec![std::io::sink(); wanted.languages.len()];
        let files = wanted.languages.iter().zip(&mut nothing);
        let files = files.map(|(lang, out)| Output { lang: *lang, format, out }).collect();
        report::write(&report, wanted.edition, files).expect("nowhere takes everything");
        parts.push((format, processor() - begun, peak()));
    }
    let whole: f64 = parts.iter().map(|(_, seconds, _)| seconds).sum();
    println!("processor time of the parts, each alone, {whole:.1} s:");
    for (part, seconds, most) in parts {
        println!("  {part:>9} {seconds:5.2} s, {:2.0} %, {} MB", 100.0 * seconds / whole, most >> 20);
    }
}

/// Seconds of processor time that this process has taken: user and system, in hundredths (proc(5)).
fn processor() -> f64 {
    let about = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = about.rsplit_once(") ").map(|(_, fields)| fields).unwrap_or_default().split(' ').skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Counts [`peak`] anew from here (proc(5), `clear_refs`); where the system does not, it is that of the whole run.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that this process ever held, in bytes (proc(5)).
fn peak() -> u64 {
    let about = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = about.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or_default() << 10
}

fn make(folder: &Path, events: usize) {
    let records = folder.join("store");
    std::fs::create_dir_all(&records).expect("the folder is made");
    let store = Store::open(&records, 64 << 20, desk::folds()).expect("the store opens").store;
    let (mut ledger, _) = Ledger::open(&records).expect("the ledger opens");
    let (mut journal, _) = Journal::open(&records).expect("the journal opens");
    let judge = Judge::new(RuleSet::builtin().0);
    let mut acts: Vec<Act> = Vec::new();
    let mut seen: Vec<Record> = Vec::new();
    let mut keep = |acts: &mut Vec<Act>, seen: &mut Vec<Record>| {
        let position = journal.append(seen).expect("the journal is written");
        store.apply_records(seen, position).expect("the store is written");
        let at = "2032-01-10T06:00:00Z".parse().expect("a moment");
        let numbers = ledger.append(acts, at).expect("the ledger is written");
        let numbered: Vec<_> = numbers.into_iter().zip(acts.drain(..)).map(|(seq, act)| (seq, at, act)).collect();
        store.apply_acts(&numbered).expect("the store is written");
        seen.clear();
    };
    for number in 0..events + events / 20 {
        let mut random = Random(number as u64);
        let event = Made::of(number, events, &mut random);
        seen.push(Record::Story(Box::new(event.judged(&judge))));
        if random.one_in(10) {
            seen.push(Record::Told { head: id(number), telling: event.reprint() });
        }
        if random.one_in(20) {
            let decision = if random.one_in(2) { Decision::Reject } else { Decision::Later };
            acts.push(Act::Review(event.review(&id(number), decision, &event.card)));
        }
        acts.push(Act::Review(event.review(&id(number), Decision::Confirm, &event.card)));
        for (share, decision) in [(40, Decision::Duplicate), (30, Decision::Reject)] {
            if random.one_in(share) {
                let beside =
                    Made { number: number + decision as usize * 10_000_000, ..Made::of(number, events, &mut random) };
                seen.push(Record::Story(Box::new(beside.judged(&judge))));
                let case = (decision == Decision::Duplicate).then(|| id(number));
                let card = Card { case, ..event.card.clone() };
                acts.push(Act::Review(beside.review(&id(beside.number), decision, &card)));
            }
        }
        if acts.len() >= BATCH {
            keep(&mut acts, &mut seen);
        }
    }
    keep(&mut acts, &mut seen);
    std::fs::write(folder.join("config.toml"), CONFIG).expect("the configuration is written");
}

fn id(number: usize) -> String {
    format!("h{:016x}", Random(number as u64 ^ 0x5eed).next())
}

/// Numbers without a pattern, the same each time (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, share: usize) -> bool {
        self.below(share) == 0
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// Category, subtype, stage, role of the target, outcome.
type Kind = (Category, &'static str, Stage, Role, Option<Outcome>);

const KINDS: [Kind; 14] = [
    (Category::Arrest, "detention", Stage::Detention, Role::Journalist, None),
    (Category::Arrest, "remand", Stage::Detention, Role::Blogger, None),
    (Category::CriminalProsecution, "incitement", Stage::Investigation, Role::Blogger, None),
    (Category::CriminalProsecution, "defamation", Stage::Charge, Role::Editor, None),
    (Category::CriminalProsecution, "insult", Stage::Judgment, Role::Blogger, Some(Outcome::Against)),
    (Category::AdministrativeProsecution, "fine", Stage::Judgment, Role::Journalist, Some(Outcome::Against)),
    (Category::DefamationSuit, "letter", Stage::Claim, Role::Outlet, None),
    (Category::DefamationSuit, "civil", Stage::Claim, Role::Outlet, None),
    (Category::DefamationSuit, "civil", Stage::Judgment, Role::Outlet, Some(Outcome::Mixed)),
    (Category::Attack, "threat", Stage::Incident, Role::Journalist, None),
    (Category::Attack, "physical_attack", Stage::Incident, Role::Editor, None),
    (Category::Obstruction, "summons", Stage::Incident, Role::Blogger, None),
    (Category::Blocking, "site_blocked", Stage::Incident, Role::Outlet, None),
    (Category::AccessToInformation, "refusal", Stage::Incident, Role::Journalist, None),
];
const GO_ON: [(Stage, Option<Outcome>); 4] = [
    (Stage::Trial, Some(Outcome::Pending)),
    (Stage::Judgment, Some(Outcome::Mixed)),
    (Stage::Appeal, Some(Outcome::For)),
    (Stage::Cassation, Some(Outcome::Against)),
];
const FIRST: [&str; 8] = ["Аман", "Бекова", "Садыр", "Ерлан", "Гүлнар", "Олег", "Жанна", "Марат"];
const PLACES: [&str; 10] =
    ["Алматы", "Астана", "Шымкент", "Қарағанды", "Ақтау", "Орал", "Павлодар", "Тараз", "Семей", "Талғар"];
const SYLLABLES: [&str; 24] = [
    "ба", "ру", "та", "ке", "сы", "но", "ла", "ми", "да", "же", "қа", "ал", "ер", "ты", "ша", "го", "ве", "пи", "зы",
    "ұл", "өң", "ін", "су", "ка",
];
const TOLD: [(&str, &str); 3] = [
    (
        "Суд в городе {place} рассмотрел дело журналиста {name}",
        "Журналист {name} задержан полицией в городе {place} после публикации. Суд рассматривает иск о защите чести и достоинства, истец требует взыскать 3 млн тенге.",
    ),
    (
        "{place} қаласында журналист {name} ісі сотта қаралды",
        "{place} қаласында полиция журналист {name} дегенді ұстады. Сот ар-намыс пен қадір-қасиетті қорғау туралы талап арызды қарады, талапкер 3 млн теңге сұрайды.",
    ),
    (
        "A court in {place} heard the case of the journalist {name}",
        "Police in {place} detained the journalist {name} after a publication. The court hears a defamation suit, and the plaintiff demands 3 million tenge.",
    ),
];

/// An invented event.
struct Made {
    number: usize,
    card: Card,
    name: String,
    day: Date,
}

impl Made {
    fn of(number: usize, events: usize, random: &mut Random) -> Self {
        let (category, subtype, mut stage, role, mut outcome) = random.of(&KINDS);
        let year = if number < events / 20 { YEAR - 1 } else { YEAR };
        let day = Date::new(year, 1, 1).expect("a day").saturating_add((random.below(365) as i64).days());
        let name = format!("{} {}{}", random.of(&FIRST), random.of(&SYLLABLES), random.below(20_000));
        let case = (number > 100 && random.one_in(5)).then(|| id(number - 1 - random.below(100)));
        if case.is_some() {
            (stage, outcome) = random.of(&GO_ON);
        }
        let suit = category == Category::DefamationSuit;
        let sum = |random: &mut Random| Amount::whole(50_000 * (1 + random.below(100) as i64));
        let card = Card {
            headline: random.one_in(3).then(|| format!("{name}: оқиға {number}")),
            categories: vec![Label { id: category, subtype: Some(subtype.to_owned()), score: 0.9 }],
            event_date: Some(PartialDate::from(day)),
            registered_date: random.one_in(50).then(|| PartialDate::from(day.saturating_add(60.days()))),
            stage: Some(stage),
            outcome,
            place: Some(random.of(&PLACES).to_owned()),
            targets: vec![Target { name: name.clone(), role }],
            claimants: if suit {
                vec![Claimant { name: "Оспан".to_owned(), kind: Some(random.of(ClaimantKind::ALL)) }]
            } else {
                Vec::new()
            },
            actors: vec![random.of(Actor::ALL)],
            articles: if category == Category::CriminalProsecution {
                let number = random.of(&["174", "274", "130", "131"]).to_owned();
                vec![Article { code: Code::Criminal, number: Some(number), part: None, name: None }]
            } else {
                Vec::new()
            },
            claim_amount: if suit { sum(random) } else { None },
            awarded_amount: if suit && stage == Stage::Judgment { sum(random) } else { None },
            currency: suit.then(|| "KZT".to_owned()),
            secrecy: random.one_in(100).then(|| random.of(&["counted_only", "no_names", "internal"]).to_owned()),
            country: Some("KZ".to_owned()),
            case,
            ..Card::default()
        };
        Self { number, card, name, day }
    }

    fn published(&self) -> Timestamp {
        jiff::tz::Offset::UTC.to_timestamp(self.day.at(12, 0, 0, 0)).expect("a moment")
    }

    fn judged(&self, judge: &Judge) -> Judged {
        let (title, begin) = TOLD[self.number % TOLD.len()];
        let filled = |text: &str| {
            text.replace("{name}", &self.name).replace("{place}", self.card.place.as_deref().unwrap_or_default())
        };
        let mut text = filled(begin);
        let mut random = Random(self.number as u64 ^ 0x7e47);
        while text.len() < 2_000 {
            text.push(' ');
            for _ in 0..2 + random.below(3) {
                text.push_str(random.of(&SYLLABLES));
            }
            if random.one_in(12) {
                text.push('.');
            }
        }
        let story = Story {
            id: id(self.number),
            url: Some(format!("https://outlet{}.example/news/{}", self.number % 300, self.number)),
            title: filled(title),
            text,
            published: Some(Moment::utc(self.published())),
            byline: None,
            source: Some(format!("Outlet {}", self.number % 300)),
        };
        let verdict = judge.judge(&story, Some("KZ"));
        let captured = self.published();
        Judged {
            story,
            verdict,
            rule_set: "bench".to_owned(),
            captured,
            head: None,
            shows: None,
            second_look: None,
            let_go: None,
            capture: None,
            link: None,
        }
    }

    fn reprint(&self) -> Telling {
        Telling {
            id: id(self.number + 50_000_000),
            source: Some(format!("Outlet {}", (self.number + 7) % 300)),
            title: format!("{}: тағы бір хабар", self.name),
            url: Some(format!("https://outlet{}.example/reprint/{}", (self.number + 7) % 300, self.number)),
            published: Some(Moment::utc(self.published())),
        }
    }

    fn review(&self, id: &str, decision: Decision, card: &Card) -> Review {
        let at = self.published().saturating_add(2.hours()).expect("a moment");
        Review {
            id: id.to_owned(),
            reviewer: "A. Reviewer".to_owned(),
            at,
            decision: Some(decision),
            card: card.clone(),
            note: None,
            by_hand: None,
            fingerprint: format!("{:064x}", u128::from(Random(self.number as u64 ^ decision as u64).next())),
            takes_back: None,
            saw: None,
        }
    }
}
