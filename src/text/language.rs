//! Which language and script a text is in: the alphabet first, then its commonest words, and lingua
//! where both leave a doubt between Kazakh, Russian and English.
//!
//! lingua knows three languages here and never refuses: alone it calls Kyrgyz Kazakh and Ukrainian
//! Russian. So a letter that an alphabet lacks speaks against its language, a neighbour needs words or
//! letters of its own to be named, and a text that nothing speaks for is `und`.
//!
//! A story is told paragraph by paragraph: mixed Kazakh and Russian pages are common.

use std::collections::BTreeMap;

use lingua::{Language, LanguageDetector, LanguageDetectorBuilder};

use super::{is_combining, is_ignorable};
use crate::model::{Lang, Part, Script};

/// Bytes of a paragraph (or of the whole story) that are looked at.
const SAMPLE: usize = 1_200;
/// Letters from which a paragraph is told by itself; a shorter one takes the language of its story.
const LETTERS_OF_A_PARAGRAPH: usize = 40;
/// Lead over the next language below which lingua is asked.
const CLEAR_LEAD: f64 = 2.0;

/// The language detector: built once, inside the value that judges.
pub struct Detector {
    lingua: LanguageDetector,
    words: BTreeMap<&'static str, Vec<usize>>,
    /// What each telling letter says, by letter; `None` for one that tells nothing.
    letters: Vec<Option<Box<LetterSays>>>,
}

/// What one letter says for and against each language of its script.
#[derive(Clone)]
struct LetterSays {
    scores: [f64; PROFILES.len()],
    own: [f64; PROFILES.len()],
}

/// Letters below this are looked up in a table: all of Latin and Cyrillic.
const TABLED: u32 = 0x530;

impl std::fmt::Debug for Detector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Detector").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

/// One language as the detector knows it.
struct Profile {
    lang: Lang,
    script: Script,
    /// Small letters of its alphabet beyond those of [`RUSSIAN`] or of `a`–`z`.
    extra: &'static str,
    /// Letters of [`RUSSIAN`] (or of `a`–`z`) that it does without.
    lacks: &'static str,
    /// Its commonest words that few neighbours share.
    words: &'static str,
}

const RUSSIAN: &str = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя";

