//! A report as a paper: the classic sentences, the three blocks against last year, charts, tables, the
//! bridge, coverage, definitions, events.

use super::super::figures::{Block, DEFINITIONS, Length, Line, Unit, definition, name};
use super::super::form::{self, Part, Values};
use super::super::paper::{Node, Paper, Run, Table, line};
use super::super::words::{self, Words, words as all};
use super::super::{Edition, data as shared, edition::Shown};
use super::wording::{
    self, ACTS, CLAIMS, CRIMINAL, INCIDENTS, MATTERS, MESSAGES, PERSONS, SUITS, bare_tenge, capital, number, tenge,
    tenge_in_words, versus, within,
};
use super::{State, View};
use crate::model::{Lang, Quote};

/// Figures that a report prints in words or in its tables of figures, in order.
pub(super) const PRINTED: [&str; 28] = [
    "criminal_charges_month",
    "criminal_charges_ytd",
    "suits_month",
    "claims_ytd",
    "judicial_acts_month",
    "judicial_acts_appeal_month",
    "judicial_acts_cassation_month",
    "judicial_acts_for_speaker_month",
    "judicial_acts_ytd",
    "claimed_ytd",
    "awarded_ytd",
    "awarded_gross_ytd",
    "awards_of_earlier_years_ytd",
    "other_losses_claimed_ytd",
    "criminal_damage_claimed_ytd",
    "criminal_damage_awarded_ytd",
    "sentences_ytd",
    "block_a_month",
    "block_b_month",
    "block_c_month",
    "persons_month",
    "persons_ytd",
    "outlets_month",
    "outlets_ytd",
    "relief_month",
    "days_blocked_month",
    "days_blocked_ytd",
    "messages_month",
];

const TITLE: Words = all(
    "Қазақстандағы сөз бостандығының бұзылуы",
    "Нарушения свободы слова в Казахстане",
    "Violations of freedom of speech in Kazakhstan",
);
const INCOMPLETE: Words = all("кезең аяқталған жоқ", "период не завершён", "incomplete: the period is not over");
const CONTENTS: Words = all("Мазмұны", "Содержание", "Contents");
const REPORTS: Words = all("Негізгі оқиғалар", "Главное", "The main events");
const FIGURES: Words = all("Сандар", "Цифры", "Figures");
const BLOCKS: Words = all("Үш блок бойынша", "По трём блокам", "In three blocks");
const BRIDGE: Words = all(
    "Жыл басынан бергі сандар қалай шықты",
    "Откуда числа с начала года",
    "How the since-January numbers came about",
);
const COVERAGE: Words =
    all("Қамту және белгісіз жайттар", "Охват мониторинга и пробелы в данных", "Coverage and what is not known");
const MEANING: Words = all("Бұл сандар нені білдіреді", "Что означают эти числа", "What these numbers mean");
const LIST: Words = all("Кезең оқиғалары", "События периода", "Events of the period");

/// What every page must say.
pub(super) fn marks(view: &View<'_>) -> Vec<String> {
    let (report, lang) = (view.report, view.lang);
    let mut marks = Vec::new();
    if report.state.is_draft() {
        marks.push(words::DRAFT.of(lang).to_owned());
    }
    if !report.complete {
        marks.push(INCOMPLETE.of(lang).to_owned());
    }
    if view.edition == Edition::Internal {
        marks.push(words::INTERNAL.of(lang).to_owned());
    }
    marks
}

