//! The nouns that cross modules, and nothing else: no behaviour beyond parsing and printing
//! themselves. Closed lists are enums whose `id` is the spelling of files and JSON.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What went wrong in somebody's input: where, what, and what to do next.
///
/// Used for rules, configuration and queue file alike; printed as
/// `path:line: message` with the help on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// File (or address) as the user named it.
    pub path: String,
    /// Line, counted from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without a line and without help.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, message: message.into(), help: None }
    }

    /// The same, at a line counted from 1.
    #[must_use]
    pub fn at(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// The same, with what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message)?,
            None => write!(f, "{}: {}", self.path, self.message)?,
        }
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

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

/// An instant with the offset it was published under; RFC 3339 in files and JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The instant.
    pub timestamp: Timestamp,
    /// The offset it was written with.
    pub offset: Offset,
}

impl Moment {
    /// The instant, written in UTC.
    pub fn utc(timestamp: Timestamp) -> Self {
        Self { timestamp, offset: Offset::UTC }
    }

    /// The instant, written as local time of a zone.
    pub fn local(timestamp: Timestamp, zone: &TimeZone) -> Self {
        Self { timestamp, offset: zone.to_offset(timestamp) }
    }

    /// The date where it was written.
    pub fn date(self) -> civil::Date {
        self.offset.to_datetime(self.timestamp).date()
    }

    /// The date in another zone.
    pub fn date_in(self, zone: &TimeZone) -> civil::Date {
        ZonedDateTime::new(self.timestamp, zone.clone()).date()
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;
    /// Reads RFC 3339; an offset is required.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        let pieces = jiff::fmt::temporal::DateTimeParser::new();
        let timestamp = pieces.parse_timestamp(text.trim())?;
        let offset = jiff::fmt::temporal::Pieces::parse(text.trim())?.to_numeric_offset().unwrap_or(Offset::UTC);
        Ok(Self { timestamp, offset })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offset == Offset::UTC {
            return write!(f, "{:.0}", self.timestamp);
        }
        write!(f, "{:.0}", self.timestamp.display_with_offset(self.offset))
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.timestamp, self.offset).cmp(&(other.timestamp, other.offset))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A date as precisely as it is known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// Year, four digits.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: Option<i8>,
    /// Day of the month; only with a month.
    pub day: Option<i8>,
}

impl PartialDate {
    /// The first day that the date may mean.
    pub fn first_day(self) -> civil::Date {
        civil::date(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The day, where the date is known to the day.
    pub fn exact(self) -> Option<civil::Date> {
        civil::Date::new(self.year, self.month?, self.day?).ok()
    }
}

impl From<civil::Date> for PartialDate {
    fn from(date: civil::Date) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }
}

/// Not a date of the form `YYYY[-MM[-DD]]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date; write YYYY-MM-DD, YYYY-MM or YYYY")]
pub struct NotADate(pub String);

impl FromStr for PartialDate {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let wrong = || NotADate(text.trim().to_owned());
        let mut parts = text.trim().split('-');
        let mut number = |digits: usize| -> Result<Option<i16>, NotADate> {
            match parts.next() {
                None => Ok(None),
                Some(part) if part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()) => {
                    part.parse().map(Some).map_err(|_| wrong())
                }
                Some(_) => Err(wrong()),
            }
        };
        let (year, month, day) = (number(4)?.ok_or_else(wrong)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(wrong());
        }
        let date = Self { year, month: month.map(|m| m as i8), day: day.map(|d| d as i8) };
        civil::Date::new(year, date.month.unwrap_or(1), date.day.unwrap_or(1)).map_err(|_| wrong())?;
        Ok(date)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A sum of money in hundredths of its currency; printed as plain digits with a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(pub i64);

impl Amount {
    /// A whole number of units, `None` where it would not fit.
    pub fn whole(units: i64) -> Option<Self> {
        units.checked_mul(100).map(Self)
    }
}

/// Not a sum: plain digits with a point were wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a sum; write plain digits with a point, such as 1500000 or 11345.50")]
pub struct NotASum(pub String);

impl FromStr for Amount {
    type Err = NotASum;
    fn from_str(text: &str) -> Result<Self, NotASum> {
        let wrong = || NotASum(text.trim().to_owned());
        let (units, cents) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        if units.is_empty() || cents.len() > 2 || !units.bytes().chain(cents.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let units: i64 = units.parse().map_err(|_| wrong())?;
        let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| wrong())?;
        units.checked_mul(100).and_then(|sum| sum.checked_add(cents)).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 100 {
            0 => write!(f, "{}", self.0 / 100),
            cents => write!(f, "{}.{cents:02}", self.0 / 100),
        }
    }
}

impl Serialize for Amount {
    /// A JSON number: a whole one where the sum is whole.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            serializer.serialize_i64(self.0 / 100)
        } else {
            serializer.serialize_f64(self.0 as f64 / 100.0)
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        Ok(Self((number * 100.0).round() as i64))
    }
}

