//! A report that somebody has edited: the figures in it that are not what the data say.
//!
//! HTML and DOCX carry the name of each figure; a workbook and a CSV name them in a column. Markdown carries
//! nothing: there the words around each figure are looked for, and a sentence that was written anew is told
//! as not found.

use std::collections::BTreeMap;

use super::{Edition, Report, paper};
use crate::model::Lang;
use crate::review;

/// What stands where a figure stood, while the words around it are looked for.
const GAP: [char; 2] = ['\u{e000}', '\u{e001}'];
/// Longest value of a figure in a text, in characters.
const LONGEST: usize = 80;

/// What an edited file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stated {
    /// Figures by their tags, `2017-11|ru|claims_ytd`, as they stand in the text.
    Tagged(Vec<(String, String)>),
    /// Figures by period (where the file says it), id and part, as numbers.
    Values(Vec<(Option<String>, String, String)>),
    /// A text, in which the words around the figures must be looked for.
    Text(String),
}

/// A figure in an edited file that is not what the data say.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Differs {
    /// Period, language and figure.
    pub figure: String,
    /// As it stands in the file; `None` where its sentence is not there any more.
    pub in_file: Option<String>,
    /// As the data have it; `None` where the report prints no such figure.
    pub in_data: Option<String>,
}

/// Reads an edited file; its ending says how.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn stated(bytes: &[u8], ending: &str) -> Result<Stated, String> {
    let text = || String::from_utf8(bytes.to_vec()).map_err(|_| "it is not UTF-8".to_owned());
    let stated = match ending {
        "docx" => Stated::Tagged(paper::docx::figures(bytes).map_err(|error| error.to_string())?),
        "html" => Stated::Tagged(tagged(&text()?)),
        "xlsx" => Stated::Values(of_sheet(review::sheet_lines(bytes)?)),
        "csv" => Stated::Values(of_csv(text()?.trim_start_matches('\u{feff}'))),
        "md" => Stated::Text(text()?),
        other => return Err(format!("a report is checked as docx, html, xlsx, csv or md, not as `{other}`")),
    };
    let none = match &stated {
        Stated::Tagged(found) => found.is_empty(),
        Stated::Values(found) => found.is_empty(),
        Stated::Text(text) => text.trim().is_empty(),
    };
    if none { Err("no figure of a report was found in the file".to_owned()) } else { Ok(stated) }
}

fn tagged(page: &str) -> Vec<(String, String)> {
    let page = scraper::Html::parse_document(page);
    let Ok(figures) = scraper::Selector::parse("[data-figure]") else { return Vec::new() };
    page.select(&figures)
        .filter_map(|figure| Some((figure.attr("data-figure")?.to_owned(), figure.text().collect())))
        .collect()
}

/// The key of a figure, or of a part of it.
fn key(id: &str, part: &str) -> String {
    if part.is_empty() { id.to_owned() } else { format!("{id}.{part}") }
}

fn of_sheet(lines: Vec<(usize, Vec<String>)>) -> Vec<(Option<String>, String, String)> {
    let cell = |cells: &[String], at: usize| cells.get(at).map(|cell| cell.trim().to_owned()).unwrap_or_default();
    lines
        .iter()
        .filter(|(_, cells)| cells.first().is_some_and(|id| !id.is_empty() && id != "figure"))
        .map(|(_, cells)| (None, key(&cell(cells, 0), &cell(cells, 4)), cell(cells, 3)))
        .collect()
}

fn of_csv(text: &str) -> Vec<(Option<String>, String, String)> {
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|mark| first.contains(char::from(*mark))).unwrap_or(b',');
    let mut rows = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let names = rows.headers().cloned().unwrap_or_default();
    let at = |name: &str| names.iter().position(|column| column.trim() == name);
    let (Some(period), Some(figure), Some(value), Some(part), Some(part_value)) =
        (at("period"), at("figure"), at("value"), at("part"), at("part_value"))
    else {
        return Vec::new();
    };
    rows.records()
        .flatten()
        .map(|row| {
            let cell = |at: usize| row.get(at).unwrap_or_default().trim().trim_start_matches('\'').to_owned();
            let said = if cell(part).is_empty() { cell(value) } else { cell(part_value) };
            (Some(cell(period)).filter(|period| !period.is_empty()), key(&cell(figure), &cell(part)), said)
        })
        .collect()
}

/// A number however a spreadsheet writes it, in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let bare: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let bare = bare.replace('−', "-").replace(',', ".");
    let number: f64 = bare.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "beyond 2^53 no two sums are told apart, and none is so large")]
    number.is_finite().then(|| (number * 100.0).round() as i64)
}

