//! Charts as a few rectangles, lines and words, drawn once and written as SVG or EMF.
//!
//! Every bar carries its value in figures, shades differ in lightness, so that a chart reads in grey
//! and for colour-blind readers; the same numbers stand in a text alternative.

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What the series are called, darkest first.
    pub series: Vec<String>,
    /// Categories with a value for each series, and how each value is written.
    pub rows: Vec<(String, Vec<(f64, String)>)>,
    /// How it is drawn.
    pub kind: Kind,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bars to the right, side by side within a category.
    Bars,
    /// Columns up, series on top of each other.
    Stacked,
    /// Tiles at fixed places (column and row by category), shaded by value.
    Tiles,
}

/// What is drawn, in points of 1/96 inch from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    Box { x: f64, y: f64, w: f64, h: f64, shade: usize },
    Rule { x: f64, y: f64, to_x: f64, to_y: f64 },
    Words { x: f64, y: f64, size: f64, anchor: Anchor, text: String, light: bool },
}

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Red, green, blue of each shade, dark to light; the last is paper with a frame.
pub(super) const SHADES: [[u8; 3]; 5] =
    [[0x0b, 0x3c, 0x5d], [0x4a, 0x8d, 0xb7], [0xbf, 0xd7, 0xea], [0xe9, 0xf0, 0xf5], [0xff, 0xff, 0xff]];

/// A drawing with its size.
pub(super) struct Drawing {
    pub width: f64,
    pub height: f64,
    pub marks: Vec<Mark>,
}

const WIDTH: f64 = 640.0;
const TEXT: f64 = 12.0;
/// Longest label of a category, in characters.
const LABEL: usize = 34;

impl Chart {
    /// The numbers in words: what a reader hears who cannot see the chart.
    pub fn described(&self) -> String {
        let row = |(name, values): &(String, Vec<(f64, String)>)| {
            let values: Vec<String> = match self.series.len() {
                0 | 1 => values.iter().map(|(_, written)| written.clone()).collect(),
                _ => {
                    self.series.iter().zip(values).map(|(series, (_, written))| format!("{series} {written}")).collect()
                }
            };
            format!("{}: {}", tile_name(name).0, values.join(", "))
        };
        let rows: Vec<String> = self.rows.iter().map(row).collect();
        format!("{}. {}.", self.title, rows.join("; "))
    }

    fn greatest(&self, of: impl Fn(&[(f64, String)]) -> f64) -> f64 {
        self.rows.iter().map(|(_, values)| of(values)).fold(0.0, f64::max).max(1.0)
    }

    pub(super) fn draw(&self) -> Drawing {
        match self.kind {
            Kind::Bars => self.bars(),
            Kind::Stacked => self.stacked(),
            Kind::Tiles => self.tiles(),
        }
    }

    fn legend(&self, marks: &mut Vec<Mark>) -> f64 {
        if self.series.len() < 2 {
            return 6.0;
        }
        let (mut x, mut y) = (0.0, 4.0);
        for (shade, name) in self.series.iter().enumerate() {
            let width = 26.0 + name.chars().count() as f64 * TEXT * 0.56;
            if x > 0.0 && x + width > WIDTH {
                (x, y) = (0.0, y + 20.0);
            }
            marks.push(Mark::Box { x, y, w: 12.0, h: 12.0, shade });
            marks.push(words(x + 18.0, y + 10.5, TEXT, Anchor::Start, name));
            x += width + 14.0;
        }
        y + 28.0
    }

    fn bars(&self) -> Drawing {
        let mut marks = Vec::new();
        let mut y = self.legend(&mut marks);
        let longest = self.rows.iter().map(|(name, _)| name.chars().count().min(LABEL)).max().unwrap_or(0);
        let left = longest as f64 * TEXT * 0.56 + 12.0;
        let written = self.rows.iter().flat_map(|(_, values)| values).map(|(_, text)| text.chars().count()).max();
        let right = written.unwrap_or(1) as f64 * TEXT * 0.58 + 10.0;
        let room = (WIDTH - left - right).max(60.0);
        let greatest = self.greatest(|values| values.iter().map(|(value, _)| *value).fold(0.0, f64::max));
        let top = y;
        for (name, values) in &self.rows {
            let height = 16.0 * values.len() as f64;
            marks.push(words(left - 8.0, y + height / 2.0 + 4.0, TEXT, Anchor::End, &cut(name, LABEL)));
            for (shade, (value, written)) in values.iter().enumerate() {
                let w = (value.max(0.0) / greatest * room).max(0.0);
                marks.push(Mark::Box { x: left, y, w: w.max(1.0), h: 14.0, shade });
                marks.push(words(left + w + 6.0, y + 11.5, TEXT, Anchor::Start, written));
                y += 16.0;
            }
            y += 8.0;
        }
        marks.push(Mark::Rule { x: left, y: top - 2.0, to_x: left, to_y: y - 6.0 });
        Drawing { width: WIDTH, height: y + 2.0, marks }
    }

