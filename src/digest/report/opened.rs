//! The tables that open figures, and the names of their rows.

use super::super::data as shared;
use super::super::figures::{Grid, Length};
use super::super::paper::{Node, Run, Table, line};
use super::super::words::{self, Words, words as all};
use super::View;
use super::wording::{self, DAYS, number};
use crate::model::{Actor, Amount, Category, ClaimantKind, Label, Lang, Role};

const TABLES: Words = all("Кестелер", "Таблицы", "Tables");

pub(super) fn tables(view: &View<'_>, body: &mut Vec<Node>) {
    let (report, lang) = (view.report, view.lang);
    let filled: Vec<_> = report.tables.iter().filter(|table| !table.rows.is_empty()).collect();
    let grids: Vec<&Grid> = report.grids.iter().filter(|grid| !grid.rows.is_empty()).collect();
    let standing = [&report.still_blocked, &report.still_closed, &report.still_held];
    let blocked = report.figures.value("days_blocked_ytd") > 0;
    if filled.is_empty() && grids.is_empty() && !blocked && standing.iter().all(|list| list.is_empty()) {
        return;
    }
    body.push(Node::Heading(2, TABLES.of(lang).to_owned()));
    for table in filled {
        let (caption, first, note) = table_words(&table.id);
        let values: Vec<i64> = table.rows.iter().map(|row| row.value).collect();
        let shared = table.sums_to.is_some().then(|| wording::shares(&values));
        let mut head = vec![first.of(lang).to_owned(), all("саны", "число", "number").of(lang).to_owned()];
        if shared.is_some() {
            head.push(all("үлесі", "доля", "share").of(lang).to_owned());
        }
        let rows = table
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let mut key = view.key_name(&table.id, &row.key);
                if !row.also.is_empty() {
                    let also: Vec<String> = row.also.iter().map(|key| view.key_name(&table.id, key)).collect();
                    key.push_str(&format!(
                        " ({} {})",
                        all("сонымен бірге", "а также", "also").of(lang),
                        also.join(", ")
                    ));
                }
                let mut cells = vec![Run::plain(key), Run::plain(number(row.value, lang))];
                if let Some(shares) = &shared {
                    cells.push(Run::plain(wording::share(shares[at], lang)));
                }
                cells
            })
            .collect();
        let base =
            table.sums_to.map(|sum| format!(", {} {}", all("барлығы", "всего", "base").of(lang), number(sum, lang)));
        body.push(Node::Table(Table {
            caption: format!("{}{}", caption.of(lang), base.unwrap_or_default()),
            head,
            rows,
            texts: 1,
        }));
        let mut aside = note.of(lang).to_owned();
        if table.withheld > 0 {
            let withheld = all(
                " Аты-жөні айтылмайтын оқиғалар үштен аз ұяшықтарда көрсетілмейді.",
                " События, учтённые без имён, не показаны в ячейках меньше трёх.",
                " Events that are counted only are not shown in cells smaller than three.",
            );
            aside.push_str(withheld.of(lang));
        }
        if !aside.trim().is_empty() {
            body.push(Node::Aside(line(aside.trim())));
        }
    }
    grids.into_iter().for_each(|of| grid(of, view, body));
    still(view, body);
}

