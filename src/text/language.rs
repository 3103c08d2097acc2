//! Which language and script a text is in: the alphabet and the commonest words first, then trigrams of
//! letters where those leave a doubt, and lingua where a doubt is left between Kazakh and Russian.
//!
//! lingua knows three languages here and never refuses: alone it calls Kyrgyz Kazakh and Ukrainian
//! Russian. So a letter that an alphabet lacks speaks against its language, a neighbour needs words, letters
//! or trigrams of its own to be named, and a text that nothing speaks for is `und`.
//!
//! A story is told paragraph by paragraph: mixed Kazakh and Russian pages are common.

mod alike;
mod profiles;
mod signs;
mod trigrams;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use lingua::{Language, LanguageDetector, LanguageDetectorBuilder};

use crate::model::{Lang, Part, Script};
use profiles::PROFILES;
use signs::{POINT, Seen, Signs};
use trigrams::Trigrams;

/// Bytes of a paragraph (or of the whole story) that are looked at.
const SAMPLE: usize = 1_200;
/// Letters from which a paragraph is told by itself; a shorter one takes the language of its story.
const LETTERS_OF_A_PARAGRAPH: usize = 40;
/// Lead over the next language below which lingua is asked.
const CLEAR_LEAD: i64 = 2 * POINT;
/// Lead over every other language above which no trigram is asked.
const SURE_LEAD: i64 = 4 * POINT;
/// Points that a thousandth of a nat of a trigram's cost takes away. Trigrams overlap: each tells less than
/// its logarithm says.
const OF_A_MILLINAT: i64 = POINT * 18 / 100_000;
/// What a language without trigrams costs above English, in thousandths of a nat.
const WITHOUT_TRIGRAMS: i64 = 9_000;
/// What must speak for a neighbour by signs of its own.
const OF_ITS_OWN: i64 = POINT / 2;

/// The language detector: built once, inside the value that judges.
pub struct Detector {
    lingua: LanguageDetector,
    signs: Signs,
    trigrams: Trigrams,
}

impl std::fmt::Debug for Detector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Detector").finish_non_exhaustive()
    }
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

/// A run of text between line breaks, with the language it is read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The part that it stands in.
    pub part: Part,
    /// First byte in that part.
    pub start: usize,
    /// One past the last byte, without the line break.
    pub end: usize,
    /// Counted from 0 within the part.
    pub number: usize,
    /// Its language.
    pub lang: Lang,
    /// Its script.
    pub script: Script,
}

/// What a story's languages and scripts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Language of most of the text.
    pub lang: Lang,
    /// Every language found, most text first.
    pub langs: Vec<Lang>,
    /// Script of most of the text.
    pub script: Script,
    /// Paragraphs that are not blank, title first.
    pub paragraphs: Vec<Paragraph>,
}

/// Tells the language of each paragraph of a story and of the whole.
pub fn tell(title: &str, text: &str, detector: &Detector) -> Told {
    // Asked for only by a paragraph that cannot be told by itself.
    let story = Whole { detector, title, text, seen: OnceCell::new(), told: OnceCell::new(), decided: OnceCell::new() };
    // What paragraphs were found to be in beyond doubt.
    let mut found = Vec::new();
    let (mut paragraphs, mut weights) = (Vec::new(), BTreeMap::<(Lang, Script), usize>::new());
    // The text first: what it is in, a short title that leaves a doubt is in too.
    let mut of_text = 0;
    for (part, content) in [(Part::Text, text), (Part::Title, title)] {
        of_text = paragraphs.len();
        let lines = lines_of(content).filter(|(_, line)| !line.trim_start().is_empty());
        for (number, (start, line)) in lines.enumerate() {
            let (lang, script) = detector.paragraph(line, &story, &mut found);
            *weights.entry((lang, script)).or_default() += line.len();
            paragraphs.push(Paragraph { part, start, end: start + line.len(), number, lang, script });
        }
    }
    paragraphs.rotate_left(of_text);
    let mut by_weight: Vec<((Lang, Script), usize)> = weights.into_iter().collect();
    by_weight.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let (lang, script) = by_weight.first().map_or_else(|| story.told(), |(most, _)| *most);
    let mut langs = Vec::new();
    for ((lang, _), _) in by_weight {
        if !langs.contains(&lang) {
            langs.push(lang);
        }
    }
    if langs.is_empty() {
        langs.push(lang);
    }
    Told { lang, langs, script, paragraphs }
}

