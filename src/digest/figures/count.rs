//! Events → entries: what each event adds to which line, in which month of a year.
//!
//! Every line is a sum of dated entries, so a figure of a month, of the year so far and of what was
//! learned later are sums over the same list, and each opens into the events behind it.

mod acts;
mod incidents;
mod proceedings;

use std::sync::Arc;

use jiff::civil::Date;

use super::blocked;
use super::line::Line;
use super::matter::{Cases, Fact, Tenge};
use super::period::Month;
use crate::model::{Category, Event};
use crate::register::{Gazetteer, Names};

/// What an event adds to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The line.
    pub line: Line,
    /// The month that it counts in; `None` where only the year is known: then it counts in the year's
    /// figures alone.
    pub month: Option<Month>,
    /// A count, or hundredths of a tenge; negative where an act took something back.
    pub value: i64,
    /// The event, by its place in the list.
    pub event: usize,
}

/// A person or outlet touched by an act of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// The line of the act.
    pub line: Line,
    /// The month that it counts in.
    pub month: Option<Month>,
    /// Tells people and outlets apart.
    pub key: String,
    /// An outlet, else a person.
    pub outlet: bool,
    /// The event, by its place in the list.
    pub event: usize,
}

/// All that the events of a year add up from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// What was added to lines.
    pub entries: Vec<Entry>,
    /// Who was touched.
    pub touches: Vec<Touch>,
    /// Matters of the year whose beginning is not recorded: they stand in no count of matters.
    pub begun_unknown: Vec<usize>,
    /// Confirmed events without any date.
    pub undated: Vec<usize>,
    /// Acts of the blocks that touched somebody unnamed (all users of a network).
    pub touched_unknown: Vec<usize>,
}

/// What counting needs to be told from outside.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The year that is counted.
    pub year: i16,
    /// The last day that is counted: what lasts has lasted until then.
    pub today: Date,
    /// Other currencies and the monthly index → tenge.
    pub tenge: &'a Tenge<'a>,
    /// Was a case registered while no speaker was known, who became known later?
    pub faceless: &'a (dyn Fn(&Event) -> bool + Sync),
    /// Who is meant by which name.
    pub names: &'a Names,
    /// Which place is meant.
    pub places: &'a Gazetteer,
}

/// Entries under way.
struct Sheet<'a> {
    means: Means<'a>,
    counted: Counted,
    /// By event: does a line of a block hold it, or is it an act of a civil case? One act stands in one
    /// line.
    taken: Vec<bool>,
}

impl Sheet<'_> {
    fn add(&mut self, line: Line, fact: &Fact<'_>, value: i64) {
        if fact.year() == self.means.year {
            self.add_at(line, fact.month(), fact.index, value);
        }
    }

    fn add_at(&mut self, line: Line, month: Option<Month>, event: usize, value: i64) {
        if value != 0 {
            self.counted.entries.push(Entry { line, month, value, event });
        }
    }

    /// Puts an act on a line of a block, with whom it touched.
    fn act(&mut self, line: Line, fact: &Fact<'_>, times: i64) {
        self.taken[fact.index] = true;
        self.add(line, fact, times);
        self.touch(line, fact, &[]);
        if fact.card().targets.is_empty() && fact.year() == self.means.year && line == Line::Blocked {
            self.counted.touched_unknown.push(fact.index);
        }
    }

    /// Notes whom an act touched, but for those already noted of the same incident.
    fn touch(&mut self, line: Line, fact: &Fact<'_>, noted: &[String]) {
        if fact.year() != self.means.year {
            return;
        }
        let mut keys: Vec<(String, bool)> = fact.touched(self.means.names).collect();
        keys.sort();
        keys.dedup();
        for (key, outlet) in keys {
            if !noted.contains(&key) {
                self.counted.touches.push(Touch { line, month: fact.month(), key, outlet, event: fact.index });
            }
        }
    }
}

/// Counts the events of a year. `events` holds those of earlier years too: whether a matter is new
/// depends on them.
pub fn count(events: &[Arc<Event>], means: Means<'_>) -> Counted {
    let mut sheet = Sheet { means, counted: Counted::default(), taken: vec![false; events.len()] };
    let mut facts = Vec::with_capacity(events.len());
    for (index, event) in events.iter().enumerate() {
        match Fact::of(event, index) {
            None => sheet.counted.undated.push(index),
            Some(fact) if fact.year() > means.year => {}
            Some(fact) => facts.push(fact),
        }
    }
    let mut attacks = incidents::Waves::default();
    for facts in Cases::of(facts).iter() {
        proceedings::criminal(facts, &mut sheet);
        proceedings::civil(facts, &mut sheet);
        proceedings::administrative(facts, &mut sheet);
        acts::civil(facts, &mut sheet);
        acts::criminal(facts, &mut sheet);
        incidents::incidents(facts, &mut sheet, &mut attacks);
        for (line, month, event, value) in blocked::entries(facts, means.year, means.today) {
            sheet.add_at(line, month, event, value);
        }
        for fact in facts {
            sheet.add(Line::Messages, fact, 1);
            if fact.has(Category::Legislation) {
                sheet.add(Line::LawSteps, fact, 1);
            }
        }
    }
    incidents::waves(attacks, events, &mut sheet);
    sheet.counted
}
