//! How fast stories are judged, stage by stage, on one thread.
//!
//! `cargo bench --bench judge` prints the figures; with `-- --hand-over FOLDER` it writes the same text,
//! stems and figures there, for the peers of `benches/peers` to be measured on.
//!
//! The text is invented. As on a live wire most stories are about anything else: sentences put together
//! from the lists below; one in seven is a near miss from `fixtures/quiet` and `fixtures/worded`, three of
//! a hundred tell of a violation. Stems are the words of the rule files.
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
use sozwatch::rules::{Concept, RuleSet};
use sozwatch::text::language::{self, Detector};
use sozwatch::text::stems::{Entry, Lexicon};
use sozwatch::text::{self, Reading};

/// Stories of the text; about two megabytes.
const STORIES: usize = 1_200;
/// Each stage is measured so many times; the fastest counts.
const RUNS: usize = 4;
/// Seconds that a stage is repeated for to be measured once: some systems tell processor time in steps of
/// four milliseconds.
const LONG_ENOUGH: f64 = 0.25;
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
        let (rules, forms) = cut_to(judge.rules(), size, &[]);
        let judge = Judge::new(rules);
        report.stage(&format!("judge by {forms} forms"), || judge_all(&judge, &stories));
    }
    // The same rules with more stems that no rule asks for: what stems alone cost.
    for size in SIZES {
        let (rules, _) = cut_to(judge.rules(), SIZES[0], &sized(&stems, size));
        let judge = Judge::new(rules);
        report.stage(&format!("judge, {size} idle stems"), || judge_all(&judge, &stories));
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

/// Seconds that one run takes, of the fastest of some measurements.
fn fastest(mut run: impl FnMut()) -> f64 {
    let mut measure = || {
        let (began, mut runs) = (processor_time(), 0);
        loop {
            run();
            runs += 1;
            let seconds = processor_time() - began;
            if seconds >= LONG_ENOUGH {
                return seconds / f64::from(runs);
            }
        }
    };
    (0..RUNS).map(|_| measure()).fold(f64::INFINITY, f64::min)
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

/// Who, did what, where and when, how it ended: for sentences about anything else.
const PLAIN: [[&[&str]; 4]; 3] = [
    [
        &[
            "Водители маршрута",
            "Агрономы хозяйства",
            "Жители посёлка Жанатас",
            "Синоптики",
            "Участники ярмарки",
            "Хоккеисты «Арлана»",
            "Учёные института почв",
            "Строители моста",
            "Пассажиры поезда",
            "Врачи поликлиники",
        ],
        &[
            "получили новые автобусы",
            "убрали урожай пшеницы",
            "встретили первый снег",
            "открыли выставку ковров",
            "выиграли домашний матч",
            "починили насос на станции",
            "посадили двести яблонь",
            "ждут тёплой погоды",
            "сдали экзамен по вождению",
            "подсчитали перелётных птиц",
        ],
        &[
            "в Караганде",
            "на севере области",
            "у озера Балхаш",
            "в субботу утром",
            "14 октября 2017 года",
            "на прошлой неделе",
            "в новом микрорайоне",
            "после ремонта котельной",
            "при температуре минус 12 градусов",
        ],
        &[
            "на это ушло 45 миллионов тенге",
            "цены на картофель почти не изменились",
            "движение восстановлено к вечеру",
            "следующий рейс отправится в понедельник",
            "работы продолжатся весной",
            "дети получили подарки",
            "вода поднялась на 20 сантиметров",
            "билеты разошлись за час",
        ],
    ],
    [
        &[
            "Қостанай диқандары",
            "Ауыл тұрғындары",
            "Қалалық көлік жүргізушілері",
            "Жас суретшілер",
            "Балқаш балықшылары",
            "Мектеп оқушылары",
            "Құрылысшылар тобы",
            "Синоптиктер",
            "Футболшылар командасы",
            "Дәрігерлер",
        ],
        &[
            "жаңа автобустарды жолға шығарды",
            "биылғы егінді жинап алды",
            "алғашқы қарды қарсы алды",
            "кілем көрмесін ашты",
            "үйдегі ойында жеңіске жетті",
            "екі жүз алма ағашын отырғызды",
            "жылы күнді күтіп отыр",
            "көпірді жөндеп бітірді",
        ],
        &[
            "Қарағандыда",
            "облыстың солтүстігінде",
            "Балқаш көлінің жағасында",
            "сенбі күні таңертең",
            "2017 жылғы 14 қазанда",
            "өткен аптада",
            "жаңа ықшам ауданда",
            "минус 12 градус аязда",
        ],
        &[
            "бұған 45 миллион теңге жұмсалды",
            "картоп бағасы көп өзгерген жоқ",
            "қозғалыс кешке қарай қалпына келді",
            "жұмыс көктемде жалғасады",
            "балалар сыйлық алды",
            "су деңгейі 20 сантиметрге көтерілді",
            "билеттер бір сағатта сатылды",
        ],
    ],
    [
        &[
            "Bus drivers on the northern route",
            "Wheat farmers",
            "Residents of a lakeside village",
            "Forecasters",
            "Players of the local hockey side",
            "Soil scientists",
            "Engineers at the bridge",
            "Visitors to the fair",
        ],
        &[
            "received new vehicles",
            "finished the harvest early",
            "woke to the first snow",
            "opened a show of carpets",
            "won at home again",
            "mended a pump at the station",
            "planted two hundred apple trees",
            "counted passing geese",
        ],
        &[
            "in Karaganda",
            "in the north of the region",
            "by Lake Balkhash",
            "on Saturday morning",
            "on 14 October 2017",
            "last week",
            "in a new district",
            "at minus 12 degrees",
        ],
        &[
            "the work cost 45 million tenge",
            "the price of potatoes hardly moved",
            "traffic was moving again by evening",
            "the next train leaves on Monday",
            "work goes on in spring",
            "children went home with presents",
            "the water rose by 20 centimetres",
            "tickets were gone within the hour",
        ],
    ],
];

/// A paragraph about anything else.
fn plain(lang: usize, chance: &mut Chance) -> String {
    let sentence = |chance: &mut Chance| {
        let [who, what, when, end] = PLAIN[lang].map(|list| list[chance.below(list.len())]);
        let [and, stop] = if lang == 2 { [", and ", ". "] } else { [", ", ". "] };
        if lang == 1 {
            format!("{who} {when} {what}{and}{end}{stop}")
        } else {
            format!("{who} {what} {when}{and}{end}{stop}")
        }
    };
    (0..3).map(|_| sentence(chance)).collect::<String>().trim_end().to_owned()
}

/// Stories of seven to eleven paragraphs of one language.
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
            lines.push(format!("{title}. {text}"));
        }
    }
    let mut chance = Chance(7);
    let story = |number: usize| {
        let lang = [0, 0, 0, 1, 1, 2][chance.below(6)];
        let any = |lines: &[String], chance: &mut Chance| lines[chance.below(lines.len())].clone();
        let paragraph = |first: bool, chance: &mut Chance| match number % 100 {
            0..3 if first => any(&loud[lang], chance),
            0..17 => any(&quiet[lang], chance),
            _ => plain(lang, chance),
        };
        let title = paragraph(false, &mut chance).split('.').next().unwrap_or_default().to_owned();
        let mut text = paragraph(true, &mut chance);
        for _ in 0..6 + number % 5 {
            let _ = write!(text, "\n\n{}", paragraph(false, &mut chance));
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

/// The rules with about so many forms only, the same number of each concept in each language, and how many
/// that are. Of a hundred each concept has one, in one language. `idle` stems are added as a concept that
/// no rule asks for.
fn cut_to(rules: &RuleSet, size: usize, idle: &[(Lang, String)]) -> (RuleSet, usize) {
    let speaking = || rules.concepts().iter().filter(|concept| LANGS.iter().any(|lang| concept.speaks(*lang)));
    let all = |most: usize| -> usize {
        speaking().map(|concept| LANGS.iter().map(|lang| concept.samples(*lang, most).len()).sum::<usize>()).sum()
    };
    let most = (1..1_000).find(|most| all(*most) >= size).unwrap_or(usize::MAX);
    let (mut file, mut forms) = (String::new(), 0);
    for concept in speaking() {
        let Concept { id, attributed, deniable, .. } = concept;
        let _ = writeln!(file, "[[concept]]\nid = {id:?}\nis = \"cut short\"");
        let _ = writeln!(file, "attributed = {attributed}\ndeniable = {deniable}");
        let mut langs: Vec<Lang> = LANGS.into_iter().filter(|lang| concept.speaks(*lang)).collect();
        if size <= all(1) {
            langs.truncate(1);
        }
        for lang in langs {
            let kept = concept.samples(lang, most);
            forms += kept.len();
            let _ = writeln!(file, "{} = {kept:?}", lang.id());
        }
    }
    if !idle.is_empty() {
        file.push_str("[[concept]]\nid = \"idle\"\nis = \"asked for by no rule\"\n");
        for lang in LANGS {
            let stems = idle.iter().filter(|(of, _)| *of == lang).map(|(_, stem)| format!("{stem}*"));
            let _ = writeln!(file, "{} = {:?}", lang.id(), stems.collect::<Vec<_>>());
        }
    }
    let (rules, faults) = RuleSet::overlaid(vec![("concepts/short.toml".to_owned(), file)]);
    assert!(faults.is_empty(), "{faults:?}");
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
