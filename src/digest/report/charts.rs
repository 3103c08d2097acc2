//! The charts of a report: acts by month, sums, regions, stages, this year against last.

use super::super::figures::{Block, name};
use super::super::paper::chart::Kind;
use super::super::paper::{Chart, Node};
use super::super::words::{self, Words, words as all};
use super::View;
use super::regions;
use super::wording::number;
use crate::model::Lang;

const CHARTS: Words = all("Диаграммалар", "Диаграммы", "Charts");

pub(super) fn charts(view: &View<'_>, body: &mut Vec<Node>) {
    let (report, lang) = (view.report, view.lang);
    if report.figures.value("messages_ytd") == 0 {
        return;
    }
    body.push(Node::Heading(2, CHARTS.of(lang).to_owned()));
    let letters = all("А блогы|Ә блогы|Б блогы", "Блок А|Блок Б|Блок В", "Block A|Block B|Block C");
    let series: Vec<String> = letters.of(lang).split('|').map(str::to_owned).collect();
    let month = |at: i8| {
        words::month(
            at,
            if lang == Lang::KK {
                0
            } else if lang == Lang::RU {
                1
            } else {
                3
            },
        )
        .to_owned()
    };
    let count = |value: i64| (value as f64, number(value, lang));
    body.push(Node::Chart(Chart {
        title: all("Айлар мен блоктар бойынша әрекеттер", "Действия по месяцам и блокам", "Acts by month and block")
            .of(lang)
            .to_owned(),
        series,
        rows: report.months.iter().map(|of| (month(of.month.month), of.blocks.map(count).to_vec())).collect(),
        kind: Kind::Stacked,
    }));
    // A sum that was taken back has no bar, and its number says so.
    let money = |value: i64| {
        let sign = if value < 0 { "−" } else { "" };
        let text = if value == 0 { "0".to_owned() } else { format!("{sign}{:.1}", value.abs() as f64 / 1e8) };
        let text = if matches!(lang, Lang::KK | Lang::RU) { text.replace('.', ",") } else { text };
        (value.max(0) as f64 / 1e8, text)
    };
    if report.months.iter().any(|of| of.money != [0, 0]) {
        body.push(Node::Chart(Chart {
            title: all(
                "Моральдық зиян: талап етілгені және тағайындалғаны, айлар бойынша, млн теңге",
                "Моральный вред: заявлено и взыскано по месяцам, млн тенге",
                "Moral damage claimed and awarded by month, million tenge",
            )
            .of(lang)
            .to_owned(),
            series: all("талап етілді|тағайындалды", "заявлено|взыскано", "claimed|awarded")
                .of(lang)
                .split('|')
                .map(str::to_owned)
                .collect(),
            rows: report.months.iter().map(|of| (month(of.month.month), of.money.map(money).to_vec())).collect(),
            kind: Kind::Bars,
        }));
    }
    if let Some(map) = map(view) {
        body.push(Node::Chart(map));
    }
    if !report.stages.is_empty() {
        body.push(Node::Chart(Chart {
            title: all(
                "Жыл істері қай кезеңге жетті",
                "До какой стадии дошли дела года",
                "How far the year's cases have come",
            )
            .of(lang)
            .to_owned(),
            series: Vec::new(),
            rows: report
                .stages
                .iter()
                .map(|(stage, cases)| (words::stage(*stage).of(lang).to_owned(), vec![count(*cases)]))
                .collect(),
            kind: Kind::Bars,
        }));
    }
    if let Some(last) = &report.last_year {
        // A line on which nothing happened in either year says so in the tables.
        let rows = Block::ALL
            .into_iter()
            .flat_map(Block::lines)
            .filter_map(|item| {
                let id = format!("{}_ytd", item.id());
                let (now, before) = (report.figures.value(&id), last.values.get(&id).copied().unwrap_or(0));
                let both = vec![count(now), count(before)];
                (now != 0 || before != 0).then(|| (name(item.id(), lang).to_owned(), both))
            })
            .collect();
        body.push(Node::Chart(Chart {
            title: all(
                "Жыл басынан: биыл және былтыр",
                "С начала года: этот год и прошлый",
                "Since January: this year and last",
            )
            .of(lang)
            .to_owned(),
            series: vec![report.period.year().to_string(), (report.period.year() - 1).to_string()],
            rows,
            kind: Kind::Bars,
        }));
    }
}

/// Acts of the blocks since January, by region.
fn map(view: &View<'_>) -> Option<Chart> {
    let lang = view.lang;
    let table = view.report.tables.iter().find(|table| table.id == "region")?;
    let mut sums = [0_i64; regions::REGIONS.len()];
    for row in &table.rows {
        let known = view.report.wordings.places.of_id(&row.key).and_then(|place| place.names.get(&Lang::RU));
        if let Some(at) = regions::of(known.unwrap_or(&row.key)) {
            sums[at] += row.value;
        }
    }
    if sums.iter().all(|sum| *sum == 0) {
        return None;
    }
    let tile = |(region, sum): (&regions::Region, &i64)| {
        let name = format!("{}\t{}\t{}", region.name.of(lang), region.column, region.row);
        (name, vec![(*sum as f64, number(*sum, lang))])
    };
    Some(Chart {
        title: all("Өңірлер бойынша, жыл басынан", "По регионам с начала года", "By region, since January")
            .of(lang)
            .to_owned(),
        series: Vec::new(),
        rows: regions::REGIONS.iter().zip(&sums).map(tile).collect(),
        kind: Kind::Tiles,
    })
}