pub(super) fn paper(view: &View<'_>) -> Paper {
    let (report, lang) = (view.report, view.lang);
    let period = wording::named(report.period, lang);
    // A line never ends between a year and its month.
    let title = format!("{}. {}", TITLE.of(lang), period.replace(' ', "\u{a0}"));
    let signed_by = match (&report.state, view.edition) {
        (State::Signed { by } | State::Frozen { by, .. }, Edition::Internal) => Some(by.clone()),
        _ => None,
    };
    let method = all(
        "Мониторинг қордың тілшілерінің хабарламалары мен ашық дереккөздердегі ақпарат бойынша жүргізілді.",
        "Мониторинг проведён по сообщениям корреспондентов фонда и информации из открытых источников.",
        "The monitoring rests on reports of the foundation's correspondents and on information from open sources.",
    );
    let values = Values {
        lang: lang.to_string(),
        title,
        days: words::span(report.period.first.first_day(), report.period.last.last_day(), lang),
        period,
        letterhead: report.house.head.clone(),
        contacts: report.house.foot.clone(),
        state: report.state.id().to_owned(),
        public: view.edition == Edition::Public,
        signed: all("Қол қойған", "Подписал(а)", "Signed by").of(lang).to_owned(),
        signed_by,
        method: method.of(lang).to_owned(),
    };
    let filled = form::filled(form::Kind::Report, report.house.form.as_deref(), &values);
    let mut body = Vec::new();
    for part in filled.parts {
        match part {
            Part::Node(node) => body.push(node),
            Part::Section(name) => section(view, &name, &mut body),
        }
    }
    for node in &mut body {
        if let Node::Table(table) = node {
            table.head.iter_mut().for_each(|name| *name = capital(name));
        }
    }
    Paper {
        lang: Some(lang),
        head: filled.head,
        title: filled.title,
        subtitle: filled.subtitle,
        marks: marks(view),
        public: view.edition == Edition::Public,
        body,
        foot: filled.foot,
        contents: CONTENTS.of(lang).to_owned(),
    }
}

/// One section of the form.
fn section(view: &View<'_>, name: &str, body: &mut Vec<Node>) {
    match name {
        "main_events" => main_events(view, body),
        "figures" => classic(view, body),
        "blocks" => blocks(view, body),
        "charts" => super::charts::charts(view, body),
        "tables" => super::opened::tables(view, body),
        "bridge" => bridge(view, body),
        "coverage" => coverage(view, body),
        "meaning" => meaning(view, body),
        "events" => listing(view, body),
        _ => {}
    }
}

/// What the house chose to tell first: the events that it marked, or those that it wrote a headline for.
fn main_events(view: &View<'_>, body: &mut Vec<Node>) {
    const MOST: usize = 10;
    let highlit =
        |event: &&crate::model::Event| view.report.wordings.get(&event.id).is_some_and(|wording| wording.highlight);
    let marked = view.events.iter().any(highlit);
    let events = view.events.iter().copied().filter(|event| !marked || highlit(event));
    let chose = |event: &Shown| marked || !event.wording.headline.is_empty();
    let chosen: Vec<Shown> = events.filter_map(|event| view.show(event)).filter(chose).take(MOST).collect();
    if chosen.is_empty() {
        return;
    }
    body.push(Node::Heading(2, REPORTS.of(view.lang).to_owned()));
    if chosen.iter().all(|event| event.wording.summary.is_empty()) {
        body.push(Node::List(chosen.iter().map(|event| line(shared::heading(event, view.lang))).collect()));
        return;
    }
    // As the house tells them: the headline, and what happened in a paragraph.
    for event in &chosen {
        body.push(Node::Text(vec![Run::Strong(shared::heading(event, view.lang))]));
        body.extend(shared::summary(event, view.lang).map(|summary| Node::Text(line(summary))));
    }
}

impl View<'_> {
    fn value(&self, id: &str) -> i64 {
        self.report.figures.value(id)
    }

    fn part(&self, id: &str, part: &str) -> i64 {
        let figure = self.report.figures.get(id);
        figure.and_then(|figure| figure.parts.iter().find(|(name, _)| *name == part)).map_or(0, |(_, value)| *value)
    }

    /// A count with its noun, marked as a figure.
    fn counted(&self, id: &str, noun: &wording::Noun) -> Run {
        self.figure(id, None, noun.counted(self.value(id), self.lang))
    }

    pub(super) fn bare(&self, id: &str) -> Run {
        self.figure(id, None, number(self.value(id), self.lang))
    }

    fn bare_part(&self, id: &str, part: &str) -> Run {
        self.figure(id, Some(part), number(self.part(id, part), self.lang))
    }

    fn sum(&self, id: &str) -> Run {
        self.figure(id, None, tenge_in_words(self.value(id), self.lang))
    }
}

