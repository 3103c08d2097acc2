//! One word → the spelling that stems are compared in.
//!
//! Russian: small letters, ё → е, Latin look-alikes inside a Cyrillic word → Cyrillic. English: small
//! letters, the possessive taken off. Kazakh: one *skeleton* for Cyrillic with or without its special
//! letters, for the Latin alphabets of 2017, 2018 and 2021, the academic and the chat ones, and for the
//! Arabic script (töte jazu): ә → а, ө → о, ұ ү → у, қ → к, ғ → г, ң → н, һ → х, і ы й → и, я → иа,
//! ю → иу, ц → с, щ → ш, э ё → е; ъ and ь fall away, и is never doubled. Rules are compared in the
//! skeleton; what tells қ from к (the country of a code, say) is asked of the original.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use super::letters::{Kind, Kinds};
use super::{codes, is_combining, is_ignorable};
use crate::model::{Lang, Script};

/// Appends a word folded for a language. `script` is that of the paragraph: a Latin word in a Cyrillic
/// Kazakh paragraph is a name and stays Latin.
pub fn word(word: &str, lang: Lang, script: Script, out: &mut String) {
    if word.contains(is_combining) {
        // Letters typed as letter + accent become one; an accent that marks the stress falls away.
        let composed: String = word.nfc().collect();
        return composed_word(&composed, lang, script, out);
    }
    composed_word(word, lang, script, out);
}

/// What a letter is, and the codes that it is folded to where its neighbours do not matter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub(super) codes: [u8; 2],
    /// How many of the codes count.
    pub(super) length: u8,
    pub(super) kind: Kind,
}

/// Characters that a [`Table`] holds: all of Latin and Cyrillic.
const TABLED: usize = 0x530;

/// How one language folds single letters.
pub(super) struct Table([Letter; TABLED]);

static TABLES: LazyLock<[Table; 3]> = LazyLock::new(|| [Lang::KK, Lang::EN, Lang::RU].map(Table::of));

impl Table {
    /// The table of a language, and what to do with what is not in it.
    pub(super) fn for_language(lang: Lang) -> &'static Self {
        let [kazakh, english, russian] = &*TABLES;
        match lang {
            Lang::KK => kazakh,
            Lang::EN => english,
            _ => russian,
        }
    }

    fn of(lang: Lang) -> Self {
        Self(std::array::from_fn(|code| {
            let mut letter = Letter { codes: [0; 2], length: 0, kind: Kind::ODD };
            let Some(c) = char::from_u32(code as u32) else { return letter };
            let mut folded = String::new();
            word(c.encode_utf8(&mut [0; 4]), lang, Script::Cyrillic, &mut folded);
            letter.kind = Kinds::table().of(c as u32);
            for c in folded.chars() {
                match (codes::code(c), letter.codes.get_mut(usize::from(letter.length))) {
                    (Some(code), Some(slot)) => *slot = code,
                    _ => letter.kind = letter.kind.and(Kind::ODD),
                }
                letter.length += 1;
            }
            // и is never doubled in the skeleton.
            if lang == Lang::KK && folded.starts_with('и') {
                letter.kind = letter.kind.and(Kind::FIRST_I);
            } else if letter.length == 1 {
                letter.kind = letter.kind.and(Kind::SIMPLE);
            }
            letter
        }))
    }

    /// What a character, given by its number, is and is folded to.
    #[inline]
    pub(super) fn letter(&self, c: u32, kinds: &Kinds) -> Letter {
        match self.0.get(c as usize) {
            Some(letter) => *letter,
            None => Letter { codes: [0; 2], length: 0, kind: kinds.of(c).and(Kind::ODD) },
        }
    }
}

impl Letter {
    /// Appends its codes behind those of a word that begins at `start`.
    #[inline]
    pub(super) fn put(self, start: usize, out: &mut Vec<u8>) {
        let [first, second] = self.codes;
        if self.kind.is(Kind::SIMPLE) {
            out.push(first);
            return;
        }
        let again = self.kind.is(Kind::FIRST_I) && out.len() > start && out.last() == Some(&CODE_OF_I);
        if self.length > 0 && !again {
            out.push(first);
        }
        if self.length > 1 {
            out.push(second);
        }
    }
}

