//! What of an event leaves the house: settled here, once, for every format.
//!
//! In doubt less leaves. An embargo is lifted by a person who changes the event's secrecy: nothing
//! here knows what day it is.

use std::borrow::Borrow;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Coverage, Digest, Edition, IsoWeek};
use crate::model::{
    Amount, Article, Card, Code, Direction, Event, Label, Moment, Outcome, PartialDate, Stage, Telling,
};

/// A digest as one edition shows it.
pub(super) struct Issue<'a> {
    pub week: IsoWeek,
    pub edition: Edition,
    pub events: Vec<Shown>,
    pub earlier: Vec<Shown>,
    pub coverage: &'a Coverage,
}

/// An event as one edition shows it: what is not here cannot be printed.
pub(super) struct Shown {
    pub id: String,
    pub case: String,
    pub card: ShownCard,
    pub headline: Option<String>,
    pub title: Option<String>,
    pub source: Option<String>,
    pub url: Option<String>,
    pub published: Option<Moment>,
    pub evidence: Option<String>,
    pub stories: Vec<ShownStory>,
    pub by_hand: bool,
    /// Names and sources are withheld.
    pub unnamed: bool,
    /// Links are withheld.
    pub unlinked: bool,
}

/// The columns of an event that a digest prints.
pub(super) struct ShownCard {
    pub categories: Vec<Label>,
    pub relief: bool,
    pub event_date: Option<PartialDate>,
    pub place: Option<String>,
    pub stage: Option<Stage>,
    pub outcome: Option<Outcome>,
    pub articles: Vec<Article>,
    pub claimed: Option<Amount>,
    pub awarded: Option<Amount>,
    pub currency: Option<String>,
    /// Told in the internal edition only.
    pub secrecy: Option<String>,
}

/// One telling of an event.
pub(super) struct ShownStory {
    pub id: String,
    pub source: Option<String>,
    pub title: String,
    /// An http or https address, safe inside quotes and angle brackets.
    pub url: Option<String>,
    pub published: Option<Moment>,
    /// The day of publication where the digest is read.
    pub day: Option<Date>,
}

/// What an edition shows of some events.
pub(super) fn shown<E: Borrow<Event>>(events: &[E], edition: Edition, zone: &TimeZone) -> Vec<Shown> {
    events
        .iter()
        .map(Borrow::borrow)
        .filter_map(|event| match edition {
            Edition::Internal => Some(whole(event, zone)),
            Edition::Public => public(event, zone),
        })
        .collect()
}

/// Settles what an edition shows of a digest.
pub(super) fn issue(digest: &Digest, edition: Edition) -> Issue<'_> {
    let shown = |events: &[Event]| shown(events, edition, &digest.zone);
    Issue {
        week: digest.week,
        edition,
        events: shown(&digest.events),
        earlier: shown(&digest.earlier),
        coverage: &digest.coverage,
    }
}

fn whole(event: &Event, zone: &TimeZone) -> Shown {
    let story = |telling: &Telling| ShownStory {
        id: telling.id.clone(),
        source: telling.source.clone().filter(|source| !source.is_empty()),
        title: telling.title.clone(),
        url: telling.url.as_deref().and_then(web_address),
        published: telling.published,
        day: telling.published.map(|moment| moment.date_in(zone)),
    };
    Shown {
        id: event.id.clone(),
        case: event.case.clone(),
        card: shown_card(&event.card),
        headline: event.card.headline.clone(),
        title: Some(event.title.clone()),
        source: Some(event.source.clone()).filter(|source| !source.is_empty()),
        url: event.url.as_deref().and_then(web_address),
        published: event.published,
        evidence: Some(event.evidence.clone()).filter(|evidence| !evidence.is_empty()),
        stories: event.stories.iter().map(story).collect(),
        by_hand: event.by_hand,
        unnamed: false,
        unlinked: false,
    }
}

fn shown_card(card: &Card) -> ShownCard {
    ShownCard {
        categories: card.categories.clone(),
        relief: card.direction == Some(Direction::Relief),
        event_date: card.event_date,
        place: card.place.clone(),
        stage: card.stage,
        outcome: card.outcome,
        articles: card.articles.clone(),
        claimed: card.claim_amount,
        awarded: card.awarded_amount,
        currency: card.currency.clone(),
        secrecy: card.secrecy.clone().filter(|secrecy| secrecy != "public"),
    }
}

