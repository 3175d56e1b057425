//! A plot as SVG: lines over sizes, both axes logarithmic.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::report::Plot;

const COLOURS: [RGBColor; 10] = [
    RGBColor(0x0b, 0x5c, 0xad),
    RGBColor(0xb3, 0x4a, 0x00),
    RGBColor(0x2e, 0x7d, 0x32),
    RGBColor(0x7b, 0x1f, 0xa2),
    RGBColor(0x00, 0x69, 0x6b),
    RGBColor(0x9b, 0x1b, 0x30),
    RGBColor(0x5d, 0x40, 0x37),
    RGBColor(0xd8, 0x1b, 0x60),
    RGBColor(0x45, 0x5a, 0x64),
    RGBColor(0x9e, 0x9d, 0x24),
];
const FONT: &str = "sans-serif";
const SIZE: (u32, u32) = (940, 420);
/// Left of it stand the lines, right of it what they are.
const LINES_END: i32 = 620;

/// Draws it.
///
/// # Errors
/// When there is no point in it.
pub fn draw(plot: &Plot) -> Result<String> {
    let mut text = String::new();
    draw_into(plot, &mut text).map_err(|error| anyhow!("{}: {error}", plot.name))?;
    Ok(text)
}

fn draw_into(plot: &Plot, text: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let points = || plot.lines.values().flatten();
    let across = bounds(points().map(|point| point.0)).ok_or("no point")?;
    let up = bounds(points().map(|point| point.1)).ok_or("no point")?;
    let area = SVGBackend::with_string(text, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let (left, right) = area.split_horizontally(LINES_END);
    let mut chart = ChartBuilder::on(&left)
        .caption(&plot.title, (FONT, 18))
        .margin(14)
        .x_label_area_size(44)
        .y_label_area_size(72)
        .build_cartesian_2d((across.0..across.1).log_scale(), (up.0..up.1).log_scale())?;
    chart
        .configure_mesh()
        .x_desc(&plot.across)
        .y_desc(&plot.up)
        .x_label_formatter(&|value| short(*value))
        .y_label_formatter(&|value| short(*value))
        .label_style((FONT, 13))
        .light_line_style(TRANSPARENT)
        .draw()?;
    // The names in the order in which the lines end, the highest first.
    let end = |line: &[(f64, f64)]| line.last().map_or(0.0, |point| point.1);
    let mut lines: Vec<_> = plot.lines.iter().collect();
    lines.sort_by(|a, b| end(b.1).total_cmp(&end(a.1)));
    for (((name, line), colour), y) in lines.into_iter().zip(COLOURS.iter().cycle()).zip((48..).step_by(24)) {
        let style = ShapeStyle::from(*colour).stroke_width(2);
        chart.draw_series(LineSeries::new(line.iter().copied(), style))?;
        chart.draw_series(line.iter().map(|point| Circle::new(*point, 4, colour.filled())))?;
        right.draw(&PathElement::new([(0, y), (18, y)], style))?;
        right.draw(&Text::new(name.as_str(), (26, y - 6), (FONT, 13)))?;
    }
    area.present()?;
    Ok(())
}

/// A little more than the least and the most, so that no point lies on the edge.
fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let values: Vec<f64> = values.filter(|value| *value > 0.0).collect();
    let least = values.iter().copied().reduce(f64::min)?;
    let most = values.iter().copied().reduce(f64::max)?;
    Some((least / 1.5, most * 3.0))
}

fn short(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{} M", trimmed(value / 1e6)),
        value if value >= 1e4 => format!("{} k", trimmed(value / 1e3)),
        value => trimmed(value),
    }
}

fn trimmed(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
