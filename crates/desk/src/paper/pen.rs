//! Draws texts and lines on one page.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::TextDirection;

use super::fonts::Fonts;

/// How a text looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    Plain,
    /// A heading, or what a row is about.
    Strong,
    /// Beside the matter.
    Soft,
}

impl Look {
    fn color(self) -> rgb::Color {
        match self {
            Look::Plain | Look::Strong => rgb::Color::new(0, 0, 0),
            Look::Soft => rgb::Color::new(80, 80, 80),
        }
    }
}

/// Draws on the surface of a page.
pub struct Pen<'s, 'p> {
    pub surface: &'s mut Surface<'p>,
    pub fonts: &'s Fonts,
}

impl Pen<'_, '_> {
    /// One line of text, from its left end on.
    pub fn text(&mut self, (x, y): (f32, f32), size: f32, look: Look, text: &str) {
        let fill = Fill {
            paint: look.color().into(),
            opacity: NormalizedF32::ONE,
            rule: Default::default(),
        };
        self.surface.set_fill(Some(fill));
        // The fonts have one weight: a thin outline makes it stronger.
        let outline = (look == Look::Strong).then(|| Stroke {
            paint: look.color().into(),
            width: size / 32.0,
            ..Stroke::default()
        });
        self.surface.set_stroke(outline);
        let mut x = x;
        for (text, script) in self.fonts.runs(text) {
            let (start, font) = (Point::from_xy(x, y), script.font.clone());
            self.surface
                .draw_text(start, font, size, text, false, TextDirection::LeftToRight);
            x += script.width(text, size);
        }
        self.surface.set_stroke(None);
    }

    /// A line across: a point thick, or fine and light where it is soft.
    pub fn rule(&mut self, (from, to): (f32, f32), y: f32, look: Look) {
        let (grey, width) = match look {
            Look::Strong => (0, 1.0),
            Look::Plain => (0, 0.75),
            Look::Soft => (180, 0.5),
        };
        let mut path = PathBuilder::new();
        path.move_to(from, y);
        path.line_to(to, y);
        if let Some(path) = path.finish() {
            self.surface.set_fill(None);
            self.surface.set_stroke(Some(Stroke {
                paint: rgb::Color::new(grey, grey, grey).into(),
                width,
                ..Stroke::default()
            }));
            self.surface.draw_path(&path);
            self.surface.set_stroke(None);
        }
    }
}