/// A sentence whose gaps `{}` are filled by runs, in order.
fn filled(sentence: &str, runs: Vec<Run>) -> Vec<Run> {
    let mut out = Vec::new();
    let mut runs = runs.into_iter();
    for (at, text) in sentence.split("{}").enumerate() {
        if at > 0 {
            out.extend(runs.next());
        }
        if !text.is_empty() {
            out.push(Run::plain(text));
        }
    }
    out
}

/// The form of 2012–2022.
fn classic(view: &View<'_>, body: &mut Vec<Node>) {
    let (report, lang) = (view.report, view.lang);
    let inside = capital(&within(report.period, lang));
    body.push(Node::Heading(2, FIGURES.of(lang).to_owned()));
    let begun = all(
        "{in} БАҚ пен азаматтарға қатысты пікір білдіру, ақпарат алу және тарату бостандығы құқығын жүзеге асыруына байланысты {} басталды.",
        "{in} в отношении СМИ и граждан в связи с осуществлением права на свободу выражения, получение и распространение информации начато {}.",
        "{in}, {} against media and citizens were opened in connection with the exercise of the right to freedom of expression and to receive and spread information.",
    );
    let sentence = |words: &Words| words.of(lang).replace("{in}", &inside);
    let one = view.value("criminal_charges_month") == 1;
    let begun = if one { sentence(&begun).replace("were opened", "was opened") } else { sentence(&begun) };
    body.push(Node::Text(filled(&begun, vec![view.counted("criminal_charges_month", &CRIMINAL)])));

    let under_way = all(
        "Жыл басынан бері сотқа дейінгі және сот сатысында барлығы {} жүргізілді, оның ішінде өткен жылдардан ауысқаны — {}.",
        "С начала года в производстве, досудебном и судебном, находилось {}, из них переходящих — {}.",
        "Since the beginning of the year {}, pre-trial and at trial, have been under way, of them {} carried over from earlier years.",
    );
    body.push(Node::Text(filled(
        under_way.of(lang),
        vec![view.counted("criminal_charges_ytd", &CRIMINAL), view.bare_part("criminal_charges_ytd", "carried_over")],
    )));

    let acts = all(
        "{in} ар-намысты, қадір-қасиетті және іскерлік беделді қорғау істері бойынша {} шығарылды, оның ішінде апелляцияда — {}, кассацияда — {}. БАҚ-тың, журналистер мен азаматтардың пайдасына — {}, ішінара — {}, қарсы — {}.",
        "{in} по делам о защите чести, достоинства и деловой репутации вынесено {}, в том числе в апелляции — {}, в кассации — {}. В пользу СМИ, журналистов и граждан — {}, частично — {}, против — {}.",
        "{in}, {} were issued in cases on the protection of honour, dignity and business reputation: in appeal {}, in cassation {}. In favour of media, journalists and citizens: {}; in part: {}; against: {}.",
    );
    let acts = match view.value("judicial_acts_month") {
        1 => sentence(&acts).replace("were issued", "was issued"),
        _ => sentence(&acts),
    };
    body.push(Node::Text(filled(
        &acts,
        vec![
            view.counted("judicial_acts_month", &ACTS),
            view.bare("judicial_acts_appeal_month"),
            view.bare("judicial_acts_cassation_month"),
            view.bare("judicial_acts_for_speaker_month"),
            view.bare_part("judicial_acts_month", "mixed"),
            view.bare_part("judicial_acts_month", "against"),
        ],
    )));

    let filed = all(
        "{in} сотқа {} берілді. Жыл басынан бері сөз бостандығы құқығын жүзеге асыруға байланысты ар-намысты, қадір-қасиетті және іскерлік беделді қорғау туралы {} болды, оның ішінде өткен жылдардан ауысқаны — {}.",
        "{in} в суды подано: {}. С начала года в связи с осуществлением права на свободу выражения было {} о защите чести, достоинства и деловой репутации, из них переходящих — {}.",
        "{in}, {} reached the courts. Since the beginning of the year there have been {} on honour, dignity and business reputation in connection with the exercise of the right to freedom of expression, of them {} carried over from earlier years.",
    );
    body.push(Node::Text(filled(
        &sentence(&filed),
        vec![
            view.counted("suits_month", &SUITS),
            view.counted("claims_ytd", &CLAIMS),
            view.bare_part("claims_ytd", "carried_over"),
        ],
    )));

    let money = all(
        "Жыл басынан бері моральдық зиянды өтеу ретінде {} талап етілді. Соттар {} өндіруге шешім шығарды (сол істер бойынша алғаш тағайындалғаны — {}).",
        "С начала года в возмещение морального вреда заявлено {}. Суды взыскали {} (первоначально по тем же делам было присуждено {}).",
        "Compensation for moral damage claimed since the beginning of the year: {}. Awarded by courts and standing: {} (first awarded in the same cases: {}).",
    );
    body.push(Node::Text(filled(
        money.of(lang),
        vec![view.sum("claimed_ytd"), view.sum("awarded_ytd"), view.sum("awarded_gross_ytd")],
    )));
    money_notes(view, body, &inside);
}

