//! A drawing as an enhanced metafile: a picture that Word and LibreOffice draw sharp at any size, with
//! words in their own letters. Layout as in Microsoft's [MS-EMF] 2.3.

use super::chart::{Anchor, Drawing, Mark, SHADES};

/// Device units for a point of the drawing.
const SCALE: f64 = 10.0;
/// Hundredths of a millimetre for a point of 1/96 inch.
const HUNDREDTHS: f64 = 2540.0 / 96.0;

const HEADER: u32 = 1;
const EOF: u32 = 14;
const SET_BK_MODE: u32 = 18;
const SET_TEXT_ALIGN: u32 = 22;
const SET_TEXT_COLOUR: u32 = 24;
const MOVE_TO: u32 = 27;
const SELECT: u32 = 37;
const CREATE_PEN: u32 = 38;
const CREATE_BRUSH: u32 = 39;
const DELETE: u32 = 40;
const RECTANGLE: u32 = 43;
const LINE_TO: u32 = 54;
const CREATE_FONT: u32 = 82;
const TEXT_OUT: u32 = 84;

struct Metafile {
    bytes: Vec<u8>,
    records: u32,
}

impl Metafile {
    fn record(&mut self, kind: u32, body: &[u8]) {
        let padded = body.len().div_ceil(4) * 4;
        self.word(kind);
        self.word(u32::try_from(padded + 8).unwrap_or(u32::MAX));
        self.bytes.extend_from_slice(body);
        self.bytes.resize(self.bytes.len() + padded - body.len(), 0);
        self.records += 1;
    }

    fn word(&mut self, word: u32) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }
}

fn words(words: &[i32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn colour([red, green, blue]: [u8; 3]) -> i32 {
    i32::from(red) | i32::from(green) << 8 | i32::from(blue) << 16
}

fn units(points: f64) -> i32 {
    (points * SCALE).round() as i32
}

/// The bytes of the metafile.
pub(super) fn emf(drawing: &Drawing) -> Vec<u8> {
    let mut file = Metafile { bytes: Vec::new(), records: 0 };
    let (width, height) = (units(drawing.width), units(drawing.height));
    // Bounds, frame in hundredths of a millimetre, signature " EMF", version; sizes are patched below.
    let mut header = words(&[0, 0, width, height, 0, 0]);
    header.extend(words(&[
        (drawing.width * HUNDREDTHS).round() as i32,
        (drawing.height * HUNDREDTHS).round() as i32,
        0x464d_4520,
        0x1_0000,
        0,
        0,
    ]));
    // Handles (three and the reserved one), no description, no palette; the device: `SCALE` units are
    // 1/96 inch, so a metre of 37,795 units.
    header.extend(3u16.to_le_bytes());
    header.extend(0u16.to_le_bytes());
    header.extend(words(&[0, 0, 0, 37_795, 37_795, 1_000, 1_000]));
    file.record(HEADER, &header);
    file.record(SET_BK_MODE, &words(&[1]));
    // 1: the pen of frames and rules. Brushes and fonts take 2, one at a time.
    let mut pen = words(&[1, 0, units(0.75), 0]);
    pen.extend(words(&[colour(SHADES[0])]));
    file.record(CREATE_PEN, &pen);
    file.record(SELECT, &words(&[1]));
    for mark in &drawing.marks {
        match mark {
            Mark::Box { x, y, w, h, shade } => {
                let shade = SHADES[(*shade).min(SHADES.len() - 1)];
                file.record(CREATE_BRUSH, &words(&[2, 0, colour(shade), 0]));
                file.record(SELECT, &words(&[2]));
                file.record(RECTANGLE, &words(&[units(*x), units(*y), units(x + w), units(y + h)]));
                // A stock brush (white) before the own one goes.
                file.record(SELECT, &words(&[i32::MIN]));
                file.record(DELETE, &words(&[2]));
            }
            Mark::Rule { x, y, to_x, to_y } => {
                file.record(MOVE_TO, &words(&[units(*x), units(*y)]));
                file.record(LINE_TO, &words(&[units(*to_x), units(*to_y)]));
            }
            Mark::Words { x, y, size, anchor, text, light } => {
                file.record(CREATE_FONT, &font(*size));
                file.record(SELECT, &words(&[2]));
                // On the base line, from the side that the anchor names.
                let align = 24
                    + match anchor {
                        Anchor::Start => 0,
                        Anchor::Middle => 6,
                        Anchor::End => 2,
                    };
                file.record(SET_TEXT_ALIGN, &words(&[align]));
                let ink = if *light { [0xff; 3] } else { [0x11; 3] };
                file.record(SET_TEXT_COLOUR, &words(&[colour(ink)]));
                file.record(TEXT_OUT, &text_out(*x, *y, text));
                // The stock system font (13).
                file.record(SELECT, &words(&[i32::MIN + 13]));
                file.record(DELETE, &words(&[2]));
            }
        }
    }
    file.record(EOF, &words(&[0, 16, 20]));
    let (size, records) = (u32::try_from(file.bytes.len()).unwrap_or(u32::MAX), file.records);
    file.bytes[48..52].copy_from_slice(&size.to_le_bytes());
    file.bytes[52..56].copy_from_slice(&records.to_le_bytes());
    file.bytes
}

fn font(size: f64) -> Vec<u8> {
    let mut font = words(&[2, -units(size), 0, 0, 0, 400]);
    // Italic, underline, strike-out, default character set; precision, clipping, quality, any family.
    font.extend([0, 0, 0, 1, 0, 0, 0, 0x20]);
    let mut face: Vec<u8> = "Arial".encode_utf16().flat_map(u16::to_le_bytes).collect();
    face.resize(64, 0);
    font.extend(face);
    // Full name, style and the rest of LogFontPanose: nothing.
    font.resize(4 + 92 + 128 + 64 + 4 + 4 + 4 + 4 + 4 + 4 + 10 + 2, 0);
    font
}

fn text_out(x: f64, y: f64, text: &str) -> Vec<u8> {
    let letters: Vec<u16> = text.encode_utf16().collect();
    let count = i32::try_from(letters.len()).unwrap_or(0);
    // Bounds, compatible mode, scale; the reference point; the string at byte 76 of the record; no
    // distances of letters: the font's own hold.
    let mut body = words(&[0, 0, -1, -1, 1]);
    body.extend(1.0f32.to_le_bytes());
    body.extend(1.0f32.to_le_bytes());
    body.extend(words(&[units(x), units(y), count, 76, 0, 0, 0, -1, -1, 0]));
    body.extend(letters.iter().flat_map(|letter| letter.to_le_bytes()));
    body
}
