//! What of an event leaves the house: settled here, once, for every format.
//!
//! In doubt less leaves. An embargo is lifted by a person who changes the event's secrecy: nothing
//! here knows what day it is.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::house::{self, Wordings};
use super::report::State;
use super::{Coverage, Digest, Edition, House, IsoWeek};
use crate::model::{
    Amount, Article, Attachment, Card, Code, Direction, Event, Label, Lang, Moment, Outcome, PartialDate, SourceKind,
    Stage, Target, Telling, VerifiedBy, Wording,
};
use crate::register::{Gazetteer, Names};

/// A digest as one edition shows it.
pub(super) struct Issue<'a> {
    pub week: IsoWeek,
    pub edition: Edition,
    pub events: Vec<Shown>,
    pub earlier: Vec<Shown>,
    /// What came before in the same cases.
    pub before: Vec<Shown>,
    pub coverage: &'a Coverage,
    pub state: &'a State,
    pub house: &'a House,
}

/// An event as one edition shows it: what is not here cannot be printed.
pub(super) struct Shown {
    pub id: String,
    pub case: String,
    pub card: ShownCard,
    /// The house's own headline and summary, by language.
    pub wording: Wording,
    pub title: Option<String>,
    /// Language of the title, where known.
    pub title_lang: Option<Lang>,
    /// Outlets and persons that it is about.
    pub who: Vec<Named>,
    pub source: Option<String>,
    pub url: Option<String>,
    pub published: Option<Moment>,
    pub evidence: Option<String>,
    pub stories: Vec<ShownStory>,
    /// What an event entered by hand rests on.
    pub verified_by: Option<VerifiedBy>,
    /// How the house heard of it.
    pub source_kind: Option<SourceKind>,
    pub attachments: Vec<ShownAttachment>,
    /// Attachments that stay inside.
    pub kept_inside: usize,
    pub by_hand: bool,
    /// Names and sources are withheld.
    pub unnamed: bool,
    /// Links are withheld.
    pub unlinked: bool,
    /// Is this how the house sees it?
    pub internal: bool,
}

/// An outlet, a person or a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The name as the event has it.
    pub written: String,
    /// As the register, or the gazetteer, spells it, by language.
    pub spelled: BTreeMap<Lang, String>,
}

/// A scan or a screenshot.
pub(super) struct ShownAttachment {
    /// As it was named; `None` where the name might tell more than the picture.
    pub name: Option<String>,
    pub sha256: String,
    /// Beside the page; `None` where it lies in the archive alone.
    pub href: Option<String>,
}

/// The folder beside a public digest that its attachments lie in.
pub const ATTACHMENTS: &str = "attachments";

/// The columns of an event that a digest prints.
pub(super) struct ShownCard {
    pub categories: Vec<Label>,
    pub relief: bool,
    pub event_date: Option<PartialDate>,
    pub place: Option<Named>,
    pub stage: Option<Stage>,
    pub outcome: Option<Outcome>,
    pub articles: Vec<Article>,
    pub claimed: Option<Amount>,
    pub awarded: Option<Amount>,
    pub currency: Option<String>,
    /// Days of a detention or of an administrative arrest.
    pub arrest_days: Option<u16>,
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

/// What an edition shows of some events, those first that the house gave a place.
pub(super) fn shown<E: Borrow<Event>>(
    events: &[E],
    wordings: &Wordings,
    edition: Edition,
    zone: &TimeZone,
) -> Vec<Shown> {
    in_order(events, wordings).into_iter().filter_map(|event| show(event, wordings, edition, zone)).collect()
}

/// Events in the order in which they are told: those first that the house gave a place.
pub(super) fn in_order<'a, E: Borrow<Event>>(events: &'a [E], wordings: &Wordings) -> Vec<&'a Event> {
    let mut ordered: Vec<&Event> = events.iter().map(Borrow::borrow).collect();
    // Looked up once for each, and not at all where nobody chose a place.
    if wordings.any_is_placed() {
        ordered
            .sort_by_cached_key(|event| wordings.get(&event.id).and_then(|wording| wording.order).unwrap_or(u32::MAX));
    }
    ordered
}

