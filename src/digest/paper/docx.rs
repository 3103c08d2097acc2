//! A paper as DOCX (Office Open XML, ECMA-376): real styles and headings, a table of contents, tables
//! whose head repeats on every page, charts as metafiles with text alternatives, and each figure in a
//! content control that carries its name, so that [`figures`] can find it again in a file that somebody
//! has edited.

use std::io::{self, Cursor, Read as _, Write as _};

use super::chart::Chart;
use super::emf;
use super::{Node, Paper, Run, Table, Writer};

/// Largest part of a DOCX that is read back, in bytes after decompression.
const LARGEST_PART: u64 = 64 << 20;

/// English Metric Units in a point of 1/96 inch.
const EMU: f64 = 9_525.0;

/// Width of the text on A4, in twentieths of a point.
const WIDTH: usize = 9_638;

/// Bytes of XML that are compressed at once.
const PIECE: usize = 64 << 10;

/// How hard the parts are compressed (RFC 1951 leaves it open; 9 is hardest): XML gives most of itself at once.
const LEVEL: i64 = 2;

/// Why a DOCX could not be read back.
#[derive(Debug, thiserror::Error)]
#[error("this is no DOCX that can be read: {0}")]
pub struct NotDocx(String);

/// The parts of the file that hang on nothing but the paper's head, by their names.
fn constant_parts(paper: &Paper) -> [(&'static str, String); 8] {
    [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", ROOT_RELS.to_owned()),
        ("docProps/core.xml", core(paper)),
        ("word/styles.xml", STYLES.replace("{lang}", lang_tag(paper))),
        ("word/numbering.xml", NUMBERING.to_owned()),
        ("word/settings.xml", SETTINGS.to_owned()),
        ("word/header1.xml", header(paper)),
        ("word/footer1.xml", FOOTER.to_owned()),
    ]
}

/// A document on its way into a file: what is written is compressed and handed on piece by piece.
pub(super) struct Document<'a> {
    paper: &'a Paper,
    zip: zip::ZipWriter<zip::write::StreamWriter<io::BufWriter<&'a mut dyn io::Write>>>,
    body: Body,
}

impl<'a> Document<'a> {
    pub(super) fn begin(paper: &'a Paper, out: &'a mut dyn io::Write) -> io::Result<Self> {
        let zip = zip::ZipWriter::new_stream(io::BufWriter::with_capacity(PIECE, out));
        let mut document = Self { paper, zip, body: Body { xml: DOCUMENT.to_owned(), ..Body::default() } };
        for (name, text) in constant_parts(paper) {
            document.start(name)?;
            document.zip.write_all(text.as_bytes())?;
        }
        document.start("word/document.xml")?;
        let body = &mut document.body;
        for line in &paper.head {
            body.paragraph("Letterhead", false, &[Run::plain(line)]);
        }
        body.paragraph("Title", false, &[Run::plain(&paper.title)]);
        if let Some(subtitle) = &paper.subtitle {
            body.paragraph("Subtitle", false, &[Run::plain(subtitle)]);
        }
        let headings = paper.body.iter().filter(|node| matches!(node, Node::Heading(2, _))).count();
        if headings > 2 && !paper.contents.is_empty() {
            body.contents(paper);
        }
        Ok(document)
    }

    /// Begins a part of the file. Each carries the same old date, so that the same paper gives the same bytes.
    fn start(&mut self, name: &str) -> io::Result<()> {
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .last_modified_time(zip::DateTime::default());
        self.zip.start_file(name, options).map_err(io::Error::other)
    }

    fn pass(&mut self) -> io::Result<()> {
        self.zip.write_all(self.body.xml.as_bytes())?;
        self.body.xml.clear();
        Ok(())
    }
}