/// The code of the letter that is never doubled in the Kazakh skeleton.
const CODE_OF_I: u8 = 0xb8;

/// Must a word of these kinds of characters be folded in full, because some stand for others by what
/// stands beside them?
pub(super) fn by_neighbours(kind: Kind, lang: Lang, script: Script) -> bool {
    let mixed = kind.is(Kind::CYRILLIC) && kind.is(Kind::LOOK_ALIKE);
    let by_pairs = match lang {
        Lang::EN => kind.is(Kind::APOSTROPHE),
        Lang::KK => script == Script::Latin && !kind.is(Kind::CYRILLIC),
        _ => false,
    };
    mixed || by_pairs || kind.is(Kind::ODD.and(Kind::COMBINING).and(Kind::IGNORABLE))
}

/// Appends a word folded for a language as codes.
pub(super) fn codes_of(text: &str, lang: Lang, script: Script, out: &mut Vec<u8>) {
    let mut folded = String::with_capacity(text.len());
    word(text, lang, script, &mut folded);
    folded.chars().for_each(|c| codes::push(c, out));
}

fn composed_word(word: &str, lang: Lang, script: Script, out: &mut String) {
    match lang {
        Lang::KK => kazakh(word, script, out),
        Lang::EN => english(word, out),
        _ => russian(word, out),
    }
}

/// Characters of a word without what is invisible, small, with one kind of hyphen and apostrophe.
fn plain(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(|c| !is_ignorable(*c) && !is_combining(*c)).flat_map(|c| match c {
        '‐' | '‑' | '–' => one('-'),
        '’' | 'ʼ' | 'ʻ' | '‘' | '`' => one('\''),
        _ => small(c),
    })
}

/// One character, or the few that its small form has.
fn small(c: char) -> std::iter::Take<std::array::IntoIter<char, 3>> {
    if c.is_ascii() {
        return one(c.to_ascii_lowercase());
    }
    let mut letters = ['\0'; 3];
    let mut count = 0;
    for (slot, letter) in letters.iter_mut().zip(c.to_lowercase()) {
        *slot = letter;
        count += 1;
    }
    letters.into_iter().take(count)
}

fn one(c: char) -> std::iter::Take<std::array::IntoIter<char, 3>> {
    [c, '\0', '\0'].into_iter().take(1)
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

/// Does the word mix in look-alikes: has it Cyrillic letters and Latin ones?
fn is_mixed(word: &str) -> bool {
    word.contains(is_cyrillic) && word.contains(|c: char| c.is_ascii_alphabetic() || c == 'ə')
}

/// The Cyrillic letter that a Latin one is taken for, as it was typed.
fn look_alike(c: char) -> char {
    match c {
        'a' | 'A' => 'а',
        'B' => 'в',
        'e' | 'E' => 'е',
        'H' => 'н',
        'i' | 'I' => 'і',
        'k' | 'K' => 'к',
        'M' => 'м',
        'o' | 'O' => 'о',
        'p' | 'P' => 'р',
        'c' | 'C' => 'с',
        'T' => 'т',
        'x' | 'X' => 'х',
        'y' | 'Y' => 'у',
        'ə' | 'Ə' => 'ә',
        'h' => 'һ',
        _ => c,
    }
}

/// Hyphenated words are mended piece by piece: in "YouTube-канал" the first piece is a Latin name.
fn mended(word: &str) -> std::borrow::Cow<'_, str> {
    if !is_mixed(word) {
        return word.into();
    }
    let pieces: Vec<String> = word
        .split('-')
        .map(|piece| if is_mixed(piece) { piece.chars().map(look_alike).collect() } else { piece.to_owned() })
        .collect();
    pieces.join("-").into()
}

fn russian(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(plain(word));
        return;
    }
    out.extend(plain(&mended(word)).map(|c| match c {
        'ё' => 'е',
        'і' => 'и',
        _ => c,
    }));
}