/// An event as it may leave the house; `None` where it may not.
fn public(event: &Event, zone: &TimeZone) -> Option<Shown> {
    let secrecy = event.card.secrecy.as_deref().unwrap_or("public");
    if !matches!(secrecy, "public" | "no_names") {
        return None;
    }
    let mut shown = whole(event, zone);
    shown.evidence = None;
    shown.card.secrecy = None;
    if quoting_is_an_offence(&event.card) {
        shown.unlinked = shown.url.is_some() || shown.stories.iter().any(|story| story.url.is_some());
        shown.url = None;
        shown.stories.iter_mut().for_each(|story| story.url = None);
    }
    if secrecy == "no_names" {
        shown.unnamed = true;
        (shown.title, shown.source, shown.url) = (None, None, None);
        shown.stories.clear();
        shown.headline = shown.headline.filter(|headline| !may_name(headline, &event.card));
        shown.card.place = shown.card.place.filter(|place| !names_in(place, &event.card));
    }
    let texts = [&mut shown.headline, &mut shown.title, &mut shown.source, &mut shown.card.place];
    texts.into_iter().flatten().for_each(mask_numbers);
    for story in &mut shown.stories {
        mask_numbers(&mut story.title);
        story.source.as_mut().map(mask_numbers);
    }
    Some(shown)
}

/// Criminal Code of Kazakhstan: 174 incitement of discord, 256 propaganda of terrorism, 274 false
/// information, 405 banned organisations. Spreading the text such a case is about may itself be
/// charged. Where no article is named, the charge in the category tells.
fn quoting_is_an_offence(card: &Card) -> bool {
    let number = |article: &Article| {
        let number = article.number.as_deref().unwrap_or_default();
        let whole: String = number.chars().take_while(char::is_ascii_digit).collect();
        matches!(article.code, Code::Criminal | Code::Other) && matches!(whole.as_str(), "174" | "256" | "274" | "405")
    };
    let charge = |label: &Label| {
        matches!(label.subtype.as_deref(), Some("incitement" | "extremism_terrorism" | "false_information"))
    };
    match card.articles.is_empty() {
        true => card.categories.iter().any(charge),
        false => card.articles.iter().any(number),
    }
}

/// May a headline under `no_names` name somebody? Where nobody is listed it cannot be told.
fn may_name(headline: &str, card: &Card) -> bool {
    (card.targets.is_empty() && card.claimants.is_empty()) || names_in(headline, card)
}

/// Does a word of the text begin like a word of a listed name? Case endings and the alphabet of the
/// other language make no difference.
fn names_in(text: &str, card: &Card) -> bool {
    const BEGINNING: usize = 4;
    let words = |text: &str| -> Vec<Vec<char>> {
        let folded: String = in_latin(text);
        folded
            .split_whitespace()
            .map(|word| word.chars().collect())
            .filter(|word: &Vec<char>| word.len() >= 3)
            .collect()
    };
    let said = words(text);
    let listed =
        card.targets.iter().map(|target| &target.name).chain(card.claimants.iter().map(|claimant| &claimant.name));
    listed
        .flat_map(|name| words(name))
        .any(|name| said.iter().any(|word| word.starts_with(&name[..name.len().min(BEGINNING)])))
}

/// Letters of Kazakh, Russian and English folded onto one alphabet, words parted by spaces.
fn in_latin(text: &str) -> String {
    let mut latin = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        let same = match letter {
            'а' | 'ә' | 'ä' | 'á' => "a",
            'б' => "b",
            'в' => "v",
            'г' | 'ғ' | 'ğ' => "g",
            'д' => "d",
            'е' | 'ё' | 'э' => "e",
            'ж' => "j",
            'з' => "z",
            'и' | 'й' | 'ы' | 'і' | 'ı' | 'y' => "i",
            'к' | 'қ' | 'q' => "k",
            'л' => "l",
            'м' => "m",
            'н' | 'ң' | 'ñ' => "n",
            'о' | 'ө' | 'ö' => "o",
            'п' => "p",
            'р' => "r",
            'с' | 'ш' | 'щ' | 'ş' => "s",
            'т' => "t",
            'у' | 'ұ' | 'ү' | 'ü' | 'ū' | 'w' => "u",
            'ф' => "f",
            'х' | 'һ' | 'x' => "h",
            'ц' | 'ч' => "c",
            'ю' => "iu",
            'я' => "ia",
            'ъ' | 'ь' => "",
            other => {
                latin.push(if other.is_alphanumeric() { other } else { ' ' });
                continue;
            }
        };
        latin.push_str(same);
    }
    [
        ("kh", "h"),
        ("gh", "g"),
        ("zh", "j"),
        ("dj", "j"),
        ("sh", "s"),
        ("ch", "c"),
        ("ts", "c"),
        ("ie", "e"),
        ("ii", "i"),
    ]
    .into_iter()
    .fold(latin, |text, (two, one)| text.replace(two, one))
}