/// What still stands at the end of the period, and for how long access was cut.
fn still(view: &View<'_>, body: &mut Vec<Node>) {
    let (report, lang) = (view.report, view.lang);
    let mut items: Vec<Vec<Run>> = days_blocked(view).into_iter().collect();
    let lists = [
        (all("Әлі бұғатталған", "Остаются заблокированными", "Still blocked"), &report.still_blocked),
        (
            all(
                "Әлі жабық немесе тоқтатылған",
                "Остаются закрытыми или приостановленными",
                "Still closed or suspended",
            ),
            &report.still_closed,
        ),
        (
            all(
                "Адам әлі қамауда отырған істер",
                "Дела, по которым остаются под стражей",
                "Cases in which somebody is still held",
            ),
            &report.still_held,
        ),
    ];
    for (words, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        let longest = list.iter().filter_map(|standing| standing.days).max();
        let of = all(" (ең ұзағы — {})", " (дольше всего — {})", " (the longest for {})");
        let longest = longest.map(|days| of.of(lang).replace("{}", &DAYS.counted(days, lang)));
        let count = number(list.len() as i64, lang);
        items.push(line(format!("{}: {count}{}", words.of(lang), longest.unwrap_or_default())));
    }
    if !items.is_empty() {
        let heading = all("Кезең соңындағы жағдай", "Положение на конец периода", "At the end of the period");
        body.push(Node::Heading(3, heading.of(lang).to_owned()));
        body.push(Node::List(items));
    }
    still_blocked(view, body);
}

/// The days of blocking, of the period and of the year so far.
fn days_blocked(view: &View<'_>) -> Option<Vec<Run>> {
    let (report, lang) = (view.report, view.lang);
    let year = report.figures.get("days_blocked_ytd")?;
    if year.value == 0 && year.unknown == 0 {
        return None;
    }
    let told = all("Бұғатта өткен тәулік: {in} — ", "Дней под блокировкой: {in} — ", "Days blocked: {in} ");
    let mut runs = vec![
        Run::plain(told.of(lang).replace("{in}", &wording::within(report.period, lang))),
        view.bare("days_blocked_month"),
    ];
    if report.period.length() != Length::Year {
        runs.push(Run::plain(all(", жыл басынан — ", ", с начала года — ", ", since January ").of(lang)));
        runs.push(view.bare("days_blocked_ytd"));
    }
    let open = all(
        "; басталған не аяқталған күні белгісіз бұғаттау: {}",
        "; блокировок, у которых день начала или конца неизвестен: {}",
        "; blocks of which the first or last day is not known: {}",
    );
    let open = (year.unknown > 0).then(|| open.of(lang).replace("{}", &number(year.unknown, lang)));
    runs.extend(open.map(Run::plain));
    Some(runs)
}

/// What is still blocked, the longest first.
fn still_blocked(view: &View<'_>, body: &mut Vec<Node>) {
    const MOST: usize = 40;
    let lang = view.lang;
    let named = |standing: &super::Standing| {
        let event =
            view.show(&standing.event).filter(|_| standing.event.card.secrecy.as_deref() != Some("counted_only"))?;
        let who = shared::who(&event, lang).join(", ");
        let name = if who.is_empty() { shared::headline(&event, lang) } else { who };
        let days = standing.days.map_or_else(|| "—".to_owned(), |days| number(days, lang));
        Some([name, words::date(standing.since, lang), days].map(Run::plain).to_vec())
    };
    let rows: Vec<Vec<Run>> = view.report.still_blocked.iter().filter_map(named).take(MOST).collect();
    if rows.is_empty() {
        return;
    }
    let caption =
        all("Кезең соңында бұғатта тұрғандар", "Под блокировкой на конец периода", "Blocked at the end of the period");
    let head = all(
        "не бұғатталған|қай күннен бері|тәулік",
        "что заблокировано|с какого дня|дней",
        "what is blocked|since|days",
    );
    body.push(Node::Table(Table {
        caption: caption.of(lang).to_owned(),
        head: head.of(lang).split('|').map(str::to_owned).collect(),
        rows,
        texts: 2,
    }));
    if view.report.still_blocked.len() > MOST {
        let note = all("Ең ұзақ тұрған {} көрсетілді.", "Показаны {} самых давних.", "The {} longest are shown.");
        body.push(Node::Aside(line(note.of(lang).replace("{}", &number(MOST as i64, lang)))));
    }
}