fn english(word: &str, out: &mut String) {
    let start = out.len();
    out.extend(plain(word));
    let stem = out[start..].strip_suffix("'s").unwrap_or_else(|| out[start..].trim_end_matches('\''));
    let end = start + stem.len();
    out.truncate(end);
}

fn kazakh(word: &str, script: Script, out: &mut String) {
    let start = out.len();
    if word.contains(is_arabic) {
        for c in plain(word) {
            skeleton(of_tote(c), start, out);
        }
    } else if script == Script::Latin && !word.contains(is_cyrillic) {
        of_latin(word, start, out);
    } else {
        for c in plain(&mended(word)) {
            skeleton(c, start, out);
        }
    }
}

/// Appends the skeleton of one small Cyrillic letter; other characters as they are.
fn skeleton(c: char, start: usize, out: &mut String) {
    let folded = match c {
        'ә' | 'ј' => 'а',
        'ғ' | 'є' => 'г',
        'қ' | 'ќ' => 'к',
        'ң' | 'ѕ' => 'н',
        'ө' | 'ґ' => 'о',
        'ұ' | 'ү' | 'ў' | 'ї' => 'у',
        'һ' | 'ћ' => 'х',
        'і' | 'ы' | 'й' => 'и',
        'ё' | 'э' => 'е',
        'щ' => 'ш',
        'ц' => 'с',
        'ъ' | 'ь' | '\0' => return,
        'я' => {
            i(start, out);
            'а'
        }
        'ю' => {
            i(start, out);
            'у'
        }
        _ => c,
    };
    match folded {
        'и' => i(start, out),
        _ => out.push(folded),
    }
}

/// Appends и, once: the alphabets differ in how often they write it.
fn i(start: usize, out: &mut String) {
    if !out[start..].ends_with('и') {
        out.push('и');
    }
}

/// The Cyrillic letter of one of the Arabic script as Kazakhs in China write it (töte jazu). The hamza
/// only says that the vowels are soft.
fn of_tote(c: char) -> char {
    match c {
        'ا' | 'ٵ' | 'آ' | 'أ' => 'а',
        'ب' => 'б',
        'ۆ' => 'в',
        'گ' | 'ع' | 'غ' => 'г',
        'د' => 'д',
        'ە' => 'е',
        'ج' => 'ж',
        'ز' => 'з',
        'ي' | 'ى' | 'ٸ' | 'ئ' | 'ی' => 'и',
        'ك' | 'ق' | 'ک' => 'к',
        'ل' => 'л',
        'م' => 'м',
        'ن' | 'ڭ' => 'н',
        'و' | 'ٶ' | 'ؤ' => 'о',
        'پ' => 'п',
        'ر' => 'р',
        'س' => 'с',
        'ت' => 'т',
        'ۋ' | 'ۇ' | 'ٷ' => 'у',
        'ف' => 'ф',
        'ح' | 'ھ' | 'ه' | 'خ' => 'х',
        'چ' => 'ч',
        'ش' => 'ш',
        'ء' | '\u{654}' => '\0',
        _ => c,
    }
}

/// Pairs of Latin letters for one Cyrillic letter, and the apostrophe letters of 2017; longest first.
const LATIN_PAIRS: &[(&str, &str)] = &[
    ("shch", "ш"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("tş", "ч"),
    ("zh", "ж"),
    ("gh", "г"),
    ("kh", "х"),
    ("ng", "н"),
    ("yu", "ю"),
    ("ya", "я"),
    ("ts", "с"),
    ("a'", "а"),
    ("g'", "г"),
    ("i'", "и"),
    ("n'", "н"),
    ("o'", "о"),
    ("s'", "ш"),
    ("c'", "ч"),
    ("u'", "у"),
    ("y'", "у"),
];

fn of_latin(word: &str, start: usize, out: &mut String) {
    let letters: String = plain(word).collect();
    let mut rest = letters.as_str();
    'letters: while let Some(c) = rest.chars().next() {
        if matches!(c, 's' | 'c' | 't' | 'z' | 'g' | 'k' | 'n' | 'y' | 'a' | 'i' | 'o' | 'u') {
            for (pair, cyrillic) in LATIN_PAIRS {
                if let Some(after) = rest.strip_prefix(pair) {
                    cyrillic.chars().for_each(|c| skeleton(c, start, out));
                    rest = after;
                    continue 'letters;
                }
            }
        }
        skeleton(of_latin_letter(c), start, out);
        rest = &rest[c.len_utf8()..];
    }
}

