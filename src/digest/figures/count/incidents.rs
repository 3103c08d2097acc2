//! Blocks A and B, relief, and pressure on content: which events are new acts, and on which line.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Fact, Line, Sheet};
use crate::model::{Category, Event, Label, Stage};
use crate::register::Names;

/// Days of quiet after which threats begin a new campaign.
const CAMPAIGN: i64 = 30;

/// Days of quiet after which an attack on a site is a new one (72 hours).
const WAVE: i64 = 3;

/// The line of block A or B (or of censorship) that an event would stand on, by the first of its
/// categories that has one.
pub(super) fn line(fact: &Fact<'_>) -> Option<Line> {
    fact.card().categories.iter().find_map(|label| line_of(label, fact))
}

fn line_of(label: &Label, fact: &Fact<'_>) -> Option<Line> {
    use Stage as S;
    // What a court does about an act is not the act again.
    let in_court = matches!(
        fact.stage(),
        Some(S::Claim | S::Trial | S::Judgment | S::Appeal | S::Cassation | S::Closed | S::Release)
    );
    let line = match (label.id, label.subtype.as_deref()) {
        (Category::Arrest, Some("detention")) => Line::Detained,
        (Category::Arrest, None) if fact.stage() == Some(S::Detention) => Line::Detained,
        (Category::Attack, Some("threat")) => Line::Threats,
        (Category::Attack, _) => Line::Attacks,
        (Category::Obstruction, Some("summons")) => Line::Summoned,
        (Category::Obstruction, Some("accreditation")) => Line::Accreditation,
        (Category::Obstruction, _) => Line::Obstructed,
        (Category::Blocking, Some("unblocked")) => return None,
        (Category::Blocking, Some("outlet_closed" | "suspension")) => Line::Closed,
        (Category::Blocking, _) => Line::Blocked,
        (Category::CyberAttack, _) => Line::Cyber,
        (Category::AccessToInformation, Some("granted")) => return None,
        (Category::AccessToInformation, _) => Line::Refused,
        (Category::Censorship, _) => Line::Censored,
        _ => return None,
    };
    let ordered_by_a_court = matches!(line, Line::Blocked | Line::Closed)
        && matches!(fact.stage(), Some(S::Trial | S::Judgment))
        || label.subtype.as_deref() == Some("closed_trial") && fact.stage() != Some(S::Closed);
    (!in_court || ordered_by_a_court).then_some(line)
}

/// Attacks on sites by outlet: waves of one attack may be told in several cases.
#[derive(Default)]
pub(super) struct Waves(BTreeMap<String, Vec<(Date, usize)>>);

/// What was last seen on a line within a case.
#[derive(Default)]
struct Seen {
    first: bool,
    days: BTreeSet<String>,
    last: Option<Date>,
    names: Vec<String>,
}

/// Counts the incidents of one case.
pub(super) fn incidents<'a>(facts: &[Fact<'a>], sheet: &mut Sheet<'_>, waves: &mut Waves) {
    let mut seen: BTreeMap<Line, Seen> = BTreeMap::new();
    // Blocked since, or open again since, by line.
    let mut shut: BTreeMap<Line, Access> = BTreeMap::new();
    let mut relieved: BTreeSet<String> = BTreeSet::new();
    for fact in facts {
        let day = fact.date.first_day();
        if fact.is_relief() {
            for line in [Line::Blocked, Line::Closed] {
                if let Some(access) = shut.get_mut(&line)
                    && matches!(access, Access::Shut)
                {
                    *access = Access::Open(day);
                }
            }
            // Rows of one day and stage tell of one act.
            let act = format!("{} {:?} {:?}", fact.date, fact.stage(), fact.act());
            if fact.act().is_none() || relieved.insert(act) {
                sheet.add(Line::Relief, fact, 1);
            }
            continue;
        }
        if sheet.taken[fact.index] {
            continue;
        }
        let Some(line) = line(fact) else { continue };
        let told = seen.entry(line).or_default();
        let first = !told.first;
        told.first = true;
        // What follows an act (a complaint, an inquiry, a trial) is not the act again.
        let again = matches!(fact.stage(), Some(Stage::Incident | Stage::Detention));
        let follow_up = matches!(fact.stage(), Some(Stage::Complaint | Stage::Investigation | Stage::Charge));
        let new = match line {
            Line::Cyber => {
                note_wave(fact, sheet.means.names, waves);
                false
            }
            Line::Blocked | Line::Closed => opened_since(shut.entry(line).or_insert(Access::Open(Date::MIN)), day),
            Line::Summoned => first,
            Line::Threats => first || told.last.is_none_or(|last| days_between(last, day) > CAMPAIGN),
            Line::Refused => first || !follow_up,
            Line::Detained => {
                let place = sheet.means.places.key(fact.card().place.as_deref().unwrap_or_default());
                told.days.insert(format!("{} {place}", fact.date)) && (first || again)
            }
            _ => told.days.insert(fact.date.to_string()) && (first || again),
        };
        told.last = told.last.max(Some(day));
        if new {
            sheet.act(line, fact, 1);
            told.names = fact.touched(sheet.means.names).map(|(key, _)| key).collect();
        } else if matches!(line, Line::Detained | Line::Attacks | Line::Obstructed) && !follow_up {
            // A further row of the same incident may name further people.
            sheet.touch(line, fact, &told.names);
            told.names.extend(fact.touched(sheet.means.names).map(|(key, _)| key));
        }
    }
}

/// Is a site to be reached?
enum Access {
    /// Since a day.
    Open(Date),
    Shut,
}

/// Shuts. Each imposition after a day of access is new.
fn opened_since(access: &mut Access, day: Date) -> bool {
    let new = match access {
        Access::Open(since) => days_between(*since, day) >= 1,
        Access::Shut => false,
    };
    *access = Access::Shut;
    new
}

fn days_between(from: Date, to: Date) -> i64 {
    (to - from).get_days().into()
}

fn note_wave(fact: &Fact<'_>, names: &Names, waves: &mut Waves) {
    let mut outlets: Vec<String> = fact.touched(names).filter(|(_, outlet)| *outlet).map(|(key, _)| key).collect();
    outlets.sort();
    outlets.dedup();
    if outlets.is_empty() {
        outlets.push(format!("\u{0}{}", fact.event.case));
    }
    for outlet in outlets {
        waves.0.entry(outlet).or_default().push((fact.date.first_day(), fact.index));
    }
}

/// One attack an outlet, until it has been quiet for three days.
pub(super) fn waves(waves: Waves, events: &[std::sync::Arc<Event>], sheet: &mut Sheet<'_>) {
    let mut new: BTreeMap<usize, i64> = BTreeMap::new();
    for mut days in waves.0.into_values() {
        days.sort();
        let mut last: Option<Date> = None;
        for (day, index) in days {
            if last.is_none_or(|last| days_between(last, day) > WAVE) {
                *new.entry(index).or_default() += 1;
            }
            last = Some(day);
        }
    }
    for (index, times) in new {
        if let Some(fact) = Fact::of(&events[index], index) {
            sheet.act(Line::Cyber, &fact, times);
        }
    }
}
