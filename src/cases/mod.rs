//! The same matter told more than once: near-duplicates, and stories of one case across outlets and
//! languages. It proposes; what two rows have to do with each other, people decide.
//!
//! | part | what it turns into what |
//! | --- | --- |
//! | [`near`] | texts → which are reprints of one another |
//! | [`edits`](edits()) | two wordings of one article → what went and what came |
//! | [`names`] | a word of a name in any language and script → what it is compared by |
//! | [`sought`] | words that somebody looks for → which stories hold them |
//! | [`mentions`] | a story → the names in it |
//! | [`laws`] | a story about legislation → the subject of the law |
//! | [`tie`] | two candidates → how much speaks for one matter, and why |
//! | [`words`] | the reasons, in the reviewer's language |
//! | [`foremost`] | what shares keys with a story → what it is compared with |
//! | [`Linker`] | stories in order → cases, in memory |

mod common;
pub mod edits;
pub mod laws;
mod letters;
mod link;
pub mod mentions;
pub mod names;
pub mod near;
pub mod sought;
#[cfg(test)]
mod tests;
pub mod tie;
pub mod words;

pub use link::{Linker, foremost};
