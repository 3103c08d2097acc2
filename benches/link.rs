//! Linking: what it costs to find whether a new story repeats one that is kept, and which case it belongs to.
//!
//! `cargo bench --bench link -- --stories 10000,100000` (these are the sizes by default). For each size it prints how
//! long placing one new candidate takes by the clock (p50, p99), over the same of the first size, and how many kept
//! stories it is compared with; then how long `search` takes for a person's two names, and for one of the words that
//! come most often. Run it while nothing else does.
//!
//! With `--kept DIR` the filled workspaces stay there, and are not filled again the next time.
//!
//! The stories are invented, in Kazakh, Russian and English, a thousand a day: words, given names, surnames, towns,
//! outlets and articles come as often as Zipf's law has it, and so do the cases, of which old ones go on and new ones
//! open. One story in thirty is a candidate, as in a crawl of the country's press; of the new stories half go on with
//! a case.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files, arguments and the clock")]

use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use sozwatch::cases::tie::Traits;
use sozwatch::cases::{foremost, near};
use sozwatch::config::Config;
use sozwatch::desk::{self, Desk, Search};
use sozwatch::ledger::{Journal, Record};
use sozwatch::model::{
    Article, Category, Code, Fields, Judged, Label, Lang, Moment, Role, Script, Story, Target, Verdict,
};
use sozwatch::store::Store;

/// Stories in one batch of the journal.
const BATCH: u64 = 256;
/// New stories that are placed, after as many that are not measured.
const PLACED: u64 = 1_000;
/// Persons that are searched for.
const SEARCHED: u64 = 20;
/// One kept story of so many is a candidate.
const QUIET: u64 = 30;
const A_DAY: u64 = 1_000;
const LANGS: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

/// Letters of syllables as Kazakh, Russian and English spell them: before the vowel, the vowel, after it.
const ONSETS: [[&str; 3]; 16] = [
    ["б", "б", "b"],
    ["д", "д", "d"],
    ["ж", "ж", "zh"],
    ["з", "з", "z"],
    ["к", "к", "k"],
    ["қ", "к", "q"],
    ["л", "л", "l"],
    ["м", "м", "m"],
    ["н", "н", "n"],
    ["п", "п", "p"],
    ["р", "р", "r"],
    ["с", "с", "s"],
    ["т", "т", "t"],
    ["ш", "ш", "sh"],
    ["ғ", "г", "g"],
    ["х", "х", "kh"],
];
const VOWELS: [[&str; 3]; 8] = [
    ["а", "а", "a"],
    ["е", "е", "e"],
    ["о", "о", "o"],
    ["ұ", "у", "u"],
    ["ы", "ы", "y"],
    ["і", "и", "i"],
    ["ә", "а", "a"],
    ["ө", "о", "o"],
];
const CODAS: [[&str; 3]; 8] = [
    ["", "", ""],
    ["л", "л", "l"],
    ["н", "н", "n"],
    ["р", "р", "r"],
    ["с", "с", "s"],
    ["к", "к", "k"],
    ["т", "т", "t"],
    ["м", "м", "m"],
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)
    };
    let sizes = value("--stories").map_or("10000,100000", String::as_str);
    let kept = value("--kept").map(Path::new);
    println!(
        "{:>10} {:>9} {:>9} {:>6} {:>6} {:>11} {:>10} {:>7} {:>9} {:>10} {:>10}",
        "stories",
        "p50 us",
        "p99 us",
        "p50 ×",
        "p99 ×",
        "near looked",
        "tie looked",
        "linked",
        "filled s",
        "person ms",
        "often ms"
    );
    let mut first = None;
    for size in sizes.split(',').filter_map(|size| size.parse::<u64>().ok()) {
        let own = tempfile::tempdir().expect("a folder for the workspace");
        let workspace = kept.map_or_else(|| own.path().to_path_buf(), |kept| kept.join(size.to_string()));
        let store = workspace.join(&Config::embedded().store.path);
        let begun = Instant::now();
        if !store.exists() {
            fill(&store, size);
        }
        let filled = begun.elapsed().as_secs();
        let now = captured(size + PLACED);
        let desk = Desk::open(Config::embedded(), &workspace, now).expect("the workspace opens").0;
        let stories = desk.store().counts().expect("the store is read").stories as u64;
        assert_eq!(stories, size, "{} was not filled to the end; delete it", workspace.display());
        let cost = place_new(&desk, size);
        let (p50, p99) = *first.get_or_insert((cost.p50, cost.p99));
        println!(
            "{size:>10} {:>9.0} {:>9.0} {:>6.2} {:>6.2} {:>11} {:>10} {:>7} {filled:>9} {:>10.1} {:>10.1}",
            cost.p50,
            cost.p99,
            cost.p50 / p50,
            cost.p99 / p99,
            cost.near,
            cost.tied,
            cost.linked,
            searching(&desk, (0..SEARCHED).map(|number| matter(size + number, true, size / QUIET).person(1))),
            searching(&desk, (0..3).map(|rank| word(rank, 1)))
        );
    }
}

