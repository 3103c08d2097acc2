//! Reports: gathered, written, signed, frozen, compared with what is known since, checked after editing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::outputs::{Drafted, Drafting, sha256_of};
use super::{Desk, DeskError};
use crate::digest::figures::{DEFINITIONS, Dossier, Figures, Frozen, History, Month, Period, Sources, Written};
use crate::digest::form::Kind;
use crate::digest::report::checked::{self, Stated};
use crate::digest::report::{self, Changes, Report, State};
use crate::digest::{Coverage, Edition, House};
use crate::ledger::Act;
use crate::model::{Amount, Diagnostic, Lang, Moment};
use crate::store::Signed;

pub use crate::digest::report::checked::Differs;

/// A step that somebody takes a report to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Somebody has gone through it.
    Check,
    /// Somebody answers for it.
    Sign,
    /// It is published for good.
    Freeze,
}

impl Step {
    pub(super) fn id(&self) -> &'static str {
        match self {
            Self::Check => "checked",
            Self::Sign => "signed",
            Self::Freeze => "frozen",
        }
    }

    /// The state that it leads to.
    pub(super) fn state(&self, by: &str, at: Timestamp) -> State {
        let by = by.to_owned();
        match self {
            Self::Check => State::Checked { by },
            Self::Sign => State::Signed { by },
            Self::Freeze => State::Frozen { by, at },
        }
    }
}

/// The figures of a month that `status` shows, in the order of a report.
const TOTALS: [&str; 12] = [
    "messages_month",
    "criminal_charges_month",
    "criminal_charges_ytd",
    "suits_month",
    "claims_ytd",
    "judicial_acts_month",
    "judicial_acts_for_speaker_month",
    "claimed_ytd",
    "awarded_ytd",
    "block_a_month",
    "block_b_month",
    "block_c_month",
];

/// The main figures of a month.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Totals {
    /// The month.
    pub period: String,
    /// Is it over? A running month is compared with nothing.
    pub complete: bool,
    /// Figures by the ids that a report gives them; sums in tenge.
    pub figures: BTreeMap<&'static str, Written>,
}

/// What a report is asked for.
pub struct WantedReport<'a> {
    /// The period.
    pub period: Period,
    /// Languages.
    pub languages: &'a [Lang],
    /// Formats: `md`, `html`, `csv`, `json`, `xlsx`, `docx`.
    pub formats: &'a [String],
    /// Internal or public.
    pub edition: Edition,
    /// Where to write.
    pub dir: &'a Path,
    /// The step that it is taken to, and by whom.
    pub step: Option<(Step, String)>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Reported {
    /// The period.
    pub period: String,
    /// `draft`, `checked`, `signed` or `frozen`.
    pub state: String,
    /// Is the period over?
    pub complete: bool,
    /// Events of the period.
    pub events: usize,
    /// Candidates of the period that nobody has decided.
    pub undecided: usize,
    /// Events that say nothing in a language while they do in another, by language.
    pub untranslated: Vec<(Lang, usize)>,
    /// The files written.
    pub files: Vec<PathBuf>,
    /// Files that were frozen, and left as they are.
    pub left: Vec<PathBuf>,
    /// What is wrong with the house's form, where the shipped one stands in for it.
    pub notices: Vec<Diagnostic>,
}

impl Desk {
    /// Everything that was frozen, month by month.
    fn frozen(signed: &[Signed]) -> Frozen {
        let mut frozen = Frozen::new();
        for report in signed.iter().filter(|report| report.state == "frozen") {
            let Ok(period) = report.period.parse::<Period>() else { continue };
            for month in period.months() {
                let at = frozen.entry(month).or_insert(report.at);
                *at = (*at).min(report.at);
            }
        }
        frozen
    }

