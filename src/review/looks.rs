//! How the workbooks look in which people type, and what is locked in them: of the queue, the register, the
//! translator's table.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, ProtectionOptions, Workbook, Worksheet,
    XlsxError,
};

/// The looks of cells. All hold text, so that no spreadsheet makes a date of `73-3` or runs a formula.
pub struct Looks {
    /// Of a cell to type in.
    pub open: Format,
    /// Of one that nobody may change.
    pub locked: Format,
    /// Of one to type in that should not stay empty.
    pub wanted: Format,
    /// Of the heading of a column.
    pub heading: Format,
}

impl Default for Looks {
    fn default() -> Self {
        let cell = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
        let cell = cell.set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00D0_D0D0));
        let open = cell.clone().set_unlocked();
        Self {
            wanted: open.clone().set_background_color(Color::RGB(0x00FF_F2CC)),
            open,
            locked: cell.clone().set_background_color(Color::RGB(0x00F3_F3F3)),
            heading: cell.set_bold().set_background_color(Color::RGB(0x00DD_E6F0)),
        }
    }
}

/// An empty workbook without a clock: the same content gives the same bytes.
///
/// # Errors
/// None that is known of.
pub fn undated() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    Ok(book)
}

/// Locks what is locked, without a password: against slips. Rows may be sorted, filtered, sized and added.
pub fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&ProtectionOptions {
        use_autofilter: true,
        sort: true,
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        ..ProtectionOptions::default()
    });
}