/// What placing new stories came to.
struct Cost {
    /// Microseconds.
    p50: f64,
    p99: f64,
    /// The most near-duplicates looked at, and the mean and the most candidates compared.
    near: String,
    tied: String,
    /// Stories that something was found for.
    linked: usize,
}

fn place_new(desk: &Desk, size: u64) -> Cost {
    // A daemon runs for months: what it reads once for all was read long ago.
    for number in size + PLACED..size + 2 * PLACED {
        let Judged { story, verdict, captured, .. } = judged(number, size, true);
        desk.placed(&story, &verdict, captured).expect("the store is read");
    }
    let (mut times, mut near, mut tied, mut linked) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for number in 0..PLACED {
        let Judged { story, verdict, captured, .. } = judged(size + number, size, true);
        let begun = Instant::now();
        let placed = desk.placed(&story, &verdict, captured).expect("the store is read");
        times.push(begun.elapsed().as_secs_f64() * 1e6);
        linked += usize::from(placed.head.is_some() || placed.link.is_some_and(|link| link.joins));
        near.push(desk.store().near(&near::asks(&near::signature(&story), captured)).expect("the store is read").len());
        let filed = desk.store().tied(&Traits::of(&story, &verdict, captured).asks()).expect("the store is read");
        tied.push(foremost(filed).len());
    }
    let told = |counts: &[usize]| {
        let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
        format!("{mean:.1}, ≤{}", counts.iter().max().unwrap_or(&0))
    };
    let (p50, p99) = (rank(&mut times, 0.5), rank(&mut times, 0.99));
    Cost { p50, p99, near: told(&near), tied: told(&tied), linked }
}

/// The median time of a search for each of some words, in milliseconds.
fn searching(desk: &Desk, sought: impl Iterator<Item = String>) -> f64 {
    let times = sought.map(|words| {
        let begun = Instant::now();
        desk.search(&Search { words: vec![words], most: 50, ..Search::default() }).expect("the store is read");
        begun.elapsed().as_secs_f64() * 1e3
    });
    rank(&mut times.collect::<Vec<f64>>(), 0.5)
}

fn fill(folder: &Path, stories: u64) {
    let store = Store::open(folder, Config::embedded().store.cache, desk::folds()).expect("the store opens").store;
    let mut journal = Journal::open(folder).expect("the journal opens").0;
    for from in (0..stories).step_by(BATCH as usize) {
        let numbers = from..stories.min(from + BATCH);
        let records: Vec<Record> =
            numbers.map(|number| Record::Story(Box::new(judged(number, stories, false)))).collect();
        let position = journal.append(&records).expect("the journal is written");
        store.apply_records(&records, position).expect("the store is written");
    }
}

/// The same number gives the same other number, without a pattern (splitmix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Draws from one seed.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = mixed(self.0);
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A rank below `end`, as often as Zipf's law has it: the logarithm of the rank is even.
    fn zipf(&mut self, end: u64) -> u64 {
        let even = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (((end + 1) as f64).powf(even) as u64 - 1).min(end - 1)
    }
}