/// What a feed announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Title of the feed.
    pub feed_title: Option<String>,
    /// The entry's own id (GUID), as announced.
    pub id: Option<String>,
    /// Absolute address of the article.
    pub url: Option<String>,
    /// Headline, as plain text.
    pub title: Option<String>,
    /// When it was published, where that could be read.
    pub published: Option<Moment>,
    /// Summary, as plain text.
    pub summary: Option<String>,
    /// What a channel's preview says of a post beside its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
}

/// What the preview of a public channel says of a post beside its words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Name of the channel or person that it was forwarded from.
    pub forwarded_from: Option<String>,
    /// It was changed after it was published.
    pub edited: bool,
    /// Absolute addresses that its text and its preview link to, each once, in order.
    pub links: Vec<String>,
}

/// A digest (or any bytes) in lower-case hexadecimal digits, as records and JSON spell it.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fetched bytes with the address that answered.
#[derive(Debug, Clone)]
pub struct Page {
    /// The address after redirects.
    pub url: String,
    /// Where the address asked for has moved for good: as far as every redirect in a row was a
    /// permanent one (301, 308; RFC 9110, 15.4).
    pub moved: Option<String>,
    /// Header names (lower-case) and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body after decompression, capped.
    pub body: Vec<u8>,
    /// When it was captured.
    pub captured: Timestamp,
    /// How it came over HTTP; `None` where it was handed in.
    pub wire: Option<Wire>,
}

/// What is known of the exchange that brought a page, beside its body and headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// Status code of the answer.
    pub status: u16,
    /// Protocol spoken, by its ALPN name: `http/1.1`, `h2`.
    pub protocol: String,
    /// The address that answered; unknown behind a proxy.
    pub peer: Option<std::net::IpAddr>,
    /// Names (lower-case) and values of the request's headers, beside Host; empty where it is not known.
    pub asked: Vec<(String, String)>,
    /// Addresses that redirected here, the one asked first first.
    pub via: Vec<String>,
    /// The WARC and the record in it, where somebody else captured the page; what was asked is not
    /// known then.
    pub taken_from: Option<String>,
}

/// Where the bytes of a page lie in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// File of the archive, without folders.
    pub file: String,
    /// `WARC-Record-ID` of the record with the bytes, without angle brackets.
    pub record: String,
}

/// What vouches for a story: the page that it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// SHA-256 of the page's bytes, unpacked, in hexadecimal digits.
    pub sha256: String,
    /// Where they lie; `None` where they were not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Page {
    /// The first header of a (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The extracted article, or one that somebody handed in.
///
/// Offsets of evidence and spans count UTF-8 bytes of `title` or `text` as they stand here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Opaque and stable.
    pub id: String,
    /// Canonical address.
    #[serde(default)]
    pub url: Option<String>,
    /// Headline.
    #[serde(default)]
    pub title: String,
    /// Paragraphs parted by a blank line.
    pub text: String,
    /// When it was published, where known.
    #[serde(default)]
    pub published: Option<Moment>,
    /// Author line.
    #[serde(default)]
    pub byline: Option<String>,
    /// Name of the source it came from.
    #[serde(default)]
    pub source: Option<String>,
}

impl Story {
    /// The part that a span points into.
    pub fn part(&self, part: Part) -> &str {
        match part {
            Part::Title => &self.title,
            Part::Text => &self.text,
        }
    }
}

/// A byte range of a story's title or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Which part it counts in.
    #[serde(rename = "in")]
    pub part: Part,
}

