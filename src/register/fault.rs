//! What is wrong with a row of the register, between two, or with its file, and what to do: in the language of whoever
//! edits it.

use super::sheet::heading;
use crate::model::Lang;

/// Why a row, or a whole file, cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The column that is at fault; `None` where it is the file, or two rows.
    pub column: Option<&'static str>,
    said: Said,
    /// What stands in the gaps.
    found: Vec<String>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    BrokenWorkbook,
    NotUtf8,
    NoHeader,
    Beyond,
    UnknownId,
    NoRevision,
    OfAnotherWorkspace,
    TakenOut,
    NoSpelling,
    NoSpellingLeft,
    NoOtherRow,
    LongNote,
    NoKind,
    LongSpelling,
    NoName,
    SeveralSpellings,
    ChangedMeanwhile,
    SpelledOtherwise,
    Namesakes,
    MayBeOne,
}

impl Wrong {
    pub(super) fn at<const N: usize>(column: &'static str, said: Said, found: [&str; N]) -> Self {
        Self { column: Some(column), ..Self::of_file(said, found) }
    }

    pub(super) fn of_file<const N: usize>(said: Said, found: [&str; N]) -> Self {
        Self { column: None, said, found: found.map(str::to_owned).into() }
    }

    /// What is wrong and what to do, in Kazakh, Russian, else in English; the column is named where there is one.
    pub fn words(&self, lang: Lang) -> String {
        let column = match (self.column, lang) {
            (None, _) => String::new(),
            (Some(column), Lang::KK | Lang::RU) => format!("«{}» ({column}): ", heading(column, lang)),
            (Some(column), _) => format!("column {column}: "),
        };
        let mut parts = lang.pick(self.said.words()).split("{}");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.zip(&self.found).fold(column + &first, |words, (part, found)| words + found + part)
    }
}

