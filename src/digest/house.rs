//! What the house itself says of an event, language by language: its own words where it wrote them, and
//! never another language's in their place without saying so.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::words::{Words, words};
use crate::model::{Event, Lang, Wording};
use crate::register::{Gazetteer, Names};

/// What the house says of events, by their ids, and how it spells the names in them.
#[derive(Debug, Clone, Default)]
pub struct Wordings {
    of: BTreeMap<String, Wording>,
    /// Persons and outlets by their names.
    pub names: Names,
    /// Places by whatever people write for them.
    pub places: Arc<Gazetteer>,
}

impl Wordings {
    /// Nothing said yet, and places known.
    pub fn of_places(places: Arc<Gazetteer>) -> Self {
        Self { places, ..Self::default() }
    }

    /// What it says of an event.
    pub fn get(&self, event: &str) -> Option<&Wording> {
        self.of.get(event)
    }

    /// Did it give any event a place in the order?
    pub fn any_is_placed(&self) -> bool {
        self.of.values().any(|wording| wording.order.is_some())
    }

    /// This is what it says of an event.
    pub fn insert(&mut self, event: String, wording: Wording) {
        self.of.insert(event, wording);
    }
}

impl FromIterator<(String, Wording)> for Wordings {
    fn from_iter<T: IntoIterator<Item = (String, Wording)>>(wordings: T) -> Self {
        Self { of: wordings.into_iter().collect(), ..Self::default() }
    }
}

/// The languages that a digest or a report is written in.
pub const LANGUAGES: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

/// What the house prints around its digests and reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct House {
    /// Lines above the title.
    pub head: Vec<String>,
    /// Lines at the end.
    pub foot: Vec<String>,
    /// The form, where it is another than the shipped one: see [`form`](super::form).
    pub form: Option<String>,
}

/// Letters of the Kazakh alphabets that neither Russian nor English has.
const KAZAKH: &str = "әғқңөұүһіӘҒҚҢӨҰҮҺІ";

/// What the house says of an event: what was written for each language, and the reviewer's own headline in
/// the language that it is in, where nothing else was written in that one. `lang_of` is asked where the
/// letters do not tell.
pub fn said(event: &Event, written: Option<&Wording>, lang_of: &dyn Fn(&str) -> Lang) -> Wording {
    let mut said = written.cloned().unwrap_or_default();
    if let Some(headline) = event.card.headline.as_deref().map(str::trim).filter(|headline| !headline.is_empty()) {
        let lang = by_letters(headline).unwrap_or_else(|| lang_of(headline));
        let lang = if LANGUAGES.contains(&lang) { lang } else { Lang::RU };
        said.headline.entry(lang).or_insert_with(|| headline.to_owned());
    }
    said
}

/// The language of a line by its letters, names in quotation marks left aside; `None` for Cyrillic letters
/// that Russian has as well.
pub(super) fn by_letters(text: &str) -> Option<Lang> {
    let mut quoted = false;
    let bare: String = text
        .chars()
        .filter(|letter| {
            match letter {
                '«' | '“' | '„' => quoted = true,
                '»' | '”' => quoted = false,
                _ => {}
            }
            !quoted
        })
        .collect();
    let bare = if bare.chars().any(char::is_alphabetic) { bare } else { text.to_owned() };
    let words = || bare.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let kazakh = words().filter(|word| word.chars().any(|letter| KAZAKH.contains(letter))).count();
    let (latin, cyrillic) = bare.chars().fold((0, 0), |(latin, cyrillic), letter| match letter {
        'a'..='z' | 'A'..='Z' => (latin + 1, cyrillic),
        '\u{400}'..='\u{52f}' => (latin, cyrillic + 1),
        _ => (latin, cyrillic),
    });
    // A Russian line may spell one name as Kazakh does.
    if kazakh > 0 && kazakh * 4 >= words().count() {
        return Some(Lang::KK);
    }
    (latin > cyrillic).then_some(Lang::EN)
}

/// Words as an edition prints them: their own language, or the one that they are in instead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Said<'a> {
    pub text: &'a str,
    /// Another language than was asked for.
    pub instead: Option<Lang>,
}

/// The text of a language; where there is none, that of another, which then says so.
pub(super) fn in_lang(texts: &BTreeMap<Lang, String>, lang: Lang) -> Option<Said<'_>> {
    let own = |of: Lang| texts.get(&of).map(|text| text.trim()).filter(|text| !text.is_empty());
    let others = [Lang::RU, Lang::KK, Lang::EN].into_iter().filter(|other| *other != lang);
    own(lang)
        .map(|text| Said { text, instead: None })
        .or_else(|| others.into_iter().find_map(|other| own(other).map(|text| Said { text, instead: Some(other) })))
}

const NOT_TRANSLATED: Words = words("аударылмаған", "нет перевода", "not translated");

/// What stands beside words that are not in the language of the page.
pub(super) fn mark(instead: Lang, internal: bool, lang: Lang) -> String {
    const KAZAKH: Words = words("қазақ тілінде", "на казахском языке", "in Kazakh");
    const RUSSIAN: Words = words("орыс тілінде", "на русском языке", "in Russian");
    const ENGLISH: Words = words("ағылшын тілінде", "на английском языке", "in English");
    let named = match instead {
        Lang::KK => KAZAKH.of(lang).to_owned(),
        Lang::RU => RUSSIAN.of(lang).to_owned(),
        Lang::EN => ENGLISH.of(lang).to_owned(),
        other => other.id().to_owned(),
    };
    if internal { format!("[{}: {named}]", NOT_TRANSLATED.of(lang)) } else { format!("({named})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_tell_kazakh_and_english_and_leave_russian_in_doubt() {
        let check = |text: &str, expect: Option<Lang>| assert_eq!(by_letters(text), expect, "{text}");
        check("Редактор «Дала Сөзі» заключена под стражу", None);
        check("Блогер сотталды", None);
        check("«Дала Сөзі» редакторы қамауға алынды", Some(Lang::KK));
        check("Әйгерім Сапарова осуждена на два года условно", None);
        check("Editor of Дала held", Some(Lang::EN));
        check("«Күн»", Some(Lang::KK));
        check("2017", None);
        check("", None);
    }

    #[test]
    fn no_language_is_filled_from_another_in_silence() {
        let texts = BTreeMap::from([(Lang::RU, "Суд".to_owned()), (Lang::KK, " ".to_owned())]);
        assert_eq!(in_lang(&texts, Lang::RU), Some(Said { text: "Суд", instead: None }));
        assert_eq!(in_lang(&texts, Lang::KK), Some(Said { text: "Суд", instead: Some(Lang::RU) }));
        assert_eq!(in_lang(&BTreeMap::new(), Lang::KK), None);
        assert_eq!(mark(Lang::RU, true, Lang::KK), "[аударылмаған: орыс тілінде]");
        assert_eq!(mark(Lang::RU, false, Lang::EN), "(in Russian)");
    }
}