/// A rule that fired, and the words it fired on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Id of the rule.
    pub rule: String,
    /// First byte of the sentence or phrase.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The words, exactly as they stand there.
    pub text: String,
    /// Which part the offsets count in.
    #[serde(rename = "in")]
    pub part: Part,
    /// What the rule added to the sum (log-odds); negative speaks against.
    #[serde(default)]
    pub weight: f64,
    /// The words inside it that the rule's concepts matched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Span>,
}

/// One category that a verdict or a reviewer gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The category.
    pub id: Category,
    /// One of [`Category::subtypes`].
    #[serde(default)]
    pub subtype: Option<String>,
    /// Confidence, 0 to 1.
    #[serde(default)]
    pub score: f64,
}

/// A person or outlet that an event touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// As the text prints it.
    pub name: String,
    /// Who that is.
    pub role: Role,
}

/// Who brings a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimant {
    /// As the text prints it.
    pub name: String,
    /// What kind of claimant, where known.
    pub kind: Option<ClaimantKind>,
}

/// An article of law: `CC 174/1`, `CAO 73-3`, `law О масс-медиа`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Article {
    /// Kind of code.
    pub code: Code,
    /// Number as written (`73-3` is a number, not a part); `None` for a named law.
    pub number: Option<String>,
    /// Part of the article.
    pub part: Option<String>,
    /// Name of a law cited by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What was read from a candidate's text. Absent means that the text does not say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// Day (month, year) of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_date: Option<PartialDate>,
    /// Place as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Id of the place in the table of places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_id: Option<String>,
    /// Who is touched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Who acts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<Actor>,
    /// Court as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court: Option<String>,
    /// Its instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<Instance>,
    /// Articles of law.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<Article>,
    /// How far the matter has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Sentence or sanction as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sanction: Option<String>,
    /// Sum asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_amount: Option<Amount>,
    /// Sum awarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awarded_amount: Option<Amount>,
    /// ISO 4217, of both sums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// How it ended for the speaker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What judging a story gave. Judging cannot fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Id of the story.
    pub id: String,
    /// Language of most of the text.
    pub lang: Lang,
    /// Every language found, most first.
    pub langs: Vec<Lang>,
    /// Script of most of the text.
    pub script: Script,
    /// Does it deserve a human?
    pub candidate: bool,
    /// 0 to 1.
    pub score: f64,
    /// Where the event happened: ISO 3166-1 alpha-2, where it can be told.
    pub country: Option<String>,
    /// Categories, most certain first; empty when not a candidate.
    pub categories: Vec<Label>,
    /// What the text says.
    pub fields: Fields,
    /// Where each field was read from, by the field's name.
    pub spans: BTreeMap<String, Vec<Span>>,
    /// Rules that fired for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// Rules and gates that spoke against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Evidence>,
    /// Shared by the stories of one case (linking only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Shared by near-duplicates (linking only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dup: Option<String>,
}

/// The columns of a queue row that a reviewer may correct: what a figure counts by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The house's own headline.
    pub headline: Option<String>,
    /// Categories with subtypes.
    pub categories: Vec<Label>,
    /// Restriction or relief.
    pub direction: Option<Direction>,
    /// When it happened.
    pub event_date: Option<PartialDate>,
    /// When it was registered.
    pub registered_date: Option<PartialDate>,
    /// How far the matter has come.
    pub stage: Option<Stage>,
    /// Instance of the court.
    pub instance: Option<Instance>,
    /// How the act ended for the speaker.
    pub outcome: Option<Outcome>,
    /// Place as written.
    pub place: Option<String>,
    /// Who is touched.
    pub targets: Vec<Target>,
    /// Who sues.
    pub claimants: Vec<Claimant>,
    /// Who acts.
    pub actors: Vec<Actor>,
    /// Articles of law.
    pub articles: Vec<Article>,
    /// Sum asked.
    pub claim_amount: Option<Amount>,
    /// Sum awarded.
    pub awarded_amount: Option<Amount>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `moral`, `loss`, `costs`, `fine`, with `joint` or `each`.
    pub money_kind: Option<String>,
    /// `public`, `no_names`, `counted_only`, `embargo YYYY-MM-DD`, `internal`.
    pub secrecy: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Id of the case (or of the row) it belongs to.
    pub case: Option<String>,
}

