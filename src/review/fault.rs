//! Why a row goes back, in the language of whoever filled it in.
//!
//! Each reason names its column, what was found in it and what to do next. English is what the operator's
//! terminal prints; Kazakh and Russian name the column by the heading that stands over it in the workbook,
//! and the values of a closed list by the words to pick there.

use std::fmt;

use super::labels;
use crate::model::{Decision, Lang, NotASum, NotListed};

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    column: Option<&'static str>,
    said: Said,
    args: Vec<Arg>,
}

/// All that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub(super) Vec<Fault>);

/// What stands in the gaps of a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arg {
    /// Text as it is.
    Text(String),
    /// Ids of a closed list of a column.
    Values(&'static str, Vec<String>),
    /// Columns that are missing.
    Columns(Vec<&'static str>),
    /// A decision; with the row or case that it names.
    Says(Option<Decision>, String),
    /// Who decided; empty where nobody signed.
    Who(String),
    /// Columns in which two decisions differ: theirs, yours.
    Differ(Vec<(&'static str, String, String)>),
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Fault {
    pub(super) fn of<const N: usize>(said: Said, args: [Arg; N]) -> Self {
        Self { column: None, said, args: args.into() }
    }

    /// The same, of a column.
    pub(super) fn at(self, column: &'static str) -> Self {
        Self { column: Some(column), ..self }
    }

    /// Is it what a file looks like that was copied only in part?
    pub(super) fn is_of_the_end(&self) -> bool {
        matches!(self.said, Said::QuoteNotClosed | Said::NotJson)
    }

    /// A value that stands on no closed list. `column` is the one whose words name the list.
    pub(super) fn not_listed(error: NotListed, column: &'static str) -> Self {
        let allowed = error.allowed.split(", ").map(str::to_owned).collect();
        Self::of(Said::NotListed, [error.given.into(), error.noun.into(), Arg::Values(column, allowed)])
    }

    /// The reason in a language.
    pub fn words(&self, lang: Lang) -> String {
        let mut words = match self.column {
            Some(column) => format!("{}: ", named(column, lang)),
            None => String::new(),
        };
        let mut rest = labels::of(&self.said.words(), lang);
        while let Some((before, after)) = rest.split_once('{') {
            let Some((number, after)) = after.split_once('}') else { break };
            words.push_str(before);
            if let Some(arg) = number.parse::<usize>().ok().and_then(|at| self.args.get(at)) {
                words.push_str(&arg.words(lang));
            }
            rest = after;
        }
        words.push_str(rest);
        words
    }
}

impl From<NotASum> for Fault {
    fn from(error: NotASum) -> Self {
        Self::of(Said::NotASum, [error.0.into()])
    }
}

impl Refusal {
    /// All reasons, in a language.
    pub fn words(&self, lang: Lang) -> String {
        self.0.iter().map(|fault| fault.words(lang)).collect::<Vec<_>>().join("; ")
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Lang::EN))
    }
}

/// A column as people call it: by its heading, and by its id for whoever works in a plain table.
fn named(column: &str, lang: Lang) -> String {
    match lang {
        Lang::KK | Lang::RU => format!("«{}» ({column})", labels::heading(column, lang)),
        _ => column.to_owned(),
    }
}

impl Arg {
    fn words(&self, lang: Lang) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Values(column, ids) => {
                let of_list = |id: &String| match lang {
                    Lang::KK | Lang::RU => labels::label(column, id, lang),
                    _ => id.clone(),
                };
                ids.iter().map(of_list).collect::<Vec<_>>().join(", ")
            }
            Self::Columns(columns) => columns.iter().map(|column| named(column, lang)).collect::<Vec<_>>().join(", "),
            Self::Says(None, _) => {
                labels::of(&["шешімсіз түзетулер", "исправления без решения", "corrections without a decision"], lang)
                    .to_owned()
            }
            Self::Says(Some(decision), case) => {
                let word = match lang {
                    Lang::KK | Lang::RU => labels::shown("decision", decision.id(), lang),
                    _ => decision.to_string(),
                };
                match (case.as_str(), lang) {
                    ("", _) => word,
                    (case, Lang::KK | Lang::RU) => format!("{word} ({case})"),
                    (case, _) => format!("{word} of {case}"),
                }
            }
            Self::Who(name) if name.trim().is_empty() => labels::of(&["біреу", "кто-то", "somebody"], lang).to_owned(),
            Self::Who(name) => name.clone(),
            Self::Differ(columns) if columns.is_empty() => String::new(),
            Self::Differ(columns) => {
                let pair = |(column, theirs, yours): &(&'static str, String, String)| {
                    let shown = |cell: &str| match lang {
                        Lang::KK | Lang::RU => labels::shown(column, cell, lang),
                        _ => cell.to_owned(),
                    };
                    format!("{} `{}` / `{}`", named(column, lang), shown(theirs), shown(yours))
                };
                let pairs: Vec<String> = columns.iter().map(pair).collect();
                let lead = labels::of(&["; айырмасы: ", "; расходятся: ", "; they differ in "], lang);
                format!("{lead}{}", pairs.join(", "))
            }
        }
    }
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    TooLong,
    UnknownId,
    NotListed,
    NotASum,
    NoCategory,
    SuitWithoutKind,
    NeedsCase,
    CaseIsItself,
    UnknownCase,
    CaseLeadsBack,
    NotARevision,
    NoReviewer,
    OtherWorkspace,
    NothingRecorded,
    Decided,
    ReadOnly,
    NoSource,
    NeedsADay,
    LostId,
    ByHandLacks,
    NothingToReject,
    NotADate,
    TwoDates,
    NoColumn,
    NotASubtype,
    TargetWithoutName,
    TargetWithoutRole,
    ClaimantWithoutName,
    NotAnArticle,
    NotLetters,
    NotDays,
    NotMoney,
    TwoKindsOfMoney,
    NotSecrecy,
    EmbargoNeedsADay,
    FailedFormula,
    QuoteNotClosed,
    TooManyCells,
    NotJson,
    NotAnObject,
    NeedsTwoSources,
    TooManyAttached,
    AttachedOutside,
    AttachedLink,
    AttachedMissing,
    AttachedNoFile,
    AttachedTooLarge,
    AttachedUnreadable,
}