/// What must stand under the sums, so that a drop or a gap is no error.
fn money_notes(view: &View<'_>, body: &mut Vec<Node>, inside: &str) {
    let lang = view.lang;
    let mut note = |words: Words, value: String| {
        body.push(Node::Aside(line(words.of(lang).replace("{in}", inside).replace("{}", &value))));
    };
    let reduced = view.value("awarded_month");
    if reduced < 0 {
        note(
            all(
                "{in} жоғары тұрған соттар бұрын тағайындалған соманы {} азайтты.",
                "{in} вышестоящие суды уменьшили присуждённое ранее на {}.",
                "{in}, sums awarded before were reduced on appeal by {}.",
            ),
            tenge_in_words(-reduced, lang),
        );
    }
    let earlier = view.value("awards_of_earlier_years_ytd");
    if earlier != 0 {
        note(
            all(
                "Өткен жылдары тағайындалған сомалардың биылғы өзгеруі: {}.",
                "Изменение в этом году присуждённого в прежние годы: {}.",
                "Change this year to awards of earlier years: {}.",
            ),
            tenge(earlier, lang),
        );
    }
    let unknown = view.report.figures.get("claimed_ytd").map_or(0, |figure| figure.unknown);
    if unknown > 0 {
        note(
            all(
                "Талап сомасы белгісіз: {}.",
                "Сумма требований неизвестна: {}.",
                "The sum claimed is not known in {}.",
            ),
            MATTERS.counted(unknown, lang),
        );
    }
    let unknown = view.report.figures.get("awarded_ytd").map_or(0, |figure| figure.unknown);
    if unknown > 0 {
        note(
            all(
                "Тағайындалған сома белгісіз: {}.",
                "Присуждённая сумма неизвестна: {}.",
                "The sum awarded is not known in {}.",
            ),
            MATTERS.counted(unknown, lang),
        );
    }
    for (id, words) in [
        (
            "other_losses_claimed_ytd",
            all("Өзге залал ретінде талап етілгені: {}.", "Заявлено иных убытков: {}.", "Other losses claimed: {}."),
        ),
        (
            "criminal_damage_claimed_ytd",
            all(
                "Қылмыстық істер ішінде талап етілген моральдық зиян: {}.",
                "Моральный вред, заявленный внутри уголовных дел: {}.",
                "Moral damage claimed inside criminal cases: {}.",
            ),
        ),
        (
            "criminal_damage_awarded_ytd",
            all(
                "Қылмыстық істер ішінде тағайындалған моральдық зиян: {}.",
                "Моральный вред, присуждённый внутри уголовных дел: {}.",
                "Moral damage awarded inside criminal cases: {}.",
            ),
        ),
    ] {
        if view.value(id) != 0 {
            note(words, tenge(view.value(id), lang));
        }
    }
}