/// Every white space one space.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, with one space kept at an end that had one.
fn spaced(text: &str) -> String {
    let space = |there: bool| if there { " " } else { "" };
    let (before, after) = (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
    match plain(text) {
        inside if inside.is_empty() => space(before || after).to_owned(),
        inside => format!("{}{inside}{}", space(before), space(after)),
    }
}

/// Figures found by their tags against what the report prints now.
pub fn of_tags(found: &[(String, String)], printed: &BTreeMap<String, String>) -> Vec<Differs> {
    let differs = |(tag, text): &(String, String)| {
        let known = printed.get(tag);
        let same = known.map(|known| plain(known)) == Some(plain(text));
        (!same).then(|| Differs { figure: tag.clone(), in_file: Some(text.clone()), in_data: known.cloned() })
    };
    found.iter().filter_map(differs).collect()
}

/// Figures found as numbers against those of a report.
pub fn of_values(found: &[(String, String)], report: &Report) -> Vec<Differs> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for figure in &report.figures.list {
        let written = |value: i64| serde_json::to_string(&figure.written(value)).unwrap_or_default();
        known.insert(figure.id.clone(), written(figure.value));
        for (part, value) in &figure.parts {
            known.insert(key(&figure.id, part), written(*value));
        }
    }
    let differs = |(id, text): &(String, String)| {
        let in_data = known.get(id);
        let same = in_data.is_some_and(|known| hundredths(known).is_some() && hundredths(known) == hundredths(text));
        let figure = format!("{}|{id}", report.period);
        (!same).then(|| Differs { figure, in_file: Some(text.clone()), in_data: in_data.cloned() })
    };
    found.iter().filter_map(differs).collect()
}

/// Figures of an edited Markdown: each is looked for between the words that stand around it.
pub fn of_text(text: &str, report: &Report, lang: Lang, edition: Edition) -> Vec<Differs> {
    let mut paper = super::paper_of(report, lang, edition);
    let mut figures: Vec<(String, String)> = Vec::new();
    paper.each_run(&mut |run| {
        if let paper::Run::Figure { tag, text } = run {
            figures.push((tag.clone(), std::mem::take(text)));
            *text = format!("{}{}{}", GAP[0], figures.len() - 1, GAP[1]);
        }
    });
    let page = String::from_utf8_lossy(&paper::whole("md", &paper)).into_owned();
    let text = plain(text);
    let (mut differs, mut from) = (Vec::new(), 0);
    for line in page.lines().filter(|line| line.contains(GAP[0])) {
        let (mut pattern, mut held) = (String::new(), Vec::new());
        for (at, piece) in line.split(GAP[0]).enumerate() {
            let words = match (at, piece.split_once(GAP[1])) {
                (0, _) | (_, None) => piece,
                (_, Some((number, rest))) => {
                    held.extend(number.parse::<usize>().ok());
                    pattern.push_str(&format!("([^*|]{{0,{LONGEST}}}?)"));
                    rest
                }
            };
            pattern.push_str(&regex::escape(&spaced(words)));
        }
        let Ok(pattern) = regex::Regex::new(&pattern) else { continue };
        // The lines follow each other; one that somebody moved is looked for from the beginning.
        let found = pattern.captures_at(&text, from).or_else(|| pattern.captures(&text));
        from = found.as_ref().and_then(|found| found.get(0)).map_or(from, |whole| whole.end());
        for (group, at) in held.into_iter().enumerate() {
            let Some((tag, known)) = figures.get(at) else { continue };
            let said = found.as_ref().and_then(|found| found.get(group + 1)).map(|said| plain(said.as_str()));
            if said.as_deref() != Some(&*plain(&crate::digest::markdown::escaped(known))) {
                differs.push(Differs { figure: tag.clone(), in_file: said, in_data: Some(known.clone()) });
            }
        }
    }
    differs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_a_spreadsheet_writes_them() {
        let check = |text: &str, expect: Option<i64>| assert_eq!(hundredths(text), expect, "{text}");
        check("70", Some(7_000));
        check("195460000", Some(19_546_000_000));
        check("195\u{a0}460\u{a0}000,00", Some(19_546_000_000));
        check("−2000000.5", Some(-200_000_050));
        check("семьдесят", None);
        check("", None);
    }

    #[test]
    fn a_csv_that_excel_saved_is_read() {
        let ours = "\u{feff}period,figure,name,unit,value,part,part_value\r\n2017-11,claims_ytd,,,70,,\r\n2017-11,claims_ytd,,,70,new,62\r\n";
        let rows = |text: &str| match stated(text.as_bytes(), "csv") {
            Ok(Stated::Values(rows)) => rows,
            other => panic!("{other:?}"),
        };
        let expect = [("claims_ytd", "70"), ("claims_ytd.new", "62")];
        let expect: Vec<_> =
            expect.map(|(id, value)| (Some("2017-11".to_owned()), id.to_owned(), value.to_owned())).into();
        assert_eq!(rows(ours), expect);
        assert_eq!(rows(&ours.replace(',', ";")), expect);
        assert!(stated(b"a,b\n1,2\n", "csv").unwrap_err().contains("no figure"));
        assert!(stated(b"x", "pdf").unwrap_err().contains("not as `pdf`"));
        assert!(stated(b"no zip", "docx").is_err() && stated(b"<p>70</p>", "html").is_err());
    }
}
