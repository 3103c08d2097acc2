//! Logs, to stderr: as text or as JSON Lines, at one level for all and at another for a source that has its own.
//!
//! `SOZWATCH_LOG` and `--log-format` stand above `[log]`. The lines are made where things happen; here is only
//! which of them are told.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Filter, Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{self, Config, LogFormat, LogLevel};

/// The field by which a line says whose it is.
const SOURCE: &str = "source";

/// What is told, for as long as the process lives. It may be changed at any time.
#[derive(Debug, Clone, Default)]
pub(super) struct Logs(Arc<RwLock<Settings>>);

#[derive(Debug)]
struct Settings {
    /// As `SOZWATCH_LOG` has it: no configuration changes it.
    by_environment: bool,
    /// As `--log-format` has it.
    asked: Option<LogFormat>,
    /// Where nobody said anything.
    usual: LogLevel,
    format: LogFormat,
    general: EnvFilter,
    /// By the name of a source.
    sources: BTreeMap<String, LevelFilter>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            by_environment: false,
            asked: None,
            usual: LogLevel::Warn,
            format: LogFormat::Text,
            general: from(LogLevel::Warn),
            sources: BTreeMap::new(),
        }
    }
}

/// Our own lines from a level on; of others only what is wrong.
fn from(level: LogLevel) -> EnvFilter {
    EnvFilter::new(match level {
        LogLevel::Off => "off".to_owned(),
        LogLevel::Error => "error".to_owned(),
        level => format!("sozwatch={},warn,html5ever=error", level.name()),
    })
}

