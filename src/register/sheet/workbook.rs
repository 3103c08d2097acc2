//! The register as a workbook: lists to pick from, and what is missing in yellow.

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Worksheet, XlsxError};

use super::{COLUMNS, TAKEN_OUT};
use crate::model::Lang;
use crate::review::{Looks, protect, undated};

/// Kazakh, Russian, English.
type Words = [&'static str; 3];

/// Empty rows at the end, for new persons and outlets.
const NEW: u32 = 30;

/// The heading of each column, what it is for, and its width.
#[rustfmt::skip]
const HEADINGS: [(Words, Words, f64); 13] = [
    (["Нөмірі", "Номер", "Id"],
        ["Өзгертпеңіз; жаңа жолда бос", "Не меняйте; у новой строки пусто", "Leave as it is; empty for a new row"], 8.0),
    (["Кім", "Кто", "Kind"],
        ["person – адам, outlet – басылым. Жолды алып тастау үшін бір сызықша қойыңыз: -",
         "person – человек, outlet – издание. Чтобы убрать строку, поставьте одну чёрточку: -",
         "person or outlet. To take a row out, write a lone hyphen: -"], 10.0),
    (["Қазақша", "По-казахски", "Kazakh"],
        ["Шығарылымдарда осылай жазылады. Сары – әлі толтырылмаған", "Так пишут выпуски. Жёлтое – ещё не заполнено",
         "As outputs print it. Yellow: not filled in yet"], 30.0),
    (["Орысша", "По-русски", "Russian"],
        ["Шығарылымдарда осылай жазылады", "Так пишут выпуски", "As outputs print it"], 30.0),
    (["Ағылшынша", "По-английски", "English"],
        ["Шығарылымдарда осылай жазылады", "Так пишут выпуски", "As outputs print it"], 30.0),
    (["Басқа жазылуы", "Другие написания", "Other spellings"],
        ["Кездескен өзге жазылулары, лақап аттары; «;» арқылы", "Встреченные написания и псевдонимы через «;»",
         "Spellings seen and pen names, parted by “;”"], 34.0),
    (["Бұл емес", "Не то же, что", "Not the same as"],
        ["Аттас, бірақ басқа адамның нөмірі; «;» арқылы", "Номера тёзок, других людей; через «;»",
         "Ids of namesakes who are somebody else, parted by “;”"], 14.0),
    (["Тек мына істерде", "Только в делах", "Only in cases"],
        ["Аттастарды ажырату керек болса: осы жол қай істерге, жолдарға, оқиғаларға қатысты; «;» арқылы",
         "Если тёзок надо различить: номера дел, строк или событий, где имеется в виду этот; через «;»",
         "Where namesakes must be told apart: ids of the cases, rows or events in which this one is meant"], 22.0),
    (["Ескертпе", "Примечание", "Note"],
        ["Еркін мәтін; сыртқа шықпайды", "Свободный текст; наружу не выходит", "Free text; never leaves the house"], 28.0),
    (["Жетпейді", "Не хватает", "Missing"],
        ["Қай тілде жазылуы жоқ. Өзгертілмейді", "На каких языках написания нет. Не меняется",
         "Languages without a spelling. Read-only"], 12.0),
    (["Ұсыныс", "Предложение", "Suggested"],
        ["Әріптермен ғана құрастырылған болжам: тексеріп, өз бағанына көшіріңіз",
         "Догадка, составленная по буквам: проверьте и перенесите в свой столбец",
         "Worked out letter by letter: check it, then take it over into its column"], 34.0),
    (["Кім өзгертті", "Кто изменил", "Changed by"],
        ["Атыңыз", "Ваше имя", "Your name"], 16.0),
    (["Нұсқасы", "Редакция", "Revision"],
        ["Өзгертпеңіз", "Не меняйте", "Leave as it is"], 8.0),
];
/// Columns that nobody may change.
const LOCKED: [&str; 4] = ["id", "missing", "suggested", "revision"];

/// A column as a person knows it; as it is where it is none.
pub(in crate::register) fn heading(column: &'static str, lang: Lang) -> &'static str {
    COLUMNS.iter().position(|known| *known == column).map_or(column, |at| lang.pick(HEADINGS[at].0))
}

/// Is a cell under `kind` the heading of that column?
pub(super) fn is_heading(kind: &str) -> bool {
    HEADINGS[1].0.contains(&kind)
}

pub(super) fn print(rows: &[[String; 13]], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = undated()?;
    fill(book.add_worksheet(), rows, lang)?;
    explain(book.add_worksheet(), lang)?;
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, rows: &[[String; 13]], lang: Lang) -> Result<(), XlsxError> {
    let looks = Looks::default();
    sheet.set_name(lang.pick(["Тізілім", "Реестр", "Register"]))?;
    for (at, (column, (heading, _, width))) in (0_u16..).zip(COLUMNS.iter().zip(&HEADINGS)) {
        sheet.write_string(0, at, *column)?;
        sheet.write_string_with_format(1, at, lang.pick(*heading), &looks.heading)?;
        sheet.set_column_width(at, *width)?;
    }
    sheet.set_row_hidden(0)?.set_freeze_panes(2, 2)?;
    let empty: [String; 13] = Default::default();
    let last = 1 + u32::try_from(rows.len()).unwrap_or(u32::MAX - 1_000) + NEW;
    for (line, row) in (2..=last).zip(rows.iter().chain(std::iter::repeat(&empty))) {
        for (at, (column, text)) in (0_u16..).zip(COLUMNS.iter().zip(row)) {
            let missing = matches!(*column, "kk" | "ru" | "en") && text.is_empty() && !row[0].is_empty();
            let look = if LOCKED.contains(column) {
                &looks.locked
            } else if missing {
                &looks.wanted
            } else {
                &looks.open
            };
            sheet.write_string_with_format(line, at, text, look)?;
        }
    }
    let kinds = DataValidation::new()
        .allow_list_strings(&["person", "outlet", TAKEN_OUT])?
        .set_error_style(DataValidationErrorStyle::Information);
    sheet.add_data_validation(2, 1, last, 1, &kinds)?;
    sheet.autofilter(1, 0, last, 12)?;
    protect(sheet);
    Ok(())
}

fn explain(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    sheet.set_name(lang.pick(["Түсіндірме", "Пояснение", "Help"]))?;
    sheet.set_column_width(0, 24)?.set_column_width(1, 90)?;
    for (line, (heading, explained, _)) in (0_u32..).zip(&HEADINGS) {
        sheet.write_string(line, 0, lang.pick(*heading))?;
        sheet.write_string(line, 1, lang.pick(*explained))?;
    }
    Ok(())
}
