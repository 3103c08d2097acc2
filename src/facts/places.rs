//! Whose country a story's event is in, and the place.
//!
//! The country is the state whose authority acts. Its names, towns, bodies, courts' codes and money are
//! counted, those of the title and the lede for more; the source's own country decides only where the
//! text names none.

use std::collections::BTreeMap;

use super::tables::{Mark, Marked, Tables};
use super::words::{Words, begins};
use crate::model::{Lang, Part, PlaceNames, Script};
use crate::text::Reading;

/// A town, district or region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Id: country and name, `kz-almaty`.
    pub id: String,
    /// English name.
    pub name: String,
    /// `city`, `town`, `district` or `region`.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Names to show: in Russian and in Kazakh.
    pub shown: (Option<String>, Option<String>),
    /// Every way to write it that the tables know, in whatever language; `word*` for all that begin so.
    pub written: Vec<String>,
}

impl Tables {
    /// The places, under the names that each language has for them.
    pub fn place_names(&self) -> impl Iterator<Item = PlaceNames> {
        self.places.iter().map(|place| {
            let russian = place.shown.0.as_ref().unwrap_or(&place.name);
            let kazakh = place.shown.1.as_ref().unwrap_or(russian);
            PlaceNames {
                id: place.id.clone(),
                is_region: place.kind == "region",
                names: [(Lang::KK, kazakh), (Lang::RU, russian), (Lang::EN, &place.name)]
                    .map(|(lang, name)| (lang, name.clone()))
                    .into(),
                written: place.written.clone(),
            }
        })
    }
}

/// The country that most of the signs name.
pub(super) fn named<'t>(words: &Words<'_, '_>, tables: &'t Tables, marks: &[Marked]) -> Option<&'t str> {
    // Score, and where it was first named.
    let mut scores: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    let mut counted: BTreeMap<(&str, usize), u32> = BTreeMap::new();
    let mut covered = 0;
    for marked in longest(marks) {
        let (country, weight, kind) = match marked.mark {
            Mark::Country(country) => (tables.countries[country].as_str(), 1.0, 0),
            Mark::Body(country) => (tables.countries[country].as_str(), 1.3, 1),
            Mark::Money(country) => (tables.countries[country].as_str(), 0.6, 2),
            Mark::Place(place) => (tables.places[place].country.as_str(), 1.2, 3),
            Mark::Outlet(outlet) => (tables.outlet(outlet).map_or("", |outlet| outlet.country.as_str()), 0.3, 4),
            Mark::Court(_) | Mark::Code(_) => continue,
        };
        if country.is_empty() || marked.first < covered {
            continue;
        }
        covered = marked.end;
        let token = words.reading.tokens[marked.first];
        // "российский журналист", "кыргызские власти": an adjective says less than the name.
        let adjective =
            !token.shape.capital && words.reading.sentences[words.sentence_index(marked.first)].lang != Lang::EN;
        let zone = zone(words, marked.first);
        // Said again it adds less.
        let times = counted.entry((country, kind)).or_default();
        let weight = weight * zone * if adjective && kind != 1 { 0.6 } else { 1.0 } / (1.0 + 0.35 * f64::from(*times));
        let weight = if is_destination(words, marked.first) || kind == 0 && is_origin(words, marked.end) {
            weight * 0.3
        } else {
            weight
        };
        *times += 1;
        scores.entry(country).or_insert((0.0, marked.first)).0 += weight;
    }
    let mut best: Option<(&str, f64, usize)> = None;
    for (country, (score, first)) in scores {
        // As much for two: the one named first.
        if best.is_none_or(|(_, highest, earliest)| score > highest || score == highest && first < earliest) {
            best = Some((country, score, first));
        }
    }
    best.map(|(country, _, _)| country)
}