/// A word of two or three syllables, by its rank.
fn word(rank: u64, lang: usize) -> String {
    let seed = mixed(rank + 7);
    let syllable = |bits: u64| {
        let of = |letters: &[[&'static str; 3]], bits: u64| letters[bits as usize % letters.len()][lang];
        [of(&ONSETS, bits), of(&VOWELS, bits >> 4), of(&CODAS, bits >> 7)].concat()
    };
    let more = if rank < 200 { String::new() } else { syllable(seed >> 20) };
    [syllable(seed), syllable(seed >> 10), more].concat()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// A matter that is told of more than once.
struct Matter {
    given: u64,
    surname: u64,
    outlet: u64,
    town: u64,
    article: u64,
}

impl Matter {
    fn of(number: u64) -> Self {
        let mut draw = Draw(mixed(number ^ 0xca5e));
        Self {
            given: draw.zipf(300),
            surname: draw.zipf(6_000),
            outlet: draw.zipf(400),
            town: draw.zipf(120),
            article: draw.zipf(12),
        }
    }

    fn person(&self, lang: usize) -> String {
        let ending = ["ов", "ов", "ov"][lang];
        format!(
            "{} {}{ending}",
            capital(&word(1_000_000 + self.given, lang)),
            capital(&word(2_000_000 + self.surname, lang))
        )
    }

    fn town(&self, lang: usize) -> String {
        capital(&word(3_000_000 + self.town, lang))
    }

    fn outlet(&self, lang: usize) -> String {
        let name = word(4_000_000 + self.outlet, lang);
        format!("«{} {}»", capital(&name), word(5_000_000 + self.outlet, lang))
    }

    fn told(&self, lang: usize) -> String {
        let (person, outlet, town) = (self.person(lang), self.outlet(lang), self.town(lang));
        match lang {
            0 => format!("{town} соты {outlet} газетінің тілшісі {person} ісін қарады. {person} кінәсін мойындамады."),
            1 => format!(
                "Суд города {town} рассмотрел дело корреспондента газеты {outlet} {person}. {person} вину не признал."
            ),
            _ => format!(
                "A court in {town} heard the case of {person}, a reporter of {outlet}. {person} pleaded not guilty."
            ),
        }
    }
}

/// The matter of the candidate with this number: half of them go on with an earlier one, which lately had news.
fn matter(candidate: u64, new: bool, kept: u64) -> Matter {
    let mut draw = Draw(mixed(candidate ^ 0x90));
    let goes_on = draw.below(2) == 0;
    let last = if new { kept } else { candidate };
    let number = if goes_on && last > 0 { last - 1 - draw.zipf(last.min(A_DAY)) } else { candidate };
    Matter::of(number)
}

fn filler(draw: &mut Draw, lang: usize, words: u64) -> String {
    let mut text = String::new();
    for at in 0..words {
        text.push_str(&word(draw.zipf(40_000), lang));
        text.push_str(if at % 14 == 13 { ". " } else { " " });
    }
    text
}

fn captured(number: u64) -> Timestamp {
    let seconds = 1_500_000_000 + number * 86_400 / A_DAY;
    Timestamp::from_second(i64::try_from(seconds).unwrap_or_default()).unwrap_or_default()
}

/// The story of this number; `new` ones are candidates and come after the `kept`.
fn judged(number: u64, kept: u64, new: bool) -> Judged {
    let mut draw = Draw(mixed(number));
    let lang = (draw.zipf(3) as usize + 1) % 3;
    let length = 120 + draw.zipf(400);
    let candidate = new || number.is_multiple_of(QUIET);
    let about = matter(if new { number } else { number / QUIET }, new, kept / QUIET);
    let lede = if candidate { about.told(lang) } else { Matter::of(draw.next()).person(lang) };
    let id = format!("s{:016x}", mixed(number ^ 0x1d));
    let story = Story {
        id: id.clone(),
        url: Some(format!("https://outlet{}.example/news/{number}", number % 300)),
        title: capital(&filler(&mut draw, lang, 7)),
        text: format!("{lede}\n\n{}", filler(&mut draw, lang, length)),
        published: Some(Moment::utc(captured(number))),
        byline: None,
        source: Some(format!("Outlet {}", number % 300)),
    };
    let fields = match candidate {
        true => about.fields(lang),
        false => Fields::default(),
    };
    let label = Label { id: Category::CriminalProsecution, subtype: None, score: 0.9 };
    let verdict = Verdict {
        id,
        lang: LANGS[lang],
        langs: vec![LANGS[lang]],
        script: if lang == 2 { Script::Latin } else { Script::Cyrillic },
        candidate,
        score: if candidate { 0.9 } else { 0.1 },
        country: Some("KZ".to_owned()),
        categories: if candidate { vec![label] } else { Vec::new() },
        fields,
        spans: Default::default(),
        evidence: Vec::new(),
        against: Vec::new(),
        case: None,
        dup: None,
    };
    Judged {
        story,
        verdict,
        rule_set: "bench".to_owned(),
        captured: captured(number),
        head: None,
        shows: None,
        capture: None,
        link: None,
        second_look: None,
        let_go: None,
    }
}

impl Matter {
    fn fields(&self, lang: usize) -> Fields {
        let article =
            Article { code: Code::Criminal, number: Some((130 + self.article).to_string()), part: None, name: None };
        Fields {
            place: Some(self.town(lang)),
            place_id: Some(format!("town{}", self.town)),
            targets: vec![Target { name: self.person(lang), role: Role::Journalist }],
            articles: vec![article],
            ..Fields::default()
        }
    }
}

fn rank(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * share) as usize]
}
