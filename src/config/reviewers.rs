//! Who reviews: `[[reviewer]]`.

use super::read::{language, languages};
use super::telling::categories;
use crate::model::{Lang, Reviewer};
use crate::tables::Table;

/// Most letters of a name: it becomes part of the names of files.
const LONGEST_NAME: usize = 60;

/// Reads every `[[reviewer]]`.
pub(super) fn reviewers(table: &Table<'_, '_>) -> Vec<Reviewer> {
    let mut reviewers: Vec<Reviewer> = Vec::new();
    for table in table.tables("reviewer") {
        let Some(reviewer) = reviewer(&table) else { continue };
        match reviewers.iter().any(|known| known.is_called(&reviewer.name)) {
            true => table.fault("name", format!("two reviewers are named `{}`", reviewer.name), None),
            false => reviewers.push(reviewer),
        }
    }
    reviewers
}

fn reviewer(table: &Table<'_, '_>) -> Option<Reviewer> {
    let name = table.required_text("name").map(|name| name.trim().to_owned());
    let limit = table.count("limit").map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let reviewer = Reviewer {
        name: name.clone().unwrap_or_default(),
        language: table.parsed("language", language).unwrap_or(Lang::RU),
        categories: categories(table, "categories"),
        languages: languages(table, Lang::KNOWN).unwrap_or_default(),
        limit,
        shared: table.flag("shared").unwrap_or_default(),
        several: table.flag("several").unwrap_or_default(),
    };
    if limit == Some(0) {
        table.fault("limit", "`reviewer.limit` is 0, so they would never get a row; take the block out instead", None);
    }
    table.done();
    match is_a_folder(&name?) {
        true => Some(reviewer),
        false => {
            let help = "letters, digits, spaces, `-`, `_`, `.` and `'`; no `.` at either end".to_owned();
            let message = format!("`{}` cannot be the name of a folder on every system", reviewer.name);
            table.fault("name", message, Some(help));
            None
        }
    }
}

/// Can a folder be called so, on Windows too?
fn is_a_folder(name: &str) -> bool {
    const RESERVED: [&str; 5] = ["con", "prn", "aux", "nul", "done"];
    let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '\'' | '’' | 'ʼ');
    !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && name.chars().all(fits)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !RESERVED.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::model::Category;

    #[test]
    fn a_reviewer_is_read_with_defaults() {
        let text = "[[reviewer]]\nname = \" Айгүл Т. Қ \"\nlanguage = \"kk\"\ncategories = [\"arrest\"]\nlanguages = [\"kk\", \"ru\"]\nlimit = 40\n\
                    [[reviewer]]\nname = \"редактор\"\nshared = true\nseveral = true\n";
        let (config, told) = parse(text, "config.toml").unwrap();
        assert_eq!(told, []);
        let [first, second] = config.reviewers.as_slice() else { panic!("{:?}", config.reviewers) };
        assert_eq!((first.name.as_str(), first.language, first.limit), ("Айгүл Т. Қ", Lang::KK, Some(40)));
        assert_eq!((first.categories.as_slice(), first.shared), ([Category::Arrest].as_slice(), false));
        assert_eq!((second.language, second.limit, second.shared), (Lang::RU, None, true));
        assert_eq!((first.several, second.several), (false, true));
        assert!(second.categories.is_empty() && second.languages.is_empty());
    }

    #[test]
    fn faults_say_what_is_wrong_with_a_reviewer() {
        let check = |text: &str, expect: &str| {
            let told = parse(text, "config.toml").unwrap_err();
            assert!(told.len() == 1 && told[0].to_string().contains(expect), "{text}: {told:?}");
        };
        check("[[reviewer]]\nlanguage = \"kk\"", "`reviewer.name` is missing");
        check("[[reviewer]]\nname = \"A\"\nlangauge = \"kk\"", "did you mean `language`?");
        check("[[reviewer]]\nname = \"A\"\nlanguage = \"de\"", "use kk, ru or en");
        check("[[reviewer]]\nname = \"A\"\nlanguages = [\"xx\"]", "`xx` is no language here");
        check("[[reviewer]]\nname = \"A\"\ncategories = [\"arest\"]", "`arest` is no category");
        check("[[reviewer]]\nname = \"A\"\nlimit = 0", "would never get a row");
        check("[[reviewer]]\nname = \"A\"\nseveral = \"yes\"", "several");
        check("[[reviewer]]\nname = \"A  b\"\n[[reviewer]]\nname = \"a B\"", "two reviewers are named `a B`");
        for name in ["../up", "a/b", "a:b", ".hidden", "done", "NUL", "end.", "a\\\\b"] {
            check(&format!("[[reviewer]]\nname = \"{name}\""), "cannot be the name of a folder");
        }
        check("[queue]\ninbox = \"boxes\"\noutbox = \"boxes/\"", "they must be two");
        check("[[reviewer]]\nname = \"  \"", "`reviewer.name` is empty");
        check("[queue]\ninbox = \"\"", "name a folder of its own");
    }
}