impl Writer for Document<'_> {
    fn part(&mut self, part: &Node) -> io::Result<()> {
        self.body.node(part);
        if self.body.xml.len() < PIECE { Ok(()) } else { self.pass() }
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.body.close_table(false);
        let last = self.paper.foot.len().saturating_sub(1);
        for (at, line) in self.paper.foot.iter().enumerate() {
            self.body.paragraph("Aside", at < last, &[Run::plain(line)]);
        }
        self.body.xml.push_str(SECTION);
        self.body.xml.push_str("</w:body></w:document>");
        self.pass()?;
        self.start("word/_rels/document.xml.rels")?;
        self.zip.write_all(DOCUMENT_RELS.as_bytes())?;
        for (at, (target, external)) in self.body.links.iter().enumerate() {
            let mode = if *external { " TargetMode=\"External\"" } else { "" };
            let kind = if *external { "hyperlink" } else { "image" };
            write!(
                self.zip,
                "<Relationship Id=\"l{at}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{}\"{mode}/>",
                escaped(target)
            )?;
        }
        self.zip.write_all(b"</Relationships>")?;
        for (at, picture) in std::mem::take(&mut self.body.pictures).iter().enumerate() {
            self.start(&format!("word/media/chart{at}.emf"))?;
            self.zip.write_all(picture)?;
        }
        self.zip.finish().map_err(io::Error::other)?.into_inner().flush()
    }
}

/// What the body is built up from.
#[derive(Default)]
struct Body {
    xml: String,
    /// Targets, and are they outside the file?
    links: Vec<(String, bool)>,
    pictures: Vec<Vec<u8>>,
    headings: usize,
    controls: usize,
    /// Was a table the last thing written?
    after_table: bool,
    /// Do paragraphs belong to the heading over them, until a list ends them?
    under_heading: bool,
}

/// Rows of a table that stays on one page.
const SMALL: usize = 20;
/// Lines of a list that stays on one page with the paragraphs over it: who told of an event.
const SHORT: usize = 5;

impl Body {
    fn node(&mut self, node: &Node) {
        self.close_table(matches!(node, Node::Aside(_)));
        match node {
            Node::Heading(level, text) => {
                let level = (*level).clamp(2, 4) - 1;
                let mark = self.headings;
                self.under_heading = level > 1;
                self.headings += 1;
                self.xml.push_str(&format!(
                    "<w:p><w:pPr><w:pStyle w:val=\"Heading{level}\"/></w:pPr><w:bookmarkStart w:id=\"{mark}\" w:name=\"_Toc{mark:06}\"/>"
                ));
                self.run(&Run::plain(text), "");
                self.xml.push_str(&format!("<w:bookmarkEnd w:id=\"{mark}\"/></w:p>"));
            }
            // A line in bold alone is a heading of what follows.
            Node::Text(runs) => {
                let keep = self.under_heading || matches!(runs.as_slice(), [Run::Strong(_)]);
                self.paragraph("BodyText", keep, runs);
            }
            Node::Aside(runs) => self.paragraph("Aside", self.under_heading, runs),
            Node::List(items) => {
                let together = std::mem::take(&mut self.under_heading) && items.len() <= SHORT;
                for (at, item) in items.iter().enumerate() {
                    self.paragraph("ListBullet", together && at + 1 < items.len(), item);
                }
            }
            Node::Table(table) => self.table(table),
            Node::Chart(chart) => self.chart(chart),
            Node::Listing => {}
        }
    }

    /// A paragraph; `keep` puts it on the page of the next one.
    fn paragraph(&mut self, style: &str, keep: bool, runs: &[Run]) {
        self.put(&["<w:p><w:pPr><w:pStyle w:val=\"", style, "\"/>", keep_next(keep), "</w:pPr>"]);
        runs.iter().for_each(|run| self.run(run, ""));
        self.put(&["</w:p>"]);
    }

    fn put(&mut self, pieces: &[&str]) {
        pieces.iter().for_each(|piece| self.xml.push_str(piece));
    }

    fn text(&mut self, text: &str, properties: &str) {
        match properties {
            "" => self.put(&["<w:r>"]),
            _ => self.put(&["<w:r><w:rPr>", properties, "</w:rPr>"]),
        }
        self.put(&["<w:t xml:space=\"preserve\">"]);
        escape(text, &mut self.xml);
        self.put(&["</w:t></w:r>"]);
    }

