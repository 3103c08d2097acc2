//! A second look at the archive: every story kept, by words in any of the languages.

use std::cmp::Reverse;
use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Desk, DeskError};
use crate::cases::sought::Sought;
use crate::model::{Judged, Moment, Status, Story};
use crate::review;
use crate::store::Sifted;

/// Most stories that are read for one search. A word that stands in every story would have the whole archive read.
const MOST_READ: usize = 20_000;

/// What somebody looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words that must all stand in a story.
    pub words: Vec<String>,
    /// The first day, of publication, or of capture where that is not known; in the house's time zone.
    pub since: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// Most stories wanted.
    pub most: usize,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Those that hold the words most often first, of these the newest.
    pub hits: Vec<Hit>,
    /// Where more stories may hold the words than are read.
    pub cut: Option<Cut>,
}

/// A search that did not read everything: the newest stories only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Most that are read.
    pub read: usize,
    /// Older stories that may hold the words and were not read.
    pub unread: usize,
    /// The day of the oldest that was.
    pub back_to: Option<Date>,
}

/// A story that holds the words.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// `waiting`, `confirmed`, …; `reprint` under another story; `quiet` where the machine passed it over.
    pub standing: String,
    /// The machine's score, 0 to 1.
    pub score: f64,
    /// Its headline.
    pub title: String,
    /// Its source.
    pub source: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// Its address.
    pub url: Option<String>,
    /// Of a quiet story: what spoke against it, or that nothing spoke for it.
    pub why_not: Option<String>,
}

/// Where a story stands among those found: by how often the words stand in it, then by when it was published.
type Rank = (Reverse<usize>, Reverse<Option<Moment>>);

impl Desk {
    /// The stories that hold all of the words, in whatever inflected form, alphabet or of the three languages'
    /// spelling of a name; those that hold them most often first. Where too many may hold them the newest are read.
    ///
    /// # Errors
    /// Where no word has two letters or there is no day to look at, or the store cannot be read.
    pub fn search(&self, search: &Search) -> Result<Found, DeskError> {
        self.search_in(search, MOST_READ)
    }

    fn search_in(&self, search: &Search, read: usize) -> Result<Found, DeskError> {
        let sought = Sought::of(search.words.iter().map(String::as_str))
            .ok_or_else(|| DeskError::Asked("give a word of two letters or more".to_owned()))?;
        let rank = |story: Story| -> Option<(Rank, String)> {
            let weight = sought.weight_in(&story)?;
            Some(((Reverse(weight), Reverse(story.published)), story.id))
        };
        let days = self.days(search)?;
        let sifted = self.store.sifted(|sieve| sought.may_stand_in(sieve), &days, read, rank)?;
        let Sifted { made: mut found, unread, back_to } = sifted;
        found.sort_by_key(|(rank, _)| *rank);
        found.truncate(search.most);
        let stories = found.into_iter().map(|(_, id)| Ok(self.store.story(&id)?.map(|judged| self.hit(judged))));
        let hits = stories.filter_map(|hit: Result<_, DeskError>| hit.transpose()).map(Result::flatten);
        let zone = &self.config.schedule.time_zone;
        let back_to = back_to.map(|time| zone.to_datetime(time).date());
        Ok(Found { hits: hits.collect::<Result<_, _>>()?, cut: (unread > 0).then_some(Cut { read, unread, back_to }) })
    }

    /// From the beginning of the first day up to that of the day after the last.
    fn days(&self, search: &Search) -> Result<Range<Timestamp>, DeskError> {
        if let (Some(since), Some(until)) = (search.since, search.until)
            && since > until
        {
            return Err(DeskError::Asked(format!(
                "no day lies between {since} and {until}: is it the other way round?"
            )));
        }
        let zone = &self.config.schedule.time_zone;
        let begins = |date: Date| {
            let midnight = zone.to_timestamp(date.at(0, 0, 0, 0));
            midnight.map_err(|why| DeskError::Asked(format!("this date cannot be reckoned with: {why}")))
        };
        let since = search.since.map_or(Ok(Timestamp::MIN), begins)?;
        let after = search.until.and_then(|until| until.tomorrow().ok());
        Ok(since..after.map_or(Ok(Timestamp::MAX), begins)?)
    }

