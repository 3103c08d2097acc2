//! How fast stories are judged, stage by stage, on one thread.
//!
//! `cargo bench --bench judge` prints the figures; with `-- --hand-over FOLDER` it writes the same text,
//! stems and figures there, for the peers of `benches/peers` to be measured on.
//!
//! The text is invented: the stories of `fixtures/quiet` and `fixtures/worded` in varied order, three of
//! a hundred with a paragraph of a violation, as on a live wire. Stems are the words of the rule files.
//! What is measured is the processor time of this thread, so that a busy machine disturbs little.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files, arguments and the clock")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;
use sozwatch::classify::Judge;
use sozwatch::facts::{Survey, Tables};
use sozwatch::model::{Lang, Story};
use sozwatch::rules::RuleSet;
use sozwatch::text::language::{self, Detector};
use sozwatch::text::stems::{Entry, Lexicon};
use sozwatch::text::{self, Reading};

/// Stories of the text; about two megabytes.
const STORIES: usize = 1_200;
/// Each stage is run so many times; the fastest run counts.
const RUNS: usize = 5;
/// How many stems are looked for.
const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// The languages of the rules.
const LANGS: [Lang; 3] = [Lang::RU, Lang::KK, Lang::EN];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder =
        arguments.iter().position(|argument| argument == "--hand-over").map(|at| PathBuf::from(&arguments[at + 1]));
    let began = processor_time();
    let judge = Judge::new(RuleSet::builtin().0);
    println!("rules and models ready in {:.0} ms", 1_000.0 * (processor_time() - began));
    let stories = stories();
    let bytes: usize = stories.iter().map(|story| story.title.len() + story.text.len()).sum();
    println!("{} stories, {:.1} MB", stories.len(), bytes as f64 / 1e6);

    let mut report = Report { bytes, stories: stories.len(), figures: serde_json::Map::new() };
    let detector = Detector::new();
    let readings: Vec<Reading<'_>> = stories.iter().map(|s| text::read(&s.title, &s.text, &detector)).collect();
    let told = report.stage("detect", || {
        stories.iter().for_each(|s| drop(black_box(language::tell(&s.title, &s.text, &detector))));
    });
    let read = fastest(|| stories.iter().for_each(|s| drop(black_box(text::read(&s.title, &s.text, &detector)))));
    report.figure("cut and fold", read - told);

    let stems = stems(judge.rules());
    for size in SIZES {
        let lexicon = lexicon(&stems, size);
        report.stage(&format!("match {size} stems"), || {
            readings.iter().for_each(|reading| drop(black_box(lexicon.hits(reading))));
        });
    }
    let lexicon = judge.rules().lexicon();
    report.stage("match the rules' words", || {
        readings.iter().for_each(|reading| drop(black_box(lexicon.hits(reading))));
    });
    let (tables, _) = Tables::parse(judge.rules().tables());
    let names: Vec<_> = readings.iter().map(|reading| tables.lexicon().hits(reading)).collect();
    report.stage("facts", || {
        for (reading, names) in readings.iter().zip(&names) {
            let survey = Survey::of(reading, &tables, names);
            black_box((survey.articles(), survey.outlets(), survey.country(None)));
        }
    });
    for size in SIZES {
        let (rules, forms) = cut_to(judge.rules(), size);
        let judge = Judge::new(rules);
        report.stage(&format!("judge by {forms} forms"), || judge_all(&judge, &stories));
    }
    report.stage("judge by all rules", || judge_all(&judge, &stories));
    hostile(&judge);
    if let Some(folder) = folder {
        hand_over(&folder, &stories, &stems, report);
    }
}

fn judge_all(judge: &Judge, stories: &[Story]) {
    stories.iter().for_each(|story| drop(black_box(judge.judge(story, Some("KZ")))));
}

/// Seconds of processor time of this thread; of the clock where the system does not tell.
fn processor_time() -> f64 {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGAN.get_or_init(Instant::now).elapsed().as_secs_f64(), |ns| ns / 1e9)
}

/// Seconds of the fastest of some runs.
fn fastest(mut run: impl FnMut()) -> f64 {
    let once = |run: &mut dyn FnMut()| {
        let began = processor_time();
        run();
        processor_time() - began
    };
    (0..RUNS).map(|_| once(&mut run)).fold(f64::INFINITY, f64::min)
}