    fn run(&mut self, run: &Run, properties: &str) {
        match run {
            Run::Plain(plain) => self.text(plain, properties),
            Run::Strong(strong) => self.text(strong, "<w:b/>"),
            Run::Figure { tag, text } => {
                self.controls += 1;
                self.xml.push_str(&format!(
                    "<w:sdt><w:sdtPr><w:alias w:val=\"{0}\"/><w:tag w:val=\"{0}\"/><w:id w:val=\"{1}\"/></w:sdtPr><w:sdtContent>",
                    escaped(tag),
                    1_000 + self.controls,
                ));
                self.text(text, if properties.is_empty() { "<w:b/>" } else { "" });
                self.put(&["</w:sdtContent></w:sdt>"]);
            }
            Run::Link { text, url } => {
                self.links.push((url.clone(), true));
                let at = (self.links.len() - 1).to_string();
                self.put(&["<w:hyperlink r:id=\"l", &at, "\" w:history=\"1\">"]);
                self.text(text, "<w:rStyle w:val=\"Hyperlink\"/>");
                self.put(&["</w:hyperlink>"]);
            }
        }
    }

    /// A table of contents with its lines written out: a reader that updates no fields shows them.
    fn contents(&mut self, paper: &Paper) {
        self.paragraph("ContentsHeading", false, &[Run::plain(&paper.contents)]);
        let mut headings: Vec<(usize, u8, &str)> = Vec::new();
        let mut at = 0;
        for node in &paper.body {
            if let Node::Heading(level, text) = node {
                if *level == 2 {
                    headings.push((at, 1, text));
                }
                at += 1;
            }
        }
        let last = headings.len().saturating_sub(1);
        for (number, (mark, level, text)) in headings.into_iter().enumerate() {
            self.xml.push_str(&format!("<w:p><w:pPr><w:pStyle w:val=\"TOC{level}\"/></w:pPr>"));
            if number == 0 {
                self.xml.push_str(
                    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-1\" \\n \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>",
                );
            }
            self.xml.push_str(&format!(
                "<w:hyperlink w:anchor=\"_Toc{mark:06}\" w:history=\"1\"><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:hyperlink>",
                escaped(text)
            ));
            if number == last {
                self.xml.push_str("<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
            }
            self.xml.push_str("</w:p>");
        }
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.paragraph("Caption", false, &[Run::plain(&table.caption)]);
        }
        let columns = table.head.len().max(1);
        // A column of text takes the room of two of numbers, the first of three, or of two where it leaves the others
        // too little.
        let share = |at: usize| {
            if at == 0 {
                if columns > 4 { 2 } else { 3 }
            } else if at < table.texts {
                2
            } else {
                1
            }
        };
        let shares: usize = (0..columns).map(share).sum();
        let width = |at: usize| WIDTH * share(at) / shares.max(1);
        self.xml.push_str(&format!(
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"Figures\"/><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>"
        ));
        for at in 0..columns {
            self.xml.push_str(&format!("<w:gridCol w:w=\"{}\"/>", width(at)));
        }
        self.xml.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (at, name) in table.head.iter().enumerate() {
            self.cell(width(at), at >= table.texts.max(1), true, &Run::Strong(name.clone()));
        }
        self.xml.push_str("</w:tr>");
        let rows = table.rows.len();
        for (number, row) in table.rows.iter().enumerate() {
            // No row is left alone on a page, and a note under the table stays with it.
            let keep = rows <= SMALL || number == 0 || number + 2 >= rows;
            self.xml.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for (at, cell) in row.iter().enumerate() {
                self.cell(width(at), at >= table.texts.max(1), keep, cell);
            }
            self.xml.push_str("</w:tr>");
        }
        self.xml.push_str("</w:tbl>");
        (self.after_table, self.under_heading) = (true, false);
    }

    /// The gap that parts a table from what follows, on one page with a note of it.
    fn close_table(&mut self, noted: bool) {
        if std::mem::take(&mut self.after_table) {
            self.paragraph("AfterTable", noted, &[]);
        }
    }

    fn cell(&mut self, width: usize, number: bool, keep: bool, run: &Run) {
        let keep = keep_next(keep);
        let side = if number { "<w:jc w:val=\"right\"/>" } else { "" };
        self.xml.push_str(&format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Cell\"/>{keep}{side}</w:pPr>"
        ));
        self.run(run, "<w:sz w:val=\"18\"/>");
        self.xml.push_str("</w:p></w:tc>");
    }

    fn chart(&mut self, chart: &Chart) {
        self.paragraph("Caption", false, &[Run::plain(&chart.title)]);
        let drawing = chart.draw();
        let at = self.pictures.len();
        self.pictures.push(emf::emf(&drawing));
        self.links.push((format!("media/chart{at}.emf"), false));
        let link = self.links.len() - 1;
        let (cx, cy) = ((drawing.width * EMU * 0.99).round(), (drawing.height * EMU * 0.99).round());
        self.xml.push_str(&format!(
            "<w:p><w:pPr><w:pStyle w:val=\"Chart\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{cx}\" cy=\"{cy}\"/><wp:docPr id=\"{id}\" name=\"Chart {id}\" descr=\"{words}\"/><a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:nvPicPr><pic:cNvPr id=\"{id}\" name=\"chart{at}.emf\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"l{link}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
            id = at + 1,
            words = escaped(&chart.described()),
        ));
    }
}

