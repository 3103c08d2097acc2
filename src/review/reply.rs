//! What a reviewer reads of a file that they sent: what was taken, what came back and why, and the ids given.
//!
//! Each row stands on one line with its id, so that a row can be taken out by it.

use super::card::one_line;
use super::labels::of;
use super::notice::Notice;
use crate::model::Lang;

/// Most letters of a title.
const LONGEST_TITLE: usize = 120;

/// What became of a file.
#[derive(Debug, Clone, Default)]
pub struct Reply<'a> {
    /// Its name, as it came.
    pub file: &'a str,
    /// When it was taken, as the house's clock shows it.
    pub at: &'a str,
    /// Rows taken.
    pub taken: usize,
    /// Rows that held nothing new.
    pub unchanged: usize,
    /// Rows that came back.
    pub returned: Vec<Answered<'a>>,
    /// The file in which they lie.
    pub returned_file: Option<&'a str>,
    /// Rows entered by hand that have an id now.
    pub named: Vec<Answered<'a>>,
    /// What was odd about the file itself.
    pub notices: &'a [Notice],
    /// Was it left where it lies, since it cannot be read?
    pub left: bool,
}

/// A row, and what is said of it.
#[derive(Debug, Clone, Default)]
pub struct Answered<'a> {
    /// Line in the file, counted from 1.
    pub line: usize,
    /// Its id; empty where it has none.
    pub id: &'a str,
    /// Its headline or title, as it came.
    pub title: &'a str,
    /// Why it came back, in the reviewer's language; the case of a row entered by hand.
    pub said: &'a str,
}

/// The reply as lines of plain text, in the reviewer's language; the last is empty.
pub fn reply(reply: &Reply<'_>, lang: Lang) -> String {
    let mut lines = vec![format!("{} – {}", reply.at, one_line(reply.file))];
    if reply.left {
        let left = [
            "Файл оқылмады және орнында қалды:",
            "Файл не прочитан и оставлен на месте:",
            "The file could not be read and was left where it is:",
        ];
        lines.push(of(&left, lang).to_owned());
    } else {
        lines.push(sum(reply, lang));
    }
    lines.extend(reply.returned.iter().map(|row| row.line(lang)));
    if let Some(file) = reply.returned_file {
        lines.push(match lang {
            Lang::KK => format!("Қайтарылған жолдар «{file}» файлында: түзетіп, осы файл сияқты жіберіңіз."),
            Lang::RU => format!("Возвращённые строки – в файле «{file}»: исправьте и пришлите его так же, как этот."),
            _ => format!("The returned rows are in “{file}”: correct them and send it back the way this one came."),
        });
    }
    if !reply.named.is_empty() {
        let given = [
            "Қолмен енгізілгендерге берілген нөмірлер:",
            "Внесённому вручную даны номера:",
            "Ids given to what was entered by hand:",
        ];
        lines.push(of(&given, lang).to_owned());
        lines.extend(reply.named.iter().map(|row| row.line(lang)));
    }
    lines.extend(reply.notices.iter().map(|notice| format!("  {}", one_line(&notice.words(lang)))));
    lines.extend([String::new(), String::new()]);
    lines.join("\r\n")
}

fn sum(reply: &Reply<'_>, lang: Lang) -> String {
    let (taken, unchanged, returned) = (reply.taken, reply.unchanged, reply.returned.len());
    if taken == 0 && returned == 0 {
        return of(&["Файлда жаңа ештеңе жоқ.", "Нового в файле нет.", "There is nothing new in the file."], lang)
            .to_owned();
    }
    let (took, same, back, because) = match lang {
        Lang::KK => (
            format!("{taken} қабылданды"),
            format!("{unchanged} өзгеріссіз"),
            format!("{returned} қайтарылды"),
            "себебі:",
        ),
        Lang::RU => (
            format!("Принято {taken}"),
            format!("без нового {unchanged}"),
            format!("возвращено {returned}"),
            "потому что:",
        ),
        _ => {
            (format!("Taken {taken}"), format!("without news {unchanged}"), format!("returned {returned}"), "because:")
        }
    };
    let mut parts = vec![took];
    parts.extend((unchanged > 0).then_some(same));
    match returned {
        0 => format!("{}.", parts.join(", ")),
        _ => format!("{}, {back}, {because}", parts.join(", ")),
    }
}

impl Answered<'_> {
    fn line(&self, lang: Lang) -> String {
        let mut line = match lang {
            Lang::KK => format!("  {}-жол", self.line),
            Lang::RU => format!("  строка {}", self.line),
            _ => format!("  row {}", self.line),
        };
        if !self.id.is_empty() {
            line.push_str(&format!(" [{}]", one_line(self.id)));
        }
        let title = one_line(self.title);
        if !title.is_empty() {
            let cut: String = title.chars().take(LONGEST_TITLE).collect();
            line.push_str(&format!(" «{cut}{}»", if cut.len() < title.len() { "…" } else { "" }));
        }
        if !self.said.is_empty() {
            line.push_str(&format!(": {}", one_line(self.said)));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::super::notice::Odd;
    use super::*;

    #[test]
    fn a_reply_tells_what_was_taken_and_why_the_rest_was_not() {
        let notices = [Odd::Narrow.notice()];
        let told = Reply {
            file: "мои решения.xlsx",
            at: "2017-11-20 11:00",
            taken: 41,
            unchanged: 3,
            returned: vec![Answered { line: 5, id: "s1", title: "Суд\nрешил", said: "нужна дата" }],
            returned_file: Some("returned-А.xlsx"),
            named: vec![Answered { line: 9, id: "h1", title: "Звонок", said: "" }],
            notices: &notices,
            left: false,
        };
        assert_eq!(
            reply(&told, Lang::RU),
            "2017-11-20 11:00 – мои решения.xlsx\r\n\
             Принято 41, без нового 3, возвращено 1, потому что:\r\n  \
             строка 5 [s1] «Суд решил»: нужна дата\r\n\
             Возвращённые строки – в файле «returned-А.xlsx»: исправьте и пришлите его так же, как этот.\r\n\
             Внесённому вручную даны номера:\r\n  \
             строка 9 [h1] «Звонок»\r\n  \
             файл сохранён в windows-1251, где нет казахских букв; сохраните его как «CSV UTF-8», прежде чем писать по-казахски\r\n\r\n"
        );
        let kazakh = reply(&told, Lang::KK);
        assert!(kazakh.contains("41 қабылданды, 3 өзгеріссіз, 1 қайтарылды, себебі:\r\n  5-жол [s1]"), "{kazakh}");
        let short = Reply { taken: 2, ..Reply::default() };
        assert!(reply(&short, Lang::EN).contains("\r\nTaken 2.\r\n"));
    }

    #[test]
    fn a_file_without_news_and_one_that_cannot_be_read_are_told_apart() {
        let mut told = Reply { unchanged: 30, ..Reply::default() };
        assert!(reply(&told, Lang::RU).contains("Нового в файле нет."));
        let notices = [Odd::Empty.notice()];
        told.left = true;
        told.notices = &notices;
        let words = reply(&told, Lang::KK);
        assert!(words.contains("Файл оқылмады және орнында қалды:\r\n  файл бос; "), "{words}");
    }

    #[test]
    fn what_a_stranger_named_a_file_or_a_row_stays_on_its_line() {
        let row = Answered { line: 1, id: "s1", title: "a\r\n2017 – b\u{7}", said: "x\ny" };
        let told = Reply { file: "a\r\nb", returned: vec![row], ..Reply::default() };
        assert_eq!(reply(&told, Lang::EN).lines().filter(|line| !line.is_empty()).count(), 3);
    }
}