/// The form of 2024: three blocks, this year against the same period of last year.
fn blocks(view: &View<'_>, body: &mut Vec<Node>) {
    let (report, lang) = (view.report, view.lang);
    body.push(Node::Heading(2, BLOCKS.of(lang).to_owned()));
    let mut head = vec![all("Жол", "Строка", "Line").of(lang).to_owned(), capital(&within(report.period, lang))];
    // Of a whole year the two are one.
    if report.period.length() != Length::Year {
        head.push(all("жыл басынан", "с начала года", "since January").of(lang).to_owned());
    }
    head.push(all("адам", "людей", "persons").of(lang).to_owned());
    if report.last_year.is_some() {
        head.push(
            all("былтырғы осы кезең", "тот же период прошлого года", "same period of last year").of(lang).to_owned(),
        );
    }
    let mut rows = Vec::new();
    for block in Block::ALL {
        rows.push(block_row(view, &format!("block_{}", block.id()), None));
        for item in block.lines() {
            rows.push(block_row(view, item.id(), Some(*item)));
        }
    }
    rows.push(block_row(view, "relief", None));
    rows.push(block_row(view, "censorship", None));
    body.push(Node::Table(Table { caption: String::new(), head, rows, texts: 1 }));
    let totals = [("incidents_month", &INCIDENTS), ("persons_month", &PERSONS)];
    let told: Vec<String> = totals.iter().map(|(id, noun)| noun.counted(view.value(id), lang)).collect();
    let affected = all(
        "А және Ә блоктары бойынша: {0}; барлық блоктарда {1} зардап шекті (адам әр оқиғада саналады).",
        "По блокам А и Б: {0}; во всех блоках пострадало {1} (человек считается в каждом случае).",
        "Blocks A and B: {0}; in all blocks {1} affected (a person counts with each incident).",
    );
    body.push(Node::Aside(line(affected.of(lang).replace("{0}", &told[0]).replace("{1}", &told[1]))));
    compared(view, body);
    quoted(view, body);
}

fn block_row(view: &View<'_>, base: &str, item: Option<Line>) -> Vec<Run> {
    let lang = view.lang;
    let (month, year) = (format!("{base}_month"), format!("{base}_ytd"));
    let title = name(base, lang);
    let first = match item {
        Some(_) => Run::plain(format!("  – {title}")),
        None => Run::Strong(capital(title)),
    };
    let persons = match item {
        Some(_) => Run::plain(number(view.value(&format!("{base}_persons_month")), lang)),
        None => Run::plain(""),
    };
    let mut row = vec![first, view.bare(&month)];
    if view.report.period.length() != Length::Year {
        row.push(view.bare(&year));
    }
    row.push(persons);
    if let Some(last) = &view.report.last_year {
        row.push(Run::plain(number(last.values.get(&month).copied().unwrap_or(0), lang)));
    }
    row
}

/// Sentences against last year: new matters only.
fn compared(view: &View<'_>, body: &mut Vec<Node>) {
    let lang = view.lang;
    let Some(last) = &view.report.last_year else { return };
    let mut items = Vec::new();
    for id in ["criminal_charges_ytd", "claims_ytd", "block_a_ytd", "block_b_ytd", "block_c_ytd"] {
        let this =
            view.report.figures.get(id).map(|figure| {
                figure.parts.iter().find(|(part, _)| *part == "new").map_or(figure.value, |(_, new)| *new)
            });
        let before = last.new.get(id).or_else(|| last.values.get(id)).copied().unwrap_or(0);
        let this = this.unwrap_or(0);
        let mut text = format!("{}: {}", capital(name(id, lang)), versus(this, before, lang));
        if let Some(printed) = last.published.get(id) {
            let footnote = all("жарияланғанда {}", "при публикации {}", "{} when published");
            text.push_str(&format!(" ({})", footnote.of(lang).replace("{}", &number(*printed, lang))));
        }
        items.push(line(text));
    }
    let heading = all(
        "Жыл басынан, былтырғы осы мерзіммен салыстырғанда (тек жаңа істер)",
        "С начала года в сравнении с тем же периодом прошлого года (только новые дела)",
        "Since January, against the same period of last year (new matters only)",
    );
    body.push(Node::Heading(3, heading.of(lang).to_owned()));
    body.push(Node::List(items));
}

