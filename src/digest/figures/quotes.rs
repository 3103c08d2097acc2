//! Published figures of the past: a file of quotations, read and checked. They stand beside what is counted here,
//! never in it.

use std::collections::BTreeMap;

use super::{Period, definition};
use crate::model::{Amount, Diagnostic, Lang, Quote};

/// The columns, in any order.
const COLUMNS: [&str; 6] = ["figure", "period", "value", "source", "page", "note"];
/// Columns that no file may lack.
const NEEDED: usize = 4;

/// Reads a CSV file of quotations, with the columns `figure, period, value, source, page, note`. A line that is not
/// understood is told, and left out; an empty value takes an earlier quotation back.
pub fn quotes(bytes: &[u8], path: &str) -> (Vec<Quote>, Vec<Diagnostic>) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let separator = if head.contains(';') && !head.contains(',') { b';' } else { b',' };
    let mut lines = csv::ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let columns = match lines.headers().map(|head| columns(head, path)) {
        Ok(Ok(columns)) => columns,
        Ok(Err(fault)) => return (Vec::new(), vec![*fault]),
        Err(error) => return (Vec::new(), vec![Diagnostic::new(path, format!("this is no CSV: {error}"))]),
    };
    let mut quotes: BTreeMap<(String, String), Quote> = BTreeMap::new();
    let mut faults = Vec::new();
    for line in lines.records() {
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                faults.push(Diagnostic::new(path, format!("a line is no CSV: {error}")));
                continue;
            }
        };
        let at = line.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        let cell = |column: &str| {
            let at = columns.iter().find(|(name, _)| *name == column).map(|(_, at)| *at);
            at.and_then(|at| line.get(at)).unwrap_or_default().trim()
        };
        if line.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match quote(&cell) {
            Err((why, help)) => faults.push(Diagnostic::new(path, why).at(at).help(help)),
            Ok(quote) => {
                let key = (quote.figure.clone(), quote.period.clone());
                if quotes.insert(key, quote).is_some() {
                    let why = format!("{} of {} is quoted twice", cell("figure"), cell("period"));
                    faults.push(Diagnostic::new(path, why).at(at).help("leave one of the two; the last one stands"));
                }
            }
        }
    }
    (quotes.into_values().collect(), faults)
}

/// The place of each column.
fn columns(head: &csv::StringRecord, path: &str) -> Result<Vec<(&'static str, usize)>, Box<Diagnostic>> {
    let mut found = Vec::new();
    for (at, name) in head.iter().enumerate() {
        let name = name.trim().to_lowercase();
        match COLUMNS.into_iter().find(|column| *column == name) {
            Some(column) => found.push((column, at)),
            None => {
                let fault = Diagnostic::new(path, format!("`{name}` is no column")).at(1);
                return Err(Box::new(fault.help(format!("use {}", COLUMNS.join(", ")))));
            }
        }
    }
    match COLUMNS[..NEEDED].iter().find(|column| !found.iter().any(|(name, _)| name == *column)) {
        Some(missing) => {
            let fault = Diagnostic::new(path, format!("the column `{missing}` is missing")).at(1);
            Err(Box::new(fault.help(format!("begin the file with {}", COLUMNS.join(",")))))
        }
        None => Ok(found),
    }
}

/// One line; else why it is none, and what to do.
fn quote<'a>(cell: &dyn Fn(&str) -> &'a str) -> Result<Quote, (String, String)> {
    let figure = cell("figure");
    let of_period = figure.ends_with("_month") || figure.ends_with("_ytd");
    if !of_period || definition(figure, Lang::EN).is_none() {
        let help = "use an id of a report's figures, such as claims_ytd; report --format json lists them";
        return Err((format!("`{figure}` is no figure"), help.to_owned()));
    }
    let period = cell("period").parse::<Period>().map_err(|error| {
        let help = "write 2016-11, 2016-Q4, 2016-H2 or 2016; a figure since January is of its last month";
        (error.to_string(), help.to_owned())
    })?;
    let bare: String = cell("value").chars().filter(|letter| !letter.is_whitespace()).collect();
    let value = match bare.as_str() {
        "" => None,
        bare => Some(bare.parse::<Amount>().map_err(|_| {
            (format!("`{bare}` is no number"), "write plain digits, with a point before hundredths".to_owned())
        })?),
    };
    if cell("source").is_empty() {
        return Err((
            format!("{figure} of {period} names no source"),
            "a quotation says which document it is from".to_owned(),
        ));
    }
    let said = |column: &str| Some(cell(column).to_owned()).filter(|text| !text.is_empty());
    Ok(Quote {
        figure: figure.to_owned(),
        period: period.to_string(),
        value,
        source: cell("source").to_owned(),
        page: said("page"),
        note: said("note"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let (quotes, faults) = quotes(text.as_bytes(), "figures.csv");
        let quoted = quotes.iter().map(|quote| {
            let value = quote.value.map_or_else(|| "-".to_owned(), |value| value.to_string());
            format!("{} {} {value} {}", quote.figure, quote.period, quote.source)
        });
        quoted.chain(faults.iter().map(|fault| format!("{}: {}", fault.line.unwrap_or(0), fault.message))).collect()
    }

    #[test]
    fn a_file_of_quotations_is_read_in_any_order_of_columns() {
        assert_eq!(
            told(
                "figure,period,value,source,page\nclaims_ytd,2016-11,90,Обзор за ноябрь,3\nclaimed_ytd,2016-11,299 300 000,Обзор,\n"
            ),
            ["claimed_ytd 2016-11 299300000 Обзор", "claims_ytd 2016-11 90 Обзор за ноябрь"]
        );
        assert_eq!(
            told("\u{feff}source;value;period;figure\nReview;;2016;suits_ytd\n;;;\n"),
            ["suits_ytd 2016 - Review"]
        );
    }

    #[test]
    fn a_line_that_is_not_understood_is_told_with_its_place() {
        let check = |line: &str, expect: &str| {
            let told = told(&format!("figure,period,value,source\n{line}\nsuits_month,2016-11,7,Review\n"));
            assert_eq!(told, ["suits_month 2016-11 7 Review".to_owned(), format!("2: {expect}")], "{line}");
        };
        check("claims,2016-11,90,Review", "`claims` is no figure");
        check("guesses_ytd,2016-11,90,Review", "`guesses_ytd` is no figure");
        check("claims_ytd,2016-11,ninety,Review", "`ninety` is no number");
        check("claims_ytd,2016-11,90,", "claims_ytd of 2016-11 names no source");
        assert_eq!(told("figure,period,value\n"), ["1: the column `source` is missing"]);
        assert_eq!(told("figure,period,value,origin\n"), ["1: `origin` is no column"]);
        assert_eq!(
            told("figure,period,value,source\nsuits_ytd,2016,1,A\nsuits_ytd,2016,2,B\n"),
            ["suits_ytd 2016 2 B", "3: suits_ytd of 2016 is quoted twice"]
        );
    }
}
