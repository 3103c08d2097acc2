//! The tables that open figures, and the names of their rows.

use super::super::paper::{Node, Run, Table, line};
use super::super::words::{self, Words, words as all};
use super::View;
use super::wording::{self, number};
use crate::model::{ClaimantKind, Lang, Role};

const TABLES: Words = all("Кестелер", "Таблицы", "Tables");

pub(super) fn tables(view: &View<'_>, body: &mut Vec<Node>) {
    let (report, lang) = (view.report, view.lang);
    let filled: Vec<_> = report.tables.iter().filter(|table| !table.rows.is_empty()).collect();
    if filled.is_empty() && report.still_blocked.is_empty() && report.still_held.is_empty() {
        return;
    }
    body.push(Node::Heading(2, TABLES.of(lang).to_owned()));
    for table in filled {
        let (caption, note) = table_words(&table.id);
        let values: Vec<i64> = table.rows.iter().map(|row| row.value).collect();
        let shared = table.sums_to.is_some().then(|| wording::shares(&values));
        let mut head = vec![caption.of(lang).to_owned(), all("саны", "число", "number").of(lang).to_owned()];
        if shared.is_some() {
            head.push(all("үлесі", "доля", "share").of(lang).to_owned());
        }
        let rows = table
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let mut key = key_name(&table.id, &row.key, lang);
                if !row.also.is_empty() {
                    let also: Vec<String> = row.also.iter().map(|key| key_name(&table.id, key, lang)).collect();
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
    let standing = |words: Words, list: &[super::Standing]| {
        let longest = list.iter().filter_map(|standing| standing.days).max().unwrap_or(0);
        let of = all("ең ұзағы {} күн", "дольше всего — {} дн.", "the longest {} days");
        format!(
            "{}: {} ({})",
            words.of(lang),
            number(list.len() as i64, lang),
            of.of(lang).replace("{}", &number(longest, lang))
        )
    };
    let mut items = Vec::new();
    if !report.still_blocked.is_empty() {
        items.push(line(standing(
            all("Әлі бұғатталған", "Остаются заблокированными", "Still blocked"),
            &report.still_blocked,
        )));
    }
    if !report.still_held.is_empty() {
        items.push(line(standing(all("Әлі қамауда", "Остаются под стражей", "Still held"), &report.still_held)));
    }
    if !items.is_empty() {
        body.push(Node::List(items));
    }
}

/// The caption of a table, and what must be said under it.
fn table_words(id: &str) -> (Words, Words) {
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
            all(
                "Есепті кезең соңындағы айып; бірнешеуі болса — ең ауыры.",
                "Обвинение на конец периода; из нескольких — самое тяжкое.",
                "The charge at the cut-off; of several, the gravest.",
            ),
        ),
        "region" => (all("Өңірлер мен қалалар", "Регионы и города", "Regions and towns"), all("", "", "")),
        "role" => (all("Кімге қарсы", "Против кого", "Against whom"), several),
        "claimants" => (
            all("Кім талап қояды", "Кто заявляет требования", "Who claims"),
            all(
                "Талапкерлердің саны, талап-арыздардың емес: бір арызға бірнеше адам қол қоюы мүмкін.",
                "Считаются истцы, а не иски: одно заявление могут подписать несколько человек.",
                "Plaintiffs are counted, not suits: several may sign one statement.",
            ),
        ),
        "actors" => (all("Кім әрекет етті", "Кто действовал", "Who acted"), several),
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
                all(
                    "Біздің әрекеттеріміз басқа мониторингтің түрлері бойынша; есеп бірлігі бөлек, сондықтан олардың сандарымен сәйкес келмейді.",
                    "Наши действия по типам другого мониторинга; единица счёта иная, поэтому с его числами они не совпадают.",
                    "Our acts under the types of another monitor; the unit differs, so they do not equal its numbers.",
                ),
            )
        }
    }
}

/// A key of a table as it is read.
pub(super) fn key_name(table: &str, key: &str, lang: Lang) -> String {
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
            None => words::subtype(crate::model::Category::CriminalProsecution, key)
                .map_or_else(|| key.to_owned(), |words| words.of(lang).to_owned()),
        },
        ("role", key) => {
            key.parse::<Role>().map_or_else(|_| key.to_owned(), |role| role_name(role).of(lang).to_owned())
        }
        ("claimants", key) => {
            let kind = key.parse::<ClaimantKind>().ok();
            match kind {
                Some(ClaimantKind::Official) => all("лауазымды адамдар", "должностные лица", "officials"),
                Some(ClaimantKind::LegalPerson) => all("заңды тұлғалар", "юридические лица", "legal entities"),
                Some(ClaimantKind::Individual) => all("жеке тұлғалар", "частные лица", "individuals"),
                Some(ClaimantKind::Journalist) => all("журналистер", "журналисты", "journalists"),
                None => all("көрсетілмеген", "не указано", "not stated"),
            }
            .of(lang)
            .to_owned()
        }
        ("actors", key) => actor_name(key).of(lang).to_owned(),
        (_, key) => key.to_owned(),
    }
}

fn role_name(role: Role) -> Words {
    match role {
        Role::Journalist => all("журналистер", "журналисты", "journalists"),
        Role::Editor => all("редакторлар", "редакторы", "editors"),
        Role::Blogger => all("блогерлер", "блогеры", "bloggers"),
        Role::Outlet => all("басылымдар", "издания", "outlets"),
        Role::Activist => all("белсенділер", "активисты", "activists"),
        Role::Lawyer => all("адвокаттар", "адвокаты", "lawyers"),
        Role::SocialNetworkUser => {
            all("әлеуметтік желі пайдаланушылары", "пользователи соцсетей", "social-network users")
        }
        Role::HumanRightsDefender => all("құқық қорғаушылар", "правозащитники", "human-rights defenders"),
        Role::Scholar => all("ғалымдар", "учёные", "scholars"),
        Role::Artist => all("өнер адамдары", "люди искусства", "artists"),
        Role::Other => all("басқалар", "другие", "others"),
    }
}

fn actor_name(key: &str) -> Words {
    match key {
        "police" => all("полиция", "полиция", "police"),
        "knb" => all("ұлттық қауіпсіздік комитеті", "комитет национальной безопасности", "national security committee"),
        "prosecutor" => all("прокуратура", "прокуратура", "prosecutors"),
        "court" => all("соттар", "суды", "courts"),
        "ministry" => all("министрліктер", "министерства", "ministries"),
        "akimat" => all("әкімдіктер", "акиматы", "akimats"),
        "government" => all("үкімет", "правительство", "government"),
        "parliament" => all("парламент", "парламент", "parliament"),
        "company" => all("компаниялар", "компании", "companies"),
        "private_person" => all("жеке тұлғалар", "частные лица", "private persons"),
        "unknown" => all("белгісіз", "неизвестно", "unknown"),
        _ => all("басқалар", "другие", "others"),
    }
}