/// One human decision on one row. Append-only: a candidate's status is a fold over its reviews.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Id of the story decided on, or the id given to an event entered by hand.
    pub id: String,
    /// Who decided; as typed in the queue file.
    pub reviewer: String,
    /// When it was taken in.
    pub at: Timestamp,
    /// What was decided; `None` where only columns were corrected, without a decision yet.
    pub decision: Option<Decision>,
    /// The row's columns as the reviewer left them.
    pub card: Card,
    /// Free text of the reviewer.
    #[serde(default)]
    pub note: Option<String>,
    /// What an event entered by hand says of its origin; such a review has no story.
    #[serde(default)]
    pub by_hand: Option<ByHand>,
    /// SHA-256 of the row as given, so that the same row imported again is known by its content.
    pub fingerprint: String,
    /// Fingerprint of an earlier review of the same id that this one takes back; it says nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_back: Option<String>,
}

/// Origin of an event entered by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// Title column, where filled.
    pub title: Option<String>,
    /// Source column: an outlet, "foundation's correspondent", a phone call.
    pub source: String,
    /// Address column, where filled.
    pub url: Option<String>,
    /// Published column, where filled.
    pub published: Option<Moment>,
}

/// Another telling of a story that waits or was decided under its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// Id of that story.
    pub id: String,
    /// Its source.
    pub source: Option<String>,
    /// Its headline.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
}

/// A story whose verdict deserves a human, waiting or decided, with all that is known of it.
///
/// An event entered by hand is one too: `story` and `verdict` are then `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Id of the story, or of the hand-made row.
    pub id: String,
    /// The story and what judging it gave.
    pub judged: Option<Judged>,
    /// Near-duplicates listed under it.
    pub also: Vec<Telling>,
    /// Human acts, oldest first.
    pub reviews: Vec<Review>,
}

/// A story kept, with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The story as extracted.
    pub story: Story,
    /// What judging it gave.
    pub verdict: Verdict,
    /// Version of the rule set that judged it.
    pub rule_set: String,
    /// When the page was captured.
    pub captured: Timestamp,
    /// The story that this one is a near-duplicate of.
    #[serde(default)]
    pub head: Option<String>,
    /// The page that it was read from; `None` where the story was handed in as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Capture>,
    /// The case that it seemed to belong to when it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// What ties a candidate to a case that was known before it: a proposal, with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Id of the case.
    pub case: String,
    /// Id of the story of it that most speaks for the tie.
    pub to: String,
    /// What speaks for it less what speaks against it.
    pub score: f64,
    /// Is that enough to propose the case, rather than only to ask?
    pub joins: bool,
    /// What speaks for it, strongest first, days last.
    pub reasons: Vec<Reason>,
}

/// Something that two stories share, or that parts them by little.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A person, as the later story prints the name.
    Person(String),
    /// An outlet, a page or a work, as the later story prints the name.
    Name(String),
    /// A law, by its subject.
    Law(String),
    /// An article of law, as the queue file prints it.
    Article(String),
    /// A place, as printed.
    Place(String),
    /// A court, as printed.
    Court(String),
    /// A sum.
    Sum(String),
    /// Days between the two.
    Days(u32),
}

/// What a person did to the cases themselves, rather than to a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseAct {
    /// One matter had been taken for two: what was `from` is `into` from now on, and its id still leads there.
    Merge {
        /// The case that stays.
        into: String,
        /// The case that goes.
        from: String,
    },
    /// Two matters had been taken for one: these events are a case of their own.
    Split {
        /// The case that they stood in.
        case: String,
        /// Ids of the events.
        events: Vec<String>,
        /// Id of the new case.
        to: String,
    },
    /// A court joined two cases, or severed one from another. They stay two, and no count changes.
    Court {
        /// One case.
        case: String,
        /// The other.
        other: String,
        /// Joined (else severed)?
        joined: bool,
    },
    /// An earlier act is taken back.
    Undo {
        /// Its number in the ledger.
        act: u64,
    },
}

/// Where a candidate stands: the fold over its reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has decided yet.
    Waiting,
    /// Put off by a reviewer; still in the queue.
    Later,
    /// Gave one event or more.
    Confirmed,
    /// Not a violation.
    Rejected,
    /// The same event as another row (its id, or the id of its case).
    Duplicate(String),
    /// Belongs to a case, nothing new.
    Background(String),
}