/// A Kazakh text that names no state is of the state whose language it is; the Arabic script is China's.
pub(super) fn of_language(reading: &Reading<'_>) -> Option<&'static str> {
    (reading.lang == Lang::KK && reading.script != Script::Arabic).then_some("KZ")
}

/// Does a country only say where somebody is from: "French journalists", "российский оператор"?
fn is_origin(words: &Words<'_, '_>, end: usize) -> bool {
    const PEOPLE: &[&str] = &[
        "журналист",
        "репортер",
        "корреспондент",
        "граждан",
        "писател",
        "заложник",
        "оператор",
        "тилши",
        "азамат",
        "жазуши",
        "journalist",
        "reporter",
        "correspondent",
        "citizen",
        "national",
        "hostage",
        "writer",
        "cameram",
        "photographer",
        "actor",
        "actress",
        "aid",
        "worker",
    ];
    (end..end + 2)
        .take_while(|at| words.is_spaced(at - 1))
        .filter(|at| "жркгпзотацэjrcnhwp".contains(words.first_letter(*at)))
        .any(|at| begins(words.key(at), PEOPLE))
}

/// Is a place only where somebody was going: "не смог вылететь в Вену", "a flight to Vienna"?
fn is_destination(words: &Words<'_, '_>, token: usize) -> bool {
    let sentence = words.sentence(token);
    (token.saturating_sub(3).max(sentence.start)..token)
        .filter(|at| matches!(words.first_letter(*at), 'в' | 'у' | 'р' | 'f'))
        .any(|at| begins(words.key(at), &["вилете", "вилета", "улете", "реис", "flight", "fly", "flew"]))
}

/// Marks in order, the longest of those that begin at one token.
fn longest(marks: &[Marked]) -> Vec<Marked> {
    let mut kept: Vec<Marked> =
        marks.iter().copied().filter(|marked| !matches!(marked.mark, Mark::Court(_) | Mark::Code(_))).collect();
    kept.sort_by_key(|marked| (marked.first, std::cmp::Reverse(marked.end)));
    kept.dedup_by_key(|marked| marked.first);
    kept
}

/// What a mention counts for by where it stands.
fn zone(words: &Words<'_, '_>, token: usize) -> f64 {
    if words.reading.tokens[token].part == Part::Title {
        return 3.0;
    }
    match words.sentence_index(token) - words.first_of_text.min(words.sentence_index(token)) {
        0 | 1 => 2.0,
        2..=7 => 1.0,
        _ => 0.5,
    }
}

/// A place told, with where it was read from.
pub(super) struct Told {
    pub shown: String,
    pub id: String,
    pub spans: Vec<(usize, usize)>,
}

/// The place of the event: the town (else the region) named most, and earliest, of the story's country.
pub(super) fn place(words: &Words<'_, '_>, tables: &Tables, marks: &[Marked], country: Option<&str>) -> Option<Told> {
    let mut scores: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
    for marked in longest(marks) {
        let Mark::Place(index) = marked.mark else { continue };
        let place = &tables.places[index];
        if country.is_some_and(|country| country != place.country) {
            continue;
        }
        let last = marked.end - 1;
        let next = words.key(marked.end);
        let near = words.is_near(last);
        // "Алматинский областной суд" sits in a region; "Павлодарский облсуд" too.
        let of_region =
            near && begins(next, &["област", "облис", "облсуд", "region", "province"]) && place.kind != "region";
        let adjective = !words.reading.tokens[marked.first].shape.capital;
        let kind = match place.kind.as_str() {
            "region" => 0.7,
            "district" => 0.9,
            _ => 1.0,
        };
        let weight =
            zone(words, marked.first) * kind * if of_region { 0.4 } else { 1.0 } * if adjective { 0.8 } else { 1.0 };
        // "микрорайон «Караганда»", "улица Павлодар": a name within a town.
        let inner = words.opens_quote(marked.first)
            || marked
                .first
                .checked_sub(1)
                .is_some_and(|before| begins(words.key(before), &["микрораион", "улис", "проспект", "мкр"]));
        let weight = if inner || is_destination(words, marked.first) { weight * 0.2 } else { weight };
        let entry = scores.entry(index).or_insert((0.0, marked.first));
        entry.0 += weight;
    }
    let mut best: Option<(usize, f64, usize)> = None;
    for (index, (score, first)) in &scores {
        if best.is_none_or(|(_, highest, earliest)| {
            (*score, std::cmp::Reverse(*first)) > (highest, std::cmp::Reverse(earliest))
        }) {
            best = Some((*index, *score, *first));
        }
    }
    let (index, _, first) = best?;
    let place = &tables.places[index];
    let lang = words.reading.sentences[words.sentence_index(first)].lang;
    let shown = match lang {
        Lang::RU => place.shown.0.clone(),
        Lang::KK => place.shown.1.clone(),
        _ => None,
    };
    let spans =
        marks.iter().filter(|marked| marked.mark == Mark::Place(index)).map(|marked| (marked.first, marked.end));
    Some(Told {
        shown: shown.unwrap_or_else(|| place.name.clone()),
        id: place.id.clone(),
        spans: spans.take(3).collect(),
    })
}