    /// How far the report of a period, or the digest of a week, has come.
    pub(super) fn state_of(signed: &[Signed], name: &str) -> State {
        let mut state = State::Draft;
        for report in signed.iter().filter(|report| report.period == name) {
            let by = report.by.clone();
            state = match (report.state.as_str(), &state) {
                (_, State::Frozen { .. }) => break,
                ("frozen", _) => State::Frozen { by, at: report.at },
                ("signed", _) => State::Signed { by },
                ("checked", _) => State::Checked { by },
                // It was sent, which changes nothing.
                _ => continue,
            };
        }
        state
    }

    /// Runs something with all that figures are made from.
    fn with_sources<T>(
        &self,
        decisions: Vec<Dossier>,
        frozen: &Frozen,
        now: Timestamp,
        run: impl FnOnce(&Sources<'_>, &TimeZone) -> T,
    ) -> Result<T, DeskError> {
        let zone = &self.config.schedule.time_zone;
        let reference = self.bench().reference();
        let tenge =
            |amount: Amount, currency: &str, day: jiff::civil::Date| reference.tables.in_tenge(amount, currency, day);
        let regroup = self.regroup()?;
        let history = History::of(decisions, frozen).regrouped(&*regroup);
        let register = self.register()?;
        let sources = Sources {
            history: &history,
            countries: &self.config.queue.countries,
            today: Moment::utc(now).date_in(zone),
            tenge: &tenge,
            register: &register,
            places: &reference.places,
            codings: &reference.codings,
        };
        Ok(run(&sources, zone))
    }

    /// Everything that was decided, as far as figures read it.
    fn decisions(&self) -> Result<Vec<Dossier>, DeskError> {
        let zone = &self.config.schedule.time_zone;
        Ok(self.store.decided_in_brief(|candidate| Dossier::of(candidate, zone))?)
    }

    /// Who was watched in a period, and how many of its candidates wait.
    fn coverage_of(&self, period: Period) -> Result<Coverage, DeskError> {
        let zone = &self.config.schedule.time_zone;
        let (first, last) = (period.first.first_day(), period.last.last_day());
        let health = self.store.health(first, last)?;
        let undecided = self
            .waiting()?
            .iter()
            .filter(|candidate| {
                let Some(judged) = &candidate.judged else { return false };
                let day = match judged.verdict.fields.event_date {
                    Some(date) if date.month.is_some() => Some(date.first_day()),
                    _ => judged.story.published.map(|published| published.date_in(zone)),
                };
                day.is_some_and(|day| first <= day && day <= last)
            })
            .count();
        let names = self.config.sources.iter().map(|source| source.name.clone()).collect();
        Ok(Coverage::of(names, &health, undecided))
    }

    /// The main figures of the running month and of the last one that is over.
    pub(super) fn totals(&self, now: Timestamp) -> Result<Vec<Totals>, DeskError> {
        let frozen = Self::frozen(&self.store.reports()?);
        self.with_sources(self.decisions()?, &frozen, now, |sources, _| {
            let running = Month::of(sources.today);
            let totals = |month: Month| {
                let period = Period::month(month);
                let figures = Figures::of(period, sources, None);
                let written =
                    |id: &&'static str| Some((*id, figures.get(id)?)).map(|(id, of)| (id, of.written(of.value)));
                Totals {
                    period: period.to_string(),
                    complete: period.over(sources.today),
                    figures: TOTALS.iter().filter_map(written).collect(),
                }
            };
            [running, running.before()].map(totals).into()
        })
    }

    /// The report of a period, as every format prints it.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn gather_report(&self, period: Period, now: Timestamp) -> Result<Report, DeskError> {
        let signed = self.store.reports()?;
        let state = Self::state_of(&signed, &period.to_string());
        self.gathered(period, &Self::frozen(&signed), state, self.house(Kind::Report).0, now)
    }

