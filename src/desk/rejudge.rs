//! Judging again: the stories that the journal holds, by the present rules.
//!
//! What a rule's change does to the archive is first shown, then done when told. Only verdicts change:
//! what people decided stays as it is, and a story that somebody decided on stays where it stands. A
//! story whose verdict comes out the same keeps the rule-set version that gave it; of the others the
//! journal gets a new record, so that a store rebuilt from it is the same store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use jiff::Timestamp;
use jiff::civil::Date;

use super::judge::placed_under;
use super::{Desk, DeskError, Exchanged, rule_set};
use crate::classify::Judge;
use crate::ledger::Record;
use crate::model::{Judged, Label, Status, Verdict};
use crate::review;
use crate::store::StoryKey;

/// Stories held at once; while they are judged and written, no other story is kept.
const BATCH: usize = 128;
/// What is counted as the cause where no rule says something else: `rules/score.toml`.
const CONSTANTS: &str = "(score.toml)";

/// What judging the stories again came to.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Rejudged {
    /// Version of the rules that judged.
    pub rule_set: String,
    /// Were the new verdicts written?
    pub applied: bool,
    /// Stories judged.
    pub stories: usize,
    /// Of them by the version of the rules that had judged them.
    pub judged_by: BTreeMap<String, usize>,
    /// Of them with the same verdict as before.
    pub same: usize,
    /// Of them neither the same nor among the changes: another score, other evidence or fields.
    pub details: usize,
    /// What enters, leaves or changes its categories.
    pub changes: Vec<Change>,
    /// How many changes each rule had a part in.
    pub by_rule: BTreeMap<String, Moved>,
    /// Near-duplicates that stand by themselves now, since the story that they repeat left.
    pub set_free: usize,
    /// Stories that were put under one that they repeat nearly word for word.
    pub joined: usize,
    /// Of those that came into the queue, how many something ties to a case.
    pub tied: usize,
    /// The queue file, written anew where the verdicts were.
    pub queue: Option<Exchanged>,
}

/// Which way a story turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// It is a candidate now.
    Enters,
    /// It is no candidate any more.
    Leaves,
    /// It is one as before, of other categories or subtypes.
    Category,
}

/// One story whose place changes.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Change {
    /// Which way.
    pub turn: Turn,
    /// Id of the story.
    pub id: String,
    /// Its headline.
    pub title: String,
    /// Name of its source.
    pub source: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// The verdict that stood.
    pub before: Judgement,
    /// The verdict by the present rules.
    pub after: Judgement,
    /// What each rule that speaks otherwise than before added then and adds now (log-odds; a gate 0);
    /// `None` where it did not fire.
    pub rules: BTreeMap<String, (Option<f64>, Option<f64>)>,
    /// Where people have put it, if they have: that stays.
    pub decided: Option<Status>,
    /// The story that it repeats nearly word for word.
    pub head: Option<String>,
}

/// The part of a verdict that decides where a story goes.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Judgement {
    /// 0 to 1.
    pub score: f64,
    /// `id` or `id/subtype`, most certain first.
    pub categories: Vec<String>,
    /// ISO 3166-1 alpha-2, where it could be told.
    pub country: Option<String>,
}

/// How many stories a rule had a part in moving.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Moved {
    /// Those that enter.
    pub enters: usize,
    /// Those that leave.
    pub leaves: usize,
    /// Those that change category.
    pub category: usize,
}

/// Ids of stories that must be looked at beside others once all verdicts stand.
#[derive(Default)]
struct Regroup {
    /// Candidates that repeat another story.
    reprints: Vec<String>,
    /// Candidates that were none, on which nobody has decided; by when they were captured.
    entered: BTreeSet<(Timestamp, String)>,
}

impl Judgement {
    fn of(verdict: &Verdict) -> Self {
        Self { score: verdict.score, categories: categories(&verdict.categories), country: verdict.country.clone() }
    }
}

impl Turn {
    /// Which way a story turns from one verdict to another, where it does.
    fn between(before: &Verdict, after: &Verdict) -> Option<Self> {
        match (before.candidate, after.candidate) {
            (false, true) => Some(Self::Enters),
            (true, false) => Some(Self::Leaves),
            (true, true) if categories(&before.categories) != categories(&after.categories) => Some(Self::Category),
            _ => None,
        }
    }
}

fn categories(labels: &[Label]) -> Vec<String> {
    let name = |label: &Label| match &label.subtype {
        Some(subtype) => format!("{}/{subtype}", label.id),
        None => label.id.to_string(),
    };
    labels.iter().map(name).collect()
}

/// The rules that speak otherwise in one verdict than in another, with what they added in each.
fn rules_between(before: &Verdict, after: &Verdict) -> BTreeMap<String, (Option<f64>, Option<f64>)> {
    let mut rules: BTreeMap<String, (Option<f64>, Option<f64>)> = BTreeMap::new();
    for evidence in before.evidence.iter().chain(&before.against) {
        rules.entry(evidence.rule.clone()).or_default().0 = Some(evidence.weight);
    }
    for evidence in after.evidence.iter().chain(&after.against) {
        rules.entry(evidence.rule.clone()).or_default().1 = Some(evidence.weight);
    }
    rules.retain(|_, (before, after)| before != after);
    rules
}

