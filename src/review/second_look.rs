//! What a row says that came into the queue only when the archive was judged anew, by other rules than at first.

use crate::model::Lang;

/// That a candidate was found on a second look, and by which version of the rules, in one line.
pub fn second_look(rules: &str, lang: Lang) -> String {
    match lang {
        Lang::KK => format!("Қайта қарағанда табылды, ережелер жинағы: {rules}"),
        Lang::RU => format!("Найдено при повторном просмотре, по набору правил {rules}"),
        _ => format!("Found on a second look, by rule set {rules}"),
    }
}
