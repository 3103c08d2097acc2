//! What became of a candidate's page since it was captured, in words for the reviewer. The row itself stays as it was
//! first seen.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::card::one_line;
use super::labels;
use crate::cases::edits::{Edits, edits};
use crate::model::{Found, Lang, Story, Visit};

/// Characters of what went, and of what came, that a row shows.
const SHOWN: usize = 700;

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// When another wording was seen last, and how it differs from the first.
    pub changed: Option<Changed>,
    /// When it was found to be gone, where it has not come back.
    pub gone: Option<Gone>,
}

/// A page that says something else now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// When that was seen.
    pub at: Timestamp,
    /// Sentences of the first wording that it has no more.
    pub went: Vec<String>,
    /// Sentences that the first wording did not have.
    pub came: Vec<String>,
}

/// A page that is not there any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gone {
    /// When that was seen first.
    pub at: Timestamp,
    /// Status of the answer; `None` where the address leads to the front page.
    pub status: Option<u16>,
}

/// What became of the page of a story; `None` where it says what it said, as far as it was seen.
pub fn since(first: &Story, visits: &[Visit]) -> Option<Since> {
    let (mut changed, mut gone) = (None, None);
    for visit in visits {
        match &visit.found {
            Found::Unseen { .. } => {}
            Found::Same => gone = None,
            Found::Gone { status } => {
                gone.get_or_insert(Gone { at: visit.at, status: *status });
            }
            Found::Changed(now) => {
                gone = None;
                let now = Story { title: now.title.clone(), text: now.text.clone(), ..first.clone() };
                let Edits { went, came } = edits(first, &now);
                changed = Some(Changed { at: visit.at, went, came });
            }
        }
    }
    // What was changed and changed back says what it said.
    let changed = changed.filter(|changed| !changed.went.is_empty() || !changed.came.is_empty());
    (changed.is_some() || gone.is_some()).then_some(Since { changed, gone })
}

impl Since {
    /// Line by line, with times on the clock of a zone.
    pub fn lines(&self, lang: Lang, zone: &TimeZone) -> Vec<String> {
        let words = labels::since(lang);
        let clock = |at: Timestamp| zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string();
        let mut lines = Vec::new();
        if let Some(changed) = &self.changed {
            lines.push(format!("{}: {}", words.changed, clock(changed.at)));
            let parts = [(words.went, &changed.went), (words.came, &changed.came)];
            let parts = parts.into_iter().filter(|(_, sentences)| !sentences.is_empty());
            lines.extend(parts.map(|(word, sentences)| format!("{word}: {}", shortened(sentences))));
        }
        if let Some(gone) = &self.gone {
            let how = match gone.status {
                None => words.home.to_owned(),
                Some(status @ (404 | 410 | 451)) => format!("{} {status}", words.answer),
                Some(_) => words.no_article.to_owned(),
            };
            lines.push(format!("{}: {}, {how}. {}", words.gone, clock(gone.at), words.stands));
        }
        lines
    }
}

fn shortened(sentences: &[String]) -> String {
    let whole = sentences.iter().map(|sentence| one_line(sentence)).collect::<Vec<_>>().join(" | ");
    match whole.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", whole[..at].trim_end()),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Capture, Rewording};

    const FIRST: &str = "Суд арестовал редактора газеты. Адвокат назвал это местью за статьи.";
    const SOFT: &str = "Суд арестовал редактора газеты. Подробности уточняются.";

    fn story() -> Story {
        Story {
            id: "s1".to_owned(),
            url: None,
            title: "Арест редактора".to_owned(),
            text: FIRST.to_owned(),
            published: None,
            byline: None,
            source: None,
        }
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + hour * 3_600).unwrap()
    }

    fn changed(text: &str) -> Found {
        let capture = Capture { sha256: "0".repeat(64), place: None, ask: None };
        Found::Changed(Box::new(Rewording {
            title: "Арест редактора".to_owned(), text: text.to_owned(), capture
        }))
    }

    fn lines(found: &[Found], lang: Lang) -> Vec<String> {
        let visits: Vec<Visit> =
            (1..).zip(found).map(|(hour, found)| Visit { at: at(hour), found: found.clone() }).collect();
        since(&story(), &visits).map(|since| since.lines(lang, &TimeZone::UTC)).unwrap_or_default()
    }

    #[test]
    fn a_change_is_told_in_three_languages() {
        let of = |lang| lines(&[Found::Same, changed(SOFT)], lang);
        assert_eq!(
            of(Lang::EN),
            [
                "Changed since first seen: 2026-11-18 13:06",
                "Went: Адвокат назвал это местью за статьи.",
                "Came: Подробности уточняются."
            ]
        );
        assert_eq!(
            of(Lang::RU)[1..],
            ["Убрано: Адвокат назвал это местью за статьи.", "Добавлено: Подробности уточняются."]
        );
        assert_eq!(
            of(Lang::KK)[1..],
            ["Алынғаны: Адвокат назвал это местью за статьи.", "Қосылғаны: Подробности уточняются."]
        );
    }

    #[test]
    fn a_page_that_is_gone_is_told_until_it_comes_back() {
        let gone = |status| Found::Gone { status };
        assert_eq!(
            lines(&[gone(Some(451)), gone(Some(404)), Found::Unseen { passing: true }], Lang::RU),
            ["Страница исчезла: 2026-11-18 12:06, ответ 451. Сохранённая копия остаётся доказательством"]
        );
        assert!(lines(&[gone(None)], Lang::KK)[0].contains("басты бетке"));
        assert!(lines(&[gone(Some(200))], Lang::EN)[0].contains("no article"));
        assert_eq!(lines(&[gone(Some(404)), Found::Same], Lang::RU), Vec::<String>::new());
        assert_eq!(lines(&[changed(SOFT), gone(Some(410))], Lang::EN).len(), 4);
    }

    #[test]
    fn what_was_changed_back_says_what_it_said() {
        assert_eq!(lines(&[changed(SOFT), changed(FIRST)], Lang::RU), Vec::<String>::new());
        assert_eq!(lines(&[Found::Same, Found::Unseen { passing: false }], Lang::RU), Vec::<String>::new());
    }

    #[test]
    fn a_long_change_is_shortened() {
        let long = format!("{FIRST}\n\n{}", "Слово за слово идёт рассказ дальше. ".repeat(80));
        let came = lines(&[changed(&long)], Lang::EN).pop().unwrap();
        assert!(came.ends_with('…') && came.chars().count() < SHOWN + 20, "{came}");
    }
}