impl Rejudged {
    fn count(&mut self, change: Change) {
        let mut causes: Vec<&str> = change.rules.keys().map(String::as_str).collect();
        if causes.is_empty() {
            causes.push(CONSTANTS);
        }
        for rule in causes {
            let moved = self.by_rule.entry(rule.to_owned()).or_default();
            match change.turn {
                Turn::Enters => moved.enters += 1,
                Turn::Leaves => moved.leaves += 1,
                Turn::Category => moved.category += 1,
            }
        }
        self.changes.push(change);
    }

    /// How many stories turned one way.
    pub fn turned(&self, turn: Turn) -> usize {
        self.changes.iter().filter(|change| change.turn == turn).count()
    }
}

impl Desk {
    /// Judges again the stories captured on `since` (in the house's time zone) or later, or all of
    /// them, by the rules as their files say now. With `apply` the verdicts that differ are written,
    /// after the decisions saved in the queue file are taken, and the queue file is written anew.
    ///
    /// # Errors
    /// Where the records or the store cannot be read or written. With `apply` also where this process
    /// still judges by other rules than the files say now, and where the queue file cannot be
    /// exchanged because somebody has it open: a row is to be decided as it was shown.
    pub fn rejudge(&self, since: Option<Date>, apply: bool, now: Timestamp) -> Result<Rejudged, DeskError> {
        let fresh = self.judge_of_the_files()?;
        let present = self.judge();
        let judge = fresh.as_ref().unwrap_or(&present);
        let mut before = None;
        if apply {
            if fresh.is_some() {
                return Err(DeskError::Asked(
                    "the files of the rules are not what this process judges by: send it SIGHUP, so that it reads them, \
                     then apply"
                        .to_owned(),
                ));
            }
            let exchanged = self.exchange(now)?;
            if let Some(why) = &exchanged.left_alone {
                return Err(DeskError::Asked(format!(
                    "the queue file is being worked on ({why}): nothing was written; apply when it is closed"
                )));
            }
            before = Some(exchanged);
        }
        let zone = &self.config.schedule.time_zone;
        let since = since
            .map(|date| zone.to_timestamp(date.at(0, 0, 0, 0)))
            .transpose()
            .map_err(|why| DeskError::Asked(format!("this date cannot be reckoned with: {why}")))?;
        let mut done = Rejudged { rule_set: judge.rules().version(), applied: apply, ..Rejudged::default() };
        let mut regroup = Regroup::default();
        let mut last: Option<String> = None;
        while let Some(id) = self.rejudge_batch(judge, last.as_deref(), since, &mut done, &mut regroup)? {
            last = Some(id);
        }
        done.changes.sort_by(|a, b| {
            a.turn.cmp(&b.turn).then(b.after.score.total_cmp(&a.after.score)).then_with(|| a.id.cmp(&b.id))
        });
        if apply {
            let freed = self.set_free(&regroup.reprints, &mut done)?;
            self.join(&regroup.entered, &mut done)?;
            self.link_rows(regroup.entered.into_iter().chain(freed).collect(), &mut done)?;
            let exchanged = self.exchange(now)?;
            done.queue = Some(exchanged.after(before));
        }
        Ok(done)
    }

    /// A judge by the files of the rules as they are now, where they are not what this desk judges by.
    fn judge_of_the_files(&self) -> Result<Option<Judge>, DeskError> {
        let (rules, _) = rule_set(&self.config, &self.root)?;
        Ok((rules.version() != self.bench().version()).then(|| Judge::new(rules)))
    }

    /// Judges the stories after an id; gives the last id of them, or `None` where there are no more.
    fn rejudge_batch(
        &self,
        judge: &Judge,
        after: Option<&str>,
        since: Option<Timestamp>,
        done: &mut Rejudged,
        regroup: &mut Regroup,
    ) -> Result<Option<String>, DeskError> {
        // From reading a story to writing it nobody else may change it.
        let _keeping = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let stories = self.store.stories_after(after, BATCH)?;
        let last = stories.last().map(|judged| judged.story.id.clone());
        let mut records = Vec::new();
        for judged in stories {
            if judged.let_go.is_some() || since.is_some_and(|since| judged.captured < since) {
                continue;
            }
            let verdict = judge.judge(&judged.story, self.country_of(judged.story.source.as_deref()));
            done.stories += 1;
            *done.judged_by.entry(judged.rule_set.clone()).or_default() += 1;
            if verdict.candidate && judged.head.is_some() {
                regroup.reprints.push(judged.story.id.clone());
            }
            if verdict == judged.verdict {
                done.same += 1;
                continue;
            }
            let rule_set = done.rule_set.clone();
            let mut second_look = judged.second_look.clone().filter(|_| verdict.candidate);
            match Turn::between(&judged.verdict, &verdict) {
                None => done.details += 1,
                Some(turn) => {
                    let change = self.change(turn, &judged, &verdict)?;
                    if turn == Turn::Enters && change.decided.is_none() {
                        second_look = Some(rule_set.clone());
                        regroup.entered.insert((judged.captured, judged.story.id.clone()));
                    }
                    done.count(change);
                }
            }
            records.push(Record::Story(Box::new(Judged { verdict, rule_set, second_look, ..judged })));
        }
        if done.applied {
            self.record(&records)?;
        }
        Ok(last)
    }