    fn stacked(&self) -> Drawing {
        let mut marks = Vec::new();
        let top = self.legend(&mut marks) + 16.0;
        let (height, foot) = (180.0, top + 180.0);
        let sum = |values: &[(f64, String)]| values.iter().map(|(value, _)| value.max(0.0)).sum::<f64>();
        let greatest = self.greatest(sum);
        let step = WIDTH / self.rows.len().max(1) as f64;
        let width = (step * 0.62).min(64.0);
        for (at, (name, values)) in self.rows.iter().enumerate() {
            let x = step * at as f64 + (step - width) / 2.0;
            let mut y = foot;
            for (shade, (value, written)) in values.iter().enumerate() {
                let h = value.max(0.0) / greatest * height;
                if h <= 0.0 {
                    continue;
                }
                y -= h;
                marks.push(Mark::Box { x, y, w: width, h, shade });
                if h >= 13.0 {
                    let (x, y) = (x + width / 2.0, y + h / 2.0 + 4.0);
                    let text = written.clone();
                    marks.push(Mark::Words { x, y, size: 11.0, anchor: Anchor::Middle, text, light: shade == 0 });
                }
            }
            // Where one part is all there is, the box says it.
            let parts = values.iter().filter(|(value, _)| *value > 0.0).count();
            if parts != 1 || values.iter().all(|(value, _)| value.max(0.0) / greatest * height < 13.0) {
                let total = sum(values);
                let text = if values.len() > 1 {
                    format!("{total}")
                } else {
                    values.first().map_or_else(String::new, |(_, text)| text.clone())
                };
                marks.push(words(x + width / 2.0, y - 4.0, TEXT, Anchor::Middle, &text));
            }
            let room = (step / (10.5 * 0.56)).floor().max(3.0) as usize;
            marks.push(words(x + width / 2.0, foot + 15.0, 10.5, Anchor::Middle, &cut(name, room)));
        }
        marks.push(Mark::Rule { x: 0.0, y: foot, to_x: WIDTH, to_y: foot });
        Drawing { width: WIDTH, height: foot + 24.0, marks }
    }

    /// The name of a tile's category is `name\tcolumn\trow`.
    fn tiles(&self) -> Drawing {
        let (w, h) = (88.0, 50.0);
        let mut marks = Vec::new();
        let greatest = self.greatest(|values| values.first().map_or(0.0, |(value, _)| *value));
        let mut bottom: f64 = 0.0;
        for (name, values) in &self.rows {
            let (name, column, row) = tile_name(name);
            let (x, y) = (column * (w + 3.0), row * (h + 3.0));
            let Some((value, written)) = values.first() else { continue };
            let shade = match value / greatest {
                _ if *value <= 0.0 => 4,
                share if share > 0.66 => 0,
                share if share > 0.33 => 1,
                share if share > 0.1 => 2,
                _ => 3,
            };
            let light = shade == 0;
            marks.push(Mark::Box { x, y, w, h, shade });
            let middle = x + w / 2.0;
            let name = cut(name, 15);
            marks.push(Mark::Words { x: middle, y: y + 18.0, size: 10.0, anchor: Anchor::Middle, text: name, light });
            let text = written.clone();
            marks.push(Mark::Words { x: middle, y: y + 38.0, size: 15.0, anchor: Anchor::Middle, text, light });
            bottom = bottom.max(y + h);
        }
        Drawing { width: WIDTH, height: bottom + 4.0, marks }
    }
}

/// Name, column, row of a tile.
fn tile_name(name: &str) -> (&str, f64, f64) {
    let mut parts = name.split('\t');
    let name = parts.next().unwrap_or_default();
    let mut number = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(0.0);
    let (column, row) = (number(), number());
    (name, column, row)
}

fn words(x: f64, y: f64, size: f64, anchor: Anchor, text: &str) -> Mark {
    Mark::Words { x, y, size, anchor, text: text.to_owned(), light: false }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(kind: Kind) -> Chart {
        let value = |number: f64| (number, number.to_string());
        Chart {
            title: "Иски".to_owned(),
            series: vec!["2016".to_owned(), "2017".to_owned()],
            rows: vec![
                ("қараша".to_owned(), vec![value(2.0), value(5.0)]),
                ("желтоқсан".to_owned(), vec![value(0.0), value(1.0)]),
            ],
            kind,
        }
    }

    #[test]
    fn every_value_is_said_in_words() {
        assert_eq!(chart(Kind::Bars).described(), "Иски. қараша: 2016 2, 2017 5; желтоқсан: 2016 0, 2017 1.");
    }

    #[test]
    fn every_value_of_a_bar_is_written_beside_it() {
        for kind in [Kind::Bars, Kind::Stacked, Kind::Tiles] {
            let drawing = chart(kind).draw();
            assert!(drawing.height > 0.0);
            for mark in &drawing.marks {
                if let Mark::Box { x, y, w, h, .. } = mark {
                    assert!(*x >= 0.0 && *y >= 0.0 && x + w <= drawing.width && y + h <= drawing.height, "{mark:?}");
                }
            }
        }
        let drawing = chart(Kind::Bars).draw();
        let texts = drawing.marks.iter().filter(|mark| matches!(mark, Mark::Words { text, .. } if text == "5"));
        assert_eq!(texts.count(), 1);
    }
}