/// A story as a whole, told when it is first asked for.
struct Whole<'s> {
    detector: &'s Detector,
    title: &'s str,
    text: &'s str,
    seen: OnceCell<(String, Seen)>,
    told: OnceCell<(Lang, Script)>,
    decided: OnceCell<Option<(Decided, Script)>>,
}

impl Whole<'_> {
    fn seen(&self) -> &(String, Seen) {
        self.seen.get_or_init(|| {
            let mut sample = String::with_capacity(2 * SAMPLE + 1);
            sample.push_str(start_of(self.title, SAMPLE));
            sample.push('\n');
            sample.push_str(start_of(self.text, SAMPLE));
            let seen = self.detector.signs.see(&sample);
            (sample, seen)
        })
    }

    fn told(&self) -> (Lang, Script) {
        *self.told.get_or_init(|| {
            let (sample, seen) = self.seen();
            self.detector.of_sample(sample, seen)
        })
    }

    /// Is it in a language beyond doubt?
    fn is_clearly(&self, lang: Lang, script: Script) -> bool {
        let decided = self.decided.get_or_init(|| {
            let (sample, seen) = self.seen();
            let script = seen.script(&self.detector.signs)?;
            Some((self.detector.decide(script, seen, sample)?, script))
        });
        *decided == Some((Decided { lang, clear: true }, script))
    }
}

/// What the letters and words of a sample decide.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Decided {
    lang: Lang,
    /// No other language that rules read comes near.
    clear: bool,
}

/// Lines without their line breaks, each with where it begins.
fn lines_of(content: &str) -> impl Iterator<Item = (usize, &str)> {
    // Looking for one byte is much faster than for one of three characters, and the other two are rare.
    let rare = content.contains('\u{2028}') || content.contains('\u{2029}');
    let mut next = 0;
    std::iter::from_fn(move || {
        let rest = content.get(next..).filter(|rest| !rest.is_empty())?;
        let found = if rare { rest.find(['\n', '\u{2028}', '\u{2029}']) } else { rest.find('\n') };
        let length = found.map_or(rest.len(), |at| at + rest[at..].chars().next().map_or(0, char::len_utf8));
        let start = next;
        next += length;
        Some((start, rest[..length].trim_end_matches(['\n', '\r', '\u{2028}', '\u{2029}'])))
    })
}

/// The first bytes of a text, up to a character border.
fn start_of(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes.min(text.len()))]
}

impl Detector {
    /// Builds the detector: lingua's three models and the tables of telling words and letters.
    pub fn new() -> Self {
        let lingua =
            LanguageDetectorBuilder::from_languages(&[Language::Kazakh, Language::Russian, Language::English]).build();
        Self { lingua, signs: Signs::new(), trigrams: Trigrams::new() }
    }

    /// Language and script of a text, looked at as a whole.
    pub fn detect(&self, text: &str) -> (Lang, Script) {
        let sample = start_of(text, 2 * SAMPLE + 1);
        self.of_sample(sample, &self.signs.see(sample))
    }

    fn of_sample(&self, sample: &str, seen: &Seen) -> (Lang, Script) {
        let Some(script) = seen.script(&self.signs) else { return (Lang::UND, Script::Other) };
        (self.lang(sample, seen, script, |_| false, |_| {}), script)
    }

    /// Language and script of one paragraph; a short one, or one that nothing speaks for, takes those
    /// of its story where the scripts agree.
    fn paragraph(&self, text: &str, story: &Whole<'_>, found: &mut Vec<(Lang, Script)>) -> (Lang, Script) {
        let sample = start_of(text, SAMPLE);
        if let Some(same) = found.iter().find(|(lang, script)| alike::is_plainly(sample, *lang, *script)) {
            return *same;
        }
        let seen = self.signs.see(sample);
        let Some(script) = seen.script(&self.signs) else { return story.told() };
        if seen.total(&self.signs) < LETTERS_OF_A_PARAGRAPH {
            let story = story.told();
            if script == story.1 || script == Script::Latin {
                return story;
            }
        }
        // What the letters and words of a paragraph lean to, and its whole story is in, it is in.
        let agreed = |lang| found.contains(&(lang, script)) || story.is_clearly(lang, script);
        let mut clearly = None;
        let lang = self.lang(sample, &seen, script, agreed, |lang| clearly = Some((lang, script)));
        found.extend(clearly.filter(|clearly| is_read(clearly.0) && !found.contains(clearly)));
        if lang == Lang::UND && script == story.told().1 { story.told() } else { (lang, script) }
    }