    fn gathered(
        &self,
        period: Period,
        frozen: &Frozen,
        state: State,
        house: House,
        now: Timestamp,
    ) -> Result<Report, DeskError> {
        let coverage = self.coverage_of(period)?;
        let decisions = self.decisions()?;
        let mut report = self.with_sources(decisions, frozen, now, |sources, zone| {
            Report::gather(period, sources, coverage, state, zone, house)
        })?;
        report.wordings = self.wordings(&report.events)?;
        report.quote(self.store.quotes()?);
        Ok(report)
    }

    /// Writes the report of a period in each language and format, and takes it to a step where one is
    /// asked for. A frozen report is not written again.
    ///
    /// # Errors
    /// Where the step cannot be taken, the store not be read or a file not be written.
    pub fn report(&self, wanted: &WantedReport<'_>, now: Timestamp) -> Result<Reported, DeskError> {
        let period = wanted.period;
        let (house, fault) = self.house(Kind::Report);
        let notices = Self::form_stands(fault, wanted.step.is_some())?;
        let signed = self.store.reports()?;
        let mut state = Self::state_of(&signed, &period.to_string());
        let mut frozen = Self::frozen(&signed);
        if let Some((step, by)) = &wanted.step {
            if let State::Frozen { by, at } = &state {
                return Err(DeskError::Asked(format!(
                    "the report of {period} was frozen by {by} on {}; `report --changes {period}` lists what changed since",
                    Moment::local(*at, &self.config.schedule.time_zone).date()
                )));
            }
            if *step == Step::Freeze {
                if !period.over(Moment::utc(now).date_in(&self.config.schedule.time_zone)) {
                    return Err(DeskError::Asked(format!(
                        "{period} is not over yet: a report is frozen when its period is"
                    )));
                }
                period.months().for_each(|month| _ = frozen.entry(month).or_insert(now));
            }
            state = step.state(by, now);
        }
        let report = self.gathered(period, &frozen, state, house, now)?;
        let sealed: BTreeMap<&str, &str> = signed
            .iter()
            .filter(|signed| signed.state == "frozen" && signed.period == period.to_string())
            .flat_map(|signed| &signed.files)
            .map(|(name, hash)| (name.as_str(), hash.as_str()))
            .collect();
        let (drafts, untranslated) = drafts(&report, wanted)?;
        let mut reported = Reported {
            period: period.to_string(),
            state: report.state.id().to_owned(),
            complete: report.complete,
            events: report.events.len(),
            undecided: report.coverage.undecided,
            untranslated,
            files: Vec::new(),
            left: Vec::new(),
            notices,
        };
        let mut written: Vec<(String, String)> = Vec::new();
        let standing: Vec<Option<String>> =
            drafts.par_iter().map(|(name, _)| sha256_of(&wanted.dir.join(name))).collect();
        for ((name, drafted), standing) in drafts.into_iter().zip(standing) {
            let file = wanted.dir.join(&name);
            let sealed = sealed.get(name.as_str()).copied();
            if sealed.is_some() && sealed == standing.as_deref() {
                reported.left.push(file);
                continue;
            }
            let hash = drafted.hash.clone();
            reported.files.push(self.place_output(&file, drafted, standing)?);
            written.push((name, hash));
        }
        if wanted.edition == Edition::Public {
            reported.files.extend(self.publish_attachments(&report.events, &report.wordings, wanted.dir)?);
        }
        if let Some((step, by)) = &wanted.step {
            if *step == Step::Freeze {
                let manifest = wanted.dir.join(format!("report-{period}.manifest.json"));
                let files: Vec<serde_json::Value> =
                    written.iter().map(|(name, hash)| serde_json::json!({ "name": name, "sha256": hash })).collect();
                let text = serde_json::json!({
                    "period": period.to_string(),
                    "frozen_at": Moment::utc(now).to_string(),
                    "frozen_by": by,
                    "definitions": DEFINITIONS,
                    "undecided": report.coverage.undecided,
                    "files": files,
                });
                let text = format!("{text:#}\n");
                reported.files.push(self.write_output(&manifest, text.as_bytes())?);
            }
            let act = Act::Report {
                period: period.to_string(),
                state: step.id().to_owned(),
                by: by.clone(),
                at: now,
                files: written,
            };
            self.record_acts(vec![act], now)?;
        }
        Ok(reported)
    }

