//! The reference tables that facts are read with: law, places, outlets, courts, money.
//!
//! They come as the text of TOML files; a fault in one of them is a [`Diagnostic`], and the rest is used.

mod rows;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use rows::{CountryRows, CourtsFile, CurrencyRows, LawFile, MoneyFile, OutletsFile, PlacesFile};

use super::money::Purpose;
use super::places::Place;
use super::words::{Words, key_of};
use crate::model::{Amount, Code, Diagnostic, Instance, Lang};
use crate::text::Reading;
use crate::text::stems::{Entry, Hits, Lexicon};

/// Everything that facts are read with. Built once for a set of rules.
#[derive(Debug, Clone)]
pub struct Tables {
    lexicon: Lexicon,
    /// What each concept of the lexicon stands for, by its number.
    marks: Vec<Mark>,
    pub(super) countries: Vec<String>,
    pub(super) places: Vec<Place>,
    outlets: Vec<Outlet>,
    pub(super) articles: Vec<LawArticle>,
    pub(super) capitals: Vec<(String, CodeName)>,
    index: Vec<(Date, i64)>,
    /// Tenge for a unit of a currency on a day.
    rates: BTreeMap<(String, Date), f64>,
    signs: Vec<(String, String)>,
    currencies: ByLetter<String>,
    currency_phrases: ByLetter<String>,
    cues: ByLetter<Purpose>,
}

/// Patterns of one word or several with what they say, found by the first letter.
#[derive(Debug, Clone)]
struct ByLetter<T>(Vec<(char, Vec<Pattern>, T)>);

impl<T> ByLetter<T> {
    /// The order of patterns that begin with one letter is kept.
    fn of(patterns: Vec<(Vec<Pattern>, T)>) -> Self {
        let first = |patterns: &[Pattern]| patterns.first()?.key.chars().next();
        let lettered = patterns.into_iter().filter_map(|(patterns, says)| Some((first(&patterns)?, patterns, says)));
        let mut lettered: Vec<(char, Vec<Pattern>, T)> = lettered.collect();
        lettered.sort_by_key(|(letter, _, _)| *letter);
        Self(lettered)
    }

    /// Those that begin with the letter of a key.
    fn begun_by(&self, key: &str) -> impl Iterator<Item = (&[Pattern], &T)> {
        let letter = key.chars().next();
        let start = letter.map_or(self.0.len(), |letter| self.0.partition_point(|(first, _, _)| *first < letter));
        let begun = self.0[start..].iter().take_while(move |(first, _, _)| Some(*first) == letter);
        begun.map(|(_, patterns, says)| (patterns.as_slice(), says))
    }
}

/// What a name of the tables stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A country by its name (index into `countries`).
    Country(usize),
    /// A body that only one state has.
    Body(usize),
    /// A country's money.
    Money(usize),
    /// A place.
    Place(usize),
    /// An outlet.
    Outlet(usize),
    /// A court.
    Court(Instance),
    /// A code of law.
    Code(CodeName),
}

/// What a text's word for a code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeName {
    /// A code of law.
    Of(Code),
    /// A constitution, a treaty: no code of law.
    None,
}

/// A mark found in a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marked {
    pub mark: Mark,
    pub first: usize,
    /// One past the last token.
    pub end: usize,
}

/// A known outlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlet {
    /// Id.
    pub id: String,
    /// ISO 3166-1 alpha-2 of where it works.
    pub country: String,
    /// Hosts that are its own.
    pub domains: Vec<String>,
}

/// An article of law that bears on expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LawArticle {
    pub country: String,
    pub code: Code,
    pub number: String,
    pub concepts: Vec<String>,
    pub guess: bool,
    pub since: Option<Date>,
    pub until: Option<Date>,
}

/// A word of a list: a stem with whatever follows, or a word alone.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    key: String,
    whole: bool,
}

impl Pattern {
    fn of(form: &str) -> Self {
        let (whole, word) = match form.strip_prefix('=') {
            Some(word) => (true, word),
            None => (!form.ends_with('*'), form.trim_end_matches('*')),
        };
        let mut key = String::new();
        key_of(word, &mut key);
        Self { key, whole }
    }

