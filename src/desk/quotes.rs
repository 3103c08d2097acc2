//! Published figures of the past, taken in as quotations.

use jiff::Timestamp;

use super::outputs::sha256;
use super::{Desk, DeskError};
use crate::digest::figures;
use crate::ledger::Act;
use crate::model::{Diagnostic, Quote};

/// What came of a file of quotations.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct TakenQuotes {
    /// Quotations that are new, or say something else than before.
    pub taken: usize,
    /// Those that were known.
    pub known: usize,
    /// Lines that were not understood.
    pub faults: Vec<Diagnostic>,
}

impl Desk {
    /// Takes a file of quotations in; the same file twice changes nothing.
    ///
    /// # Errors
    /// Where nobody answers for it, or the records cannot be written.
    pub fn take_quotes(&self, bytes: &[u8], file: &str, by: &str, now: Timestamp) -> Result<TakenQuotes, DeskError> {
        if by.trim().is_empty() {
            return Err(DeskError::Asked("name who takes the quotations in: --by NAME".to_owned()));
        }
        let (quotes, faults) = figures::quotes(bytes, file);
        let standing = self.store.quotes()?;
        let is_known = |quote: &Quote| {
            let same = |known: &&Quote| known.figure == quote.figure && known.period == quote.period;
            match standing.iter().find(same) {
                Some(known) => known == quote,
                None => quote.value.is_none(),
            }
        };
        let (known, new): (Vec<Quote>, Vec<Quote>) = quotes.into_iter().partition(is_known);
        let taken = new.len();
        if taken > 0 {
            let act =
                Act::Quoted { file: file.to_owned(), sha256: sha256(bytes), by: by.trim().to_owned(), quotes: new };
            self.record_acts(vec![act], now)?;
        }
        Ok(TakenQuotes { taken, known: known.len(), faults })
    }
}