/// This period against what others printed of the same period of last year, where nothing of it was counted here:
/// the numbers side by side, and no ratio, since who counted otherwise may have counted something else.
fn quoted(view: &View<'_>, body: &mut Vec<Node>) {
    let lang = view.lang;
    if view.report.quoted.is_empty() {
        return;
    }
    let told = |quote: &Quote| {
        let figure = view.report.figures.get(&quote.figure)?;
        let now = wording::told(&figure.id, figure.written(figure.value), lang);
        let currency = (figure.unit == Unit::Tenge).then_some("KZT");
        let before = words::sum(quote.value?, currency, lang);
        let page = quote.page.as_deref().map(|page| match lang {
            Lang::KK => format!(", {page}-бет"),
            Lang::RU => format!(", с. {page}"),
            _ => format!(", p. {page}"),
        });
        let note = quote.note.as_deref().map(|note| format!("; {note}"));
        let from = format!("{}{}{}", quote.source, page.unwrap_or_default(), note.unwrap_or_default());
        Some(line(match lang {
            Lang::KK => format!("{now}, бұрын жарияланғаны {before} (дереккөз: {from})"),
            Lang::RU => format!("{now} против {before} (цитируется по: {from})"),
            _ => format!("{now} against {before} (quoted from {from})"),
        }))
    };
    let heading = all(
        "Бұрын жарияланған сандармен салыстырғанда",
        "В сравнении с опубликованным прежде",
        "Against figures published before",
    );
    body.push(Node::Heading(3, heading.of(lang).to_owned()));
    body.push(Node::List(view.report.quoted.iter().filter_map(told).collect()));
    let note = all(
        "Бұрынғы сандар дереккөзден алынды: бұл бағдарлама оларды санаған жоқ, ешбір қосындыға кірмейді.",
        "Прежние числа приведены по источнику: эта программа их не считала, ни в одну сумму они не входят.",
        "The earlier numbers are quoted from their sources: this program has not counted them, and no sum holds them.",
    );
    body.push(Node::Aside(line(note.of(lang))));
}

fn bridge(view: &View<'_>, body: &mut Vec<Node>) {
    let (report, lang) = (view.report, view.lang);
    let shown = [
        (Line::Criminal, "criminal_charges"),
        (Line::CriminalCarried, "criminal_charges"),
        (Line::Claims, "claims"),
        (Line::ClaimsCarried, "claims"),
        (Line::Suits, "suits"),
        (Line::Acts, "judicial_acts"),
        (Line::Claimed, "claimed"),
        (Line::Awarded, "awarded"),
    ];
    let carried = all("ауысқан", "переходящие", "carried over");
    let rows: Vec<Vec<Run>> = shown
        .into_iter()
        .filter_map(|(item, id)| {
            let bridge = report.bridge.iter().find(|bridge| bridge.line == item)?;
            // The unit stands with the name: no cell is wide enough for both.
            let written = |value: i64| if item.is_money() { bare_tenge(value, lang) } else { number(value, lang) };
            let title = match item {
                _ if item.is_money() => {
                    format!("{}, {}", capital(name(id, lang)), all("теңге", "тенге", "tenge").of(lang))
                }
                Line::CriminalCarried | Line::ClaimsCarried => {
                    format!("{}: {}", capital(name(id, lang)), carried.of(lang))
                }
                _ => capital(name(id, lang)),
            };
            let cells = [bridge.last, bridge.period, bridge.late, bridge.corrected, bridge.now];
            Some(
                std::iter::once(Run::plain(title))
                    .chain(cells.into_iter().map(|value| Run::plain(written(value))))
                    .collect(),
            )
        })
        .collect();
    body.push(Node::Heading(2, BRIDGE.of(lang).to_owned()));
    let head = all(
        "Жол|соңғы есеп|осы кезең|кеш білінді|түзету|жыл басынан",
        "Строка|последний отчёт|этот период|узнано позднее|исправления|с начала года",
        "Line|last report|this period|learned late|corrections|since January",
    );
    body.push(Node::Table(Table {
        caption: String::new(),
        head: head.of(lang).split('|').map(str::to_owned).collect(),
        rows,
        texts: 1,
    }));
    let late = all(
        "Алдыңғы айлар туралы осы кезеңде анықталғаны: {0}; түзетулер: {1}. Жарияланған айлар өзгермейді, сондықтан айлардың қосындысы жыл санына тең болмауы мүмкін.",
        "Узнано в этом периоде о прежних месяцах: {0}; исправления: {1}. Опубликованный месяц не меняется, поэтому сумма месяцев может не равняться числу с начала года.",
        "Learned in this period about earlier months: {0}; corrections: {1}. A published month never changes, so the months need not add up to the year.",
    );
    body.push(Node::Aside(line(
        late.of(lang)
            .replace("{0}", &number(view.value("late_month"), lang))
            .replace("{1}", &number(view.value("corrected_month"), lang)),
    )));
}

