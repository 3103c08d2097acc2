//! The closed lists: what a column or key may hold, each value by its id.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value was not on the closed list that its column or key allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {noun}; use one of {allowed}")]
pub struct NotListed {
    /// What was given.
    pub given: String,
    /// What it should have been: "stage", "outcome", …
    pub noun: &'static str,
    /// The list, joined by commas.
    pub allowed: String,
}

/// Declares a closed list: an enum, its ids in order, and both ways between them.
macro_rules! closed_list {
    ($(#[$meta:meta])* $name:ident, $noun:literal { $($(#[$vmeta:meta])* $variant:ident = $id:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each variant is named by its id")]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of the coding rules.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The spelling used in files and JSON.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }
        }

        impl FromStr for $name {
            type Err = NotListed;
            fn from_str(given: &str) -> Result<Self, NotListed> {
                Self::ALL.iter().copied().find(|value| value.id() == given.trim()).ok_or_else(|| NotListed {
                    given: given.trim().to_owned(),
                    noun: $noun,
                    allowed: Self::ALL.iter().map(|value| value.id()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.id()) }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

closed_list! {
    /// The eleven kinds of violation (or relief) that a story may carry.
    Category, "category" {
        Arrest = "arrest",
        CriminalProsecution = "criminal_prosecution",
        AdministrativeProsecution = "administrative_prosecution",
        DefamationSuit = "defamation_suit",
        Legislation = "legislation",
        Attack = "attack",
        Obstruction = "obstruction",
        Blocking = "blocking",
        CyberAttack = "cyber_attack",
        AccessToInformation = "access_to_information",
        Censorship = "censorship",
    }
}

impl Category {
    /// The subtypes of this category, in the order of the coding rules.
    pub fn subtypes(self) -> &'static [&'static str] {
        match self {
            Self::Arrest => {
                &["detention", "remand", "house_arrest", "administrative_arrest", "imprisonment", "release"]
            }
            Self::CriminalProsecution => &[
                "defamation",
                "insult",
                "incitement",
                "false_information",
                "extremism_terrorism",
                "privacy",
                "state_secrets",
                "insult_of_official",
                "separatism",
                "economic",
                "other",
            ],
            Self::AdministrativeProsecution => &["fine", "warning", "administrative_arrest", "closed"],
            Self::DefamationSuit => &["letter", "civil", "criminal", "administrative"],
            Self::Legislation => &["draft", "adopted", "in_force", "proposal", "court_interpretation", "repeal"],
            Self::Attack => &["killing", "physical_attack", "threat", "harassment", "property"],
            Self::Obstruction => &[
                "access_denied",
                "accreditation",
                "equipment_seized",
                "search",
                "summons",
                "assembly_dispersed",
                "travel_ban",
            ],
            Self::Blocking => {
                &["site_blocked", "shutdown", "outlet_closed", "suspension", "takedown_order", "unblocked"]
            }
            Self::CyberAttack => &["ddos", "hacking", "account", "doxxing", "surveillance"],
            Self::AccessToInformation => &["refusal", "closed_trial", "classified", "granted"],
            Self::Censorship => &["dismissal", "cancelled", "demand", "economic_pressure", "listing"],
        }
    }
}

closed_list! {
    /// How far a matter has come (or a rule of law has).
    Stage, "stage" {
        Complaint = "complaint", Claim = "claim", Investigation = "investigation", Detention = "detention",
        Charge = "charge", Trial = "trial", Judgment = "judgment", Appeal = "appeal", Cassation = "cassation",
        Closed = "closed", Release = "release", Incident = "incident", Draft = "draft", Adopted = "adopted",
        InForce = "in_force", Repealed = "repealed",
    }
}
closed_list! {
    /// Which way an event went for the speaker's freedom. Only restrictions are summed.
    Direction, "direction" { Restriction = "restriction", Relief = "relief" }
}
closed_list! {
    /// How an act ended for the speaker.
    Outcome, "outcome" { For = "for", Against = "against", Mixed = "mixed", Pending = "pending" }
}
closed_list! {
    /// The instance of a court.
    Instance, "instance" { First = "first", Appeal = "appeal", Cassation = "cassation" }
}
closed_list! {
    /// Who the affected person is.
    Role, "role" {
        Journalist = "journalist", Editor = "editor", Blogger = "blogger", Outlet = "outlet", Activist = "activist",
        Lawyer = "lawyer", SocialNetworkUser = "social_network_user", HumanRightsDefender = "human_rights_defender",
        Scholar = "scholar", Artist = "artist", Other = "other",
    }
}
closed_list! {
    /// Who acts against (or for) the speaker.
    Actor, "actor" {
        Police = "police", Knb = "knb", Prosecutor = "prosecutor", Court = "court", Ministry = "ministry",
        Akimat = "akimat", Government = "government", Parliament = "parliament", Company = "company",
        PrivatePerson = "private_person", Unknown = "unknown", Other = "other",
    }
}
closed_list! {
    /// The kind of code an article of law stands in, of whatever country.
    Code, "code" { Criminal = "CC", Administrative = "CAO", Civil = "CivC", Law = "law", Other = "other" }
}
closed_list! {
    /// Who brings a claim.
    ClaimantKind, "kind of claimant" {
        Official = "official", LegalPerson = "legal_person", Individual = "individual", Journalist = "journalist",
    }
}
closed_list! {
    /// The writing system of most of a text.
    Script, "script" { Cyrillic = "Cyrl", Latin = "Latn", Arabic = "Arab", Other = "Zyyy" }
}
closed_list! {
    /// The part of a story that a span points into.
    Part, "part" { Title = "title", Text = "text" }
}
closed_list! {
    /// What a reviewer decided about one row.
    Decision, "decision" {
        Confirm = "confirm", Reject = "reject", Later = "later", Duplicate = "duplicate", Background = "background",
    }
}
closed_list! {
    /// How the house heard of an event that it entered by hand.
    SourceKind, "kind of source" {
        Correspondent = "correspondent",
        Phone = "phone",
        Document = "document",
        SocialPost = "social_post",
        Press = "press",
    }
}

closed_list! {
    /// What an event entered by hand rests on. A reprint is no second source.
    VerifiedBy, "verification" { OneSource = "one_source", TwoIndependent = "two_independent", Document = "document" }
}

closed_list! {
    /// What a row of the register stands for.
    #[derive(Default)]
    NameKind, "kind" {
        #[default]
        Person = "person",
        Outlet = "outlet",
    }
}

impl From<Role> for NameKind {
    fn from(role: Role) -> Self {
        if role == Role::Outlet { Self::Outlet } else { Self::Person }
    }
}

closed_list! {
    /// How a feed is read.
    FeedKind, "kind of feed" { Rss = "rss", Sitemap = "sitemap", Listing = "listing", Telegram = "telegram" }
}

/// ISO 639-1 code of a language, `und` where none fits. Three are read by the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang(&'static str);

impl Lang {
    /// Kazakh.
    pub const KK: Self = Self("kk");
    /// Russian.
    pub const RU: Self = Self("ru");
    /// English.
    pub const EN: Self = Self("en");
    /// Undetermined.
    pub const UND: Self = Self("und");
    /// Every language that the detector can name: the three we read, their neighbours, `und`.
    pub const KNOWN: &'static [Self] = &[
        Self::KK,
        Self::RU,
        Self::EN,
        Self("ky"),
        Self("uz"),
        Self("tt"),
        Self("uk"),
        Self("be"),
        Self("mn"),
        Self("tr"),
        Self("az"),
        Self("bg"),
        Self("tg"),
        Self("tk"),
        Self("ug"),
        Self("kaa"),
        Self("de"),
        Self("fr"),
        Self("es"),
        Self::UND,
    ];

    /// The code.
    pub fn id(self) -> &'static str {
        self.0
    }

    /// The one of Kazakh, Russian and English words; English where the language is none of the three.
    pub fn pick<T>(self, [kk, ru, en]: [T; 3]) -> T {
        match self {
            Self::KK => kk,
            Self::RU => ru,
            _ => en,
        }
    }

    /// A language by its code, for tables; the code must stand in [`Lang::KNOWN`].
    pub(crate) const fn of_const(code: &'static str) -> Self {
        Self(code)
    }

    /// The language of a code that [`Lang::KNOWN`] holds, else `None`.
    pub fn of(code: &str) -> Option<Self> {
        Self::KNOWN.iter().copied().find(|lang| lang.0 == code)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&String::deserialize(deserializer)?).unwrap_or(Self::UND))
    }
}
