//! What is odd about a whole queue file, in the language of whoever sent it.

use super::fault::Fault;
use super::labels;
use crate::model::{Diagnostic, Lang};

/// One oddity: what, where, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    odd: Odd,
    /// Line of the file, counted from 1, where it is known.
    line: Option<usize>,
}

/// What can be odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Odd {
    Empty,
    OldWorkbook,
    /// What the reader of workbooks said.
    BrokenWorkbook(String),
    NoHeader,
    /// Windows-1251.
    Narrow,
    /// Names of cells under no column.
    Beside(Vec<String>),
    /// The ending of a kind that is not read.
    NotRead(String),
    /// Bytes that a queue file may have at most.
    TooLarge(u64),
    /// What is wrong with the first row, where no row can be read.
    Rows(Fault),
}

impl Odd {
    pub(super) fn notice(self) -> Notice {
        Notice { odd: self, line: None }
    }

    /// Kazakh, Russian, English: what it is, then what to do. `{}` stands for what was found.
    #[rustfmt::skip]
    fn words(&self) -> ([&'static str; 3], [&'static str; 3]) {
        match self {
            Self::Empty => (
                ["файл бос", "файл пуст", "the file is empty"],
                [
                    "көшірмеден қайтарыңыз немесе өшіріңіз: жаңасы жазылады",
                    "верните его из копии или удалите: будет записан новый",
                    "restore it from a copy, or delete it: a new one is written",
                ],
            ),
            Self::OldWorkbook => (
                [
                    "бұл – басқа атпен сақталған ескі Excel кітабы",
                    "это старая книга Excel под другим именем",
                    "this is an old Excel workbook under another name",
                ],
                [
                    "оны .xlsx немесе CSV UTF-8 түрінде сақтап, соны жіберіңіз",
                    "сохраните её как .xlsx или CSV UTF-8 и пришлите это",
                    "save it as .xlsx or CSV UTF-8 and import that",
                ],
            ),
            Self::BrokenWorkbook(_) => (
                [
                    "кітап оқылмайды ({})",
                    "книга не читается ({})",
                    "the workbook cannot be read: {}",
                ],
                [
                    "оны .xlsx немесе CSV UTF-8 түрінде қайта сақтап, соны жіберіңіз",
                    "сохраните её заново как .xlsx или CSV UTF-8 и пришлите это",
                    "save it anew as .xlsx, or as CSV UTF-8, and import that",
                ],
            ),
            Self::NoHeader => (
                [
                    "бірде-бір жолда кезек файлының бағандары (decision, reviewer, …, id, revision) аталмаған",
                    "ни в одной строке не названы столбцы файла очереди (decision, reviewer, …, id, revision)",
                    "no line names the columns of a queue file (decision, reviewer, …, id, revision)",
                ],
                [
                    "алынған файлдың алғашқы жолдарын қалдырыңыз; .xlsx немесе CSV UTF-8 түрінде сақтаңыз",
                    "оставьте первые строки полученного файла; сохраните как .xlsx или CSV UTF-8",
                    "keep the first lines of the exported file; save as .xlsx or CSV UTF-8",
                ],
            ),
            Self::Narrow => (
                [
                    "файл windows-1251 кодтамасында сақталған, онда қазақ әріптері жоқ",
                    "файл сохранён в windows-1251, где нет казахских букв",
                    "the file was saved in windows-1251, which has no Kazakh letters",
                ],
                [
                    "қазақша жазардан бұрын «CSV UTF-8» түрінде сақтаңыз",
                    "сохраните его как «CSV UTF-8», прежде чем писать по-казахски",
                    "save it as \"CSV UTF-8\" before typing Kazakh",
                ],
            ),
            Self::Beside(_) => (
                [
                    "{} кезектің ешбір бағанына жатпайды",
                    "{} не относится ни к одному столбцу очереди",
                    "{} stands under no column of the queue",
                ],
                [
                    "шешілген жолда ол ескертпенің соңында сақталады",
                    "в решённой строке это сохраняется в конце примечания",
                    "in a decided row it is kept at the end of the note",
                ],
            ),
            Self::NotRead(_) => (
                [
                    ".{} файлынан кезек оқылмайды",
                    "из файла .{} очередь не читается",
                    "a queue file is not read from .{}",
                ],
                [
                    "оны .xlsx немесе CSV UTF-8 түрінде сақтап, соны жіберіңіз",
                    "сохраните его как .xlsx или CSV UTF-8 и пришлите это",
                    "save it as .xlsx, or as CSV UTF-8, and import that",
                ],
            ),
            Self::TooLarge(_) => (
                [
                    "файл {} байттан үлкен: кезек файлы мұндай болмайды",
                    "файл больше {} байт: таким файл очереди не бывает",
                    "the file is larger than {} bytes, which no queue file is",
                ],
                [
                    "ішіндегісін қараңыз; тек кезектің жолдарын қалдырыңыз",
                    "посмотрите, что в нём; оставьте только строки очереди",
                    "look what is in it, and leave the rows of the queue only",
                ],
            ),
            Self::Rows(_) => (
                ["{}"; 3],
                [
                    "алынған файлды қайта ашып, сол түрінде сақтаңыз",
                    "откройте полученный файл заново и сохраните в том же виде",
                    "open the exported file again and save it as what it is",
                ],
            ),
        }
    }

    fn found(&self, lang: Lang) -> String {
        match self {
            Self::BrokenWorkbook(said) => said.clone(),
            Self::Beside(names) => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
            Self::NotRead(ending) => ending.clone(),
            Self::TooLarge(most) => most.to_string(),
            Self::Rows(fault) => fault.words(lang),
            Self::Empty | Self::OldWorkbook | Self::NoHeader | Self::Narrow => String::new(),
        }
    }
}

impl Notice {
    /// The file is larger than so many bytes, and was not read.
    pub fn too_large(most: u64) -> Self {
        Odd::TooLarge(most).notice()
    }

    /// The same, at a line counted from 1.
    #[must_use]
    pub(super) fn at(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    /// What it is and what to do, in one line.
    pub fn words(&self, lang: Lang) -> String {
        format!("{}; {}", self.what(lang), labels::of(&self.odd.words().1, lang))
    }

    /// The same in English, for the operator, of a file as the user named it.
    pub fn of_file(&self, path: &str) -> Diagnostic {
        let told = Diagnostic::new(path, self.what(Lang::EN)).help(labels::of(&self.odd.words().1, Lang::EN));
        match self.line {
            Some(line) => told.at(line),
            None => told,
        }
    }

    fn what(&self, lang: Lang) -> String {
        labels::of(&self.odd.words().0, lang).replacen("{}", &self.odd.found(lang), 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_what_and_what_to_do_in_each_language() {
        let notice = Odd::BrokenWorkbook("no end".to_owned()).notice();
        assert_eq!(
            notice.words(Lang::RU),
            "книга не читается (no end); сохраните её заново как .xlsx или CSV UTF-8 и пришлите это"
        );
        assert!(notice.words(Lang::KK).starts_with("кітап оқылмайды (no end); "));
        let told = Odd::Beside(vec!["a".to_owned(), "{}".to_owned()]).notice().at(7).of_file("queue.csv");
        assert_eq!(
            told.to_string(),
            "queue.csv:7: `a`, `{}` stands under no column of the queue\n  help: in a decided row it is kept at the end of the note"
        );
    }
}
