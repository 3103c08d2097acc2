//! Facts out of a story's sentences: dates, money, articles of law, courts, places, people, stage and
//! outcome. Everything is read from the text (and, where it says "on Thursday", from the day of
//! publication); what the text does not say is left empty. Nothing is looked up, and no text makes it
//! fail.
//!
//! The tables (which article means what, which town is whose, what a code is called) are data under
//! `rules/law`, `rules/places`, `rules/outlets`, `rules/courts` and `rules/money`; the cues for stage,
//! outcome, actors and roles are concepts like any other, `rules/concepts/facts_*.toml`.

mod articles;
mod courts;
mod dates;
mod money;
mod numbers;
mod outcome;
mod people;
mod places;
mod tables;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use crate::model::{Amount, Article, Category, Fields, Instance, Label, Moment, Outcome, Span, Stage};
use crate::text::Reading;
use crate::text::stems::{Hits, Lexicon};
use money::{Purpose, Sum};
pub use places::Place;
use tables::{Mark, Marked};
pub use tables::{Outlet, Tables};
use words::Words;

/// An article of law found in a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The article.
    pub article: Article,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The sentence that it stands in.
    pub sentence: usize,
    /// The concepts that it stands for: `law_speech`, `law_administrative`, `law_defamation`,
    /// `law_assembly`, `law_obstruction`, `law_information`, `law_negative`.
    pub concepts: Vec<String>,
}

/// The concepts that [`articles`] may give: ids that rules may use like those of the concept files.
pub const LAW_CONCEPTS: &[&str] = &[
    "law_speech",
    "law_administrative",
    "law_defamation",
    "law_assembly",
    "law_obstruction",
    "law_information",
    "law_negative",
];

/// The country whose law is meant where a story names none.
const HOME: &str = "KZ";

/// A story surveyed for facts: its words in one spelling, and the names of the tables that it holds. Made
/// once for a story; everything that facts tell is asked of it.
pub struct Survey<'r, 'a> {
    words: Words<'r, 'a>,
    tables: &'r Tables,
    marks: Vec<Marked>,
    /// The country that the text itself names most.
    named: Option<&'r str>,
}

impl<'r, 'a> Survey<'r, 'a> {
    /// Looks a story through. `names` are the hits of the tables' lexicon.
    pub fn of(reading: &'r Reading<'a>, tables: &'r Tables, names: &Hits) -> Self {
        let words = Words::of(reading);
        let marks = tables.marks(reading, names);
        let named = places::named(&words, tables, &marks);
        Self { words, tables, marks, named }
    }

    /// The country, where nothing is known of the source.
    fn of_text(&self) -> Option<&'r str> {
        self.named.or(places::of_language(self.words.reading))
    }

    /// Every article of law that a story cites. A number without a code is read by the newest code that
    /// has it; [`Survey::fields`] knows the day and reads the code of that day.
    pub fn articles(&self) -> Vec<Cited> {
        let found =
            articles::all(&self.words, self.tables, &self.marks, self.of_text().unwrap_or(HOME), None).into_iter();
        found
            .map(|citation| Cited {
                article: citation.article,
                tokens: citation.first..citation.end,
                sentence: self.words.sentence_index(citation.first),
                concepts: citation.concepts,
            })
            .collect()
    }

    /// The known outlets that a story names, by their tokens and their index in the tables.
    pub fn outlets(&self) -> Vec<(Range<usize>, usize)> {
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        for marked in &self.marks {
            if let Mark::Outlet(index) = marked.mark {
                // "Orda.kz" is named once, though its name and its address both fit.
                match found.last_mut() {
                    Some((last, other)) if *other == index && marked.first < last.end => {
                        last.end = last.end.max(marked.end)
                    }
                    _ => found.push((marked.first..marked.end, index)),
                }
            }
        }
        found
    }

    /// The country whose authority acts in a story, ISO 3166-1 alpha-2; the source's own only where the
    /// text names none.
    pub fn country(&self, source: Option<&str>) -> Option<String> {
        self.named.or(source).or(places::of_language(self.words.reading)).map(str::to_owned)
    }

    /// What a candidate's text says, and where each field was read from. `categories` are those of the
    /// verdict, `hits` those of `lexicon` on this reading.
    pub fn fields(
        &self,
        lexicon: &Lexicon,
        hits: &Hits,
        categories: &[Label],
        published: Option<Moment>,
    ) -> (Fields, BTreeMap<String, Vec<Span>>) {
        self.words.spell_all();
        let categories: Vec<Category> = categories.iter().map(|label| label.id).collect();
        let day = published.map(Moment::date);
        let (fields, spans) = (Fields::default(), BTreeMap::new());
        let Self { words, tables, marks, .. } = self;
        let mut story = Story { words, tables, marks, categories, day, country: self.of_text(), fields, spans };
        story.dates();
        story.places();
        story.law();
        story.people(lexicon, hits);
        story.progress(lexicon, hits);
        story.court();
        story.money();
        (story.fields, story.spans)
    }
}

/// A story while its fields are read.
struct Story<'r, 'a> {
    words: &'r Words<'r, 'a>,
    tables: &'r Tables,
    marks: &'r [Marked],
    categories: Vec<Category>,
    day: Option<Date>,
    country: Option<&'r str>,
    fields: Fields,
    spans: BTreeMap<String, Vec<Span>>,
}

impl Story<'_, '_> {
    fn note(&mut self, field: &str, span: Span) {
        self.spans.entry(field.to_owned()).or_default().push(span);
    }

    fn dates(&mut self) {
        let dates = dates::all(self.words, self.day);
        if let Some(event) = dates::event(self.words, &dates, self.day, &self.categories) {
            self.fields.event_date = Some(event.date);
            self.note("event_date", self.words.reading.span(event.first..event.end));
        }
    }