fn filter_of(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

impl Logs {
    /// Begins to write, from `usual` on until a configuration says otherwise.
    pub(super) fn begin(&self, asked: Option<LogFormat>, usual: LogLevel) {
        let given = EnvFilter::try_from_env("SOZWATCH_LOG").ok();
        self.change(|settings| {
            settings.by_environment = given.is_some();
            settings.asked = asked;
            settings.usual = usual;
            settings.format = asked.unwrap_or(LogFormat::Text);
            settings.general = given.unwrap_or_else(|| from(usual));
        });
        let sieve = |format| Sieve { settings: Arc::clone(&self.0), format };
        let text = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
        let json = fmt::layer().with_writer(std::io::stderr).json();
        let both = tracing_subscriber::registry()
            .with(text.with_filter(sieve(LogFormat::Text)))
            .with(json.with_filter(sieve(LogFormat::Json)));
        // A second initialisation (tests in one process) is no fault.
        let _ = both.try_init();
    }

    /// Tells from now on what a configuration asks for.
    pub(super) fn follow(&self, config: &Config) {
        self.change(|settings| {
            if !settings.by_environment {
                settings.general = from(config.log.level.unwrap_or(settings.usual));
            }
            settings.format = settings.asked.or(config.log.format).unwrap_or(LogFormat::Text);
            let own = config.sources.iter().filter_map(|source| Some((source.name.clone(), filter_of(source.log?))));
            settings.sources = own.collect();
        });
    }

    /// Takes what a configuration file says of the logs now; where it has a fault, what was told before goes on.
    pub(super) fn read_again(&self, path: &Path) {
        let name = path.display().to_string();
        match std::fs::read_to_string(path).map(|text| config::parse(&text, &name)) {
            Ok(Ok((config, _))) => {
                self.follow(&config);
                tracing::info!(
                    "the log is told as [log] and each source's `log` say; other settings need a start anew"
                );
            }
            Ok(Err(faults)) => {
                for fault in &faults {
                    tracing::error!(%fault, "a fault in the configuration");
                }
                tracing::error!(faults = faults.len(), "the configuration is refused and the log goes on as it was");
            }
            Err(error) => {
                tracing::error!(%error, path = name, "the configuration was not read; the log goes on as it was")
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
        // The most that any line can weigh is remembered elsewhere.
        tracing::callsite::rebuild_interest_cache();
    }
}

/// Lets through what is to be told in one form.
struct Sieve {
    settings: Arc<RwLock<Settings>>,
    format: LogFormat,
}

impl Sieve {
    fn settings(&self) -> Option<RwLockReadGuard<'_, Settings>> {
        let settings = self.settings.read().unwrap_or_else(PoisonError::into_inner);
        (settings.format == self.format).then_some(settings)
    }
}

impl<S: Subscriber> Filter<S> for Sieve {
    fn enabled(&self, metadata: &Metadata<'_>, context: &Context<'_, S>) -> bool {
        let Some(settings) = self.settings() else { return false };
        let of_a_source = metadata.fields().field(SOURCE).is_some();
        let may_be_wanted = of_a_source && settings.sources.values().any(|most| metadata.level() <= most);
        may_be_wanted || Filter::enabled(&settings.general, metadata, context)
    }

    fn event_enabled(&self, event: &Event<'_>, context: &Context<'_, S>) -> bool {
        let Some(settings) = self.settings() else { return false };
        let mut own = OwnLevel { sources: &settings.sources, level: None };
        if !settings.sources.is_empty() {
            event.record(&mut own);
        }
        match own.level {
            Some(most) => event.metadata().level() <= &most,
            None => Filter::enabled(&settings.general, event.metadata(), context),
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let Some(settings) = self.settings() else { return Some(LevelFilter::OFF) };
        let general = settings.general.max_level_hint()?;
        settings.sources.values().copied().chain([general]).max()
    }
}

/// The level of the source that a line names.
struct OwnLevel<'a> {
    sources: &'a BTreeMap<String, LevelFilter>,
    level: Option<LevelFilter>,
}

impl Visit for OwnLevel<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == SOURCE {
            self.level = self.sources.get(value).copied();
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::config::parse;

    /// Lines written, for a subscriber of this thread alone.
    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The messages that are told under a configuration, in order.
    fn told(text: &str) -> Vec<String> {
        let logs = Logs::default();
        let source =
            |name: &str, more: &str| format!("[[source]]\nname = \"{name}\"\ndomain = \"{name}.example\"\n{more}\n");
        let text = format!(
            "{text}\n{}{}{}",
            source("Жайық", "log = \"debug\""),
            source("loud", "log = \"error\""),
            source("usual", "")
        );
        logs.change(|settings| settings.usual = LogLevel::Info);
        logs.follow(&parse(&text, "config.toml").unwrap().0);
        let paper = Paper::default();
        let sieve = Sieve { settings: Arc::clone(&logs.0), format: LogFormat::Json };
        let writer = paper.clone();
        let layer = fmt::layer().with_writer(move || writer.clone()).json().with_filter(sieve);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::debug!(target: "sozwatch", source = "Жайық", "fine, of one");
            tracing::debug!(target: "sozwatch", source = "usual", "fine, of another");
            tracing::debug!(target: "sozwatch", "fine, of nobody");
            tracing::info!(target: "sozwatch", source = Some("usual"), "news");
            tracing::info!(target: "sozwatch", source = "loud", "noise");
            tracing::error!(target: "sozwatch", source = "loud", "trouble");
            tracing::info!(target: "hyper", "others");
        });
        let lines = paper.0.lock().unwrap().clone();
        let message = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["fields"]["message"].as_str().unwrap().to_owned()
        };
        String::from_utf8(lines).unwrap().lines().map(message).collect()
    }

    #[test]
    fn a_source_has_a_level_of_its_own() {
        let json = "format = \"json\"";
        assert_eq!(told(&format!("[log]\n{json}")), ["fine, of one", "news", "trouble"]);
        assert_eq!(told(&format!("[log]\n{json}\nlevel = \"off\"")), ["fine, of one", "trouble"]);
        assert_eq!(
            told(&format!("[log]\n{json}\nlevel = \"debug\"")),
            ["fine, of one", "fine, of another", "fine, of nobody", "news", "trouble"]
        );
        // The other form is another layer's.
        assert_eq!(told(""), Vec::<String>::new());
    }
}