    fn lang(
        &self,
        sample: &str,
        seen: &Seen,
        script: Script,
        agreed: impl Fn(Lang) -> bool,
        mut clearly: impl FnMut(Lang),
    ) -> Lang {
        match script {
            Script::Arabic => arabic(sample),
            Script::Other => Lang::UND,
            Script::Cyrillic | Script::Latin => match self.decide(script, seen, sample) {
                None => Lang::UND,
                Some(Decided { lang, clear: true }) => {
                    clearly(lang);
                    lang
                }
                Some(Decided { lang, .. }) if agreed(lang) => lang,
                Some(Decided { lang, .. }) => self.ask_lingua(sample, script).unwrap_or(lang),
            },
        }
    }

    /// The language of a script that most speaks for; `None` without a word.
    fn decide(&self, script: Script, seen: &Seen, sample: &str) -> Option<Decided> {
        let (mut scores, own) = seen.scores(&self.signs, script)?;
        let rivals = || (0..PROFILES.len()).filter(|index| PROFILES[*index].script == script);
        // A neighbour is named only where something of its own speaks for it.
        let by_signs = |index: &usize| is_read(PROFILES[*index].lang) || own[*index] >= OF_ITS_OWN;
        let (best, lead) = first(rivals().filter(by_signs), rivals(), &scores)?;
        if lead >= SURE_LEAD {
            return Some(Decided { lang: PROFILES[best].lang, clear: true });
        }
        // Or where its trigrams do.
        let costs = self.trigrams.costs(script, sample)?;
        let english =
            rivals().find(|index| PROFILES[*index].lang == Lang::EN).and_then(|index| costs[index]).unwrap_or(0);
        for index in rivals() {
            let lang = PROFILES[index].lang;
            let cost = costs[index].unwrap_or(english + WITHOUT_TRIGRAMS);
            scores[index] += before_any_text(lang) - cost * OF_A_MILLINAT;
        }
        let named = |index: &usize| costs[*index].is_some() || own[*index] >= OF_ITS_OWN;
        let (best, _) = first(rivals().filter(named), rivals(), &scores)?;
        let lang = PROFILES[best].lang;
        let ours = rivals().filter(|index| is_read(PROFILES[*index].lang));
        let lead = first([best].into_iter(), ours, &scores).map_or(0, |(_, lead)| lead);
        Some(Decided { lang, clear: !is_read(lang) || lead >= CLEAR_LEAD })
    }

    fn ask_lingua(&self, text: &str, script: Script) -> Option<Lang> {
        let lang = match self.lingua.detect_language_of(start_of(text, SAMPLE))? {
            Language::Kazakh => Lang::KK,
            Language::Russian => Lang::RU,
            Language::English => Lang::EN,
        };
        // lingua's Kazakh is Cyrillic.
        (script == Script::Cyrillic && lang != Lang::EN).then_some(lang)
    }
}

/// The best of some languages, the first of equals, and how far it leads over all others that are given.
fn first(
    some: impl Iterator<Item = usize>,
    all: impl Iterator<Item = usize>,
    scores: &signs::Points,
) -> Option<(usize, i64)> {
    let best = some.min_by_key(|index| (std::cmp::Reverse(scores[*index]), *index))?;
    let next = all.filter(|index| *index != best).map(|index| scores[index]).max();
    Some((best, next.map_or(i64::MAX, |next| scores[best] - next)))
}

/// What speaks for a language before a word is read: most stories are in those that rules read.
fn before_any_text(lang: Lang) -> i64 {
    match lang {
        Lang::RU | Lang::EN => POINT,
        Lang::KK => POINT / 4,
        // Seldom met, and nearest of all to Kazakh.
        _ if lang.id() == "kaa" => -2 * POINT,
        _ if matches!(lang.id(), "tg" | "bg") => -POINT,
        _ => 0,
    }
}

/// Do rules read this language?
fn is_read(lang: Lang) -> bool {
    matches!(lang, Lang::KK | Lang::RU | Lang::EN)
}

