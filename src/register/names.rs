//! Whom a name means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::cases::names;
use crate::model::{Event, Lang, NameKind, Registered};

/// The rows of a register, found by any of their spellings.
#[derive(Debug, Clone, Default)]
pub struct Names {
    rows: BTreeMap<String, Arc<Registered>>,
    /// Ids of the rows with a spelling of this key.
    by_key: BTreeMap<(NameKind, String), BTreeSet<String>>,
}

/// Whom a name means in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer {
    /// Nobody of the register.
    Nobody,
    /// This one.
    One(Arc<Registered>),
    /// One of these; which, the register does not say.
    Several(Vec<Arc<Registered>>),
}

impl Bearer {
    /// The one, where it is one.
    pub fn one(self) -> Option<Arc<Registered>> {
        match self {
            Self::One(entry) => Some(entry),
            Self::Nobody | Self::Several(_) => None,
        }
    }
}

impl Names {
    pub(super) fn of(rows: impl Iterator<Item = Registered>) -> Self {
        let mut names = Self::default();
        rows.for_each(|row| names.put(row));
        names
    }

    /// A row as it stands from now on.
    pub fn put(&mut self, row: Registered) {
        self.take_out(&row.id);
        for key in row.spellings().map(names::key) {
            self.by_key.entry((row.kind, key)).or_default().insert(row.id.clone());
        }
        self.rows.insert(row.id.clone(), Arc::new(row));
    }

    /// A row stands no more.
    pub fn take_out(&mut self, id: &str) {
        let Some(row) = self.rows.remove(id) else { return };
        for key in row.spellings().map(names::key) {
            if let Some(ids) = self.by_key.get_mut(&(row.kind, key)) {
                ids.remove(id);
            }
        }
    }

    fn known(&self, name: &str, kind: NameKind) -> impl Iterator<Item = &Arc<Registered>> {
        self.keyed(names::key(name), kind)
    }

    /// The rows of a kind with a spelling of this key.
    fn keyed(&self, key: String, kind: NameKind) -> impl Iterator<Item = &Arc<Registered>> + Clone {
        let ids = self.by_key.get(&(kind, key));
        ids.into_iter().flatten().filter_map(|id| self.rows.get(id))
    }

    /// Whom a name means where it stands under one of these ids of a case, an event or a row.
    ///
    /// A row that is meant only in some cases goes before one that is meant everywhere.
    pub fn bearer(&self, name: &str, kind: NameKind, places: &[&str]) -> Bearer {
        // Most houses register few of the names that they read, some none.
        if self.rows.is_empty() { Bearer::Nobody } else { self.bearer_of(name, names::key(name), kind, places) }
    }

    /// The same, of a name whose key is known.
    fn bearer_of(&self, name: &str, key: String, kind: NameKind, places: &[&str]) -> Bearer {
        let here = |row: &&Arc<Registered>| row.cases.iter().any(|case| places.contains(&case.as_str()));
        let everywhere = |row: &&Arc<Registered>| row.cases.is_empty();
        let known = self.keyed(key, kind);
        let mut meant: Vec<_> = known.clone().filter(here).collect();
        if meant.is_empty() {
            meant = known.filter(everywhere).collect();
        }
        if meant.len() > 1 {
            let exact = |row: &&&Arc<Registered>| row.spellings().any(|spelling| same_letters(spelling, name));
            let spelled: Vec<_> = meant.iter().filter(|row| exact(row)).copied().collect();
            if spelled.len() == 1 {
                meant = spelled;
            }
        }
        match meant.as_slice() {
            [] => Bearer::Nobody,
            [one] => Bearer::One(Arc::clone(one)),
            several => Bearer::Several(several.iter().map(|row| Arc::clone(row)).collect()),
        }
    }

    /// Whom a name in an event means.
    pub fn in_event(&self, name: &str, kind: NameKind, event: &Event) -> Bearer {
        self.bearer(name, kind, &places(event))
    }

    /// A name in an event as readers of a language know it; as it was written where the register has no
    /// spelling for them.
    pub fn spelled<'a>(&self, name: &'a str, kind: NameKind, event: &Event, lang: Lang) -> std::borrow::Cow<'a, str> {
        let known = self.in_event(name, kind, event).one();
        match known.and_then(|row| row.names.get(&lang).cloned()) {
            Some(spelling) => spelling.into(),
            None => name.into(),
        }
    }

    /// What tells a person or an outlet of an event apart from all others: its row of the register, else its
    /// name however it is spelled.
    pub fn identity(&self, name: &str, kind: NameKind, event: &Event) -> String {
        let key = names::key(name);
        match self.bearer_of(name, key.clone(), kind, &places(event)) {
            // No key of a name holds this sign.
            Bearer::One(row) => format!("#{}", row.id),
            Bearer::Nobody | Bearer::Several(_) => key,
        }
    }

    /// Every other spelling of whoever a name may mean, wherever it stands.
    pub fn aliases(&self, name: &str) -> Vec<&str> {
        NameKind::ALL.iter().flat_map(|kind| self.known(name, *kind)).flat_map(|row| row.spellings()).collect()
    }
}

/// The ids under which a name in an event stands: those of its case, of itself and of the rows that tell of it.
fn places(event: &Event) -> Vec<&str> {
    let rows = event.stories.iter().map(|told| told.id.as_str());
    [event.case.as_str(), event.id.as_str()].into_iter().chain(rows).collect()
}

/// The same letters, however they are cased and spaced.
pub(super) fn same_letters(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(one) == plain(other)
}