/// What an edition shows of an event; `None` where it shows nothing of it.
pub(super) fn show(event: &Event, wordings: &Wordings, edition: Edition, zone: &TimeZone) -> Option<Shown> {
    match edition {
        _ if !lets_out(event, edition) => None,
        Edition::Internal => Some(whole(event, wordings, zone)),
        Edition::Public => Some(public(event, wordings, zone)),
    }
}

/// Does an edition show anything of an event?
pub(super) fn lets_out(event: &Event, edition: Edition) -> bool {
    let secrecy = event.card.secrecy.as_deref().unwrap_or("public");
    edition == Edition::Internal || matches!(secrecy, "public" | "no_names")
}

/// Settles what an edition shows of a digest.
pub(super) fn issue(digest: &Digest, edition: Edition) -> Issue<'_> {
    let shown = |events: &[Event]| shown(events, &digest.wordings, edition, &digest.zone);
    Issue {
        week: digest.week,
        edition,
        events: shown(&digest.events),
        earlier: shown(&digest.earlier),
        before: shown(&digest.before),
        coverage: &digest.coverage,
        state: &digest.state,
        house: &digest.house,
    }
}

fn whole(event: &Event, wordings: &Wordings, zone: &TimeZone) -> Shown {
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
        card: shown_card(&event.card, &wordings.places),
        // Who speaks for no desk knows no detector: the letters must do.
        wording: wordings.get(&event.id).cloned().unwrap_or_else(|| house::said(event, None, &|_| Lang::RU)),
        title: Some(event.title.clone()),
        title_lang: event.lang.or_else(|| house::by_letters(&event.title)),
        who: event.card.targets.iter().map(|target| named(target, event, &wordings.names)).collect(),
        source: Some(event.source.clone()).filter(|source| !source.is_empty()),
        url: event.url.as_deref().and_then(web_address),
        published: event.published,
        evidence: Some(event.evidence.clone()).filter(|evidence| !evidence.is_empty()),
        stories: event.stories.iter().map(story).collect(),
        verified_by: event.origin.as_ref().and_then(|origin| origin.verified_by),
        source_kind: event.origin.as_ref().and_then(|origin| origin.source_kind),
        attachments: attached(event).iter().map(inside).collect(),
        kept_inside: 0,
        by_hand: event.by_hand,
        unnamed: false,
        unlinked: false,
        internal: true,
    }
}

fn attached(event: &Event) -> &[Attachment] {
    event.origin.as_ref().map_or(&[], |origin| &origin.attachments)
}

fn inside(attachment: &Attachment) -> ShownAttachment {
    ShownAttachment { name: Some(attachment.name.clone()), sha256: attachment.sha256.clone(), href: None }
}

/// An attachment as it may leave the house: the copy without metadata, under a name that tells nothing.
fn outside(attachment: &Attachment) -> Option<ShownAttachment> {
    let href = format!("{ATTACHMENTS}/{}", attachment.public_file()?);
    Some(ShownAttachment { name: None, sha256: attachment.public.clone()?, href: Some(href) })
}

/// The attachments of which the public edition of some events publishes a copy, each with the name of that copy.
pub fn published_attachments<'e, E: Borrow<Event>>(
    events: &'e [E],
    wordings: &Wordings,
    zone: &TimeZone,
) -> Vec<(&'e Attachment, String)> {
    let mut published = Vec::new();
    for event in events.iter().map(Borrow::borrow).filter(|event| !attached(event).is_empty()) {
        let Some(shown) = show(event, wordings, Edition::Public, zone) else { continue };
        let links: Vec<&String> = shown.attachments.iter().filter_map(|shown| shown.href.as_ref()).collect();
        let named = attached(event).iter().filter_map(|attachment| Some((attachment, outside(attachment)?.href?)));
        published.extend(named.filter(|(_, href)| links.contains(&href)));
    }
    published
}

fn named(target: &Target, event: &Event, names: &Names) -> Named {
    let known = names.in_event(&target.name, target.role.into(), event).one();
    Named { written: target.name.clone(), spelled: known.map(|row| row.names.clone()).unwrap_or_default() }
}

fn located(written: &str, places: &Gazetteer) -> Named {
    Named { written: written.to_owned(), spelled: places.names(written) }
}