    /// What is known today of a period that was published, and was not then.
    ///
    /// # Errors
    /// Where it was never frozen, or the store cannot be read.
    pub fn report_changes(&self, period: Period, now: Timestamp) -> Result<Changes, DeskError> {
        let signed = self.store.reports()?;
        let frozen = Self::frozen(&signed);
        if !frozen.contains_key(&period.last) {
            return Err(DeskError::Asked(format!(
                "the report of {period} was never frozen, so nothing published can have changed"
            )));
        }
        let decisions = self.decisions()?;
        self.with_sources(decisions, &frozen, now, |sources, _| report::changes(period, sources))
    }

    /// The figures in an edited report that are not what the data say. The file's ending says how it is read;
    /// where the file itself does not say its period and language, its name does
    /// (`report-2017-11.ru.md`), and `period` where even that is gone.
    ///
    /// # Errors
    /// Where the bytes are no report with figures, its period is not known, or the store cannot be read.
    pub fn report_check(
        &self,
        bytes: &[u8],
        name: &str,
        period: Option<Period>,
        now: Timestamp,
    ) -> Result<Vec<Differs>, DeskError> {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
        let stated = checked::stated(bytes, &ending).map_err(DeskError::Asked)?;
        let (named, lang) = named_in(name);
        let known = || {
            period.or(named).ok_or_else(|| {
                DeskError::Asked(format!("{name} does not say which period it is about; add --month 2017-11"))
            })
        };
        match stated {
            Stated::Tagged(found) => {
                let mut printed: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
                let mut all = BTreeMap::new();
                for (tag, _) in &found {
                    let mut parts = tag.splitn(3, '|');
                    let (Some(period), Some(lang)) = (parts.next(), parts.next()) else { continue };
                    let key = format!("{period}|{lang}");
                    if !printed.contains_key(&key)
                        && let (Ok(period), Some(lang)) = (period.parse::<Period>(), Lang::of(lang))
                    {
                        let report = self.gather_report(period, now)?;
                        printed.insert(key, report::printed(&report, lang, Edition::Internal));
                    }
                }
                printed.into_values().for_each(|figures| all.extend(figures));
                Ok(checked::of_tags(&found, &all))
            }
            Stated::Values(found) => {
                let mut of: BTreeMap<Period, Vec<(String, String)>> = BTreeMap::new();
                for (said, id, value) in found {
                    let period = match said.and_then(|said| said.parse().ok()) {
                        Some(period) => period,
                        None => known()?,
                    };
                    of.entry(period).or_default().push((id, value));
                }
                let mut differs = Vec::new();
                for (period, found) in of {
                    differs.extend(checked::of_values(&found, &self.gather_report(period, now)?));
                }
                Ok(differs)
            }
            Stated::Text(text) => {
                let report = self.gather_report(known()?, now)?;
                let lang = lang.unwrap_or(Lang::RU);
                // Lines that name figures are the same in both editions, but for what a public one withholds.
                let both = [Edition::Internal, Edition::Public];
                let differs = both.map(|edition| checked::of_text(&text, &report, lang, edition));
                Ok(differs.into_iter().min_by_key(Vec::len).unwrap_or_default())
            }
        }
    }
}

/// Files by their names, written but not yet in their places.
type Drafts = Vec<(String, Drafted)>;

