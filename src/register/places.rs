//! Places as people write them → one place, under the name that each language has for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Lang, PlaceNames};

/// Places by the ways in which people write them.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    places: Vec<PlaceNames>,
    /// Place by its folded spelling.
    written: BTreeMap<String, usize>,
    /// Spellings of several words, some of them only begun.
    begun: Vec<(Vec<Word>, usize)>,
}

#[derive(Debug, Clone)]
struct Word {
    folded: String,
    whole: bool,
}

impl Word {
    fn fits(&self, word: &str) -> bool {
        if self.whole { self.folded == word } else { word.starts_with(&self.folded) }
    }
}

impl Gazetteer {
    /// Of two places that are written alike the first has the name.
    pub fn of(places: impl IntoIterator<Item = PlaceNames>) -> Self {
        let mut gazetteer = Self::default();
        for (at, place) in places.into_iter().enumerate() {
            for spelling in place.names.values().chain(&place.written) {
                let words: Vec<Word> = words_of(spelling).collect();
                if words.iter().all(|word| word.whole) {
                    gazetteer.written.entry(folded(spelling)).or_insert(at);
                } else if words.len() > 1 {
                    // One word that is only begun is an adjective: "алматинский" says town or region.
                    gazetteer.begun.push((words, at));
                }
            }
            gazetteer.places.push(place);
        }
        gazetteer
    }

    /// The place that somebody wrote: `Алматы қ.`, `г. Алматы`, `Медеуский район, Алматы`. `None` where none of
    /// the list is meant, or more than one.
    pub fn find(&self, written: &str) -> Option<&PlaceNames> {
        self.whole(written).or_else(|| {
            let known: Vec<&PlaceNames> = parts(written).filter_map(|(part, _)| self.whole(part)).collect();
            let one = |regions: bool| {
                let ids: BTreeSet<&str> =
                    known.iter().filter(|place| place.is_region == regions).map(|place| place.id.as_str()).collect();
                ids.len()
            };
            // The town says more than the region that it lies in.
            let regions = one(false) == 0;
            let meant = known.iter().find(|place| place.is_region == regions).copied();
            meant.filter(|_| one(regions) == 1)
        })
    }

    /// The place of an id.
    pub fn of_id(&self, id: &str) -> Option<&PlaceNames> {
        self.places.iter().find(|place| place.id == id)
    }

    /// What tells a place from every other: its id, or where it is not known, its folded spelling.
    pub fn key(&self, written: &str) -> String {
        self.find(written).map_or_else(|| folded(written), |place| place.id.clone())
    }

    /// What each language writes for a place, what is not known in it as it was written; nothing where no word of it
    /// is known.
    pub fn names(&self, written: &str) -> BTreeMap<Lang, String> {
        if let Some(place) = self.whole(written) {
            return place.names.clone();
        }
        let parts: Vec<(&str, &str)> = parts(written).collect();
        let known: Vec<Option<&PlaceNames>> = match parts.len() {
            0 | 1 => Vec::new(),
            _ => parts.iter().map(|(part, _)| self.whole(part)).collect(),
        };
        if known.iter().all(Option::is_none) {
            return BTreeMap::new();
        }
        let in_lang = |lang: Lang| {
            let parts = parts.iter().zip(&known).map(|((part, sign), place)| {
                let bare = part.trim();
                let name = place.and_then(|place| place.names.get(&lang)).map_or(bare, String::as_str);
                format!("{}{sign}", part.replacen(bare, name, 1))
            });
            (lang, parts.collect())
        };
        super::LANGUAGES.into_iter().map(in_lang).collect()
    }

    fn whole(&self, written: &str) -> Option<&PlaceNames> {
        let exact = || self.written.get(&folded(written)).copied();
        let begun = || {
            let words: Vec<String> = words_of(written).map(|word| word.folded).collect();
            let fits = |begun: &[Word]| {
                begun.len() == words.len() && begun.iter().zip(&words).all(|(begun, word)| begun.fits(word))
            };
            self.begun.iter().find(|(begun, _)| fits(begun)).map(|(_, at)| *at)
        };
        self.places.get(exact().or_else(begun)?)
    }
}

/// What stands between commas, semicolons and brackets, each with the sign after it.
fn parts(written: &str) -> impl Iterator<Item = (&str, &str)> {
    written.split_inclusive([',', ';', '(', ')']).map(|part| {
        let bare = part.trim_end_matches([',', ';', '(', ')']);
        (bare, &part[bare.len()..])
    })
}

/// A spelling without case, dots, hyphens, the word for a town, and the letters that Kazakh alone has.
fn folded(written: &str) -> String {
    words_of(written).map(|word| word.folded).collect::<Vec<_>>().join(" ")
}