    fn fits(&self, key: &str) -> bool {
        // A Kazakh suffix after a hyphen ("АЕК-ке") leaves the word what it is.
        key.strip_prefix(self.key.as_str()).is_some_and(|rest| !self.whole || rest.is_empty() || rest.starts_with('-'))
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Forms {
    ru: Vec<String>,
    kk: Vec<String>,
    en: Vec<String>,
}

impl Forms {
    fn each(&self) -> impl Iterator<Item = (Lang, &String)> {
        let ru = self.ru.iter().map(|form| (Lang::RU, form));
        let kk = self.kk.iter().map(|form| (Lang::KK, form));
        ru.chain(kk).chain(self.en.iter().map(|form| (Lang::EN, form)))
    }
}

/// What is gathered while files are read.
#[derive(Default)]
struct Gathering {
    /// Concept (its number in words), language, form, file, for the lexicon.
    forms: Vec<(usize, Lang, String, usize)>,
    marks: Vec<Mark>,
    countries: Vec<String>,
    places: Vec<Place>,
    outlets: Vec<Outlet>,
    articles: Vec<LawArticle>,
    capitals: Vec<(String, CodeName)>,
    index: Vec<(Date, i64)>,
    rates: BTreeMap<(String, Date), f64>,
    signs: Vec<(String, String)>,
    currencies: Vec<(Vec<Pattern>, String)>,
    currency_phrases: Vec<(Vec<Pattern>, String)>,
    cues: Vec<(Vec<Pattern>, Purpose)>,
    diagnostics: Vec<Diagnostic>,
}

impl Tables {
    /// Reads the tables from files given as (name, text); the folder of a name (`law/kz.toml`) says what
    /// the file holds. Files of other folders are passed over. Faults are told and left out.
    pub fn parse(files: &[(String, String)]) -> (Self, Vec<Diagnostic>) {
        let mut all = Gathering::default();
        for (number, (name, text)) in files.iter().enumerate() {
            match name.split('/').rev().nth(1) {
                Some("law") => all.law(number, name, text),
                Some("places") => all.places(number, name, text),
                Some("outlets") => all.outlets(number, name, text),
                Some("courts") => all.courts(number, name, text),
                Some("money") => all.money(name, text),
                _ => {}
            }
        }
        all.finish(files)
    }

    /// The names of the tables, as a lexicon: to be [joined](Lexicon::joined) with another.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Every name of the tables that a story holds, in order; `hits` are those of the lexicon.
    pub(super) fn marks(&self, reading: &Reading<'_>, hits: &Hits) -> Vec<Marked> {
        let marked = hits.all().iter().filter_map(|hit| {
            let mark = *self.marks.get(usize::from(hit.concept.0))?;
            Some(Marked { mark, first: hit.first as usize, end: hit.last as usize + 1 })
        });
        marked.filter(|marked| self.is_domain_whole(reading, marked)).collect()
    }

    /// The words of an address stand together: `orda.kz` is no "orda" at the end of one phrase before "kz".
    fn is_domain_whole(&self, reading: &Reading<'_>, marked: &Marked) -> bool {
        let Mark::Outlet(_) = marked.mark else { return true };
        let last = reading.codes(marked.end - 1);
        let is_domain = marked.end - marked.first > 1
            && last.len() <= 5
            && last.is_ascii()
            && !reading.tokens[marked.end - 1].shape.capital;
        !is_domain || (marked.first..marked.end - 1).all(|token| reading.gap(token) == ".")
    }

    /// The outlets of the tables; [`super::outlets`] gives indexes into them.
    pub fn outlet(&self, index: usize) -> Option<&Outlet> {
        self.outlets.get(index)
    }

    /// The code that a short name in capitals stands for, with whatever suffix: `УК`, `ҚК-нің`.
    pub(super) fn code_of_capitals(&self, original: &str) -> Option<CodeName> {
        let head = original.split(['-', '’', '\'']).next().unwrap_or(original);
        self.capitals.iter().find(|(name, _)| name == head).map(|(_, code)| *code)
    }

    /// A sum in tenge: of a foreign currency by the rate of the day, of monthly calculation indices
    /// (`MCI`) by the value that held on it. `None` where the tables do not say.
    pub fn in_tenge(&self, amount: Amount, currency: &str, day: Date) -> Option<Amount> {
        match currency {
            "KZT" => Some(amount),
            "MCI" => amount.0.checked_mul(self.index_on(day)?).map(Amount),
            code => {
                let rate = self.rates.get(&(code.to_owned(), day))?;
                let tenge = (amount.0 as f64 * rate).round();
                (tenge.abs() < i64::MAX as f64 / 2.0).then_some(Amount(tenge as i64))
            }
        }
    }

    /// The monthly calculation index in tenge on a day; `None` before the table begins.
    pub(super) fn index_on(&self, day: Date) -> Option<i64> {
        let after = self.index.partition_point(|(from, _)| *from <= day);
        after.checked_sub(1).map(|at| self.index[at].1)
    }

    pub(super) fn currency_of(&self, key: &str) -> Option<&str> {
        let mut begun = self.currencies.begun_by(key);
        begun.find(|(pattern, _)| pattern[0].fits(key)).map(|(_, code)| code.as_str())
    }

    pub(super) fn currency_of_sign(&self, sign: &str) -> Option<&str> {
        self.signs.iter().find(|(known, _)| known == sign).map(|(_, code)| code.as_str())
    }

    /// A currency named by several words, and how many they are.
    pub(super) fn currency_of_phrase(&self, words: &Words<'_, '_>, at: usize) -> Option<(&str, usize)> {
        self.currency_phrases.begun_by(words.key(at)).find_map(|(phrase, code)| {
            let fits = phrase.iter().enumerate().all(|(offset, pattern)| pattern.fits(words.key(at + offset)));
            fits.then_some((code.as_str(), phrase.len()))
        })
    }

    /// What the word at a token, or two words that begin there, say a sum is for.
    pub(super) fn purpose_of(&self, words: &Words<'_, '_>, at: usize) -> Option<Purpose> {
        let fits = |(cue, purpose): (&[Pattern], &Purpose)| {
            let (first, rest) = cue.split_first()?;
            let mut next = at + 1;
            let all = first.fits(words.key(at))
                && rest.iter().all(|pattern| match (next..next + 3).find(|token| pattern.fits(words.key(*token))) {
                    Some(token) => {
                        next = token + 1;
                        true
                    }
                    None => false,
                });
            all.then_some(*purpose)
        };
        self.cues.begun_by(words.key(at)).find_map(fits)
    }

    /// The article of a country's code of a number, as it stood on a day.
    pub(super) fn article(&self, country: &str, code: Code, number: &str, day: Option<Date>) -> Option<&LawArticle> {
        let mut fitting = self
            .articles
            .iter()
            .filter(|article| article.country == country && article.code == code && article.number == number);
        match day {
            Some(day) => fitting.find(|article| article.stands_on(day)),
            None => fitting.next(),
        }
    }
}

impl LawArticle {
    /// Had the number this meaning on a day?
    pub(super) fn stands_on(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl Gathering {
    fn read<T: DeserializeOwned>(&mut self, name: &str, text: &str) -> Option<T> {
        match toml::from_str(text) {
            Ok(file) => Some(file),
            Err(error) => {
                let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
                let mut diagnostic = Diagnostic::new(name, error.message().to_owned())
                    .help("the file is left out until it is mended; the other tables are used");
                diagnostic.line = line;
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// A mark, with the forms that name it.
    fn mark<'f>(&mut self, file: usize, mark: Mark, forms: impl IntoIterator<Item = (Lang, &'f String)>) {
        let number = self.marks.len();
        self.marks.push(mark);
        self.forms.extend(forms.into_iter().map(|(lang, form)| (number, lang, form.clone(), file)));
    }

    fn country(&mut self, name: &str, text: &str, code: &str) -> usize {
        if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            self.fault(name, text, code, format!("`{code}` is no country; write ISO 3166-1 alpha-2, such as KZ"));
        }
        self.countries.iter().position(|known| known == code).unwrap_or_else(|| {
            self.countries.push(code.to_owned());
            self.countries.len() - 1
        })
    }

    fn fault(&mut self, name: &str, text: &str, quoted: &str, message: String) {
        let mut diagnostic = Diagnostic::new(name, message);
        diagnostic.line = line_of(text, quoted);
        self.diagnostics.push(diagnostic);
    }

    fn places(&mut self, number: usize, name: &str, text: &str) {
        let Some(file) = self.read::<PlacesFile>(name, text) else { return };
        let mut default = None;
        match file.country {
            Some(CountryRows::One(code)) => {
                let country = self.country(name, text, &code);
                self.mark(number, Mark::Country(country), file.country_words.each());
                self.mark(number, Mark::Body(country), file.bodies.each());
                self.mark(number, Mark::Money(country), file.money.each());
                default = Some(code);
            }
            Some(CountryRows::Many(rows)) => {
                for row in rows {
                    let country = self.country(name, text, &row.code);
                    let names = Forms { ru: row.ru, kk: row.kk, en: row.en };
                    self.mark(number, Mark::Country(country), names.each());
                    self.mark(number, Mark::Body(country), row.bodies.each());
                    self.mark(number, Mark::Money(country), row.money.each());
                }
            }
            None => {}
        }
        for row in file.place {
            let Some(country) = row.country.or_else(|| default.clone()) else {
                self.fault(name, text, &row.id, format!("place `{}` has no country", row.id));
                continue;
            };
            if self.places.iter().any(|place| place.id == row.id) {
                self.fault(name, text, &row.id, format!("place `{}` is there twice", row.id));
                continue;
            }
            self.country(name, text, &country);
            let shown = (row.ru.first().map(|form| shown(form)), row.kk.first().map(|form| shown(form)));
            let forms = row.ru.iter().chain(&row.kk).chain(&row.en).chain(&row.written);
            let written: Vec<String> = forms.map(|form| form.trim_start_matches('=').replace('+', " ")).collect();
            // The first Russian form is the nominative; the endings hang on its stem.
            let ru = row.ru.iter().enumerate().map(|(at, form)| if at == 0 { stem(form) } else { form.clone() });
            // "an Almaty-based weekly".
            let based: Vec<String> =
                row.en.iter().filter(|form| !form.contains(['+', '*'])).map(|form| format!("={form}-based")).collect();
            let en = row.en.into_iter().chain(based).collect();
            let forms = Forms { ru: ru.collect(), kk: row.kk, en };
            self.mark(number, Mark::Place(self.places.len()), forms.each());
            self.places.push(Place { id: row.id, name: row.name, kind: row.kind, country, shown, written });
        }
    }

    fn outlets(&mut self, number: usize, name: &str, text: &str) {
        let Some(file) = self.read::<OutletsFile>(name, text) else { return };
        for row in file.outlet {
            if self.outlets.iter().any(|outlet| outlet.id == row.id) {
                self.fault(name, text, &row.id, format!("outlet `{}` is there twice", row.id));
                continue;
            }
            self.country(name, text, &row.country);
            let mut forms = row.names.clone();
            forms.extend(row.domains.iter().map(|domain| {
                let words: Vec<String> = domain.split('.').map(|word| format!("={word}")).collect();
                words.join("+")
            }));
            let every = forms.iter().flat_map(|form| [(Lang::KK, form), (Lang::RU, form), (Lang::EN, form)]);
            self.mark(number, Mark::Outlet(self.outlets.len()), every);
            self.outlets.push(Outlet { id: row.id, country: row.country, domains: row.domains });
        }
    }

    fn courts(&mut self, number: usize, name: &str, text: &str) {
        let Some(file) = self.read::<CourtsFile>(name, text) else { return };
        for row in file.court {
            let forms = Forms { ru: row.ru, kk: row.kk, en: row.en };
            self.mark(number, Mark::Court(row.instance), forms.each());
        }
    }

    fn law(&mut self, number: usize, name: &str, text: &str) {
        let Some(file) = self.read::<LawFile>(name, text) else { return };
        for row in file.article {
            let Some(country) = row.country.or_else(|| file.country.clone()) else {
                self.fault(name, text, &row.number, format!("article {} has no country", row.number));
                continue;
            };
            self.country(name, text, &country);
            let (code, number, concepts) = (row.code, row.number, row.concepts);
            let article =
                LawArticle { country, code, number, concepts, guess: row.guess, since: row.since, until: row.until };
            self.articles.push(article);
        }
        for row in file.code {
            let code = match (row.code.as_str(), row.code.parse()) {
                ("none", _) => CodeName::None,
                (_, Ok(code)) => CodeName::Of(code),
                (_, Err(error)) => {
                    self.fault(name, text, &row.code, error.to_string());
                    continue;
                }
            };
            self.capitals.extend(row.capitals.iter().chain(&row.latin).map(|word| (word.clone(), code)));
            let forms = Forms { ru: row.ru, kk: row.kk, en: row.en };
            self.mark(number, Mark::Code(code), forms.each());
        }
    }

    fn money(&mut self, name: &str, text: &str) {
        let Some(file) = self.read::<MoneyFile>(name, text) else { return };
        self.index.extend(file.index.iter().map(|row| (row.from, row.tenge)));
        self.rates.extend(file.rates.into_iter().map(|row| ((row.code.to_ascii_uppercase(), row.day), row.tenge)));
        if let Some(CurrencyRows::Many(rows)) = file.currencies {
            for row in rows {
                self.signs.extend(row.signs.iter().map(|sign| (sign.clone(), row.code.clone())));
                self.currencies.extend(row.words.iter().map(|word| (vec![Pattern::of(word)], row.code.clone())));
                let phrases = row.phrases.iter().map(|phrase| (patterns(phrase), row.code.clone()));
                self.currency_phrases.extend(phrases);
            }
        }
        for (list, purpose) in
            [(file.other, Purpose::Other), (file.award, Purpose::Award), (file.claim, Purpose::Claim)]
        {
            self.cues.extend(list.iter().map(|cue| (patterns(cue), purpose)));
        }
    }

    fn finish(mut self, files: &[(String, String)]) -> (Tables, Vec<Diagnostic>) {
        let names: Vec<String> = (0..self.marks.len()).map(|number| number.to_string()).collect();
        // Every mark gets its number even without forms, so that numbers of concepts are indexes.
        let (lexicon, bad) = {
            let entries = self.forms.iter().map(|(number, lang, form, _)| Entry {
                concept: &names[*number],
                lang: *lang,
                form,
                except: false,
            });
            Lexicon::build(entries)
        };
        for fault in bad {
            let file = self.forms.iter().find(|(_, lang, form, _)| *form == fault.form && *lang == fault.lang);
            let (name, text) =
                file.map_or(("", ""), |(_, _, _, file)| (files[*file].0.as_str(), files[*file].1.as_str()));
            self.fault(name, text, &fault.form, format!("`{}` cannot be looked for: {}", fault.form, fault.why));
        }
        let mut marks = Vec::new();
        for number in 0..lexicon.len() {
            let name = lexicon.name(crate::text::stems::ConceptId(number as u16));
            marks.push(name.parse::<usize>().map_or(Mark::Code(CodeName::None), |mark| self.marks[mark]));
        }
        self.index.sort_unstable();
        // Longer ways to say it first: "решил взыскать" before "взыскать".
        self.cues.sort_by_key(|(cue, _)| std::cmp::Reverse(cue.len()));
        let tables = Tables {
            lexicon,
            marks,
            countries: self.countries,
            places: self.places,
            outlets: self.outlets,
            articles: self.articles,
            capitals: self.capitals,
            index: self.index,
            rates: self.rates,
            signs: self.signs,
            currencies: ByLetter::of(self.currencies),
            currency_phrases: ByLetter::of(self.currency_phrases),
            cues: ByLetter::of(self.cues),
        };
        (tables, self.diagnostics)
    }
}

fn patterns(phrase: &str) -> Vec<Pattern> {
    phrase.split_whitespace().map(Pattern::of).collect()
}

/// The line of a file where a string stands in quotation marks, counted from 1.
fn line_of(text: &str, quoted: &str) -> Option<usize> {
    let at = text.find(&format!("\"{quoted}\""))?;
    Some(text[..at].matches('\n').count() + 1)
}

/// A form as a name to show: without its notation.
fn shown(form: &str) -> String {
    form.trim_start_matches('=').trim_end_matches('*').replace('+', " ")
}

/// A Russian nominative without the ending that its other cases change.
fn stem(form: &str) -> String {
    if form.starts_with('=') || form.ends_with('*') {
        return form.to_owned();
    }
    let cut = form.strip_suffix(['а', 'я', 'ь', 'й', 'е', 'о']).filter(|stem| stem.chars().count() > 3);
    cut.unwrap_or(form).to_owned()
}