/// A grid with its totals, and what must be said under it.
fn grid(grid: &Grid, view: &View<'_>, body: &mut Vec<Node>) {
    let lang = view.lang;
    let (caption, note) = grid_words(grid.id);
    let written = |column: &str, value: i64| match column {
        "sum" => words::sum(Amount(value), None, lang),
        _ => number(value, lang),
    };
    let columns = grid.columns.iter();
    let head = std::iter::once(all("түрі", "вид", "kind").of(lang))
        .chain(columns.clone().map(|column| column_name(column).of(lang)))
        .map(str::to_owned)
        .collect();
    let cells = |values: &[i64]| -> Vec<String> {
        columns.clone().zip(values).map(|(column, value)| written(column, *value)).collect()
    };
    let mut rows: Vec<Vec<Run>> = grid
        .rows
        .iter()
        .map(|row| {
            let name = Run::plain(view.key_name(grid.id, row.key));
            std::iter::once(name).chain(cells(&row.values).into_iter().map(Run::plain)).collect()
        })
        .collect();
    if rows.len() > 1 {
        let total = Run::Strong(all("Барлығы", "Всего", "Total").of(lang).to_owned());
        rows.push(std::iter::once(total).chain(cells(&grid.totals()).into_iter().map(Run::Strong)).collect());
    }
    body.push(Node::Table(Table { caption: caption.of(lang).to_owned(), head, rows, texts: 1 }));
    let mut note = note.of(lang).to_owned();
    if !grid.as_written.is_empty() {
        let sums = grid.as_written.iter().map(|(currency, amount)| words::sum(*amount, Some(currency), lang));
        let said = all(
            " Басқа өлшеммен жазылған айыппұлдар: {}.",
            " Штрафы, указанные в других единицах: {}.",
            " Fines written in other units: {}.",
        );
        note.push_str(&said.of(lang).replace("{}", &sums.collect::<Vec<_>>().join("; ")));
    }
    body.push(Node::Aside(line(note)));
}

fn grid_words(id: &str) -> (Words, Words) {
    match id {
        "sanctions" => (
            all("Жыл басынан бері тағайындалған жазалар", "Наказания с начала года", "Sanctions since January"),
            all(
                "Сот актілері бойынша; бір акт бірнеше жаза тағайындауы мүмкін. Тексеру кезінде расталған мерзім ғана саналады. Айыппұл сомасы мен қамақ тәулігі — күші жойылмағандары бойынша.",
                "По судебным актам; один акт может назначить несколько наказаний. Считается только срок, подтверждённый при проверке. Сумма штрафов и сутки ареста — без отменённых.",
                "By act of court; an act may impose several. A term counts where a reviewer confirmed it. The sum of fines and the days of arrest are without those lifted.",
            ),
        ),
        _ => (
            all("Жыл басынан бері қамауда болғандар", "Под стражей с начала года", "In custody since January"),
            all(
                "Адам ұстаудың әр түрі бойынша саналады. Тәулік 1 қаңтардан бері: ұсталған күннен босатылған күнге дейін (ол күн кірмейді) немесе кезеңнің соңына дейін. Ұсталғаннан не әкімшілік қамақтан кейін босатылуы жазылмаса, расталған мерзімі саналады; ол да жоқ болса, ұзақтығы белгісіз.",
                "Человек считается по каждому виду содержания. Сутки — с 1 января: со дня задержания до дня освобождения (он не входит) или до конца периода. Если после задержания или административного ареста освобождение не записано, считается подтверждённый срок; если нет и его, срок неизвестен.",
                "A person counts with each kind of custody. Days are those since 1 January, from the day of holding to the day of release, which is not counted, or to the end of the period. Where no release is recorded after a detention or an administrative arrest, the term that a reviewer confirmed counts; without one the length is not known.",
            ),
        ),
    }
}