    fn hit(&self, judged: Judged) -> Result<Hit, DeskError> {
        let story = judged.story;
        let standing = match self.store.candidate(&story.id)? {
            Some(candidate) => match review::status(&candidate) {
                Status::Waiting => "waiting",
                Status::Later => "later",
                Status::Confirmed => "confirmed",
                Status::Rejected => "rejected",
                Status::Duplicate(_) => "duplicate",
                Status::Background(_) => "background",
            },
            None if judged.head.is_some() => "reprint",
            None => "quiet",
        };
        let why_not = (standing == "quiet").then(|| match judged.verdict.against.first() {
            Some(against) => format!("{} spoke against it: {}", against.rule, against.text.trim()),
            None => "no rule spoke for it strongly enough".to_owned(),
        });
        Ok(Hit {
            id: story.id,
            standing: standing.to_owned(),
            score: judged.verdict.score,
            title: story.title,
            source: story.source,
            published: story.published,
            url: story.url,
            why_not,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::ledger::Record;
    use crate::ledger::samples;

    const DAY: i64 = 24 * 60;

    /// Ten stories on a fine, one a day from 16 November 2017, the last of unknown publication; the sixth says
    /// the word twice.
    fn house() -> (tempfile::TempDir, Desk) {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::embedded();
        let (desk, _) = Desk::open(config, folder.path(), samples::minute(0)).unwrap();
        let story = |n: u32| {
            let mut judged = samples::judged(n, false, None);
            let noon = samples::minute(i64::from(n) * DAY);
            judged.story.text =
                format!("Ақпарат {n}. Дело {}", if n == 5 { "о пикете, снова пикет" } else { "о пикете" });
            (judged.story.published, judged.captured) = ((n != 9).then(|| Moment::utc(noon)), noon);
            Record::Story(Box::new(judged))
        };
        desk.record(&(0..10).map(story).collect::<Vec<_>>()).unwrap();
        (folder, desk)
    }

    fn wanted(words: &str) -> Search {
        Search { words: vec![words.to_owned()], most: 50, ..Search::default() }
    }

    fn ids(found: &Found) -> Vec<usize> {
        let number = |hit: &Hit| usize::from_str_radix(&hit.id[1..], 16).unwrap();
        found.hits.iter().map(number).collect()
    }

    fn day(day: &str) -> Option<Date> {
        Some(day.parse().unwrap())
    }

    #[test]
    fn of_more_than_may_be_read_the_newest_are_and_it_is_told() {
        let (_folder, desk) = house();
        let search = wanted("пикет");
        let all = desk.search_in(&search, 10).unwrap();
        assert_eq!((ids(&all), &all.cut), (vec![5, 8, 7, 6, 4, 3, 2, 1, 0, 9], &None), "as many as may be read");
        assert_eq!(desk.search(&search).unwrap(), all);
        let newest = desk.search_in(&search, 4).unwrap();
        assert_eq!(ids(&newest), [8, 7, 6, 9], "what was captured last is among them");
        assert_eq!(newest.cut, Some(Cut { read: 4, unread: 6, back_to: day("2017-11-22") }));
        let two_letters = desk.search_in(&wanted("де"), 4).unwrap();
        assert_eq!(
            (ids(&two_letters).len(), two_letters.cut),
            (4, newest.cut),
            "what no sieve can tell is bounded, too"
        );
        let fewest = desk.search_in(&Search { most: 2, ..search }, 10).unwrap();
        assert_eq!((ids(&fewest), fewest.cut), (vec![5, 8], None), "all were read, though not all are shown");
    }

    #[test]
    fn what_the_sieves_hold_back_is_not_counted() {
        let (_folder, desk) = house();
        for words in ["забастовка", "пикет забастовка"] {
            assert_eq!(desk.search_in(&wanted(words), 1).unwrap(), Found::default(), "{words}");
        }
        let twice = desk.search_in(&wanted("снова пикет"), 1).unwrap();
        assert_eq!((ids(&twice), twice.cut), (vec![5], None), "it alone may hold both, however old it is");
        assert!(matches!(desk.search(&wanted("!")), Err(DeskError::Asked(_))));
    }

    #[test]
    fn days_are_those_of_the_house_and_both_are_included() {
        let (_folder, desk) = house();
        let found = |since: Option<Date>, until: Option<Date>, read: usize| {
            let found = desk.search_in(&Search { since, until, ..wanted("пикет") }, read).unwrap();
            (ids(&found), found.cut.map(|cut| cut.unread))
        };
        assert_eq!(found(day("2017-11-18"), day("2017-11-20"), 3), (vec![4, 3, 2], None));
        assert_eq!(found(day("2017-11-18"), day("2017-11-20"), 2), (vec![4, 3], Some(1)));
        assert_eq!(found(day("2017-11-24"), None, 9), (vec![8, 9], None), "it was captured then");
        assert_eq!(found(None, day("2017-11-16"), 9), (vec![0], None));
        assert_eq!(found(None, day("2017-11-15"), 9), (vec![], None));
        assert_eq!(found(day("2017-11-26"), None, 9), (vec![], None));
        assert_eq!(found(day("9999-12-31"), day("9999-12-31"), 9), (vec![], None));
        let turned = Search { since: day("2017-11-20"), until: day("2017-11-18"), ..wanted("пикет") };
        assert!(matches!(desk.search(&turned), Err(DeskError::Asked(why)) if why.contains("other way round")));
    }
}
