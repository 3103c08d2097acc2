//! Reading the records again, byte by byte, as they lie on disk: the chain of the ledger, the sealed
//! values beside it, the batches of the journal. It goes on after a fault and names each.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::chain::{self, Chain, raw_lines};
use super::journal;
use super::line::{Fault, Line};
use super::seal::{self, Found, Lying};
use super::{Act, LedgerError, Record};
use crate::model::Diagnostic;

/// What reading the records again came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Acts in the ledger.
    pub lines: usize,
    /// Sealed values that lie beside it as they were written.
    pub sealed: usize,
    /// Sealed values that were erased on purpose.
    pub erased: usize,
    /// Whole batches in the journal.
    pub frames: usize,
    /// What was changed, cut or lost, and where.
    pub faults: Vec<Diagnostic>,
}

/// Checks every record under the store folder. It writes nothing and needs no owner; what a running
/// process is just adding counts as not there yet.
///
/// # Errors
/// Where a file cannot be read at all.
pub fn verify(folder: &Path) -> Result<Verified, LedgerError> {
    verify_seeing(folder, &mut |_| {}, &mut |_| {})
}

/// The same, showing each act and each record that could be read.
///
/// # Errors
/// As of [`verify`].
pub fn verify_seeing(
    folder: &Path,
    act: &mut dyn FnMut(Act),
    record: &mut dyn FnMut(Record),
) -> Result<Verified, LedgerError> {
    let mut verified = Verified::default();
    verify_ledger(folder, act, &mut verified)?;
    verify_journal(folder, record, &mut verified)?;
    Ok(verified)
}

impl Verified {
    fn fault(&mut self, path: &Path, line: Option<usize>, message: impl Into<String>) {
        self.faults.push(Diagnostic {
            path: path.display().to_string(),
            line,
            message: message.into(),
            help: Some("put the file back from a copy".to_owned()),
        });
    }
}

fn verify_ledger(folder: &Path, see: &mut dyn FnMut(Act), verified: &mut Verified) -> Result<(), LedgerError> {
    let mut chain = Chain::start();
    // Listed before the ledger is read: a sealed value is written before its line.
    let files = chain::line_files(folder)?;
    let sealed = chain::sealed_files(folder)?;
    let mut lying = Lying::new(sealed.into_iter().map(|(_, path)| path).collect());
    for (n, (_, path)) in files.iter().enumerate() {
        let length = length_of(path)?;
        for raw in raw_lines(path)? {
            let raw = raw?;
            let cut = n + 1 == files.len() && !raw.ended && Line::parse(&raw.bytes) == Err(Fault::Unreadable);
            if cut {
                if length_of(path)? == length {
                    verified.fault(
                        path,
                        Some(raw.number),
                        "the file ends in the middle of a line; opening the store sets it aside",
                    );
                }
                break;
            }
            verified.lines += 1;
            match chain.follow(&raw.bytes) {
                Ok(line) => verify_line(path, raw.number, &line, &mut lying, see, verified)?,
                Err(why) => {
                    verified.fault(path, Some(raw.number), why);
                    // What follows is measured by this line as it stands now.
                    match Line::parse(&raw.bytes) {
                        Ok(line) => chain.take(&raw.bytes, &line),
                        Err(_) => chain.pass(&raw.bytes),
                    }
                }
            }
        }
    }
    for (path, line) in std::mem::take(&mut lying.unreadable) {
        verified.fault(&path, Some(line), "this is no sealed value: it was cut or overwritten");
    }
    Ok(())
}

fn verify_line(
    path: &Path,
    number: usize,
    line: &Line,
    lying: &mut Lying,
    see: &mut dyn FnMut(Act),
    verified: &mut Verified,
) -> Result<(), LedgerError> {
    let under = lying.under(line.seq)?;
    for (place, hash) in &line.sealed {
        match seal::find(place, hash, &under).0 {
            Found::Whole => verified.sealed += 1,
            Found::Erased => verified.erased += 1,
            Found::Missing => {
                let message = format!("act {}: its sealed value {place} is missing or was changed", line.seq);
                verified.fault(path, Some(number), message);
            }
        }
    }
    let (act, _): (serde_json::Result<Act>, _) = seal::join(line.act.clone(), &line.sealed, &under);
    match act {
        Ok(act) => see(act),
        Err(error) => verified.fault(path, Some(number), Fault::Unknown(error.to_string()).to_string()),
    }
    Ok(())
}

fn verify_journal(folder: &Path, see: &mut dyn FnMut(Record), verified: &mut Verified) -> Result<(), LedgerError> {
    let files = journal::segments(folder)?;
    if let Err(LedgerError::Broken(fault)) = journal::check_numbers(&files) {
        verified.faults.push(fault);
    }
    for (n, (_, path)) in files.iter().enumerate() {
        verify_segment(path, n + 1 == files.len(), see, verified)?;
    }
    Ok(())
}

fn verify_segment(
    path: &PathBuf,
    last: bool,
    see: &mut dyn FnMut(Record),
    verified: &mut Verified,
) -> Result<(), LedgerError> {
    let bytes = std::fs::read(path).map_err(LedgerError::file("read", path))?;
    let mut at = 0;
    while at < bytes.len() {
        if let Some(frame) = journal::batch_at(&bytes, at) {
            verified.frames += 1;
            match journal::parse_frame(frame) {
                Ok(records) => records.into_iter().for_each(&mut *see),
                Err(why) => verified.fault(path, None, format!("the batch at byte {at} cannot be read: {why}")),
            }
            at += journal::batch_length(frame);
            continue;
        }
        let next = journal::find_batch(&bytes, at + 1);
        let growing = last && next.is_none() && length_of(path)? != bytes.len() as u64;
        if !growing {
            verified.fault(path, None, format!("the batch at byte {at} was changed or cut"));
        }
        let Some(next) = next else { break };
        at = next;
    }
    Ok(())
}

fn length_of(path: &Path) -> Result<u64, LedgerError> {
    Ok(std::fs::metadata(path).map_err(LedgerError::file("read", path))?.len())
}