/// Every file that is wanted of a report, in the order of formats and languages; and how many events say nothing in
/// a language while they do in another.
fn drafts(report: &Report, wanted: &WantedReport<'_>) -> Result<(Drafts, Vec<(Lang, usize)>), DeskError> {
    let known = wanted.formats.iter().filter(|format| report::FORMATS.contains(&format.as_str()));
    let of_format =
        |format: &'_ String| wanted.languages.iter().map(|lang| (*lang, format.clone())).collect::<Vec<_>>();
    let files: Vec<(Lang, String)> = known.flat_map(of_format).collect();
    let name = |(lang, format): &(Lang, String)| report::file_name(report.period, *lang, format);
    let mut drafting =
        files.iter().map(|file| Drafting::beside(&wanted.dir.join(name(file)))).collect::<Result<Vec<_>, _>>()?;
    let outputs = files
        .iter()
        .zip(&mut drafting)
        .map(|((lang, format), out)| report::Output { lang: *lang, format, out })
        .collect();
    let untranslated = report::write(report, wanted.edition, outputs).map_err(DeskError::file("write", wanted.dir))?;
    let drafted = files.iter().zip(drafting).map(|(file, drafting)| Ok((name(file), drafting.end()?)));
    Ok((drafted.collect::<Result<_, DeskError>>()?, untranslated))
}