/// Kazakh and Uyghur share the Arabic script; each has letters that the other does without.
fn arabic(text: &str) -> Lang {
    let count = |letters: &[char]| text.chars().filter(|c| letters.contains(c)).count();
    let kazakh = count(&['ۋ', 'ٵ', 'ٸ', 'ٶ', 'ٷ', 'ء', 'ع', 'ى']);
    let uyghur = count(&['ې', 'ۈ', 'ئ', 'غ']);
    // ە, ۇ and ڭ are of both, and of no Arabic or Persian text.
    let of_both = count(&['ە', 'ۇ', 'ڭ', 'ۆ']);
    match (kazakh + of_both, uyghur) {
        (0, 0) => Lang::UND,
        (kazakh, uyghur) if kazakh >= uyghur && of_both + kazakh > 0 && of_both > 0 => Lang::KK,
        _ if of_both > 0 => Lang::of("ug").unwrap_or(Lang::UND),
        _ => Lang::UND,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang_of(text: &str) -> &'static str {
        Detector::new().detect(text).0.id()
    }

    #[test]
    fn three_languages_and_their_neighbours() {
        let check = |expect: &str, text: &str| assert_eq!(lang_of(text), expect, "{text}");
        check("ru", "Суд в Алматы оштрафовал редактора газеты за публикацию");
        check("ru", "Редактора отпустили");
        check("kk", "Алматыда сот газет редакторына айыппұл салды");
        check("kk", "Журналист босатылды, бірақ іс әлі жабылған жоқ");
        check("kk", "кеше бир журналист туралы жазды, енди оны сотка шакырды екен");
        check("kk", "Keşe Almatyda bır jurnalist ūstaldy jäne ony tergep jatyr");
        check("kk", "كەشە الماتىدا ءبىر جۋرناليست ۇستالدى");
        check("en", "A court in Almaty fined the editor of a newspaper");
        check("ky", "Кыргызстанда журналист кармалды, ал тууралуу анын адвокаты билдирди");
        check("uk", "Журналіста затримали у Києві, повідомляє його адвокат");
        check("be", "Журналіста затрымалі ў Мінску, пра гэта паведаміў адвакат");
        check("tt", "Казанда журналистны тоткарладылар, дип хәбәр итте аның адвокаты");
        check("uz", "Toshkentda jurnalist qo'lga olindi, bu haqda uning advokati ma'lum qildi va");
        check("mn", "Улаанбаатар хотод сэтгүүлчийг саатуулсан гэж өмгөөлөгч нь мэдэгдсэн байна");
        check("tr", "İstanbul'da bir gazeteci gözaltına alındı, avukatı bunu doğruladı ve");
        check("und", "2024 — 15:30");
        check("und", "");
    }

    #[test]
    fn a_neighbour_without_a_letter_of_its_own_is_told_by_trigrams() {
        let check = |expect: &str, text: &str| assert_eq!(lang_of(text), expect, "{text}");
        check("ky", "Кечээ базарда алма сатылды, баалар кымбаттады");
        check("ky", "Айылдыктар көпүрөнү оңдоону суранышты");
        check("uk", "Вони чекали додому листа");
        check("be", "Дзяўчына спявала на беразе");
        check("be", "Вечарам ехалі дадому");
        check("tt", "Кызлар урманда җиләк җыйган");
        check("mn", "Малчид хонь хариулсан");
        check("uz", "Dehqonlar bozorga tarvuz olib kelishdi");
        check("tr", "Balıkçılar limana dönüyordu");
        check("ru", "Умер старый рыбак");
        check("ru", "Глава района ушёл");
        check("ru", "Рыбаки вернулись домой");
        check("kk", "Балықшы көлге кетті");
        check("kk", "базарда алма сатып жатыр");
        check("en", "Fishermen return safely");
    }

    #[test]
    fn a_mixed_story_is_told_by_paragraph() {
        let text = "Сот бүгін журналистің арызын қарап, оны қанағаттандырудан бас тартты.\n\n\
                    Об этом сообщила его адвокат после заседания, которое длилось два часа.";
        let told = tell("Сот шешімі туралы хабар", text, &Detector::new());
        let langs: Vec<_> = told.paragraphs.iter().map(|paragraph| paragraph.lang.id()).collect();
        assert_eq!(langs, ["kk", "kk", "ru"]);
        assert_eq!(told.langs, [Lang::KK, Lang::RU]);
        assert_eq!(&text[told.paragraphs[2].start..told.paragraphs[2].end], text.split("\n\n").nth(1).unwrap());
    }

    #[test]
    fn scripts_are_told() {
        let script = |text: &str| Detector::new().detect(text).1;
        assert_eq!(script("Алматы"), Script::Cyrillic);
        assert_eq!(script("Almaty"), Script::Latin);
        assert_eq!(script("الماتى"), Script::Arabic);
        assert_eq!(script("阿拉木图"), Script::Other);
        assert_eq!(script("Компания Google LLC (google.com) заявила"), Script::Cyrillic);
    }
}