/// Languages told by alphabet and words; the three that rules read come first and win a draw.
const PROFILES: &[Profile] = &[
    Profile {
        lang: Lang::RU,
        script: Script::Cyrillic,
        extra: "",
        lacks: "",
        words: "и в на не что по с из для это как от за был была были его ее он она они к у о об но же или при после \
                до без под над также уже еще чтобы который которая которые которого только где когда если так ранее \
                может будет есть быть этом этого году года лет между всех всего сообщает сообщили заявил со во \
                казахстане казахстана человек свои себя их ему него тем том то ли бы мы вы я",
    },
    Profile {
        lang: Lang::KK,
        script: Script::Cyrillic,
        extra: "әғқңөұүһі",
        lacks: "",
        words: "және мен бен пен үшін туралы деп екен жоқ болып бір бұл осы ол болды енді кеше бүгін емес сияқты дейді \
                деген ғой жатыр отыр бойынша арқылы кейін дейін қазақстан қазақ жылы жыл жылғы туралы оның олар біз мен \
                сен сіз өз өзі барлық бойы қарай арасында ішінде кезінде қатысты тиіс керек болған болса барып келген \
                ма ме ба бе па пе да де та те ушин жок болып бир осы турали деген кейин дейин казакстан гой кеше \
                бугин айтты айтылды хабарлады екі үш мың ал тек әр сол сондай сонымен ретінде бірақ басып кімде салем",
    },
    Profile {
        lang: Lang::EN,
        script: Script::Latin,
        extra: "",
        lacks: "",
        words: "the of and to in a is was for on that with by at as it from has said he she his her they are were be \
                been have had not but which who will would after over an this its their or about into more than also \
                up out new when where what there may can no if says two last year",
    },
    Profile {
        lang: Lang::KK,
        script: Script::Latin,
        extra: "äáğǵıïñńöóşšūüúý",
        lacks: "cwx",
        words: "men ben pen ushin úshin üşın üshin üşin turaly turalı dep eken joq joqq zhoq bolyp bolıp boldy boldı bir bır \
                bər jáne jäne zhane zhäne bul bwl būl osy osı ol edi edı emes degen jyl jyly jylı jylğy jylǵy zhyly qala \
                jatyr qazaq qazaqstan qazaqstanda oñ keiin keıin kejin kein deiin deıin üş úsh eki ekı öz óz onyñ onyń \
                bolğan bolǵan bolgan kerek boiynsha boıynsha boiynşa boyınşa arqyly sol ma me ba be da de qyzmet sot \
                aytty aıtty aitty habarlady eń eñ",
    },
    Profile {
        lang: Lang::of_const("ky"),
        script: Script::Cyrillic,
        extra: "ңөү",
        lacks: "",
        words: "жана менен үчүн бул деп эле болгон боюнча тууралуу эмес бир кыргыз кыргызстан кыргызстандын анын алар \
                биз сиз мен сен ошол ушул болуп жатат турат керек бар жок эки үч көп дагы кийин чейин аркылуу да деле \
                экен эми анан бирок же эч ар бардык өз өзү үстүндө астында ичинде жылы жылдын күнү айтты билдирди \
                ошондой гана кандай эмне ким кайсы болсо болот болду кылган алган берген келген жерде адам адамдар \
                башка тарабынан ага аны аларды мындай ошондуктан учурда",
    },
    Profile {
        lang: Lang::of_const("uz"),
        script: Script::Cyrillic,
        extra: "ўқғҳ",
        lacks: "щы",
        words: "ва билан учун бу бир деб эди эмас ҳам бўлган бўлиб бўлди керак йил йили ўзбекистон республикаси унинг улар \
                биз сиз мен каби ёки лекин аммо ҳар ҳеч қилиш қилган қилиб тўғрисида бўйича орқали кейин фақат шу шундай \
                ҳуқуқ ҳуқуқига эга инсон бўлиши лозим мумкин томонидан",
    },
    Profile {
        lang: Lang::of_const("tt"),
        script: Script::Cyrillic,
        extra: "әөүҗңһ",
        lacks: "",
        words: "һәм белән өчен бу дип ул булган булып турында түгел бер татарстан татар аның алар без сез мин син шул бар \
                юк ике өч күп тагын соң кадәр аша да дә иде икән инде әмма ләкин яки һәр барлык үз кеше кешеләр ел елда \
                елның әйтте буенча гына генә нәрсә кем ничек кайда булса була булды торган иткән җирдә",
    },
    Profile {
        lang: Lang::of_const("uk"),
        script: Script::Cyrillic,
        extra: "ґєії",
        lacks: "ёъыэ",
        words: "і та в на не що з із для це як від за був була були його її він вона вони до у про але або також вже ще щоб \
                який яка які якого тільки де коли якщо так може буде є бути цього році року років між всіх україни \
                україні після через під над при без й ж має має було цій ці цих своїх мене ми ви",
    },
    Profile {
        lang: Lang::of_const("be"),
        script: Script::Cyrillic,
        extra: "іў",
        lacks: "ищъ",
        words: "і ў на не што з для гэта як ад за быў была былі яго яе ён яна яны да у пра але або таксама ўжо яшчэ каб які \
                якая якія якога толькі дзе калі так можа будзе ёсць быць гэтым годзе года гадоў паміж усіх беларусі \
                пасля праз пад над пры без ці мы вы вельмі свае сваіх яму ім іх таму",
    },
    Profile {
        lang: Lang::of_const("mn"),
        script: Script::Cyrillic,
        extra: "өү",
        lacks: "",
        words: "нь байна юм гэж байгаа болон энэ тэр монгол улсын улс хүн оны он онд байсан бол бас ч мөн гэсэн хэрэгтэй \
                бид та нар түүний тэд хийх болно уу вэ шүү дээр доор тухай оруулах ажил өөр нэг хоёр гурав их олон \
                болсон үед хамт гэхдээ эрх чөлөө байх ёстой",
    },
    Profile {
        lang: Lang::of_const("bg"),
        script: Script::Cyrillic,
        extra: "",
        lacks: "ёыэ",
        words: "и на да се от за с е са в по като че не към при това който която които или но си след бъде може ще има до \
                през го ги му ѝ още само така също без над под между българия беше този тази тези това което",
    },
    Profile {
        lang: Lang::of_const("tg"),
        script: Script::Cyrillic,
        extra: "ғӣқӯҳҷ",
        lacks: "цщыь",
        words: "ва дар аз ба бо ки ин он барои то ҳам аст буд шуд шудааст мешавад тоҷикистон ҷумҳурии ҳар худ вай онҳо мо \
                шумо як ду бар пас ё агар на нест кард карда аст бояд ҳуқуқ дорад",
    },
    Profile {
        lang: Lang::of_const("kaa"),
        script: Script::Cyrillic,
        extra: "әғқңөүўҳ",
        lacks: "",
        words: "ҳәм менен ушын бул деп еди емес бир бойынша оның олар биз өз ҳуқықына ийе болыўы керек адам ҳәр мүмкин тийис",
    },
    Profile {
        lang: Lang::of_const("az"),
        script: Script::Cyrillic,
        extra: "ғҝәөүһҹј",
        lacks: "йцщъьэюя",
        words: "вә илә үчүн бу бир ки дејил олан һәр да дә азәрбајҹан онун олараг маликдир һүгугу",
    },
    Profile {
        lang: Lang::of_const("uz"),
        script: Script::Latin,
        extra: "ʻ",
        lacks: "w",
        words: "va bilan uchun bu bir deb edi emas ham bo'lgan bo'lib bo'ldi kerak yil yili yilda o'zbekiston respublikasi \
                uning ular biz siz kabi yoki lekin ammo har hech qilish qilgan qilib to'g'risida bo'yicha orqali keyin \
                faqat shu shunday ega inson lozim mumkin tomonidan esa bunday haqida ushbu qilindi etildi etilgan \
                boʻlgan boʻlib boʻyicha haqda sifatida o'z ko'ra endi juda ekan",
    },
    Profile {
        lang: Lang::of_const("tr"),
        script: Script::Latin,
        extra: "çğıöşüâî",
        lacks: "qwx",
        words: "ve bir bu için ile de da olarak olan daha çok gibi kadar sonra ancak ama en ne her değil var yok oldu olduğu \
                dedi göre türkiye tarafından üzerinde ise ya mi mı büyük yeni iki ilk o onun biz siz ben kendi etti",
    },
    Profile {
        lang: Lang::of_const("az"),
        script: Script::Latin,
        extra: "çəğıöşü",
        lacks: "w",
        words: "və bir bu üçün ilə də da olan daha çox kimi qədər sonra ancaq amma ən nə hər deyil var yoxdur oldu dedi görə \
                azərbaycan tərəfindən üzrə isə ki iki onun biz siz mən öz etdi olub edib bildirib haqqında",
    },
    Profile {
        lang: Lang::of_const("tk"),
        script: Script::Latin,
        extra: "äçňöşüýž",
        lacks: "cqvx",
        words: "we bilen üçin bu bir diýip däl hem bolan bolup türkmenistanyň türkmenistan onuň olar biz siz men her öz ýyl \
                ýylyň boýunça soň diňe şeýle hukugy bardyr adam bolmagy",
    },
    Profile {
        lang: Lang::of_const("de"),
        script: Script::Latin,
        extra: "äöüß",
        lacks: "",
        words: "der die und das ist nicht von den mit ein eine für auf dem des im sich auch als an nach wie bei aus werden \
                wurde hat sind war wird zu über einen einer dass oder",
    },
    Profile {
        lang: Lang::of_const("fr"),
        script: Script::Latin,
        extra: "àâçéèêëîïôùûüœ",
        lacks: "",
        words: "le la les des et est que dans pour une du sur qui pas au par avec son ses sont ont été aux plus ce cette \
                mais il elle nous vous leur",
    },
    Profile {
        lang: Lang::of_const("es"),
        script: Script::Latin,
        extra: "áéíñóúü",
        lacks: "",
        words: "el los las y es que en por para una del con su sus se lo como más pero fue al este esta ha son entre sobre \
                también no un",
    },
];

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
    let mut sample = String::with_capacity(2 * SAMPLE + 1);
    sample.push_str(start_of(title, SAMPLE));
    sample.push('\n');
    sample.push_str(start_of(text, SAMPLE));
    let whole = detector.detect(&sample);
    let (mut paragraphs, mut weights) = (Vec::new(), BTreeMap::<(Lang, Script), usize>::new());
    for (part, content) in [(Part::Title, title), (Part::Text, text)] {
        let lines = lines_of(content).filter(|(_, line)| !line.trim().is_empty());
        for (number, (start, line)) in lines.enumerate() {
            let (lang, script) = detector.paragraph(line, whole);
            *weights.entry((lang, script)).or_default() += line.len();
            paragraphs.push(Paragraph { part, start, end: start + line.len(), number, lang, script });
        }
    }
    let mut by_weight: Vec<((Lang, Script), usize)> = weights.into_iter().collect();
    by_weight.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let (lang, script) = by_weight.first().map_or(whole, |(most, _)| *most);
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