/// Period and language in the name of a report's file, whatever was added before its ending.
fn named_in(name: &str) -> (Option<Period>, Option<Lang>) {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let mut parts = name.strip_prefix("report-").unwrap_or(name).split('.');
    (parts.next().and_then(|period| period.parse().ok()), parts.next().and_then(Lang::of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, RulesConfig};
    use crate::digest::figures::tests::Archive;
    use crate::digest::figures::tests::november::november_2017;

    /// The figures of each file of a report, by id, as the file itself holds them.
    fn in_file(bytes: &[u8], format: &str) -> BTreeMap<String, String> {
        let values = match format {
            "json" => {
                let json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
                let figures = json["figures"].as_object().unwrap().iter();
                return figures.map(|(id, figure)| (id.clone(), figure["value"].to_string())).collect();
            }
            format => checked::stated(bytes, format).unwrap(),
        };
        match values {
            Stated::Values(values) => values.into_iter().map(|(_, id, value)| (id, value)).collect(),
            _ => panic!("{format} holds values"),
        }
    }

    #[test]
    fn a_total_is_the_same_in_status_and_in_every_file() {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2017-12-10T06:00:00Z".parse().unwrap();
        // The rate of the day of the one claim in dollars, in a file of the house.
        std::fs::create_dir_all(folder.path().join("rules/money")).unwrap();
        let rate = "[[rate]]\ncode = \"USD\"\nday = \"2017-04-04\"\ntenge = 330\n";
        std::fs::write(folder.path().join("rules/money/rates.toml"), rate).unwrap();
        let config = Config { rules: RulesConfig { dir: Some("rules".to_owned()) }, ..Config::embedded() };
        let (desk, notices) = Desk::open(config, folder.path(), now).unwrap();
        assert_eq!(notices, []);
        let reviews = november_2017().candidates.into_iter().flat_map(|candidate| candidate.reviews);
        desk.record_acts(reviews.map(Act::Review).collect(), now).unwrap();
        let standing = desk.standing(now).unwrap();
        assert!(desk.bench().is_idle(), "figures are counted without a judge");
        let [running, november] = standing.totals.as_slice() else { panic!("{:?}", standing.totals) };
        assert_eq!((running.period.as_str(), running.complete), ("2017-12", false));
        assert_eq!((november.period.as_str(), november.complete), ("2017-11", true));
        let totals = serde_json::to_value(&november.figures).unwrap();
        for (id, expect) in [
            ("criminal_charges_month", 2),
            ("criminal_charges_ytd", 55),
            ("judicial_acts_month", 5),
            ("judicial_acts_for_speaker_month", 4),
            ("claims_ytd", 70),
            ("claimed_ytd", 195_460_000),
            ("awarded_ytd", 54_020_000),
        ] {
            assert_eq!(totals[id], expect, "{id}");
        }
        let formats = ["json", "csv", "xlsx"].map(str::to_owned);
        let wanted = WantedReport {
            period: "2017-11".parse().unwrap(),
            languages: &[Lang::KK, Lang::RU, Lang::EN],
            formats: &formats,
            edition: Edition::Internal,
            dir: &folder.path().join("out"),
            step: None,
        };
        let reported = desk.report(&wanted, now).unwrap();
        assert_eq!(reported.files.len(), 9);
        for file in reported.files {
            let format = file.extension().unwrap().to_string_lossy().into_owned();
            let known = in_file(&std::fs::read(&file).unwrap(), &format);
            for id in TOTALS {
                assert_eq!(known[id], totals[id].to_string(), "{}: {id}", file.display());
            }
        }
        // The texts print the same figures with their nouns: an unedited file differs in nothing.
        let formats = ["md", "html", "docx"].map(str::to_owned);
        let reported = desk.report(&WantedReport { formats: &formats, ..wanted }, now).unwrap();
        for file in reported.files {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            assert_eq!(desk.report_check(&std::fs::read(&file).unwrap(), &name, None, now).unwrap(), [], "{name}");
        }
        let left = std::fs::read_dir(folder.path().join("out")).unwrap().count();
        assert_eq!(left, 18, "no draft is left beside the files");
    }

    #[test]
    fn a_frozen_report_is_made_again_to_the_byte_whatever_became_of_its_cases() {
        let folder = tempfile::tempdir().unwrap();
        let day = |day: &str| format!("{day}T06:00:00Z").parse::<Timestamp>().unwrap();
        let (desk, _) = Desk::open(Config::embedded(), folder.path(), day("2031-03-01")).unwrap();
        let archive = Archive::of(&[
            "2031-02-06 | criminal_prosecution/insult | charge | as=A / to=Садыр (journalist) / at=2031-02-07",
            "2031-02-06 | criminal_prosecution/insult | charge | as=B / to=Sadyr (journalist) / at=2031-02-08",
            "2031-02-10 | criminal_prosecution/insult | charge | as=C / to=Бекова (blogger) / at=2031-02-11",
        ]);
        let reviews = archive.candidates.into_iter().flat_map(|candidate| candidate.reviews);
        desk.record_acts(reviews.map(Act::Review).collect(), day("2031-02-20")).unwrap();
        let cases: Vec<String> = desk.events().unwrap().into_iter().map(|event| event.case).collect();
        desk.case_merge(&cases[0], &cases[1], "A. Editor", day("2031-03-01")).unwrap();
        let formats = ["json".to_owned()];
        let wanted = WantedReport {
            period: "2031-02".parse().unwrap(),
            languages: &[Lang::RU],
            formats: &formats,
            edition: Edition::Internal,
            dir: &folder.path().join("out"),
            step: Some((Step::Freeze, "A. Editor".to_owned())),
        };
        let published = desk.report(&wanted, day("2031-03-05")).unwrap();
        let published = std::fs::read(&published.files[0]).unwrap();
        let again = |now: &str| {
            let report = desk.gather_report(wanted.period, day(now)).unwrap();
            let json = report::render(&report, Lang::RU, "json", Edition::Internal).unwrap();
            assert_eq!(String::from_utf8(json), String::from_utf8(published.clone()), "{now}");
            report.figures.value("criminal_charges_month")
        };
        assert_eq!(again("2031-03-06"), 2);
        desk.case_merge(&cases[0], &cases[2], "A. Editor", day("2031-03-10")).unwrap();
        assert_eq!(again("2031-03-11"), 2);
        desk.case_undo(&cases[2], "A. Editor", day("2031-03-12")).unwrap();
        desk.case_undo(&cases[1], "A. Editor", day("2031-03-13")).unwrap();
        assert_eq!(again("2031-03-14"), 2);
        let changes = desk.report_changes(wanted.period, day("2031-03-14")).unwrap();
        let changed = changes.figures.iter().find(|(id, ..)| id == "criminal_charges_month");
        assert_eq!(changed, Some(&("criminal_charges_month".to_owned(), 2, 3)));
    }
}
