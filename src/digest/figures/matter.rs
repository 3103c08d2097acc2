//! The events of one case, in order, with what counting asks of each.

use std::sync::Arc;

use jiff::civil::Date;

use super::period::Month;
use crate::cases::names;
use crate::model::{
    Amount, Card, Category, ClaimantKind, Code, Direction, Event, Instance, Label, Outcome, PartialDate, Role, Stage,
    Target,
};
use crate::register::Names;

/// An event with its date: an event without any date is counted nowhere.
#[derive(Clone, Copy)]
pub(super) struct Fact<'a> {
    pub event: &'a Event,
    /// Its place in the list of events that is counted.
    pub index: usize,
    /// When it happened, or where that is unknown when it was registered.
    pub date: PartialDate,
}

/// The facts of a year by the cases that they belong to. They are many, and stand in one list.
pub(super) struct Cases<'a>(Vec<Fact<'a>>);

impl<'a> Cases<'a> {
    pub fn of(mut facts: Vec<Fact<'a>>) -> Self {
        facts.sort_by(|one, two| (&one.event.case, one.order()).cmp(&(&two.event.case, two.order())));
        Self(facts)
    }

    /// Of the events up to a day.
    pub fn until(events: &'a [Arc<Event>], day: Date) -> Self {
        let facts = events.iter().enumerate().filter_map(|(index, event)| Fact::of(event, index));
        Self::of(facts.filter(|fact| fact.date.first_day() <= day).collect())
    }

    /// The facts of each case, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &[Fact<'a>]> {
        self.0.chunk_by(|one, two| one.event.case == two.event.case)
    }
}

/// Tenge by the rate, or the monthly index, of a day.
pub type Tenge<'a> = dyn Fn(Amount, &str, Date) -> Option<Amount> + Sync + 'a;

/// What a row says of a sum of moral damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moral {
    /// In hundredths of a tenge.
    Known(i64),
    /// Asked or awarded, but not told, not convertible, or of a kind that nobody has set.
    Unknown,
    /// The sum is of another kind (loss, costs, fine).
    Other,
}

impl<'a> Fact<'a> {
    pub fn of(event: &'a Event, index: usize) -> Option<Self> {
        let date = event.card.event_date.or(event.card.registered_date)?;
        Some(Self { event, index, date })
    }