impl Said {
    /// Kazakh, Russian, English.
    #[rustfmt::skip]
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::TooLong => [
                "`{0}`: {1} таңбадан ұзын, кестеге одан көп сыймайды: қысқартыңыз",
                "`{0}`: длиннее {1} знаков, больше таблица не вмещает: сократите",
                "`{0}` is longer than {1} characters, the most that a spreadsheet can hold: shorten it",
            ],
            Self::UnknownId => [
                "`{0}` нөмірлі жол жоқ: нөмірді файлдағыдай қалдырыңыз; қолмен енгізілген оқиғада ол бос болады",
                "строки с номером `{0}` нет: оставьте номер, как он был в файле; у события, внесённого вручную, он пуст",
                "no row has the id `{0}`: leave the id as exported, or empty for an event by hand",
            ],
            Self::NotListed => [
                "`{0}` тізімде жоқ; мыналардың бірін таңдаңыз: {2}",
                "`{0}` нет в списке; выберите одно из: {2}",
                "`{0}` is no {1}; use one of {2}",
            ],
            Self::NotASum => [
                "`{0}` – сома емес; тек цифр жазыңыз, тиын нүктеден кейін: 1500000 немесе 11345.50",
                "`{0}` – не сумма; напишите цифрами, тиыны после точки: 1500000 или 11345.50",
                "`{0}` is not a sum; write plain digits with a point, such as 1500000 or 11345.50",
            ],
            Self::NoCategory => [
                "расталған оқиғаның кемінде бір санаты болуы керек",
                "у подтверждённого события нужна хотя бы одна категория",
                "a confirmed event needs at least one category",
            ],
            Self::SuitWithoutKind => [
                "ар-намыс туралы талап түрімен ғана расталады; мынаның бірін таңдаңыз: {0}",
                "иск о чести и достоинстве подтверждается только с видом; выберите одно из: {0}",
                "`defamation_suit` is confirmed only with its kind: write {0}",
            ],
            Self::NeedsCase => [
                "«{0}» деген шешімге ол жататын жолдың немесе істің нөмірі керек",
                "для решения «{0}» нужен номер строки или дела, к которому она относится",
                "`{0}` needs the id of the row or case that it belongs to",
            ],
            Self::CaseIsItself => [
                "`{0}` – осы жолдың өзі; басқасының нөмірін жазыңыз",
                "`{0}` – это сама строка; впишите номер другой",
                "`{0}` is this row itself",
            ],
            Self::UnknownCase => [
                "`{0}` нөмірлі жол да, іс те жоқ: «Нөмірі» немесе «Іс» бағанынан алыңыз, жаңа іс болса бос қалдырыңыз",
                "нет ни строки, ни дела с номером `{0}`: возьмите его из столбца «Номер» или «Дело», для нового дела оставьте пусто",
                "no row and no case has the id `{0}`: take it from the column id or case, or leave the cell empty for a new case",
            ],
            Self::CaseLeadsBack => [
                "`{0}` осы жолдың қайталамасы деп белгіленген; екеуінің бірін ғана қайталама етіңіз",
                "`{0}` сама названа дубликатом этой строки; дубликатом может быть только одна из двух",
                "`{0}` is itself called a duplicate of this row",
            ],
            Self::NotARevision => [
                "`{0}` – нұсқа нөмірі емес; файлдағы санды қалдырыңыз",
                "`{0}` – не номер редакции; оставьте число, как оно было в файле",
                "`{0}` is no revision; leave the number as exported",
            ],
            Self::NoReviewer => [
                "шешіммен бірге оны қабылдаған адамның аты керек",
                "к решению нужно имя того, кто его принял",
                "a decision needs the name of who took it",
            ],
            Self::OtherWorkspace => [
                "жолда {0}-нұсқа делінген, ал тек {1} жазылған: жол басқа жерден келген; файлды қайта алыңыз",
                "в строке редакция {0}, а записано только {1}: она из другого рабочего места; возьмите файл заново",
                "the row says revision {0}, but only {1} are recorded: it comes from another workspace; export again",
            ],
            Self::NothingRecorded => [
                "жолда {0}-нұсқа делінген, бірақ ол туралы ештеңе жазылмаған: файлды қайта алыңыз",
                "в строке редакция {0}, но о ней ничего не записано: возьмите файл заново",
                "the row says revision {0}, but nothing is recorded for it: export again",
            ],
            Self::Decided => [
                "осы арада шешілген ({0}-нұсқа, жолда {1}). {2} жазылған: {3}: {4}. Осы жолда: {5}: {6}{7}. \
                 Бірінші шешім өз күшінде. Өзгерту үшін шешілген жолдарды сұраңыз (`sozwatch queue export --decided`) да, сонда шешіңіз",
                "решено тем временем (редакция {0}, в строке {1}). Записано {2}: {3}: {4}. В этой строке: {5}: {6}{7}. \
                 Действует первое. Чтобы изменить, попросите решённые строки (`sozwatch queue export --decided`) и решите там",
                "decided in the meantime (revision {0}, the row says {1}). Recorded on {2}: {3}: {4}. This row: {5}: {6}{7}. \
                 Bring the row back with `sozwatch queue export --decided` and decide on it there",
            ],
            Self::ReadOnly => [
                "бұл ұяшық өзгертілмейді, ал ол өзгерген; `{0}` еді: қайтарып қойыңыз",
                "эта ячейка не меняется, а она изменена; было `{0}`: верните, как было",
                "read-only, but it was changed; it was `{0}`: put it back",
            ],
            Self::NoSource => [
                "қолмен енгізілген оқиғада ол болуы керек",
                "у события, внесённого вручную, он нужен",
                "an event entered by hand needs one",
            ],
            Self::NeedsADay => [
                "`{0}`: толық күні керек: ЖЖЖЖ-АА-КК",
                "`{0}`: нужен полный день: ГГГГ-ММ-ДД",
                "`{0}` needs a whole day: YYYY-MM-DD",
            ],
            Self::LostId => [
                "жол кезектен алынған, бірақ нөмірі жоқ; орнына қойыңыз",
                "строка взята из очереди, но её номер пропал; верните его",
                "the row comes from the queue, but its id is gone; put it back",
            ],
            Self::ByHandLacks => [
                "қолмен енгізілген оқиғаға (нөмірсіз жолға) мыналар керек: {0}; кезектегі жолға оның нөмірі керек",
                "событию, внесённому вручную (строке без номера), нужны: {0}; строке очереди нужен её номер",
                "an event entered by hand (a row without id) needs {0}; a row of the queue needs its id",
            ],
            Self::NothingToReject => [
                "нөмірсіз жолда қабылдамайтын ештеңе жоқ",
                "в строке без номера отклонять нечего",
                "there is nothing to reject in a row without id",
            ],
            Self::NotADate => [
                "`{0}` – күн емес; ЖЖЖЖ-АА-КК, ЖЖЖЖ-АА немесе ЖЖЖЖ деп жазыңыз",
                "`{0}` – не дата; напишите ГГГГ-ММ-ДД, ГГГГ-ММ или ГГГГ",
                "`{0}` is not a date; write YYYY-MM-DD, YYYY-MM or YYYY",
            ],
            Self::TwoDates => [
                "`{0}` – {1} де, {2} де болуы мүмкін; ЖЖЖЖ-АА-КК деп жазыңыз",
                "`{0}` может значить и {1}, и {2}; напишите ГГГГ-ММ-ДД",
                "`{0}` may mean {1} or {2}; write YYYY-MM-DD",
            ],
            Self::NoColumn => [
                "бұл баған түзетілмейді",
                "этот столбец не исправляют",
                "is no column that can be corrected",
            ],
            Self::NotASubtype => [
                "`{0}` – бұл санаттың түрі емес ({1}); мыналардың бірін таңдаңыз: {2}",
                "`{0}` – не вид этой категории ({1}); выберите одно из: {2}",
                "`{0}` is no subtype of {1}; use one of {2}",
            ],
            Self::TargetWithoutName => [
                "`{0}`: аты жоқ; `аты (рөлі)` деп жазыңыз",
                "`{0}`: никто не назван; напишите `имя (роль)`",
                "`{0}` names nobody; write `name (role)`",
            ],
            Self::TargetWithoutRole => [
                "`{0}`: рөлі жоқ; `аты (рөлі)` деп жазыңыз, рөлдер: {1}",
                "`{0}`: нет роли; напишите `имя (роль)`, роли: {1}",
                "`{0}` has no role; write `name (role)` with a role of {1}",
            ],
            Self::ClaimantWithoutName => [
                "`{0}`: аты жоқ; `аты (шенеунік)` деп жазыңыз",
                "`{0}`: никто не назван; напишите `имя (должностное лицо)`",
                "`{0}` names nobody; write `name (official)`",
            ],
            Self::NotAnArticle => [
                "`{0}` – бап емес; `ҚК 174-бап 1-бөлік`, `ӘҚБтК 73-3-бап` немесе `заң АТАУЫ` деп жазыңыз",
                "`{0}` – не статья; напишите `ст. 174 ч. 1 УК`, `ст. 73-3 КоАП` или `закон НАЗВАНИЕ`",
                "`{0}` is no article; write `CC 174/1`, `CAO 73-3` or `law NAME`",
            ],
            Self::NotLetters => [
                "`{0}` келмейді; латынша {2} әріп жазыңыз, мысалы {3}",
                "`{0}` не подходит; напишите {2} латинские буквы, например {3}",
                "`{0}` is not {1}; write {2} letters, such as {3}",
            ],
            Self::NotDays => [
                "`{0}` – тәулік саны емес; 1-ден {1}-ке дейінгі бүтін сан жазыңыз",
                "`{0}` – не число суток; напишите целое число от 1 до {1}",
                "`{0}` is no number of days; write a whole number from 1 to {1}",
            ],
            Self::NotMoney => [
                "`{0}` – ақша түрі емес; moral, loss, costs, fine және joint немесе each деп жазыңыз",
                "`{0}` – не вид суммы; напишите moral, loss, costs, fine и, где нужно, joint или each",
                "`{0}` is no kind of money; use one of moral, loss, costs, fine, with joint or each",
            ],
            Self::TwoKindsOfMoney => [
                "`{0}`: бірден екі түрі көрсетілген; moral, loss, costs, fine ішінен біреуін, joint немесе each ішінен біреуін жазыңыз",
                "`{0}`: названы сразу два вида; напишите один из moral, loss, costs, fine и один из joint, each",
                "`{0}` names two kinds at once; use one of moral, loss, costs, fine, with joint or each",
            ],
            Self::NotSecrecy => [
                "`{0}` – құпиялық түрі емес; public, no_names, counted_only, embargo ЖЖЖЖ-АА-КК немесе internal деп жазыңыз",
                "`{0}` – не вид закрытости; напишите public, no_names, counted_only, embargo ГГГГ-ММ-ДД или internal",
                "`{0}` is no secrecy; use one of public, no_names, counted_only, embargo YYYY-MM-DD, internal",
            ],
            Self::EmbargoNeedsADay => [
                "`{0}`: эмбаргоға толық күні керек: embargo ЖЖЖЖ-АА-КК",
                "`{0}`: эмбарго нужен полный день: embargo ГГГГ-ММ-ДД",
                "`{0}` needs a whole day: embargo YYYY-MM-DD",
            ],
            Self::FailedFormula => [
                "ұяшықта істемеген формула тұр: мәтінді қайта, алдына ' белгісін қойып жазыңыз",
                "в ячейке формула, которая не сработала: напишите текст заново, поставив перед ним '",
                "the cell holds a formula that failed: type the text again, with a ' before it",
            ],
            Self::QuoteNotClosed => [
                "файл {0}-жолда басталған тырнақша ішінде үзілген: тырнақшаны жабыңыз да, ештеңе түсіп қалмағанын тексеріңіз",
                "файл обрывается внутри кавычек, открытых в строке {0}: закройте кавычки и проверьте, что ничего не пропало",
                "the file ends inside a quoted cell that begins on line {0}: close the quote, and see that nothing is missing",
            ],
            Self::TooManyCells => [
                "жолда {0} ұяшық, ал тақырыптар {1}: ішінде `{2}` бар ұяшықты тырнақшаға алыңыз",
                "в строке ячеек {0}, а заголовков {1}: возьмите в кавычки ячейку, в которой есть `{2}`",
                "the row has {0} cells under {1} headers: put quotes around a cell that holds `{2}`",
            ],
            Self::NotJson => [
                "жол JSON емес ({0}); әр жол – кезек жолының бір JSON нысаны",
                "строка – не JSON ({0}); каждая строка – один объект JSON строки очереди",
                "the line is not JSON ({0}); each line is one JSON object of a queue row",
            ],
            Self::NotAnObject => [
                "жол JSON нысаны емес; әр жол – кезек жолының бір JSON нысаны",
                "строка – не объект JSON; каждая строка – один объект JSON строки очереди",
                "the line is no JSON object; each line is one JSON object of a queue row",
            ],
            Self::NeedsTwoSources => [
                "екі тәуелсіз дереккөздің екеуін де «;» арқылы атаңыз; көшіріп басқан басылым екінші дереккөз емес",
                "назовите оба независимых источника через «;»; издание, которое перепечатало, – не второй источник",
                "name both independent sources, parted by `;`; an outlet that reprints is no second source",
            ],
            Self::TooManyAttached => [
                "{0} файл: бір жолға {1}-дан артық тіркелмейді",
                "файлов {0}: к одной строке прикладывают не больше {1}",
                "{0} files: a row takes no more than {1}",
            ],
            Self::AttachedOutside => [
                "`{0}`: кезек файлы тұрған қалтадан тыс; файлды сол қалтаға көшіріп, атын ғана жазыңыз",
                "`{0}`: вне папки файла очереди; скопируйте файл в неё и напишите только имя",
                "`{0}` leads out of the folder of the queue file: copy the file there and write its name alone",
            ],
            Self::AttachedLink => [
                "`{0}` – сілтеме; файлдың өзін көшіріп қойыңыз",
                "`{0}` – ссылка; положите сам файл",
                "`{0}` is a link: put the file itself there",
            ],
            Self::AttachedMissing => [
                "`{0}` файлы кезек файлының қасында жоқ",
                "файла `{0}` рядом с файлом очереди нет",
                "there is no file `{0}` beside the queue file",
            ],
            Self::AttachedNoFile => [
                "`{0}` – бос немесе қарапайым файл емес",
                "`{0}` пуст или не является обычным файлом",
                "`{0}` is empty, or no plain file",
            ],
            Self::AttachedTooLarge => [
                "`{0}`: {1} МБ-тан үлкен; кішірейтіп, қайта қойыңыз",
                "`{0}` больше {1} МБ; уменьшите и приложите снова",
                "`{0}` is larger than {1} MiB: make it smaller and attach that",
            ],
            Self::AttachedUnreadable => [
                "`{0}` оқылмады ({1})",
                "`{0}` не читается ({1})",
                "`{0}` cannot be read ({1})",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_the_column_and_what_to_do_in_each_language() {
        let fault = Fault::of(Said::TwoDates, ["03/04/2017".into(), "2017-03-04".into(), "2017-04-03".into()]);
        let refusal = Refusal::from(fault.at("event_date"));
        let check = |lang, expect: &str| assert_eq!(refusal.words(lang), expect);
        check(Lang::EN, "event_date: `03/04/2017` may mean 2017-03-04 or 2017-04-03; write YYYY-MM-DD");
        check(
            Lang::RU,
            "«Дата события» (event_date): `03/04/2017` может значить и 2017-03-04, и 2017-04-03; напишите ГГГГ-ММ-ДД",
        );
        check(
            Lang::KK,
            "«Оқиға күні» (event_date): `03/04/2017` – 2017-03-04 де, 2017-04-03 де болуы мүмкін; ЖЖЖЖ-АА-КК деп жазыңыз",
        );
    }

    #[test]
    fn values_of_a_list_are_named_as_the_list_names_them() {
        let error = "chess".parse::<crate::model::Stage>().unwrap_err();
        let fault = Fault::not_listed(error, "stage");
        assert!(fault.words(Lang::EN).starts_with("`chess` is no stage; use one of complaint, claim"));
        assert!(fault.words(Lang::RU).contains("выберите одно из: жалоба, требование, иск"));
        assert!(fault.words(Lang::KK).contains("тергеу"));
    }

    #[test]
    fn what_was_typed_is_never_taken_for_a_gap() {
        let fault = Fault::of(Said::UnknownId, ["{0}{9}{".into()]);
        assert_eq!(
            fault.words(Lang::EN),
            "no row has the id `{0}{9}{`: leave the id as exported, or empty for an event by hand"
        );
    }
}
