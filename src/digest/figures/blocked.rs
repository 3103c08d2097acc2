//! For how long sites and networks could not be reached: from the day of the block, which counts, to the day of
//! return, which does not. Where a day is not recorded, only the days that are certain count.

use std::sync::Arc;

use jiff::civil::Date;

use super::Ledgered;
use super::line::Line;
use super::matter::{Cases, Fact};
use super::period::Month;
use crate::model::{Event, PartialDate};

/// A stretch of time without access, by one order.
#[derive(Clone, Copy)]
pub(super) struct Spell<'a> {
    /// The event that began it, or where nobody recorded that, the one that ended it.
    pub by: Fact<'a>,
    /// The first day, where it is recorded to the day.
    pub since: Option<Date>,
    /// How it ended; `None` where it lasts.
    pub end: Option<End>,
    /// From the first day that was certainly without access to the first that perhaps was not; no end, no day.
    certain: (Date, Option<Date>),
}

/// The end of a spell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Access came back on a day.
    On(Date),
    /// It ended, nobody knows when.
    Unknown,
}

impl<'a> Spell<'a> {
    fn begun(by: Fact<'a>) -> Self {
        let since = by.card().event_date.and_then(PartialDate::exact);
        let certain = since.unwrap_or_else(|| last_day(by.date).tomorrow().unwrap_or(Date::MAX));
        // A network that was cut is mended some day, whether anybody writes of it or not; a site stays blocked.
        let short = by.blocks() == Some("shutdown");
        Self { by, since, end: short.then_some(End::Unknown), certain: (certain, short.then_some(certain)) }
    }

    /// Of which nobody recorded the beginning.
    fn only_ended(by: Fact<'a>) -> Self {
        let day = by.date.first_day();
        Self { by, since: None, end: Some(End::On(day)), certain: (day, Some(day)) }
    }

    fn ended(&mut self, by: &Fact<'_>) {
        let date = by.card().event_date;
        self.end = Some(date.and_then(PartialDate::exact).map_or(End::Unknown, End::On));
        // A day on which we only learned of the return says of no earlier one that the site was blocked.
        let sure = date.map_or(self.certain.0, PartialDate::first_day);
        self.certain.1 = Some(sure.max(self.certain.0));
    }

    /// Is a day of its beginning or end not recorded?
    pub fn is_open_ended(&self) -> bool {
        self.since.is_none() || self.end == Some(End::Unknown)
    }

    /// The days of a month, up to a day, that were certainly without access.
    pub fn days_in(&self, month: Month, until: Date) -> i64 {
        let after = |day: Date| day.tomorrow().unwrap_or(Date::MAX);
        let first = self.certain.0.max(month.first_day());
        let end = after(month.last_day()).min(after(until)).min(self.certain.1.unwrap_or(Date::MAX));
        i64::from((end - first).get_days()).max(0)
    }
}

/// The spells that the events of a case, in their order, tell of.
pub(super) fn spells<'a>(facts: &[Fact<'a>]) -> Vec<Spell<'a>> {
    let mut spells: Vec<Spell<'_>> = Vec::new();
    let mut shut = false;
    for fact in facts {
        if fact.is_relief() {
            if shut {
                spells.last_mut().into_iter().for_each(|spell| spell.ended(fact));
            } else if spells.is_empty() && fact.unblocks() {
                spells.push(Spell::only_ended(*fact));
            }
            shut = false;
        } else if fact.blocks().is_some() && !shut {
            let again = Spell::begun(*fact);
            match spells.last_mut() {
                // Off and on within a day is one block.
                Some(spell)
                    if spell.since.is_some() && spell.end.is_some_and(|end| Some(end) == again.since.map(End::On)) =>
                {
                    (spell.end, spell.certain.1) = (again.end, again.certain.1);
                }
                _ => spells.push(again),
            }
            shut = true;
        }
    }
    spells
}

/// What is blocked at the end of a day, and since when.
pub(in crate::digest) fn still(ledgered: &Ledgered, until: Date) -> Vec<(Arc<Event>, PartialDate)> {
    let cases = Cases::until(&ledgered.events, until);
    let lasting = cases.iter().filter_map(|facts| {
        let spell = spells(facts).pop().filter(|spell| spell.end.is_none())?;
        Some((Arc::clone(ledgered.events.get(spell.by.index)?), spell.by.date))
    });
    lasting.collect()
}

/// The last day that a date may mean.
fn last_day(date: PartialDate) -> Date {
    match (date.month, date.exact()) {
        (_, Some(day)) => day,
        (Some(_), None) => date.first_day().last_of_month(),
        (None, None) => date.first_day().last_of_year(),
    }
}

/// What the spells of a case add to a year, up to a day.
pub(super) fn entries(facts: &[Fact<'_>], year: i16, until: Date) -> Vec<(Line, Option<Month>, usize, i64)> {
    let mut entries = Vec::new();
    for spell in spells(facts) {
        for month in (1..=12).map(|month| Month { year, month }) {
            entries.push((Line::DaysBlocked, Some(month), spell.by.index, spell.days_in(month, until)));
        }
        if spell.is_open_ended() && spell.by.year() == year {
            entries.push((Line::DaysBlockedUnknown, spell.by.month(), spell.by.index, 1));
        }
    }
    entries
}
