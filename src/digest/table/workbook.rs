//! The translator's table as a workbook, with a sheet that explains it.

use rust_xlsxwriter::{DataValidation, Format, Worksheet, XlsxError};

use super::{Look, columns, explanation, heading, row_of};
use crate::digest::Edition;
use crate::digest::edition::Shown;
use crate::digest::words::{self, words as all};
use crate::model::Lang;
use crate::review::{Looks, undated};

pub(super) fn print(events: &[Shown], edition: Edition, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = undated()?;
    let sheet = book.add_worksheet();
    sheet.set_name(all("Аударма", "Перевод", "Translation").of(lang))?;
    let looks = Looks::default();
    for (at, (column, width)) in (0_u16..).zip(columns()) {
        sheet.write_string(0, at, &column)?;
        sheet.write_string_with_format(1, at, heading(&column, lang), &looks.heading)?;
        sheet.set_column_width(at, width)?;
        if matches!(column.as_str(), "id" | "seen") {
            sheet.set_column_hidden(at)?;
        }
    }
    sheet.set_row_hidden(0)?.set_freeze_panes(2, 1)?;
    for (row, event) in (2_u32..).zip(events) {
        for (at, (look, text)) in (0_u16..).zip(row_of(event, lang)) {
            let format = match look {
                Look::Told | Look::Hidden => &looks.locked,
                Look::Open => &looks.open,
                Look::Wanted => &looks.wanted,
            };
            sheet.write_string_with_format(row, at, &text, format)?;
        }
    }
    let last = 1 + u32::try_from(events.len()).unwrap_or(0).max(1);
    sheet.add_data_validation(2, 3, last, 3, &DataValidation::new().allow_list_strings(&["yes"])?)?;
    sheet.protect();
    if edition == Edition::Internal {
        sheet.set_header(format!("&C{}", words::INTERNAL.of(lang)));
    }
    sheet.set_landscape().set_repeat_rows(1, 1)?;
    explain(book.add_worksheet(), edition, lang)?;
    book.save_to_buffer()
}

fn explain(sheet: &mut Worksheet, edition: Edition, lang: Lang) -> Result<(), XlsxError> {
    sheet.set_name(all("Түсіндірме", "Пояснение", "Help").of(lang))?.set_column_width(0, 100)?;
    let wrapped = Format::new().set_text_wrap();
    for (row, line) in (0_u32..).zip(explanation(edition, lang)) {
        sheet.write_string_with_format(row, 0, line, &wrapped)?;
    }
    Ok(())
}