/// The currency of sums that were written without one: figures take them for tenge, abroad nobody knows.
fn bare_sums_are_tenge(card: &Card) -> Option<String> {
    let here = card.country.as_deref().is_none_or(|country| country == "KZ");
    let sums = card.claim_amount.is_some() || card.awarded_amount.is_some();
    (here && sums).then(|| "KZT".to_owned())
}

fn shown_card(card: &Card, places: &Gazetteer) -> ShownCard {
    ShownCard {
        categories: card.categories.clone(),
        relief: card.direction == Some(Direction::Relief),
        event_date: card.event_date,
        place: card.place.as_deref().map(|written| located(written, places)),
        stage: card.stage,
        outcome: card.outcome,
        articles: card.articles.clone(),
        claimed: card.claim_amount,
        awarded: card.awarded_amount,
        currency: card.currency.clone().or_else(|| bare_sums_are_tenge(card)),
        arrest_days: card.arrest_days,
        secrecy: card.secrecy.clone().filter(|secrecy| secrecy != "public"),
    }
}

/// An event that may leave the house, as it may.
fn public(event: &Event, wordings: &Wordings, zone: &TimeZone) -> Shown {
    let secrecy = event.card.secrecy.as_deref().unwrap_or("public");
    let mut shown = whole(event, wordings, zone);
    shown.internal = false;
    shown.evidence = None;
    shown.card.secrecy = None;
    // A scan shows what it shows: where names or texts stay inside, so does it.
    let stays = secrecy == "no_names" || quoting_is_an_offence(&event.card);
    shown.attachments = attached(event).iter().filter(|_| !stays).filter_map(outside).collect();
    shown.kept_inside = attached(event).len() - shown.attachments.len();
    if quoting_is_an_offence(&event.card) {
        shown.unlinked = shown.url.is_some() || shown.stories.iter().any(|story| story.url.is_some());
        shown.url = None;
        shown.stories.iter_mut().for_each(|story| story.url = None);
    }
    if secrecy == "no_names" {
        shown.unnamed = true;
        (shown.title, shown.source, shown.url) = (None, None, None);
        shown.stories.clear();
        shown.who.clear();
        // Another event of the case may name whom this one must not.
        shown.case.clone_from(&shown.id);
        let names = &wordings.names;
        shown.wording.headline.retain(|_, text| !may_name(text, &event.card, names));
        shown.wording.summary.retain(|_, text| !may_name(text, &event.card, names));
        shown.card.place = shown.card.place.filter(|place| !names_in(&place.written, &event.card, names));
    }
    let texts = [&mut shown.title, &mut shown.source];
    let who = shown
        .who
        .iter_mut()
        .chain(&mut shown.card.place)
        .flat_map(|named| named.spelled.values_mut().chain([&mut named.written]));
    let own = shown.wording.headline.values_mut().chain(shown.wording.summary.values_mut()).chain(who);
    texts.into_iter().flatten().chain(own).for_each(mask_numbers);
    for story in &mut shown.stories {
        mask_numbers(&mut story.title);
        story.source.as_mut().map(mask_numbers);
        story.url = story.url.take().filter(|url| !holds_person_number(url));
    }
    shown.url = shown.url.filter(|url| !holds_person_number(url));
    shown
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
fn may_name(headline: &str, card: &Card, names: &Names) -> bool {
    (card.targets.is_empty() && card.claimants.is_empty()) || names_in(headline, card, names)
}

/// Does a word of the text begin like a word of a listed name? Case endings and the alphabet of the
/// other language make no difference, nor does it which of the registered spellings is used.
fn names_in(text: &str, card: &Card, names: &Names) -> bool {
    let targets = card.targets.iter().map(|target| target.name.as_str());
    let listed = targets.chain(card.claimants.iter().map(|claimant| claimant.name.as_str()));
    any_named(text, listed.flat_map(|name| names.aliases(name).into_iter().chain([name])))
}

fn any_named<'n>(text: &str, mut names: impl Iterator<Item = &'n str>) -> bool {
    let said = Folded::of(text);
    names.any(|name| said.names(name))
}

/// A text of which it is asked whether it names somebody, as far as [`names_in`] can tell.
pub(super) struct Folded(String);

