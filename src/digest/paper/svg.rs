//! A drawing as SVG, to stand inside a page.

use maud::{Markup, PreEscaped, html};

use super::chart::{Anchor, Chart, Mark, SHADES};

/// The chart as one `<svg>` with its text alternative.
pub(super) fn svg(chart: &Chart) -> Markup {
    let drawing = chart.draw();
    let number = |value: f64| format!("{value:.1}");
    let colour = |shade: usize| {
        let [red, green, blue] = SHADES[shade.min(SHADES.len() - 1)];
        format!("#{red:02x}{green:02x}{blue:02x}")
    };
    html! {
        svg viewBox=(format!("0 0 {:.0} {:.0}", drawing.width, drawing.height)) role="img" aria-label=(chart.described())
            xmlns="http://www.w3.org/2000/svg" {
            @for mark in &drawing.marks {
                @match mark {
                    Mark::Box { x, y, w, h, shade } => rect x=(number(*x)) y=(number(*y)) width=(number(*w)) height=(number(*h))
                        fill=(colour(*shade)) stroke="#0b3c5d" stroke-width="0.75" {},
                    Mark::Rule { x, y, to_x, to_y } => line x1=(number(*x)) y1=(number(*y)) x2=(number(*to_x)) y2=(number(*to_y))
                        stroke="currentColor" stroke-width="1" {},
                    Mark::Words { x, y, size, anchor, text, light } => text x=(number(*x)) y=(number(*y)) font-size=(number(*size))
                        text-anchor=(match anchor { Anchor::Start => "start", Anchor::Middle => "middle", Anchor::End => "end" })
                        fill=(if *light { "#fff" } else if boxed(*anchor, &drawing.marks, *x, *y) { "#111" } else { "currentColor" }) { (text) },
                }
            }
            (PreEscaped(""))
        }
    }
}

/// Does a text stand on a box? Then it is dark whatever the page's colours are.
fn boxed(anchor: Anchor, marks: &[Mark], x: f64, y: f64) -> bool {
    anchor == Anchor::Middle
        && marks.iter().any(|mark| match mark {
            Mark::Box { x: left, y: top, w, h, .. } => x >= *left && x <= left + w && y >= *top && y <= top + h,
            _ => false,
        })
}