/// Lines without their line breaks, each with where it begins.
fn lines_of(content: &str) -> impl Iterator<Item = (usize, &str)> {
    content.split_inclusive(['\n', '\u{2028}', '\u{2029}']).scan(0, |next, line| {
        let start = std::mem::replace(next, *next + line.len());
        Some((start, line.trim_end_matches(['\n', '\r', '\u{2028}', '\u{2029}'])))
    })
}

/// The first bytes of a text, up to a character border.
fn start_of(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes.min(text.len()))]
}

impl Detector {
    /// Builds the detector: lingua's three models and the tables of common words.
    pub fn new() -> Self {
        let lingua =
            LanguageDetectorBuilder::from_languages(&[Language::Kazakh, Language::Russian, Language::English]).build();
        let mut words: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (index, profile) in PROFILES.iter().enumerate() {
            for word in profile.words.split_whitespace() {
                let known = words.entry(word).or_default();
                if !known.contains(&index) {
                    known.push(index);
                }
            }
        }
        let letters = (0..TABLED).map(|code| letter_says(char::from_u32(code)?).map(Box::new)).collect();
        Self { lingua, words, letters }
    }

    /// Language and script of a text, looked at as a whole.
    pub fn detect(&self, text: &str) -> (Lang, Script) {
        let letters = Letters::count(start_of(text, 2 * SAMPLE + 1));
        let Some(script) = letters.script() else { return (Lang::UND, Script::Other) };
        let lang = match script {
            Script::Arabic => arabic(text),
            Script::Other => Lang::UND,
            Script::Cyrillic | Script::Latin => self.by_letters_and_words(start_of(text, 2 * SAMPLE + 1), script),
        };
        (lang, script)
    }

