//! The bridge: how a since-year line came from the last published report to this one.

use super::line::Line;
use super::{Period, Sources, Views, sums};

/// One line's way from the last published report to this one:
/// `last + period + late + corrected = now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bridge {
    /// The line.
    pub line: Line,
    /// Since the year's beginning, as the last report printed it; 0 in January.
    pub last: i64,
    /// Of the period itself.
    pub period: i64,
    /// Of earlier months, learned in the period.
    pub late: i64,
    /// Of earlier months, corrected in the period.
    pub corrected: i64,
    /// Since the year's beginning, as this report prints it.
    pub now: i64,
}

impl Bridge {
    /// Do the parts add up?
    pub fn holds(&self) -> bool {
        self.last + self.period + self.late + self.corrected == self.now
    }
}

/// The bridge of every line that is counted since the year's beginning. What the last report printed
/// is read from the state of knowledge of its own month.
pub fn bridge(period: Period, sources: &Sources<'_>) -> Vec<Bridge> {
    from_views(period, &Views::of(period, sources))
}

pub(in crate::digest) fn from_views(period: Period, views: &Views) -> Vec<Bridge> {
    let sums = sums(views, period);
    let last = period.first.before();
    let printed = |line: Line| views.before.sum(line, |month| month.is_none_or(|month| month <= last));
    Line::ALL
        .into_iter()
        .map(|line| Bridge {
            line,
            last: printed(line),
            period: sums.period.get(&line).copied().unwrap_or(0),
            late: sums.late.get(&line).copied().unwrap_or(0),
            corrected: sums.corrected.get(&line).copied().unwrap_or(0),
            now: sums.year.get(&line).copied().unwrap_or(0),
        })
        .collect()
}