fn of_latin_letter(c: char) -> char {
    match c {
        'a' | 'ä' | 'á' | 'ə' => 'а',
        'b' => 'б',
        'v' => 'в',
        'g' | 'ğ' | 'ǵ' => 'г',
        'd' => 'д',
        'e' | 'é' => 'е',
        'j' => 'ж',
        'z' => 'з',
        'i' | 'ı' | 'y' | 'ï' | '\u{307}' => 'и',
        'k' | 'q' => 'к',
        'l' => 'л',
        'm' => 'м',
        'n' | 'ñ' | 'ń' => 'н',
        'o' | 'ö' | 'ó' => 'о',
        'p' => 'п',
        'r' => 'р',
        's' | 'c' => 'с',
        't' => 'т',
        'u' | 'ū' | 'ü' | 'ú' | 'ý' | 'w' | 'ŭ' => 'у',
        'f' => 'ф',
        'h' | 'x' => 'х',
        'ş' | 'š' => 'ш',
        'ç' => 'ч',
        '\'' => '\0',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str, lang: Lang, script: Script) -> String {
        let mut out = String::new();
        word(text, lang, script, &mut out);
        out
    }

    #[test]
    fn russian_spellings_meet() {
        let check = |text: &str, expect: &str| assert_eq!(folded(text, Lang::RU, Script::Cyrillic), expect);
        check("Ещё", "еще");
        check("репортёр", "репортер");
        check("жуpнaлиcт", "журналист");
        check("YouTube-канал", "youtube-канал");
        check("арес\u{ad}тован", "арестован");
        check("и\u{306}од", "йод");
        check("Йод", "йод");
    }

    #[test]
    fn english_loses_its_possessive_only() {
        let check = |text: &str, expect: &str| assert_eq!(folded(text, Lang::EN, Script::Latin), expect);
        check("Editor's", "editor");
        check("journalists’", "journalists");
        check("O’Brien", "o'brien");
        check("press", "press");
    }

    /// Every spelling of a Kazakh word is one skeleton.
    #[test]
    fn kazakh_spellings_meet() {
        let check = |cyrillic: &str, others: &[(&str, Script)]| {
            let expect = folded(cyrillic, Lang::KK, Script::Cyrillic);
            for (other, script) in others {
                assert_eq!(folded(other, Lang::KK, *script), expect, "{other} for {cyrillic}");
            }
        };
        let (c, l, a) = (Script::Cyrillic, Script::Latin, Script::Arabic);
        check("тілші", &[("тiлшi", c), ("тилши", c), ("tılşı", l), ("tilshi", l), ("تىلشى", a)]);
        check("журналист", &[("jurnalist", l), ("zhurnalist", l), ("jýrnalıst", l), ("جۋرناليست", a)]);
        check("ұсталды", &[("усталды", c), ("ūstaldy", l), ("ustaldy", l), ("ustaldı", l), ("ۇستالدى", a)]);
        check("редакция", &[("redaksia", l), ("redaktsiya", l), ("redaksııa", l)]);
        check("үкім", &[("ükım", l), ("úkim", l), ("уким", c), ("u'kim", l)]);
        check("шеңгел", &[("şeñgel", l), ("s'en'gel", l)]);
        check("қоғам", &[("qoğam", l), ("qoǵam", l), ("qogham", l), ("когам", c), ("قوعام", a)]);
    }

    #[test]
    fn a_latin_name_in_a_cyrillic_paragraph_stays_latin() {
        assert_eq!(folded("YouTube", Lang::KK, Script::Cyrillic), "youtube");
        assert_eq!(folded("Facebook-те", Lang::KK, Script::Cyrillic), "facebook-те");
    }
}