fn words_of(written: &str) -> impl Iterator<Item = Word> {
    const REGION: &str = "облысы";
    let signs = |letter: char| !letter.is_alphanumeric() && letter != '*';
    let words = written.split(signs).filter(|word| !word.is_empty());
    let words = words.map(|word| Word {
        folded: word.trim_end_matches('*').chars().flat_map(char::to_lowercase).map(letter).collect(),
        whole: !word.ends_with('*'),
    });
    let mut kept: Vec<Word> = words.filter(|word| !(word.whole && is_town(&word.folded))).collect();
    // A name that is nothing but the word for a town stays.
    if kept.is_empty() {
        kept.push(Word { folded: written.trim().to_lowercase(), whole: true });
    }
    // "область Абай" and "Абай облысы" are one.
    let (regions, mut rest): (Vec<Word>, Vec<Word>) = kept.into_iter().partition(|word| is_region(&word.folded));
    if !regions.is_empty() {
        rest.push(Word { folded: REGION.to_owned(), whole: true });
    }
    rest.into_iter()
}

fn is_town(word: &str) -> bool {
    matches!(word, "г" | "гор" | "город" | "к" | "кала" | "каласы" | "city")
}

fn is_region(word: &str) -> bool {
    word.starts_with("облыс") || word.starts_with("област") || matches!(word, "обл" | "region" | "province" | "oblast")
}

fn letter(letter: char) -> char {
    match letter {
        'ё' => 'е',
        'й' | 'і' => 'и',
        'қ' => 'к',
        'ғ' => 'г',
        'ә' => 'а',
        'ө' => 'о',
        'ұ' | 'ү' => 'у',
        'ң' => 'н',
        'һ' => 'х',
        'ä' => 'a',
        'ö' => 'o',
        'ü' | 'ū' => 'u',
        'ğ' => 'g',
        'ş' => 's',
        'ñ' => 'n',
        'ı' => 'i',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gazetteer() -> Gazetteer {
        let place = |id: &str, is_region: bool, names: [&str; 3], written: &[&str]| PlaceNames {
            id: id.to_owned(),
            is_region,
            names: [Lang::KK, Lang::RU, Lang::EN].into_iter().zip(names.map(str::to_owned)).collect(),
            written: written.iter().map(|name| (*name).to_owned()).collect(),
        };
        Gazetteer::of([
            place("town", false, ["Тауқала", "Таугород", "Tautown"], &["Горск", "таугородск*"]),
            place(
                "region",
                true,
                ["Тауқала облысы", "Таугородская область", "Tautown region"],
                &["Таугородск* област*"],
            ),
            place("other", false, ["Өзен", "Узень", "Ozen"], &[]),
        ])
    }

    #[test]
    fn a_place_is_known_however_it_is_written() {
        let gazetteer = gazetteer();
        let check = |written: &str, expect: &str| assert_eq!(gazetteer.key(written), expect, "{written}");
        for written in ["Тауқала", "тауқала қ.", "Таукала қаласы", "г. Таугород", "г.Таугород", "TAUTOWN city", "Горск"]
        {
            check(written, "town");
        }
        for written in ["Тауқала облысы", "Тауқала обл.", "Таугородская обл.", "в Таугородской области"]
        {
            check(written, if written.starts_with('в') { "в таугородскои облысы" } else { "region" });
        }
        check("Таугородской области", "region");
        check("Озен", "other");
        // Part of a line; the town before the region that it lies in.
        check("Таугород, Ленинский район", "town");
        check("Ленинский район (Таугород)", "town");
        check("Таугородская область, Узень", "other");
        check("Таугородская область, село Жар", "region");
    }

    #[test]
    fn what_may_be_another_place_is_none() {
        let gazetteer = gazetteer();
        let check = |written: &str, expect: &str| assert_eq!(gazetteer.key(written), expect, "{written}");
        check("Таугородский район", "таугородскии раион");
        check("таугородский", "таугородскии");
        check("Таугород-2", "таугород 2");
        check("Таугород, Узень", "таугород узень");
        check("Новый Узень", "новыи узень");
        check("город", "город");
        check("", "");
    }

    #[test]
    fn each_language_has_its_name() {
        let gazetteer = gazetteer();
        let check = |written: &str, lang: Lang, expect: &str| {
            assert_eq!(gazetteer.names(written).get(&lang).map_or(written, String::as_str), expect);
        };
        check("г. Таугород", Lang::EN, "Tautown");
        check("Tautown region", Lang::KK, "Тауқала облысы");
        check("Горск (Ленинский район)", Lang::EN, "Tautown (Ленинский район)");
        check("Ленинский район, Таугород", Lang::KK, "Ленинский район, Тауқала");
        check("Жар", Lang::EN, "Жар");
        check("", Lang::EN, "");
        assert!(gazetteer.names("Жар, Ленинский район").is_empty());
    }
}