fn coverage(view: &View<'_>, body: &mut Vec<Node>) {
    let (report, lang) = (view.report, view.lang);
    body.push(Node::Heading(2, COVERAGE.of(lang).to_owned()));
    let mut items: Vec<Vec<Run>> = Vec::new();
    for (label, value) in shared::coverage_lines(&report.coverage, lang).into_iter().take(5) {
        items.push(vec![Run::plain(format!("{}: {value}", capital(label)))]);
    }
    let undecided = all(
        "Кезең бойынша әлі тексеріліп жатқаны: {}",
        "Ещё проверяются за этот период: {}",
        "Of the period still being checked: {}",
    );
    let waiting = i64::try_from(report.coverage.undecided).unwrap_or(i64::MAX);
    items.push(line(undecided.of(lang).replace("{}", &MESSAGES.counted(waiting, lang))));
    let figures = &report.figures;
    let mut say = |count: usize, words: Words| {
        if count > 0 {
            items.push(line(words.of(lang).replace("{}", &number(count as i64, lang))));
        }
    };
    say(
        figures.begun_unknown.len(),
        all(
            "Басталуы белгісіз, сондықтан істер санына кірмейтін: {}",
            "Начало не записано, поэтому не входят в число дел: {}",
            "Cases whose beginning is not recorded, so that no count of matters holds them: {}",
        ),
    );
    say(
        figures.undated.len(),
        all(
            "Күні белгісіз, саналмайтын оқиғалар: {}",
            "События без даты, нигде не посчитаны: {}",
            "Events without a date, counted nowhere: {}",
        ),
    );
    say(
        figures.touched_unknown.len(),
        all(
            "Зардап шеккендердің саны белгісіз (барлық пайдаланушылар): {}",
            "Число пострадавших неизвестно (все пользователи): {}",
            "Acts that touched an unknown number (all users): {}",
        ),
    );
    let unknown = figures.get("judicial_acts_month").map_or(0, |figure| figure.unknown);
    say(
        usize::try_from(unknown).unwrap_or(0),
        all(
            "Нәтижесі белгісіз, саналмаған сот актілері: {}",
            "Судебные акты без исхода, не посчитаны: {}",
            "Judicial acts without an outcome, not counted: {}",
        ),
    );
    body.push(Node::List(items));
}

fn meaning(view: &View<'_>, body: &mut Vec<Node>) {
    let lang = view.lang;
    body.push(Node::Heading(2, MEANING.of(lang).to_owned()));
    let version = all("Анықтамалар нұсқасы: {}.", "Версия определений: {}.", "Version of the definitions: {}.");
    body.push(Node::Aside(line(version.of(lang).replace("{}", DEFINITIONS))));
    let mut told: Vec<&str> = Vec::new();
    let mut items = Vec::new();
    for figure in &view.report.figures.list {
        let base = figure.id.trim_end_matches("_month").trim_end_matches("_ytd");
        if told.contains(&base) || base.ends_with("_persons") {
            continue;
        }
        if let Some(definition) = definition(base, lang) {
            told.push(base);
            items.push(vec![Run::Strong(format!("{}. ", capital(name(base, lang)))), Run::plain(definition)]);
        }
    }
    body.push(Node::List(items));
}

/// The heading over the events of the period, and their place.
fn listing(view: &View<'_>, body: &mut Vec<Node>) {
    let lang = view.lang;
    body.push(Node::Heading(2, LIST.of(lang).to_owned()));
    if view.events.is_empty() {
        let none = all(
            "Бұл кезең бойынша расталған оқиға жоқ.",
            "Подтверждённых событий за период нет.",
            "No events were confirmed for this period.",
        );
        body.push(Node::Text(line(none.of(lang))));
    }
    body.push(Node::Listing);
}