impl Said {
    /// Kazakh, Russian, English. `{}` stands for what was found.
    #[rustfmt::skip]
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::BrokenWorkbook => [
                "кітап оқылмайды ({}): оны .xlsx түрінде қайта сақтаңыз",
                "книга не читается ({}): сохраните её заново как .xlsx",
                "the workbook cannot be read ({}): save it anew as .xlsx",
            ],
            Self::NotUtf8 => [
                "файл UTF-8 түрінде сақталмаған, қазақ әріптері жоғалады: «CSV UTF-8» түрінде сақтаңыз немесе кітапта жұмыс істеңіз ([register] path = \"register.xlsx\")",
                "файл сохранён не в UTF-8, казахские буквы в нём пропадают: сохраните его как «CSV UTF-8» или работайте в книге ([register] path = \"register.xlsx\")",
                "the file was not saved as UTF-8, and Kazakh letters are lost in it: save it as \"CSV UTF-8\", or work in a workbook ([register] path = \"register.xlsx\")",
            ],
            Self::NoHeader => [
                "бірде-бір жолда тізілім бағандары ({}) аталмаған: файлдың бірінші жолын жазылған күйінде қалдырыңыз",
                "ни в одной строке не названы столбцы реестра ({}): оставьте первую строку файла, как она была записана",
                "no line names the columns of the register ({}): keep the first line of the file as it was written",
            ],
            Self::Beyond => [
                "соңғы бағанның оң жағында ұяшықтар бар: ішінде бөлгіш бар ұяшықты тырнақшаға алыңыз",
                "правее последнего столбца стоят ячейки: возьмите в кавычки ячейку, в которой есть разделитель",
                "cells stand to the right of the last column: put quotes around a cell that holds the separator",
            ],
            Self::UnknownId => [
                "`{}` нөмірлі жол жоқ: нөмірді сол күйінде қалдырыңыз, жаңа жолда бос қалдырыңыз",
                "строки с номером `{}` нет: оставьте номер, как он был; у новой строки он пуст",
                "no row has the id `{}`: leave it as it was, or empty for a new row",
            ],
            Self::NoRevision => [
                "`{}` – нұсқа нөмірі емес: сол күйінде қалдырыңыз",
                "`{}` – не номер редакции: оставьте, как было",
                "`{}` is no revision: leave it as it was",
            ],
            Self::OfAnotherWorkspace => [
                "жолда {}-нұсқа деп тұр, ал жазылғаны {} ғана: ол басқа жұмыс қалтасынан келген",
                "в строке стоит редакция {}, а записано только {}: она из другой рабочей папки",
                "the row says revision {}, but only {} are recorded: it comes from another workspace",
            ],
            Self::TakenOut => [
                "`{}` осы аралықта алынып тасталған: қайта енгізу үшін нөмірді бос қалдырыңыз",
                "`{}` тем временем убрали: чтобы внести заново, оставьте номер пустым",
                "`{}` was taken out meanwhile: leave the id empty to enter it anew",
            ],
            Self::NoSpelling => [
                "жолда кемінде бір тілде жазылуы болуы керек",
                "в строке нужно написание хотя бы на одном языке",
                "a row needs a spelling in at least one language",
            ],
            Self::NoSpellingLeft => [
                "жолда жазылуы болуы керек; оны алып тастау үшін kind бағанына `{}` қойыңыз",
                "в строке нужно написание; чтобы убрать её, поставьте `{}` в столбце kind",
                "a row needs a spelling; write `{}` under kind to take it out",
            ],
            Self::NoOtherRow => [
                "`{}` нөмірлі басқа жол жоқ",
                "другой строки с номером `{}` нет",
                "`{}` is the id of no other row",
            ],
            Self::LongNote => [
                "{} таңбадан ұзын: қысқартыңыз",
                "длиннее {} знаков: сократите",
                "it is longer than {} characters: shorten it",
            ],
            Self::NoKind => [
                "`{}` – белгісіз түр: person (адам) немесе outlet (басылым) деп жазыңыз",
                "`{}` – нет такого вида: напишите person (человек) или outlet (издание)",
                "`{}` is no kind; use person or outlet",
            ],
            Self::LongSpelling => [
                "жазылуы {} таңбадан ұзын: тырнақша жабылмай қалған жоқ па?",
                "написание длиннее {} знаков: не осталась ли открытой кавычка?",
                "a spelling is longer than {} characters: is a quote not closed?",
            ],
            Self::NoName => [
                "`{}` – атау емес",
                "`{}` – не имя и не название",
                "`{}` is no name",
            ],
            Self::SeveralSpellings => [
                "`{}`: мұнда бір ғана жазылуы тұрады; қалғанын others бағанына жазыңыз",
                "`{}`: здесь стоит одно написание; остальные впишите в столбец others",
                "`{}`: one spelling stands here; put the rest under others",
            ],
            Self::ChangedMeanwhile => [
                "қазір `{}` деп тұр, бұл жолда `{}`: жаңадан жазылған файлда шешіңіз",
                "сейчас там `{}`, а в этой строке `{}`: решите в файле, записанном заново",
                "it says `{}` by now, this row `{}`: settle it in the file that was written anew",
            ],
            Self::SpelledOtherwise => [
                "бұл ат `{}` жолында бар және `{}` деп жазылады: сол жерде өзгертіңіз немесе not_same_as бағанына {} деп жазыңыз",
                "это имя носит `{}`, и пишется оно `{}`: измените там или впишите {} в столбец not_same_as",
                "`{}` bears this name and is spelled `{}`: change it there, or write {} under not_same_as",
            ],
            Self::Namesakes => [
                "екеуінің де аты `{}`: біреуінің cases бағанына тек сол айтылатын істерді жазыңыз немесе екі жолды біріктіріңіз",
                "обе носят имя `{}`: впишите в столбец cases одной из них, где имеется в виду только она, или объедините строки",
                "both bear `{}`: write under `cases` of one of them where it alone is meant, or join the two rows",
            ],
            Self::MayBeOne => [
                "`{}` мен `{}` бір атау болуы мүмкін: жолдарды біріктіріңіз немесе not_same_as бағанына екіншісінің нөмірін жазыңыз",
                "`{}` и `{}` могут быть одним именем: объедините строки или впишите номер другой в столбец not_same_as",
                "`{}` and `{}` may be one: join the rows, or write the other's id under `not_same_as`",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_column_and_what_to_do_in_each_language() {
        let wrong = Wrong::at("kind", Said::NoKind, ["chess"]);
        assert_eq!(wrong.words(Lang::EN), "column kind: `chess` is no kind; use person or outlet");
        assert_eq!(
            wrong.words(Lang::RU),
            "«Кто» (kind): `chess` – нет такого вида: напишите person (человек) или outlet (издание)"
        );
        assert_eq!(
            wrong.words(Lang::KK),
            "«Кім» (kind): `chess` – белгісіз түр: person (адам) немесе outlet (басылым) деп жазыңыз"
        );
        let met = Wrong::at("ru", Said::ChangedMeanwhile, ["{}", "Ли"]);
        assert_eq!(
            met.words(Lang::RU),
            "«По-русски» (ru): сейчас там `{}`, а в этой строке `Ли`: решите в файле, записанном заново"
        );
        assert!(Wrong::of_file(Said::NotUtf8, []).words(Lang::KK).starts_with("файл UTF-8 түрінде"));
    }
}