/// One dated, confirmed development: what digests and figures are made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Opaque and stable.
    pub id: String,
    /// Id of its case.
    pub case: String,
    /// The columns as confirmed.
    pub card: Card,
    /// Title of the story (or of the hand-made row).
    pub title: String,
    /// Source of the story.
    pub source: String,
    /// Address of the story.
    pub url: Option<String>,
    /// When the earliest telling was published.
    pub published: Option<Moment>,
    /// The sentence that fired; empty for an event entered by hand.
    pub evidence: String,
    /// Everyone who told of it, the confirmed story first.
    pub stories: Vec<Telling>,
    /// Who confirmed it.
    pub reviewer: String,
    /// When it was first confirmed.
    pub confirmed: Timestamp,
    /// Entered by hand, without a captured story.
    pub by_hand: bool,
}

/// What is remembered of a feed between two polls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Poll {
    /// ETag of the last answer, sent back as If-None-Match (RFC 9110).
    pub etag: Option<String>,
    /// Last-Modified of the last answer, sent back as If-Modified-Since.
    pub last_modified: Option<String>,
    /// SHA-256 of the last body: it decides, since servers lie about ETag.
    pub body_hash: Option<String>,
    /// When it is due again.
    pub next_due: Option<Timestamp>,
    /// Failures since the last success; counted in fractions.
    pub failures: f64,
    /// The last failure, in words.
    pub error: Option<String>,
    /// When it last answered well.
    pub last_success: Option<Timestamp>,
    /// When it last announced an entry we did not know.
    pub last_new_entry: Option<Timestamp>,
    /// Where it has moved for good and answered as a feed: asked there first from then on.
    pub moved: Option<String>,
    /// Usual time between two of its entries, in seconds, by their dates.
    pub gap: Option<u64>,
    /// Answers in a row that announced nothing new.
    pub quiet: u32,
    /// How long the site wants its last answer to be taken for fresh, in seconds (Cache-Control,
    /// `ttl`, the syndication module).
    pub hold: Option<u64>,
    /// Hours of the day, UTC, in which the feed asks to be left alone (`skipHours`), 0 to 23.
    pub skip_hours: Vec<u8>,
    /// Days of the week in which the feed asks to be left alone (`skipDays`), 1 (Monday) to 7.
    pub skip_days: Vec<u8>,
    /// Entries in a row whose page gave no article.
    pub unread: u32,
}

/// What one source did on one day: what a later report needs to say who was alive then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// Polls that answered (a "not modified" is an answer).
    pub polls_ok: u32,
    /// Polls that failed.
    pub polls_failed: u32,
    /// Entries announced that were not known.
    pub entries: u32,
    /// Stories kept.
    pub stories: u32,
    /// Stories that became candidates.
    pub candidates: u32,
    /// Pages refused, quarantined or failed.
    pub set_aside: u32,
    /// Stories kept, by language of their text.
    pub languages: BTreeMap<String, u32>,
}

/// An input set aside with the reason, never dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Address or file of the input.
    pub origin: String,
    /// Source it belongs to.
    pub source: Option<String>,
    /// Why it was set aside.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_the_offset_they_were_written_with() {
        for text in ["2024-05-16T16:00:00+05:00", "2025-10-09T18:25:00Z", "2022-02-04T09:33:00-03:30"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        assert!("2024-05-16".parse::<Moment>().is_err());
    }

    #[test]
    fn dates_are_as_precise_as_written() {
        for text in ["2017", "2017-11", "2017-11-16"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
        for text in ["", "17", "2017-1", "2017-13", "2017-02-30", "2017-11-16-1", "16.11.2017"] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn sums_are_plain_digits_with_a_point() {
        for (text, hundredths) in [("0", 0), ("11345", 1_134_500), ("11345.50", 1_134_550), ("0.5", 50)] {
            assert_eq!(text.parse(), Ok(Amount(hundredths)));
        }
        assert_eq!(Amount(1_134_550).to_string(), "11345.50");
        for text in ["", ".5", "1,5", "1 000", "-3", "5m", "99999999999999999999"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn closed_lists_name_what_they_allow() {
        assert_eq!("in_force".parse(), Ok(Stage::InForce));
        let error = "guilty".parse::<Outcome>().unwrap_err();
        assert_eq!(error.to_string(), "`guilty` is no outcome; use one of for, against, mixed, pending");
    }
}