fn keep_next(keep: bool) -> &'static str {
    if keep { "<w:keepNext/>" } else { "" }
}

/// Text for XML 1.0: markup escaped, what no XML may hold left out.
pub(in crate::digest) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, &mut out);
    out
}

/// The same, added to what is there.
fn escape(text: &str, out: &mut String) {
    let mut copied = 0;
    for (at, letter) in text.char_indices() {
        let instead = match letter {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\t' | '\n' | '\r' => " ",
            '\u{fffe}' | '\u{ffff}' => "",
            other if other.is_control() => "",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(instead);
        copied = at + letter.len_utf8();
    }
    out.push_str(&text[copied..]);
}

fn lang_tag(paper: &Paper) -> &'static str {
    match paper.lang.map(crate::model::Lang::id) {
        Some("kk") => "kk-KZ",
        Some("ru") => "ru-RU",
        _ => "en-GB",
    }
}

fn core(paper: &Paper) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>sozwatch</dc:creator><dc:language>{}</dc:language></cp:coreProperties>",
        escaped(&paper.title),
        lang_tag(paper)
    )
}

fn header(paper: &Paper) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:hdr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p></w:hdr>",
        escaped(&paper.marks.join(" · "))
    )
}

/// The figures in a DOCX that was written here, edited or not: tag and text of every content control,
/// in the order of the text.
///
/// # Errors
/// Where the bytes are no DOCX.
pub fn figures(bytes: &[u8]) -> Result<Vec<(String, String)>, NotDocx> {
    let wrong = |error: &dyn std::fmt::Display| NotDocx(error.to_string());
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let part = zip.by_name("word/document.xml").map_err(|error| wrong(&error))?;
    let mut xml = Vec::new();
    part.take(LARGEST_PART).read_to_end(&mut xml).map_err(|error| wrong(&error))?;
    let mut reader = quick_xml::Reader::from_reader(xml.as_slice());
    let mut found: Vec<(String, String)> = Vec::new();
    // Content controls may stand in each other; a text belongs to the innermost with a tag.
    let mut open: Vec<(Option<String>, String)> = Vec::new();
    let mut in_text = false;
    let mut buffer = Vec::new();
    loop {
        use quick_xml::events::Event;
        match reader.read_event_into(&mut buffer).map_err(|error| wrong(&error))? {
            Event::Eof => return Ok(found),
            Event::Start(tag) => match tag.local_name().as_ref() {
                "sdt" => open.push((None, String::new())),
                "t" => in_text = true,
                "tag" => set_tag(&tag, &mut open),
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "tag" => set_tag(&tag, &mut open),
            Event::End(tag) => match tag.local_name().as_ref() {
                "sdt" => {
                    if let Some((Some(tag), text)) = open.pop() {
                        found.push((tag, text));
                    }
                }
                "t" => in_text = false,
                _ => {}
            },
            Event::Text(text) if in_text => {
                if let Some((_, own)) = open.last_mut() {
                    own.push_str(&text);
                }
            }
            _ => {}
        }
        buffer.clear();
    }
}

fn set_tag(tag: &quick_xml::events::BytesStart<'_>, open: &mut [(Option<String>, String)]) {
    let value = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == "val");
    if let (Some(value), Some(control)) = (value, open.last_mut()) {
        control.0 = Some(value.value.to_string());
    }
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="emf" ContentType="image/x-emf"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#;

const ROOT_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;

const DOCUMENT_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/><Relationship Id="r4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/><Relationship Id="r5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/>"#;

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>"#;

const SECTION: &str = r#"<w:sectPr><w:headerReference w:type="default" r:id="r4"/><w:footerReference w:type="default" r:id="r5"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>"#;

const FOOTER: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>"#;

const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#;

const NUMBERING: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="23"/><w:lang w:val="{lang}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="BodyText"><w:name w:val="Body Text"/><w:basedOn w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="240" w:after="80" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/><w:basedOn w:val="Normal"/><w:rPr><w:color w:val="555555"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Letterhead"><w:name w:val="Letterhead"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:color w:val="555555"/><w:sz w:val="20"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="BodyText"/><w:pPr><w:keepNext/><w:spacing w:before="360" w:after="120"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:next w:val="BodyText"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="24"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="heading 3"/><w:basedOn w:val="Normal"/><w:next w:val="BodyText"/><w:pPr><w:keepNext/><w:spacing w:before="200" w:after="60"/><w:outlineLvl w:val="2"/></w:pPr><w:rPr><w:b/><w:i/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="ContentsHeading"><w:name w:val="TOC Heading"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/><w:basedOn w:val="Normal"/><w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9638"/></w:tabs><w:spacing w:after="40"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:spacing w:after="80"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Aside"><w:name w:val="Aside"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="80" w:line="252" w:lineRule="auto"/></w:pPr><w:rPr><w:color w:val="444444"/><w:sz w:val="19"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="200" w:after="80"/></w:pPr><w:rPr><w:b/><w:sz w:val="20"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Chart"><w:name w:val="Chart"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="160" w:line="240" w:lineRule="auto"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Cell"><w:name w:val="Table Cell"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="AfterTable"><w:name w:val="After Table"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="60" w:line="120" w:lineRule="exact"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="center"/><w:spacing w:after="0"/></w:pPr><w:rPr><w:b/><w:color w:val="8A2B12"/><w:sz w:val="18"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="center"/><w:spacing w:after="0"/></w:pPr><w:rPr><w:color w:val="555555"/><w:sz w:val="18"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0B3C5D"/><w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="table" w:styleId="Figures"><w:name w:val="Figures"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:color="222222"/><w:bottom w:val="single" w:sz="8" w:color="222222"/><w:insideH w:val="single" w:sz="4" w:color="BBBBBB"/></w:tblBorders></w:tblPr></w:style>
</w:styles>"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::paper::chart::Kind;
    use crate::digest::paper::whole;

    fn paper() -> Paper {
        let figure = Run::Figure { tag: "2017-11|ru|claims_ytd".to_owned(), text: "70".to_owned() };
        Paper {
            title: "Обзор <ноября> & «Ә»".to_owned(),
            body: vec![
                Node::Heading(2, "Цифры".to_owned()),
                Node::Text(vec![Run::plain("Подано "), figure.clone(), Run::plain(" претензий")]),
                Node::Table(Table {
                    caption: "Таблица".to_owned(),
                    head: vec!["Строка".to_owned(), "Число".to_owned()],
                    rows: vec![vec![Run::plain("Иски"), figure]],
                    texts: 1,
                }),
                Node::Chart(Chart {
                    title: "Иски".to_owned(),
                    series: vec!["2017".to_owned()],
                    rows: vec![("қараша".to_owned(), vec![(5.0, "5".to_owned())])],
                    kind: Kind::Bars,
                }),
            ],
            ..Paper::default()
        }
    }

    #[test]
    fn figures_are_found_again() {
        let bytes = whole("docx", &paper());
        let found = figures(&bytes).unwrap();
        assert_eq!(found, vec![("2017-11|ru|claims_ytd".to_owned(), "70".to_owned()); 2]);
        assert!(figures(b"no zip").is_err());
        assert_eq!(bytes, whole("docx", &paper()), "the same paper gives the same bytes");
    }

    #[test]
    fn an_event_stands_on_one_page_with_those_who_told_of_it() {
        let check = |level, items: usize, expect: usize| {
            let mut body = Body::default();
            body.node(&Node::Heading(level, "Иск к газете".to_owned()));
            body.node(&Node::Text(vec![Run::plain("Суд принял иск.")]));
            body.node(&Node::List(vec![vec![Run::plain("Tau")]; items]));
            body.node(&Node::Text(vec![Run::plain("Дальше.")]));
            assert_eq!(body.xml.matches("<w:keepNext/>").count(), expect, "{items} under a heading of level {level}");
        };
        // The text, and every line of the list but its last.
        check(3, 1, 1);
        check(3, SHORT, SHORT);
        check(3, SHORT + 1, 1);
        // A section is longer than a page.
        check(2, 2, 0);
    }
}