impl Folded {
    pub fn of(text: &str) -> Self {
        Self(in_latin(text))
    }

    /// Does a word of it begin like a word of the name?
    pub fn names(&self, name: &str) -> bool {
        const BEGINNING: usize = 4;
        let name = Self::of(name);
        let beginning = |word: &'_ str| word.char_indices().nth(BEGINNING).map_or(word.len(), |(end, _)| end);
        name.words().any(|word| self.words().any(|said| said.starts_with(&word[..beginning(word)])))
    }

    /// Its words of three letters and more.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split_whitespace().filter(|word| word.chars().nth(2).is_some())
    }
}

/// Letters of Kazakh, Russian and English folded onto one alphabet, words parted by spaces.
fn in_latin(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
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
    .fold(latin, |text, (two, one)| if text.contains(two) { text.replace(two, one) } else { text })
}

/// Takes out numbers of twelve digits, in one piece or as six and six: an individual identification number
/// (IIN) names a person.
fn mask_numbers(text: &mut String) {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        masked.push_str(&rest[..start]);
        rest = &rest[start..];
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let first = digits(rest);
        let between = rest[first..].chars().next().filter(|sign| matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '-'));
        let second = between.map_or(0, |sign| digits(&rest[first + sign.len_utf8()..]));
        let halves = (first == 6 && second == 6).then(|| first + between.map_or(0, char::len_utf8) + second);
        match halves.or((first == 12).then_some(first)) {
            Some(length) => {
                masked.push('…');
                rest = &rest[length..];
            }
            None => {
                masked.push_str(&rest[..first]);
                rest = &rest[first..];
            }
        }
    }
    masked.push_str(rest);
    *text = masked;
}

/// Does an address hold a person's number? Sites number their pages too, so that here the check digit counts
/// (Government decree of Kazakhstan of 2007 on national identification numbers: weights 1 to 11, then 3 to 11,
/// 1, 2, modulo 11).
fn holds_person_number(url: &str) -> bool {
    let runs = url.split(|letter: char| !letter.is_ascii_digit()).filter(|run| run.len() == 12);
    runs.into_iter().any(|run| {
        let digits: Vec<u32> = run.bytes().map(|byte| u32::from(byte - b'0')).collect();
        let day = (digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]);
        let dated = (1..=12).contains(&day.0) && (1..=31).contains(&day.1) && digits[6] <= 6;
        let sum = |first: u32| {
            digits[..11].iter().zip(0..).map(|(digit, at)| digit * ((first - 1 + at) % 11 + 1)).sum::<u32>() % 11
        };
        let check = if sum(1) == 10 { sum(3) } else { sum(1) };
        dated && check == digits[11]
    })
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
            assert_eq!(may_name(headline, &card, &Names::default()), expect, "{headline} / {name}");
        };
        check("Суд над Сапаровой отложен", "Жанна Сапарова", true);
        check("Saparova stands trial", "Жанна Сапарова", true);
        check("Суд над Zhanna S.", "Жанна Сапарова", true);
        check("Сапарованың ісі сотта", "Saparova", true);
        check("Ерлану отказали", "Yerlan Tau", true);
        check("Қуаныш қамалды", "Quanysh", true);
        check("Блогер оштрафован в Актау", "Жанна Сапарова", false);
        check("Блогер оштрафован", "Ли", false);
        assert!(may_name("Блогер оштрафован", &Card::default(), &Names::default()));
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
        check("ИИН 900101 300123.", "ИИН ….");
        check("195 460 000 000 тенге, 123456 7", "195 460 000 000 тенге, 123456 7");
    }

    #[test]
    fn addresses_that_hold_a_persons_number_are_known() {
        let check = |url: &str, expect: bool| assert_eq!(holds_person_number(url), expect, "{url}");
        // 9·1 + 1·4 + 1·6 + 3·7 + 1·10 + 2·11 = 72, 72 mod 11 = 6.
        check("https://dala.example/p/900101300126?x=1", true);
        check("https://dala.example/p/900101300123", false);
        check("https://dala.example/201711161234/", false);
        check("https://dala.example/20171116", false);
    }
}