/// A column of a grid as it is read.
pub(super) fn column_name(column: &str) -> Words {
    match column {
        "imposed" => all("саны", "назначено", "imposed"),
        "lifted" => all("оның ішінде күші жойылғаны", "из них отменено", "of them lifted"),
        "sum" => all("айыппұл, теңге", "штрафы, тенге", "fines, tenge"),
        "sum_unknown" => all("сомасы белгісіз", "сумма неизвестна", "sum unknown"),
        "days_imposed" => all("қамақ, тәулік", "арест, суток", "days of arrest"),
        "times" => all("рет", "случаев", "times"),
        "days" => all("тәулік", "суток", "days"),
        "unknown" => all("ұзақтығы белгісіз", "срок неизвестен", "length unknown"),
        _ => all("әлі қамауда", "остаются", "still held"),
    }
}

/// The caption of a table, what its rows are, and what must be said under it.
fn table_words(id: &str) -> (Words, Words, Words) {
    let several = all(
        "Бір әрекет бірнеше жолда тұруы мүмкін; қосуға болмайды.",
        "Одно действие может стоять в нескольких строках; не складывать.",
        "An act may stand in several lines; do not add.",
    );
    match id {
        "charge" => (
            all(
                "Жаңа қылмыстық істер айып бойынша",
                "Новые уголовные дела по обвинению",
                "New criminal matters by charge",
            ),
            all("айып", "обвинение", "charge"),
            all(
                "Есепті кезең соңындағы айып; бірнешеуі болса — ең ауыры.",
                "Обвинение на конец периода; из нескольких — самое тяжкое.",
                "The charge at the cut-off; of several, the gravest.",
            ),
        ),
        "region" => (
            all("Өңірлер мен қалалар", "Регионы и города", "Regions and towns"),
            all("өңір, қала", "регион, город", "region, town"),
            all("", "", ""),
        ),
        "role" => (
            all("Кімге қарсы", "Против кого", "Against whom"),
            all("сөз айтқан тарап", "автор высказывания", "speaker"),
            several,
        ),
        "labels" => (
            all("Хабарламалар түрлері бойынша", "Сообщения по видам", "Messages by kind"),
            all("түрі", "вид", "kind"),
            several,
        ),
        "claimants" => (
            all("Кім талап қояды", "Кто заявляет требования", "Who claims"),
            all("талапкер", "истец", "plaintiff"),
            all(
                "Талапкерлердің саны, талап-арыздардың емес: бір арызға бірнеше адам қол қоюы мүмкін.",
                "Считаются истцы, а не иски: одно заявление могут подписать несколько человек.",
                "Plaintiffs are counted, not suits: several may sign one statement.",
            ),
        ),
        "actors" => (
            all("Кім әрекет етті", "Кто действовал", "Who acted"),
            all("орган, тұлға", "орган, лицо", "body, person"),
            several,
        ),
        id => {
            let caption = match id {
                "jfj" => all(
                    "Justice for Journalists кодтауы бойынша",
                    "По кодировке Justice for Journalists",
                    "In the coding of Justice for Journalists",
                ),
                "mfrr" => all(
                    "Mapping Media Freedom кодтауы бойынша",
                    "По кодировке Mapping Media Freedom",
                    "In the coding of Mapping Media Freedom",
                ),
                _ => all("Басқа кодтау бойынша", "По другой кодировке", "In another coding"),
            };
            (
                caption,
                all("түрі", "тип", "type"),
                all(
                    "Біздің әрекеттеріміз басқа мониторингтің түрлері бойынша; есеп бірлігі бөлек, сондықтан олардың сандарымен сәйкес келмейді.",
                    "Наши действия по типам другого мониторинга; единица счёта иная, поэтому с его числами они не совпадают.",
                    "Our acts under the types of another monitor; the unit differs, so they do not equal its numbers.",
                ),
            )
        }
    }
}

impl View<'_> {
    /// A key of a table as it is read.
    pub(super) fn key_name(&self, table: &str, key: &str) -> String {
        let place = || self.report.wordings.places.of_id(key)?.names.get(&self.lang).cloned();
        let place = (table == "region").then(place).flatten();
        place.unwrap_or_else(|| key_name(table, key, self.lang))
    }
}

