//! A reviewer, or a slice of the queue, as configured.

use super::{Category, Lang};

/// `[[reviewer]]`: whose rows lie in a file of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// Unique, fit for the name of a folder; it stands in the column `reviewer` of their rows, unless they are several.
    pub name: String,
    /// Language of their file and of the replies: kk, ru or en.
    pub language: Lang,
    /// Categories that they take, of which a row needs one; empty: all.
    pub categories: Vec<Category>,
    /// Languages of the stories that they read; empty: all.
    pub languages: Vec<Lang>,
    /// Most rows that lie in their file at once; `None`: any number.
    pub limit: Option<usize>,
    /// They see every row that they take, whoever else has it: the first decision stands.
    pub shared: bool,
    /// The name is that of a slice, on which several people work: each signs in the column `reviewer`.
    pub several: bool,
}

impl Reviewer {
    /// Do they take a row of these categories, told in this language (`None`: told by no story)?
    pub fn takes(&self, categories: &[Category], language: Option<Lang>) -> bool {
        let wanted = self.categories.is_empty() || categories.iter().any(|id| self.categories.contains(id));
        let read = self.languages.is_empty() || language.is_none_or(|lang| self.languages.contains(&lang));
        wanted && read
    }

    /// Is this how somebody wrote their name?
    pub fn is_called(&self, name: &str) -> bool {
        plain(&self.name) == plain(name)
    }
}

fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