/// Takes out numbers of twelve digits: an individual identification number (IIN) names a person.
fn mask_numbers(text: &mut String) {
    let mut masked = String::with_capacity(text.len());
    let mut digits = String::new();
    for letter in text.chars().map(Some).chain([None]) {
        match letter {
            Some(digit) if digit.is_ascii_digit() => digits.push(digit),
            other => {
                masked.push_str(if digits.len() == 12 { "…" } else { &digits });
                digits.clear();
                masked.extend(other);
            }
        }
    }
    *text = masked;
}

/// An address that may stand as a link: http or https, without what could end a quoted attribute or
/// a link of Markdown.
fn web_address(url: &str) -> Option<String> {
    let parsed = url::Url::parse(url.trim()).ok()?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return None;
    }
    let mut safe = String::new();
    for letter in url.trim().chars() {
        match letter {
            '<' | '>' | '"' | '\'' | '`' | '\\' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' => {
                safe.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            other if other.is_whitespace() || other.is_control() => {}
            other => safe.push(other),
        }
    }
    Some(safe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Category, Role, Target};

    #[test]
    fn only_web_addresses_are_links() {
        let check = |url: &str, expect: Option<&str>| assert_eq!(web_address(url).as_deref(), expect, "{url}");
        check("https://dala.example/news/1?a=b&c=d#x", Some("https://dala.example/news/1?a=b&c=d#x"));
        check("https://dala.example/жаңалық", Some("https://dala.example/жаңалық"));
        check("https://dala.example/a)b<c>\"d'", Some("https://dala.example/a%29b%3Cc%3E%22d%27"));
        check(" https://dala.example/a\nb ", Some("https://dala.example/ab"));
        check("javascript:alert(1)", None);
        check("data:text/html,x", None);
        check("//dala.example/", None);
        check("mailto:a@dala.example", None);
        check("", None);
    }

    #[test]
    fn names_are_found_in_any_case_and_alphabet() {
        let check = |headline: &str, name: &str, expect: bool| {
            let targets = vec![Target { name: name.to_owned(), role: Role::Blogger }];
            let card = Card { targets, ..Card::default() };
            assert_eq!(may_name(headline, &card), expect, "{headline} / {name}");
        };
        check("Суд над Сапаровой отложен", "Жанна Сапарова", true);
        check("Saparova stands trial", "Жанна Сапарова", true);
        check("Суд над Zhanna S.", "Жанна Сапарова", true);
        check("Сапарованың ісі сотта", "Saparova", true);
        check("Ерлану отказали", "Yerlan Tau", true);
        check("Қуаныш қамалды", "Quanysh", true);
        check("Блогер оштрафован в Актау", "Жанна Сапарова", false);
        check("Блогер оштрафован", "Ли", false);
        assert!(may_name("Блогер оштрафован", &Card::default()));
    }

    #[test]
    fn links_stay_inside_where_quoting_is_an_offence() {
        let check = |code: Code, number: &str, expect: bool| {
            let articles = vec![Article { code, number: Some(number.to_owned()), part: None, name: None }];
            let card = Card { articles, ..Card::default() };
            assert_eq!(quoting_is_an_offence(&card), expect, "{code} {number}");
        };
        for number in ["174", "174-1", "256", "274", "405"] {
            check(Code::Criminal, number, true);
        }
        for (code, number) in [
            (Code::Criminal, "130"),
            (Code::Criminal, "273"),
            (Code::Criminal, "2740"),
            (Code::Administrative, "174"),
            (Code::Civil, "274"),
        ] {
            check(code, number, false);
        }
        let by_charge = |subtype: &str| {
            let subtype = Some(subtype.to_owned());
            let categories = vec![Label { id: Category::CriminalProsecution, subtype, score: 1.0 }];
            quoting_is_an_offence(&Card { categories, ..Card::default() })
        };
        assert!(by_charge("incitement") && by_charge("extremism_terrorism") && !by_charge("defamation"));
    }

    #[test]
    fn numbers_of_persons_are_masked() {
        let check = |text: &str, expect: &str| {
            let mut masked = text.to_owned();
            mask_numbers(&mut masked);
            assert_eq!(masked, expect);
        };
        check("ИИН 900101300123, Алматы", "ИИН …, Алматы");
        check("900101300123", "…");
        check("9001013001234 и 195460000", "9001013001234 и 195460000");
    }
}
