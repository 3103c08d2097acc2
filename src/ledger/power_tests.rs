//! Power loss at each step in turn, on a disk that forgets what no sync followed.

use std::path::Path;
use std::sync::Arc;

use super::samples::{acts, minute, notes, story};
use super::{Act, Journal, Ledger, LedgerError, Record, verify};
use crate::disk::simulated::{Keeps, Simulated, Without};

/// What a run told its caller as done before the power failed.
#[derive(Debug, Default)]
struct Told {
    acts: Vec<Act>,
    erased: Vec<u64>,
    records: Vec<Vec<Record>>,
}

/// Writes to ledger and journal until all is done (`true`) or the power fails.
fn write(disk: &Simulated, told: &mut Told) -> bool {
    let mut run = || -> Result<(), LedgerError> {
        let folder = disk.folder();
        let (mut ledger, _) = Ledger::open_on(Arc::new(disk.clone()), folder)?;
        let (mut journal, _) = Journal::open_with(Arc::new(disk.clone()), folder, 900)?;
        // Two years of the ledger and two segments of the journal: new files are made on the way.
        let next_year = minute(60 * 24 * 366);
        for (n, at) in [minute(1), minute(2), next_year].into_iter().enumerate() {
            let batch = &acts()[n..=n + 1];
            ledger.append(batch, at)?;
            told.acts.extend_from_slice(batch);
            for records in [vec![story(n as u32, true)], notes(n as u32)] {
                journal.append(&records)?;
                told.records.push(records);
            }
        }
        ledger.erase(&[2])?;
        told.erased.push(2);
        Ok(())
    };
    run().is_ok()
}

/// What was told and does not stand any more, where there is such.
fn lost(left: &Path, told: &Told) -> Option<String> {
    let (ledger, _) = match Ledger::open(left) {
        Ok(opened) => opened,
        Err(error) => return Some(error.to_string()),
    };
    let read: Result<Vec<_>, _> = ledger.read(0).and_then(Iterator::collect);
    let read: Vec<Act> = match read {
        Ok(read) => read.into_iter().map(|(_, _, act)| act).collect(),
        Err(error) => return Some(error.to_string()),
    };
    // The second act has sealed values, which may be erased by now.
    let stands = told.acts.iter().enumerate().all(|(n, act)| n == 1 && read.len() > n || read.get(n) == Some(act));
    if !stands {
        return Some(format!("{} acts were told, {} are left", told.acts.len(), read.len()));
    }
    if told.erased.contains(&2) && read.get(1) == told.acts.get(1) {
        return Some("a value that was told as erased is back".to_owned());
    }
    let journal = match Journal::open(left) {
        Ok((journal, _)) => journal,
        Err(error) => return Some(error.to_string()),
    };
    let read: Vec<_> = match journal.read(0).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(read) => read.into_iter().map(|(records, _)| records).collect(),
        Err(error) => return Some(error.to_string()),
    };
    if !read.starts_with(&told.records) {
        return Some(format!("{} batches were told, {} are left", told.records.len(), read.len()));
    }
    match verify(left) {
        Ok(verified) if verified.faults.is_empty() => None,
        Ok(verified) => Some(format!("{:?}", verified.faults)),
        Err(error) => Some(error.to_string()),
    }
}

#[test]
fn no_power_loss_takes_what_was_told_as_done() {
    for keeps in Keeps::ALL {
        let mut ended = false;
        for step in 0..1_000 {
            let disk = Simulated::failing_at(step, keeps);
            let mut told = Told::default();
            ended = write(&disk, &mut told);
            assert_eq!(lost(disk.after_power_loss().path(), &told), None, "power failed at step {step}, {keeps:?}");
            if ended {
                assert!(step > 40, "every step was tried: {step}");
                break;
            }
        }
        assert!(ended);
    }
}

/// The test above is worth something only where it fails without the safeguard.
#[test]
fn without_a_safeguard_the_loss_is_noticed() {
    for (without, keeps) in
        [(Without::FileSync, Keeps::Nothing), (Without::FileSync, Keeps::Zeros), (Without::FolderSync, Keeps::Nothing)]
    {
        let disk = Simulated::failing_at(usize::MAX, keeps).without(without);
        let mut told = Told::default();
        assert!(write(&disk, &mut told));
        assert!(lost(disk.after_power_loss().path(), &told).is_some(), "{without:?} taken out, {keeps:?}");
    }
}

/// What was set aside as torn, and the year's first line after it, outlive a second power loss.
#[test]
fn a_repair_outlives_a_second_power_loss() {
    let first = Simulated::failing_at(usize::MAX, Keeps::Everything);
    let mut told = Told::default();
    assert!(write(&first, &mut told));
    let path = first.folder().join("ledger/2018.jsonl");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, [&whole[..], br#"{"seq":9,"half"#].concat()).unwrap();
    for step in 0..100 {
        let disk = Simulated::holding(first.folder(), step, Keeps::Nothing);
        let done = Ledger::open_on(Arc::new(disk.clone()), disk.folder()).is_ok();
        let left = disk.after_power_loss();
        assert_eq!(lost(left.path(), &told), None, "step {step}");
        if done {
            assert!(left.path().join("ledger/2018.jsonl.torn-1").exists());
            return;
        }
    }
    panic!("opening never ended");
}