    fn places(&mut self) {
        let Some(told) = places::place(self.words, self.tables, self.marks, self.country) else { return };
        for (first, end) in told.spans {
            self.note("place", self.words.reading.span(first..end));
        }
        self.fields.place = Some(told.shown);
        self.fields.place_id = Some(told.id);
    }

    fn law(&mut self) {
        let home = self.country.unwrap_or(HOME);
        for citation in articles::all(self.words, self.tables, self.marks, home, self.day) {
            let known = self
                .fields
                .articles
                .iter_mut()
                .find(|article| article.code == citation.article.code && article.number == citation.article.number);
            match known {
                // A later mention may add the part.
                Some(known) => known.part = known.part.take().or(citation.article.part),
                None => self.fields.articles.push(citation.article),
            }
            self.note("articles", self.words.reading.span(citation.first..citation.end));
        }
    }

    fn people(&mut self, lexicon: &Lexicon, hits: &Hits) {
        for (target, span) in people::targets(self.words, lexicon, hits, self.marks) {
            self.fields.targets.push(target);
            self.note("targets", span);
        }
    }

    fn progress(&mut self, lexicon: &Lexicon, hits: &Hits) {
        if let Some((stage, span)) = outcome::stage(self.words, lexicon, hits, &self.categories) {
            self.fields.stage = Some(stage);
            span.into_iter().for_each(|span| self.note("stage", span));
        }
        let stage = self.fields.stage;
        if let Some((outcome, span)) = outcome::outcome(self.words, lexicon, hits, &self.categories, stage) {
            self.fields.outcome = Some(outcome);
            span.into_iter().for_each(|span| self.note("outcome", span));
        }
        for (actor, span) in outcome::actors(self.words, lexicon, hits, &self.categories) {
            self.fields.actors.push(actor);
            self.note("actors", span);
        }
        if outcome::is_by_unknown(&self.fields.actors, &self.categories) {
            self.fields.actors.insert(0, crate::model::Actor::Unknown);
        }
    }

    fn court(&mut self) {
        let told = courts::court(self.words, self.marks);
        if let Some(told) = &told {
            self.fields.court = told.name.clone();
            self.note("court", self.words.reading.span(told.first..told.end));
        }
        let in_court = self.fields.actors.contains(&crate::model::Actor::Court);
        self.fields.instance = match self.fields.stage {
            Some(Stage::Appeal) => Some(Instance::Appeal),
            Some(Stage::Cassation) => Some(Instance::Cassation),
            _ => told.and_then(|told| told.instance).or_else(|| {
                (in_court && matches!(self.fields.stage, Some(Stage::Judgment | Stage::Trial)))
                    .then_some(Instance::First)
            }),
        };
    }

    fn money(&mut self) {
        let sums = money::all(self.words, self.tables, self.day);
        let purposes: Vec<Option<Purpose>> =
            (0..sums.len()).map(|index| money::purpose(self.words, self.tables, &sums, index)).collect();
        let suit = self.categories.contains(&Category::DefamationSuit);
        let first_of = |wanted: Purpose| {
            sums.iter().zip(&purposes).find(|(_, purpose)| **purpose == Some(wanted)).map(|(sum, _)| sum.clone())
        };
        let in_case = suit
            || self
                .categories
                .iter()
                .any(|c| matches!(c, Category::Attack | Category::Obstruction | Category::CriminalProsecution));
        if suit && let Some(claim) = first_of(Purpose::Claim) {
            self.take_sum("claim_amount", &claim);
        }
        if in_case && let Some(award) = first_of(Purpose::Award) {
            self.take_sum("awarded_amount", &award);
        }
        // A claim refused awards nothing, and that is a figure: zero is not unknown.
        let decided = matches!(self.fields.stage, Some(Stage::Judgment | Stage::Appeal | Stage::Cassation));
        let civil = suit
            && !self
                .categories
                .iter()
                .any(|c| matches!(c, Category::CriminalProsecution | Category::AdministrativeProsecution));
        let here = self.fields.claim_amount.is_some() || self.country == Some(HOME);
        if civil && here && decided && self.fields.outcome == Some(Outcome::For) && self.fields.awarded_amount.is_none()
        {
            self.fields.awarded_amount = Some(Amount(0));
            self.fields.currency = self.fields.currency.take().or_else(|| self.home_currency());
        }
        if self.fields.claim_amount.is_none() && self.fields.awarded_amount.is_none() {
            self.fields.currency = None;
        }
        let fines: Vec<(usize, usize)> = sums
            .iter()
            .zip(&purposes)
            .filter(|(_, purpose)| **purpose == Some(Purpose::Other))
            .map(|(sum, _)| (sum.first, sum.end))
            .collect();
        if let Some((span, days)) = outcome::sanction(self.words, &fines) {
            self.fields.sanction_days = days;
            self.fields.sanction = Some(self.words.reading.quote(span).to_owned());
            self.note("sanction", span);
        }
    }

    fn take_sum(&mut self, field: &str, sum: &Sum) {
        let currency = if sum.currency.is_empty() { self.home_currency() } else { Some(sum.currency.clone()) };
        match field {
            "claim_amount" => self.fields.claim_amount = Some(sum.amount),
            _ => self.fields.awarded_amount = Some(sum.amount),
        }
        if self.fields.currency.is_none() {
            self.fields.currency = currency;
        }
        self.note(field, self.words.reading.span(sum.first..sum.end));
    }

    /// The money of the story's country where a sum names none ("просят 40 миллионов").
    fn home_currency(&self) -> Option<String> {
        (self.country.unwrap_or(HOME) == HOME).then(|| "KZT".to_owned())
    }
}
