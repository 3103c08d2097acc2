//! The translator's table as a document of Office Open XML (ECMA-376), written, and read as Word and LibreOffice
//! leave it: a cell's text in several runs and paragraphs, insertions taken, deletions not.

use std::io::{self, Cursor, Read as _, Write as _};

use quick_xml::events::{BytesStart, Event};

use super::{Look, columns, explanation, heading, row_of};
use crate::digest::Edition;
use crate::digest::edition::Shown;
use crate::digest::paper::docx::escaped;
use crate::model::Lang;

/// Largest document that is read back, in bytes after decompression.
const LARGEST: u64 = 64 << 20;
/// Most columns that one cell may stand for.
const WIDEST: usize = 64;
/// Width of the text on A3 across, in twentieths of a point: fifteen columns find no room on A4.
const WIDTH: f64 = 22_411.0;
const BODY: &str = "word/document.xml";

/// The document. The parts carry an old date: the same events give the same bytes.
///
/// # Errors
/// Where it could not be written, which memory alone can cause.
pub(super) fn print(events: &[Shown], edition: Edition, lang: Lang) -> io::Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, text) in
        [("[Content_Types].xml", CONTENT_TYPES), ("_rels/.rels", RELATIONS), (BODY, &body(events, edition, lang))]
    {
        zip.start_file(name, options).map_err(io::Error::other)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish().map_err(io::Error::other)?.into_inner())
}

fn body(events: &[Shown], edition: Edition, lang: Lang) -> String {
    let mut xml = DOCUMENT.to_owned();
    for line in explanation(edition, lang) {
        xml.push_str(&format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", escaped(line)));
    }
    let columns = columns();
    let all: f64 = columns.iter().map(|(_, width)| width).sum();
    let widths: Vec<usize> = columns.iter().map(|(_, width)| (width / all * WIDTH) as usize).collect();
    xml.push_str(TABLE);
    widths.iter().for_each(|width| xml.push_str(&format!("<w:gridCol w:w=\"{width}\"/>")));
    xml.push_str("</w:tblGrid>");
    let ids = columns.iter().map(|(column, _)| (Look::Hidden, column.clone()));
    row(&mut xml, &widths, ids, true);
    let headings = columns.iter().map(|(column, _)| (Look::Told, heading(column, lang)));
    row(&mut xml, &widths, headings, true);
    events.iter().for_each(|event| row(&mut xml, &widths, row_of(event, lang).into_iter(), false));
    xml.push_str("</w:tbl><w:p/>");
    xml.push_str(SECTION);
    xml
}

fn row(xml: &mut String, widths: &[usize], cells: impl Iterator<Item = (Look, String)>, head: bool) {
    xml.push_str("<w:tr><w:trPr><w:cantSplit/>");
    xml.push_str(if head { "<w:tblHeader/></w:trPr>" } else { "</w:trPr>" });
    for (width, (look, text)) in widths.iter().zip(cells) {
        let shade = match look {
            _ if head => "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"DDE6F0\"/>",
            Look::Told | Look::Hidden => "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F3F3F3\"/>",
            Look::Wanted => "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"FFF2CC\"/>",
            Look::Open => "",
        };
        let kind = match look {
            Look::Hidden => "<w:vanish/><w:sz w:val=\"2\"/>",
            _ if head => "<w:b/>",
            _ => "",
        };
        xml.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{shade}</w:tcPr><w:p>"));
        if !text.is_empty() {
            let text = escaped(&text);
            xml.push_str(&format!("<w:r><w:rPr>{kind}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>"));
        }
        xml.push_str("</w:p></w:tc>");
    }
    xml.push_str("</w:tr>");
}

/// Rows, each with its number from 1.
type Numbered = Vec<(usize, Vec<String>)>;

/// The rows of all tables of a document, each with its number; `None` where the bytes are none.
pub(super) fn lines(bytes: &[u8]) -> Option<Result<Numbered, String>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let part = zip.by_name(BODY).ok()?;
    let mut xml = Vec::new();
    Some(match part.take(LARGEST + 1).read_to_end(&mut xml) {
        Err(why) => Err(why.to_string()),
        Ok(_) if xml.len() as u64 > LARGEST => Err(format!("it unpacks to more than {} MiB", LARGEST >> 20)),
        Ok(_) => rows_of(&xml),
    })
}

fn rows_of(xml: &[u8]) -> Result<Numbered, String> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut rows = Rows::default();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|error| error.to_string())? {
            Event::Eof => break,
            Event::Start(tag) => rows.start(&tag),
            Event::Empty(tag) => rows.empty(&tag),
            Event::End(tag) => rows.end(tag.local_name().as_ref()),
            Event::Text(text) if rows.in_text => rows.say(&text),
            Event::GeneralRef(name) if rows.in_text => rows.say(&letter(&name)),
            _ => {}
        }
        buffer.clear();
    }
    Ok((1..).zip(rows.done).collect())
}

/// What an entity stands for.
fn letter(name: &quick_xml::events::BytesRef<'_>) -> String {
    match name.resolve_char_ref() {
        Ok(Some(letter)) => letter.to_string(),
        _ => quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default().to_owned(),
    }
}

/// Rows of tables on the way. A table within a cell is text of that cell.
#[derive(Default)]
struct Rows {
    done: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
    tables: usize,
    in_text: bool,
    /// How deep in what does not stand in the document any more, or stands there a second time.
    passed_over: usize,
}