    fn change(&self, turn: Turn, judged: &Judged, after: &Verdict) -> Result<Change, DeskError> {
        let story = &judged.story;
        let reviewed = self.store.candidate(&story.id)?.filter(|candidate| !candidate.reviews.is_empty());
        Ok(Change {
            turn,
            id: story.id.clone(),
            title: story.title.clone(),
            source: story.source.clone(),
            url: story.url.clone(),
            before: Judgement::of(&judged.verdict),
            after: Judgement::of(after),
            rules: rules_between(&judged.verdict, after),
            decided: reviewed.map(|candidate| review::status(&candidate)),
            head: judged.head.clone(),
        })
    }

    /// A candidate that is hidden under a story that is none any more would be lost: of those that
    /// repeat such a story the first stands by itself now, and the others repeat it. Gives those first ones.
    fn set_free(&self, reprints: &[String], done: &mut Rejudged) -> Result<Vec<(Timestamp, String)>, DeskError> {
        let _keeping = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let mut orphans: BTreeMap<String, Vec<Judged>> = BTreeMap::new();
        for id in reprints {
            let Some(judged) = self.store.story(id)? else { continue };
            let Some(head) = judged.head.clone().filter(|_| judged.verdict.candidate) else { continue };
            if self.store.candidate(&head)?.is_none() {
                orphans.entry(head).or_default().push(judged);
            }
        }
        let mut freed = Vec::new();
        for mut group in orphans.into_values() {
            group.sort_by(|a, b| (a.captured, &a.story.id).cmp(&(b.captured, &b.story.id)));
            done.set_free += 1;
            let mut group = group.into_iter();
            let Some(first) = group.next() else { continue };
            freed.push((first.captured, first.story.id.clone()));
            let mut first = Judged { head: None, shows: None, ..first };
            let mut records = Vec::new();
            for telling in group {
                if let Some(raised) = self.raised(&first, &telling)? {
                    first = raised;
                }
                records.extend(placed_under(&first.story.id, telling));
            }
            records.insert(0, Record::Story(Box::new(first)));
            self.record(&records)?;
        }
        Ok(freed)
    }

    /// A story that enters and repeats a candidate goes under it, as it would have when it was kept.
    fn join(&self, entered: &BTreeSet<(Timestamp, String)>, done: &mut Rejudged) -> Result<(), DeskError> {
        let _keeping = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, id) in entered {
            let Some(candidate) = self.store.candidate(id)? else { continue };
            let Some(judged) = candidate.judged else { continue };
            let stands_under = |id: &String| -> Result<bool, DeskError> {
                Ok(self.store.story(id)?.is_some_and(|other| other.head.as_deref() == Some(&*judged.story.id)))
            };
            let others = candidate.also.iter().map(|told| stands_under(&told.id)).collect::<Result<Vec<_>, _>>()?;
            // Somebody decided it meanwhile, or others stand under it: it stays where it is.
            if !candidate.reviews.is_empty() || others.contains(&true) || judged.head.is_some() {
                continue;
            }
            let Some(head) = self.repeats(&judged.story, true, judged.captured)?.filter(|head| head != id) else {
                continue;
            };
            if self.store.candidate(&head)?.is_some() {
                done.joined += 1;
                self.record(&self.under(&head, judged)?)?;
            }
        }
        Ok(())
    }

    /// Links the rows that came into the queue to cases, one after the other as they were captured, as if each
    /// were kept now: those that are still to be linked are not there yet.
    fn link_rows(&self, rows: BTreeSet<(Timestamp, String)>, done: &mut Rejudged) -> Result<(), DeskError> {
        let _keeping = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let mut later: BTreeSet<StoryKey> = rows.iter().map(|(_, id)| StoryKey::of(id)).collect();
        for (_, id) in rows {
            later.remove(&StoryKey::of(&id));
            let row = self.store.candidate(&id)?.filter(|row| row.reviews.is_empty());
            let Some(judged) = row.map(|_| self.store.story(&id)).transpose()?.flatten() else { continue };
            let link = self.tied(&judged.story, &judged.verdict, judged.captured, &later)?;
            done.tied += usize::from(link.is_some());
            if link != judged.link {
                self.record(&[Record::Story(Box::new(Judged { link, ..judged }))])?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