    pub fn card(&self) -> &'a Card {
        &self.event.card
    }

    pub fn year(&self) -> i16 {
        self.date.year
    }

    pub fn month(&self) -> Option<Month> {
        Month::known(self.date)
    }

    /// The order of the events of a case: by date, then as proceedings go.
    pub fn order(&self) -> (Date, Option<Stage>, jiff::Timestamp, &'a str) {
        (self.date.first_day(), self.card().stage, self.event.confirmed, &self.event.id)
    }

    pub fn stage(&self) -> Option<Stage> {
        self.card().stage
    }

    pub fn is(&self, category: Category, subtype: &str) -> bool {
        self.card().categories.iter().any(|label| label.id == category && label.subtype.as_deref() == Some(subtype))
    }

    pub fn has(&self, category: Category) -> bool {
        self.card().categories.iter().any(|label| label.id == category)
    }

    /// Does it belong to a criminal case against the speaker? Under an article that protects
    /// journalists the accused is somebody else.
    pub fn is_criminal(&self) -> bool {
        (self.has(Category::CriminalProsecution) || self.is(Category::DefamationSuit, "criminal"))
            && !protects_journalists(self.card(), self.date)
    }

    pub fn is_administrative(&self) -> bool {
        self.has(Category::AdministrativeProsecution) || self.is(Category::DefamationSuit, "administrative")
    }

    pub fn is_letter(&self) -> bool {
        self.is(Category::DefamationSuit, "letter")
    }

    pub fn is_suit(&self) -> bool {
        self.is(Category::DefamationSuit, "civil")
    }

    /// Honour, dignity, business reputation; not a claim that rests on the rules of privacy or of
    /// one's own image alone (Civil Code of Kazakhstan, articles 144 and 145; honour is 143).
    pub fn is_about_honour(&self) -> bool {
        let civil = |number: &str| {
            self.card().articles.iter().any(|article| {
                article.code == Code::Civil && article.number.as_deref().is_some_and(|known| known == number)
            })
        };
        civil("143") || !(civil("144") || civil("145"))
    }

    /// Has a court decided? A row without an outcome, or with a pending one, decides nothing.
    pub fn outcome(&self) -> Option<Outcome> {
        match (self.card().outcome, self.stage()) {
            (Some(Outcome::Pending), _) => None,
            (None, Some(Stage::Closed)) if self.card().direction != Some(Direction::Restriction) => Some(Outcome::For),
            (outcome, _) => outcome,
        }
    }

    /// The instance whose act it tells of; `None` where it tells of no act that decides or ends a case.
    pub fn act(&self) -> Option<Instance> {
        let instance = self.card().instance;
        match self.stage()? {
            Stage::Judgment => Some(instance.unwrap_or(Instance::First)),
            Stage::Appeal => Some(Instance::Appeal),
            Stage::Cassation => Some(Instance::Cassation),
            // A single judge of cassation who does not pass a complaint on decides nothing on the claim.
            Stage::Closed if instance == Some(Instance::Cassation) => None,
            Stage::Closed => Some(instance.unwrap_or(Instance::First)),
            _ => None,
        }
    }

    /// Did it go well for the speaker? What the reviewer wrote decides; an act in the speaker's favour
    /// is relief whatever the column says.
    pub fn is_relief(&self) -> bool {
        if self.outcome() == Some(Outcome::For) {
            return true;
        }
        match self.card().direction {
            Some(direction) => direction == Direction::Relief,
            None => {
                self.is(Category::Arrest, "release")
                    || self.is(Category::Blocking, "unblocked")
                    || self.is(Category::AccessToInformation, "granted")
                    || self.is(Category::AdministrativeProsecution, "closed")
                    || self.stage() == Some(Stage::Release)
            }
        }
    }

    /// Does it make a site, a page or a network unreachable, and which of the two subtypes is it? An order to delete
    /// blocks nothing.
    pub fn blocks(&self) -> Option<&'static str> {
        // What is asked for, or was decided before, is no new block.
        let imposes = !matches!(
            self.stage(),
            Some(Stage::Claim | Stage::Appeal | Stage::Cassation | Stage::Closed | Stage::Release)
        );
        let kind = |label: &Label| match (label.id, label.subtype.as_deref()) {
            (Category::Blocking, None | Some("site_blocked")) => Some("site_blocked"),
            (Category::Blocking, Some("shutdown")) => Some("shutdown"),
            _ => None,
        };
        self.card().categories.iter().find_map(kind).filter(|_| imposes && !self.is_relief())
    }

    /// Does it say that access came back?
    pub fn unblocks(&self) -> bool {
        self.is(Category::Blocking, "unblocked")
    }

    /// People and outlets touched: what tells each apart under whatever spelling, and is it an outlet?
    pub fn touched(&self, names: &Names) -> impl Iterator<Item = (String, bool)> {
        let identity = |target: &Target| names.identity(&target.name, target.role.into(), self.event);
        self.card().targets.iter().map(move |target| (identity(target), target.role == Role::Outlet))
    }

    /// Does the one who claims stand among those against whom the case was brought? Then it is a
    /// counter-claim.
    pub fn counters(&self, against: &[String]) -> bool {
        self.card().claimants.iter().any(|claimant| against.contains(&names::key(&claimant.name)))
    }

    /// By how many a sum multiplies: asked of (or by) each of several.
    fn each(&self) -> i64 {
        let card = self.card();
        if !card.money_kind.as_deref().is_some_and(|kind| kind.ends_with("each")) {
            return 1;
        }
        let several = if card.targets.len() > 1 { card.targets.len() } else { card.claimants.len().max(1) };
        i64::try_from(several).unwrap_or(1)
    }

    /// A sum in hundredths of a tenge, by the rate of the day of the event.
    pub fn tenge(&self, amount: Amount, tenge: &Tenge<'_>) -> Option<i64> {
        let currency = self.card().currency.as_deref().unwrap_or("KZT");
        let whole = match currency {
            "KZT" => amount,
            currency => tenge(amount, currency, self.date.exact()?)?,
        };
        whole.0.checked_mul(self.each())
    }

    /// What the row says of moral damage, of a sum of it.
    pub fn moral(&self, amount: Option<Amount>, tenge: &Tenge<'_>) -> Moral {
        let card = self.card();
        let kind = card.money_kind.as_deref().unwrap_or_default();
        if ["loss", "costs", "fine"].iter().any(|other| kind.starts_with(other)) {
            return Moral::Other;
        }
        let Some(amount) = amount else { return Moral::Unknown };
        // A firm has no feelings to be hurt: that a sum is moral damage must have been set by a person.
        let firm = card.claimants.iter().any(|claimant| claimant.kind == Some(ClaimantKind::LegalPerson));
        if firm && !kind.starts_with("moral") && amount.0 != 0 {
            return Moral::Unknown;
        }
        self.tenge(amount, tenge).map_or(Moral::Unknown, Moral::Known)
    }
}

/// Obstructing a journalist's work: Criminal Code of 2014, article 158; of 1997, article 155.
fn protects_journalists(card: &Card, date: PartialDate) -> bool {
    let protecting = if date.year >= 2015 { "158" } else { "155" };
    !card.articles.is_empty()
        && card
            .articles
            .iter()
            .all(|article| article.code == Code::Criminal && article.number.as_deref() == Some(protecting))
}
