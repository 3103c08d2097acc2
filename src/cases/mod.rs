//! The same matter told more than once: near-duplicates, and stories of one case across outlets and
//! languages. It proposes; what two rows have to do with each other, people decide.

mod link;
pub mod names;
pub mod near;

pub use link::Linker;