    /// Language and script of one paragraph; a short one, or one that nothing speaks for, takes those
    /// of its story where the scripts agree.
    fn paragraph(&self, text: &str, story: (Lang, Script)) -> (Lang, Script) {
        let letters = Letters::count(start_of(text, SAMPLE));
        let Some(script) = letters.script() else { return story };
        if letters.total() < LETTERS_OF_A_PARAGRAPH && (script == story.1 || script == Script::Latin) {
            return story;
        }
        match self.detect(start_of(text, SAMPLE)) {
            (Lang::UND, script) if script == story.1 => story,
            told => told,
        }
    }

    fn by_letters_and_words(&self, text: &str, script: Script) -> Lang {
        let mut scores = [0.0_f64; PROFILES.len()];
        let mut own = [0.0_f64; PROFILES.len()];
        let mut lower = String::new();
        let (mut words, mut letters, mut doubled) = (0_usize, 0_usize, 0_usize);
        let is_of_a_word = |c: char| c.is_alphanumeric() || is_unseen(c) || is_apostrophe(c);
        for word in text.split(|c| !is_of_a_word(c)) {
            if word.is_empty() {
                continue;
            }
            words += 1;
            lower.clear();
            let seen = word.chars().filter(|c| !is_unseen(*c)).flat_map(char::to_lowercase);
            lower.extend(seen.map(|c| if is_apostrophe(c) { '\'' } else { c }));
            if let Some(known) = self.words.get(lower.as_str()) {
                let of_script: Vec<usize> =
                    known.iter().copied().filter(|&index| PROFILES[index].script == script).collect();
                for index in &of_script {
                    scores[*index] += 1.5 / of_script.len() as f64 + 0.5;
                    own[*index] += 1.5 / of_script.len() as f64;
                }
            }
            let mut before = '\0';
            for c in lower.chars() {
                letters += 1;
                doubled += usize::from(c == before && matches!(c, 'а' | 'о' | 'у' | 'э' | 'ө' | 'ү'));
                before = c;
            }
            for says in lower.chars().filter_map(|c| self.letters.get(c as usize)?.as_deref()) {
                for index in 0..PROFILES.len() {
                    scores[index] += says.scores[index];
                    own[index] += says.own[index];
                }
            }
        }
        if words == 0 {
            return Lang::UND;
        }
        if script == Script::Cyrillic {
            // Long vowels are written twice in Kyrgyz and Mongolian, hardly ever in Russian or Kazakh.
            for (index, profile) in PROFILES.iter().enumerate() {
                if matches!(profile.lang.id(), "ky" | "mn") {
                    scores[index] += doubled as f64 * 0.8;
                    own[index] += doubled as f64 * 0.4;
                }
            }
            // A Kazakh text of some length without one of its own letters is chat, and shows it by its words;
            // with і alone it is more often Ukrainian or Belarusian.
            let has = |letters: &[char]| text.contains(letters);
            let few = !has(&['қ', 'ғ', 'ұ', 'Қ', 'Ғ', 'Ұ', 'ә', 'ө', 'ү', 'ң', 'һ', 'Ә', 'Ө']);
            if letters >= 20 && few && has(&['і', 'І']) {
                scores[KAZAKH_CYRILLIC] -= 2.0;
            } else if letters >= 25 && !has(&['қ', 'ғ', 'ұ', 'і', 'Қ', 'Ғ', 'Ұ', 'І']) {
                scores[KAZAKH_CYRILLIC] -= 1.0;
            }
        }
        self.decide(text, script, &scores, &own)
    }

