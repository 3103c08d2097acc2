//! Cases as people left them: merged, split, joined by a court, each act taken back or not.
//!
//! Acts are replayed over the events as the rows give them, so that an event that is confirmed later
//! falls where the acts put its case. Ids are never given twice, and one that was merged still leads to the
//! case it went into.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::fold::opaque;
use crate::model::{CaseAct, Event};

/// The acts on cases that stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cases {
    acts: Vec<(u64, CaseAct)>,
}

impl Cases {
    /// Of all acts, oldest first, those that were not taken back.
    pub fn of(acts: impl IntoIterator<Item = (u64, CaseAct)>) -> Self {
        let acts: Vec<(u64, CaseAct)> = acts.into_iter().collect();
        let mut back = BTreeSet::new();
        for (seq, act) in acts.iter().rev() {
            if let CaseAct::Undo { act } = act
                && !back.contains(seq)
            {
                back.insert(*act);
            }
        }
        let stands = |(seq, act): &(u64, CaseAct)| !back.contains(seq) && !matches!(act, CaseAct::Undo { .. });
        Self { acts: acts.into_iter().filter(stands).collect() }
    }

    /// Puts each event into the case that people put it in.
    pub fn regroup(&self, events: &mut [Event]) {
        for event in events {
            if let Some(case) = self.placed(event) {
                event.case = case;
            }
        }
    }

    /// The same, of events that others hold too: one that stays where it is stays shared.
    pub fn regroup_shared(&self, events: &mut [Arc<Event>]) {
        for event in events {
            if let Some(case) = self.placed(event) {
                Arc::make_mut(event).case = case;
            }
        }
    }

    /// The case that people put an event in, where that is another than it stands in.
    fn placed(&self, event: &Event) -> Option<String> {
        let mut case = event.case.as_str();
        for (_, act) in &self.acts {
            match act {
                CaseAct::Merge { into, from } if *from == case => case = into,
                CaseAct::Split { events, to, .. } if events.contains(&event.id) => case = to,
                _ => {}
            }
        }
        (case != event.case).then(|| case.to_owned())
    }

    /// The case that an id of a case leads to.
    pub fn resolve(&self, id: &str) -> String {
        let mut id = id;
        for (_, act) in &self.acts {
            if let CaseAct::Merge { into, from } = act
                && from == id
            {
                id = into;
            }
        }
        id.to_owned()
    }

    /// Ids that lead to a case, its own not among them.
    pub fn merged_into(&self, case: &str) -> Vec<String> {
        let from = self.acts.iter().filter_map(|(_, act)| match act {
            CaseAct::Merge { from, .. } => Some(from.clone()),
            _ => None,
        });
        let mut ids: Vec<String> = from.filter(|from| from != case && self.resolve(from) == case).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Was a case made or fed by an act?
    pub fn knows(&self, case: &str) -> bool {
        self.acts.iter().any(|(_, act)| match act {
            CaseAct::Merge { into, from } => into == case || from == case,
            CaseAct::Split { to, .. } => to == case,
            CaseAct::Court { .. } | CaseAct::Undo { .. } => false,
        })
    }

    /// What a court did to a case: the other one, and whether they were joined (else severed).
    pub fn courts(&self, case: &str) -> Vec<(String, bool)> {
        let of = |(_, act): &(u64, CaseAct)| match act {
            CaseAct::Court { case: one, other, joined } => {
                let (one, other) = (self.resolve(one), self.resolve(other));
                if one == case {
                    Some((other, *joined))
                } else if other == case {
                    Some((one, *joined))
                } else {
                    None
                }
            }
            _ => None,
        };
        self.acts.iter().filter_map(of).collect()
    }

    /// Number of the last act that touched a case and stands, with what it was.
    pub fn last(&self, case: &str) -> Option<(u64, &CaseAct)> {
        let touches = |act: &CaseAct| match act {
            CaseAct::Merge { into, from } => into == case || from == case,
            CaseAct::Split { case: of, to, .. } => of == case || to == case,
            CaseAct::Court { case: one, other, .. } => one == case || other == case,
            CaseAct::Undo { .. } => false,
        };
        self.acts.iter().rev().find(|(_, act)| touches(act)).map(|(seq, act)| (*seq, act))
    }

    /// The id of a case made of these events. The same events give the same id again.
    pub fn id_of_split(events: &[String]) -> String {
        let mut parts = vec!["split"];
        parts.extend(events.iter().map(String::as_str));
        opaque('c', &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Card;

    fn event(id: &str, case: &str) -> Event {
        Event {
            id: id.to_owned(),
            case: case.to_owned(),
            card: Card::default(),
            title: String::new(),
            source: String::new(),
            url: None,
            published: None,
            evidence: String::new(),
            stories: Vec::new(),
            reviewer: String::new(),
            confirmed: jiff::Timestamp::UNIX_EPOCH,
            by_hand: false,
            origin: None,
            lang: None,
        }
    }

    fn merge(into: &str, from: &str) -> CaseAct {
        CaseAct::Merge { into: into.to_owned(), from: from.to_owned() }
    }

    fn split(events: &[&str]) -> CaseAct {
        let events: Vec<String> = events.iter().map(|id| (*id).to_owned()).collect();
        let to = Cases::id_of_split(&events);
        CaseAct::Split { case: "c1".to_owned(), events, to }
    }

    fn grouped(acts: &[CaseAct]) -> Vec<String> {
        let mut events = [event("e1", "c1"), event("e2", "c1"), event("e3", "c2"), event("e4", "c3")];
        Cases::of((1..).zip(acts.iter().cloned())).regroup(&mut events);
        events.iter().map(|event| event.case.clone()).collect()
    }

    #[test]
    fn acts_move_events_and_can_be_taken_back() {
        let new = Cases::id_of_split(&["e2".to_owned()]);
        let check = |acts: &[CaseAct], expect: [&str; 4]| assert_eq!(grouped(acts), expect, "{acts:?}");
        check(&[], ["c1", "c1", "c2", "c3"]);
        check(&[merge("c1", "c2")], ["c1", "c1", "c1", "c3"]);
        check(&[merge("c1", "c2"), merge("c3", "c1")], ["c3", "c3", "c3", "c3"]);
        check(&[split(&["e2"])], ["c1", &new, "c2", "c3"]);
        check(&[merge("c1", "c2"), CaseAct::Undo { act: 1 }], ["c1", "c1", "c2", "c3"]);
        check(&[merge("c1", "c2"), CaseAct::Undo { act: 1 }, CaseAct::Undo { act: 2 }], ["c1", "c1", "c1", "c3"]);
        check(
            &[CaseAct::Court { case: "c1".to_owned(), other: "c2".to_owned(), joined: true }],
            ["c1", "c1", "c2", "c3"],
        );
    }

    #[test]
    fn a_merged_id_still_leads_somewhere() {
        let cases = Cases::of([(4, merge("c1", "c2")), (9, merge("c3", "c1"))]);
        assert_eq!(cases.resolve("c2"), "c3");
        assert_eq!(cases.resolve("c8"), "c8");
        assert_eq!(cases.merged_into("c3"), ["c1", "c2"]);
        assert_eq!(cases.last("c1").map(|(seq, _)| seq), Some(9));
        assert!(cases.knows("c2") && !cases.knows("c8"));
    }
}