fn key_name(table: &str, key: &str, lang: Lang) -> String {
    match (table, key) {
        (_, "—") => all("көрсетілмеген", "не указано", "not stated").of(lang).to_owned(),
        ("charge", key) => match key.strip_prefix("CC ") {
            Some(number) => words::article(
                &crate::model::Article {
                    code: crate::model::Code::Criminal,
                    number: Some(number.to_owned()),
                    part: None,
                    name: None,
                },
                lang,
            ),
            None => words::subtype(Category::CriminalProsecution, key)
                .map_or_else(|| key.to_owned(), |words| words.of(lang).to_owned()),
        },
        ("role", key) => {
            key.parse::<Role>().map_or_else(|_| key.to_owned(), |role| words::role(role).of(lang).to_owned())
        }
        ("claimants", key) => {
            let not_stated = all("көрсетілмеген", "не указано", "not stated");
            key.parse::<ClaimantKind>().map_or(not_stated, words::claimant).of(lang).to_owned()
        }
        ("actors", key) => key.parse().map_or(words::actor(Actor::Other), words::actor).of(lang).to_owned(),
        ("labels", key) => label_name(key, lang),
        ("jfj" | "mfrr", key) => coded_name(key, lang),
        ("sanctions", "not_stated") => {
            all("басқа немесе көрсетілмеген", "иное или не указано", "other or not stated").of(lang).to_owned()
        }
        ("sanctions" | "custody", key) => [Category::Arrest, Category::AdministrativeProsecution]
            .into_iter()
            .find_map(|of| words::subtype(of, key))
            .map_or_else(|| key.to_owned(), |words| words.of(lang).to_owned()),
        (_, key) => key.to_owned(),
    }
}

/// `physical (authorities)` as it is read: a type of another monitor, and who the threat comes from.
fn coded_name(key: &str, lang: Lang) -> String {
    let word = |id: &str| coded_word(id).map_or_else(|| id.to_owned(), |words| words.of(lang).to_owned());
    match key.strip_suffix(')').and_then(|key| key.split_once(" (")) {
        Some((of, source)) => format!("{} ({})", word(of), word(source)),
        None => word(key),
    }
}

fn coded_word(id: &str) -> Option<Words> {
    Some(match id {
        "physical" => all("физикалық шабуылдар", "физические атаки", "physical attacks"),
        "non_physical_cyber" => all(
            "физикалық емес шабуылдар мен кибершабуылдар",
            "нефизические атаки и кибератаки",
            "non-physical attacks and cyber attacks",
        ),
        "judicial_economic" => all(
            "сот арқылы және экономикалық қысым",
            "судебное и экономическое давление",
            "attacks via judicial and economic means",
        ),
        "authorities" => all("билік өкілдері", "представители власти", "authorities"),
        "non_state" => all("билікке жатпайтындар", "не представители власти", "not authorities"),
        "unknown" => all("белгісіз", "неизвестно кто", "unknown"),
        "physical_assault" => all("күш қолдану", "физическое нападение", "physical assault"),
        "verbal_attack" => all("ауызша шабуыл мен қоқан-лоқы", "словесные нападки и угрозы", "verbal attack"),
        "legal_incident" => all("құқықтық қысым", "правовое давление", "legal incident"),
        "attack_to_property" => all("мүлікке шабуыл", "нападение на имущество", "attack to property"),
        "censorship" => all("цензура", "цензура", "censorship"),
        _ => return None,
    })
}

/// `arrest/release` as it is read.
fn label_name(key: &str, lang: Lang) -> String {
    let (category, subtype) = key.split_once('/').map_or((key, None), |(category, subtype)| (category, Some(subtype)));
    let Ok(id) = category.parse::<Category>() else { return key.to_owned() };
    shared::label_name(&Label { id, subtype: subtype.map(str::to_owned), score: 0.0 }, lang)
}