/// Figures, printed as they come.
struct Report {
    bytes: usize,
    stories: usize,
    figures: serde_json::Map<String, serde_json::Value>,
}

impl Report {
    fn stage(&mut self, name: &str, run: impl FnMut()) -> f64 {
        let seconds = fastest(run);
        self.figure(name, seconds);
        seconds
    }

    fn figure(&mut self, name: &str, seconds: f64) {
        let (megabytes, stories) = (self.bytes as f64 / 1e6 / seconds, self.stories as f64 / seconds);
        println!("{name:<26} {megabytes:>8.1} MB/s {stories:>10.0} stories/s");
        self.figures.insert(name.to_owned(), json!({ "seconds": seconds, "mb_per_s": megabytes }));
    }
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Stories of six to ten paragraphs of one language, put together from the invented ones.
fn stories() -> Vec<Story> {
    let mut quiet: [Vec<String>; 3] = Default::default();
    let mut loud: [Vec<String>; 3] = Default::default();
    let place = |lang: &str| LANGS.iter().position(|known| known.id() == lang);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(fixtures().join("quiet")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let lang = file.file_name().unwrap().to_string_lossy().get(..2).and_then(place).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        quiet[lang].extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
    }
    for (lang, id) in LANGS.iter().map(|lang| lang.id()).enumerate() {
        let text = std::fs::read_to_string(fixtures().join("worded").join(format!("{id}.txt"))).unwrap();
        for line in text.lines() {
            let mut parts = line.splitn(3, '|');
            let (category, title, text) = (parts.next(), parts.next(), parts.next());
            let (Some(category), Some(title), Some(text)) = (category, title, text) else { continue };
            let lines = if category == "-" { &mut quiet[lang] } else { &mut loud[lang] };
            lines.extend([title.to_owned(), text.to_owned()]);
        }
    }
    let mut chance = Chance(7);
    let story = |number: usize| {
        let lang = [0, 0, 0, 1, 1, 2][chance.below(6)];
        let mut any = |lines: &[String]| lines[chance.below(lines.len())].clone();
        let title = any(&quiet[lang]);
        let mut text = if number % 100 < 3 { any(&loud[lang]) } else { any(&quiet[lang]) };
        for _ in 0..6 + number % 5 {
            let _ = write!(text, "\n\n{}", any(&quiet[lang]));
        }
        Story {
            id: number.to_string(),
            url: None,
            title,
            text,
            published: "2017-11-16T10:00:00+06:00".parse().ok(),
            byline: None,
            source: None,
        }
    };
    (0..STORIES).map(story).collect()
}

/// The words of the rules' forms as stems, three letters or more, in an order that looks like chance.
fn stems(rules: &RuleSet) -> Vec<(Lang, String)> {
    let mut all = BTreeSet::new();
    for concept in rules.concepts() {
        for lang in LANGS {
            for form in concept.samples(lang, usize::MAX) {
                for word in form.split([' ', '+']) {
                    let word = word.rsplit(':').next().unwrap_or(word).trim_matches(['=', '*']);
                    if word.chars().count() >= 3 {
                        all.insert((lang, word.to_lowercase()));
                    }
                }
            }
        }
    }
    let mut stems: Vec<(Lang, String)> = all.into_iter().collect();
    let mut chance = Chance(11);
    for last in (1..stems.len()).rev() {
        stems.swap(last, chance.below(last + 1));
    }
    stems
}

/// The first stems, each as a form with whatever follows, of a hundred concepts. Where the rules have fewer
/// than asked for, stems come again with a letter more.
fn lexicon(stems: &[(Lang, String)], size: usize) -> Lexicon {
    let forms: Vec<(String, Lang, String)> = sized(stems, size)
        .into_iter()
        .enumerate()
        .map(|(number, (lang, stem))| (format!("c{}", number % 100), lang, format!("{stem}*")))
        .collect();
    let entries = forms.iter().map(|(concept, lang, form)| Entry { concept, lang: *lang, form, except: false });
    Lexicon::build(entries).0
}

fn sized(stems: &[(Lang, String)], size: usize) -> Vec<(Lang, String)> {
    let longer = |letter: char| stems.iter().map(move |(lang, stem)| (*lang, format!("{stem}{letter}")));
    let letters = |lang: Lang| if lang == Lang::EN { 'e' } else { 'а' };
    let again = stems.iter().map(|(lang, stem)| (*lang, format!("{stem}{}", letters(*lang))));
    let more = again.chain(longer('н'));
    stems.iter().cloned().chain(more).take(size).collect()
}

/// The rules with so many forms only, spread over all concepts, and how many that are.
fn cut_to(rules: &RuleSet, size: usize) -> (RuleSet, usize) {
    let all = |most: usize| -> usize {
        let concepts = rules.concepts().iter();
        concepts.flat_map(|concept| LANGS.map(|lang| concept.samples(lang, most).len())).sum()
    };
    let most = (1..).find(|most| all(*most) >= size || all(*most) == all(usize::MAX)).unwrap_or(1);
    let mut file = String::new();
    let mut left = size.max(rules.concepts().len());
    for concept in rules.concepts().iter().filter(|concept| LANGS.iter().any(|lang| concept.speaks(*lang))) {
        let _ = writeln!(
            file,
            "[[concept]]\nid = {:?}\nis = \"cut short\"\nattributed = {}",
            concept.id, concept.attributed
        );
        let mut kept = 0;
        for lang in LANGS {
            // Of a hundred forms each concept has one, in one of its languages.
            let forms = concept.samples(lang, if size <= 200 { usize::from(kept == 0) } else { most.min(left) });
            (kept, left) = (kept + forms.len(), left - forms.len());
            if !forms.is_empty() {
                let _ = writeln!(file, "{} = {forms:?}", lang.id());
            }
        }
    }
    let (rules, _) = RuleSet::overlaid(vec![("concepts/short.toml".to_owned(), file)]);
    let concepts = rules.concepts().iter();
    let forms = concepts.flat_map(|concept| LANGS.map(|lang| concept.samples(lang, usize::MAX).len())).sum();
    (rules, forms)
}

/// Texts that ask for trouble, each at four sizes: twice the text should take about twice the time.
fn hostile(judge: &Judge) {
    println!("\nhostile text: seconds at 1/4, 1/2, 1 and 2 MB, and the last by the one before");
    let texts: [(&str, &str); 9] = [
        ("one word", "слово"),
        ("one sentence", "арест "),
        ("a million sentences", "Суд. "),
        ("articles", "ст. 174 ч. 1, 274, 405-баптың 1-бөлігі "),
        ("sums and dates", "5 млн 405 тыс. тенге 16 ноября 2017 года "),
        ("quotation marks", "«журналист «газета» "),
        ("hyphens and accents", "а\u{301}-б\u{ad}-"),
        ("marks of direction", "\u{202e}\u{200f}задержан\u{202c} "),
        ("short paragraphs", "Редактора задержали\n"),
    ];
    for (name, piece) in texts {
        let seconds = [1, 2, 4, 8].map(|quarters| {
            let text = piece.repeat(quarters * 250_000 / piece.len());
            let story = Story {
                id: String::new(),
                url: None,
                title: String::new(),
                text,
                published: "2017-11-16T10:00:00+06:00".parse().ok(),
                byline: None,
                source: None,
            };
            fastest(|| drop(black_box(judge.judge(&story, None))))
        });
        let [a, b, c, d] = seconds;
        println!("{name:<26} {a:>8.4} {b:>8.4} {c:>8.4} {d:>8.4}   ×{:.2}", d / c);
    }
}

/// Writes what the peers are measured on.
fn hand_over(folder: &Path, stories: &[Story], stems: &[(Lang, String)], report: Report) {
    std::fs::create_dir_all(folder).unwrap();
    let line = |story: &Story| json!({ "title": story.title, "text": story.text }).to_string() + "\n";
    std::fs::write(folder.join("stories.jsonl"), stories.iter().map(line).collect::<String>()).unwrap();
    for size in SIZES {
        let lines: String = sized(stems, size).iter().map(|(lang, stem)| format!("{}\t{stem}\n", lang.id())).collect();
        std::fs::write(folder.join(format!("stems-{size}.tsv")), lines).unwrap();
    }
    let figures = serde_json::to_string_pretty(&report.figures).unwrap();
    std::fs::write(folder.join("sozwatch.json"), figures).unwrap();
}