impl Rows {
    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "tbl" => self.tables += 1,
            "del" | "moveFrom" | "Fallback" => self.passed_over += 1,
            "t" => self.in_text = self.passed_over == 0,
            _ => {}
        }
    }

    fn empty(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            // A cell that spans columns stands for those after it too.
            "gridSpan" if self.tables == 1 => {
                let value = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == "val");
                let span = value.and_then(|value| value.value.parse::<usize>().ok()).unwrap_or(1);
                self.row.extend((1..span.min(WIDEST)).map(|_| String::new()));
            }
            "br" | "cr" | "tab" | "p" => self.say(" "),
            "noBreakHyphen" => self.say("-"),
            "tc" if self.tables == 1 => self.row.push(String::new()),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => self.say(" "),
            "del" | "moveFrom" | "Fallback" => self.passed_over = self.passed_over.saturating_sub(1),
            "tc" if self.tables == 1 => self.row.push(std::mem::take(&mut self.cell).trim().to_owned()),
            "tr" if self.tables == 1 => self.done.push(std::mem::take(&mut self.row)),
            "tbl" => self.tables = self.tables.saturating_sub(1),
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        if self.tables > 0 && self.passed_over == 0 {
            self.cell.push_str(text);
        }
    }
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;

const TABLE: &str = r#"<w:tbl><w:tblPr><w:tblW w:w="22411" w:type="dxa"/><w:tblBorders><w:top w:val="single" w:sz="4" w:color="BBBBBB"/><w:left w:val="single" w:sz="4" w:color="BBBBBB"/><w:bottom w:val="single" w:sz="4" w:color="BBBBBB"/><w:right w:val="single" w:sz="4" w:color="BBBBBB"/><w:insideH w:val="single" w:sz="4" w:color="BBBBBB"/><w:insideV w:val="single" w:sz="4" w:color="BBBBBB"/></w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>"#;

const SECTION: &str = r#"<w:sectPr><w:pgSz w:w="23811" w:h="16838" w:orient="landscape"/><w:pgMar w:top="700" w:right="700" w:bottom="700" w:left="700" w:header="400" w:footer="400" w:gutter="0"/></w:sectPr></w:body></w:document>"#;

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a document whose tables hold some XML.
    fn read(tables: &str) -> Vec<Vec<String>> {
        let rows = rows_of(format!("{DOCUMENT}{tables}{SECTION}").as_bytes()).unwrap();
        rows.into_iter().map(|(_, cells)| cells).collect()
    }

    fn check(cell: &str, expect: &str) {
        let rows = read(&format!("<w:tbl><w:tr><w:tc>{cell}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"));
        assert_eq!(rows, [[expect, ""]], "{cell}");
    }

    #[test]
    fn a_cell_is_read_however_its_text_is_cut() {
        check("<w:p><w:r><w:t>Суд</w:t></w:r></w:p>", "Суд");
        check(
            "<w:p><w:r><w:t xml:space=\"preserve\">Суд </w:t></w:r><w:proofErr w:type=\"spellStart\"/><w:r><w:rPr><w:b/></w:rPr><w:t>отл</w:t></w:r><w:r><w:t>ожен</w:t></w:r></w:p>",
            "Суд отложен",
        );
        check("<w:p><w:r><w:t>Суд</w:t></w:r></w:p><w:p><w:r><w:t>отложен</w:t></w:r></w:p>", "Суд отложен");
        check(
            "<w:p><w:r><w:t>Суд</w:t><w:br/><w:t>отложен</w:t><w:tab/><w:t>вчера</w:t></w:r></w:p>",
            "Суд отложен вчера",
        );
        check("<w:p><w:r><w:t>A &amp; B &lt;&#1257;&gt;</w:t></w:r></w:p>", "A & B <ө>");
        check("<w:p><w:r><w:t>73</w:t><w:noBreakHyphen/><w:t>3</w:t></w:r></w:p>", "73-3");
        check(
            "<w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>Суд</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>",
            "Суд",
        );
    }

    #[test]
    fn what_was_struck_out_is_gone_and_what_was_put_in_is_there() {
        check(
            "<w:p><w:del w:id=\"1\"><w:r><w:delText>Сот</w:delText></w:r></w:del><w:ins w:id=\"2\"><w:r><w:t>Суд</w:t></w:r></w:ins></w:p>",
            "Суд",
        );
        check(
            "<w:p><w:moveFrom><w:r><w:t>там</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>тут</w:t></w:r></w:moveTo></w:p>",
            "тут",
        );
        check("<w:p><w:r><w:fldChar/><w:instrText> PAGE </w:instrText><w:t>7</w:t></w:r></w:p>", "7");
    }

    #[test]
    fn cells_stay_under_their_columns() {
        let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
        let wide = "<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc>";
        let nested = format!("<w:tc><w:tbl><w:tr>{}{}</w:tr></w:tbl><w:p/></w:tc>", cell("x"), cell("y"));
        let table = |rows: &str| format!("<w:tbl><w:tr>{rows}</w:tr></w:tbl>");
        assert_eq!(read(&table(&format!("{}{wide}{}", cell("a"), cell("c")))), [["a", "", "b", "c"]]);
        assert_eq!(read(&table(&format!("{nested}{}", cell("c")))), [["x y", "c"]]);
        // A table that somebody cut in two; text between tables is none of theirs.
        let two = format!("{}<w:p><w:r><w:t>between</w:t></w:r></w:p>{}", table(&cell("a")), table(&cell("b")));
        assert_eq!(read(&two), [["a"], ["b"]]);
    }

    #[test]
    fn what_is_no_document_is_left_to_the_workbook() {
        assert!(lines(b"no zip").is_none());
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(BODY, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<w:document><w:tbl></w:document>").unwrap();
        assert!(lines(&zip.finish().unwrap().into_inner()).unwrap().is_err());
    }
}