    fn decide(&self, text: &str, script: Script, scores: &[f64], own: &[f64]) -> Lang {
        let mut best: Option<usize> = None;
        for (index, profile) in PROFILES.iter().enumerate().filter(|(_, profile)| profile.script == script) {
            let ours = is_read(profile.lang);
            // A neighbour is named only where something of its own speaks for it.
            if (ours || own[index] >= 0.5) && best.is_none_or(|best| scores[index] > scores[best]) {
                best = Some(index);
            }
        }
        let Some(best) = best else { return Lang::UND };
        let lang = PROFILES[best].lang;
        let runner_up = PROFILES
            .iter()
            .enumerate()
            .filter(|(index, profile)| *index != best && profile.script == script && is_read(profile.lang))
            .map(|(index, _)| scores[index])
            .fold(f64::NEG_INFINITY, f64::max);
        if is_read(lang) && scores[best] - runner_up < CLEAR_LEAD {
            return self.ask_lingua(text, script).unwrap_or(lang);
        }
        lang
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

/// A letter that an alphabet lacks speaks against its language; one that only few have, for them.
/// Letters that all share tell nothing.
fn letter_says(c: char) -> Option<LetterSays> {
    let script = if matches!(c, '\u{400}'..='\u{52f}') { Script::Cyrillic } else { Script::Latin };
    let (base, telling) = match script {
        Script::Cyrillic => (RUSSIAN.contains(c), matches!(c, 'ё' | 'ъ' | 'ы' | 'э' | 'щ' | 'и' | 'ц' | 'ь')),
        _ => (c.is_ascii_lowercase(), matches!(c, 'q' | 'w' | 'x' | 'c' | 'v')),
    };
    if !c.is_alphabetic() || c.is_uppercase() || (base && !telling) {
        return None;
    }
    let has = |profile: &Profile| profile.extra.contains(c) || (base && !profile.lacks.contains(c));
    let of_script = |profile: &&Profile| profile.script == script;
    let sharers = PROFILES.iter().filter(of_script).filter(|profile| has(profile)).count().max(1) as f64;
    let mut says = LetterSays { scores: [0.0; PROFILES.len()], own: [0.0; PROFILES.len()] };
    for (index, profile) in PROFILES.iter().enumerate().filter(|(_, profile)| profile.script == script) {
        if !has(profile) {
            says.scores[index] = -1.0;
        } else if !base {
            says.scores[index] = 1.0 / sharers;
            says.own[index] = 1.0 / sharers;
        }
    }
    Some(says)
}

/// Characters that are inside a word and not of it.
fn is_unseen(c: char) -> bool {
    is_ignorable(c) || is_combining(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʻ' | 'ʼ' | '‘' | '`')
}

/// Place of Cyrillic Kazakh in [`PROFILES`].
const KAZAKH_CYRILLIC: usize = 1;

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

/// Letters by script.
#[derive(Default)]
struct Letters {
    cyrillic: usize,
    latin: usize,
    arabic: usize,
    other: usize,
}

impl Letters {
    fn count(text: &str) -> Self {
        let mut letters = Self::default();
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            match c {
                '\u{400}'..='\u{52f}' => letters.cyrillic += 1,
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => letters.latin += 1,
                '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' => {
                    letters.arabic += 1;
                }
                _ => letters.other += 1,
            }
        }
        letters
    }

    fn total(&self) -> usize {
        self.cyrillic + self.latin + self.arabic + self.other
    }

    /// The script of most letters; Cyrillic wins against the Latin names and addresses inside it.
    fn script(&self) -> Option<Script> {
        let most = self.cyrillic.max(self.latin).max(self.arabic).max(self.other);
        if most == 0 {
            return None;
        }
        Some(match () {
            () if self.arabic == most => Script::Arabic,
            () if self.cyrillic * 5 >= self.latin * 3 && self.cyrillic >= self.other => Script::Cyrillic,
            () if self.latin == most => Script::Latin,
            () => Script::Other,
        })
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
