//! How are a reliability line and bars of shares drawn?

use std::fmt::Write as _;

use crate::calibration::Bin;

const STYLE: &str = "<style>text{font:13px sans-serif;fill:#222}.axis{stroke:#555;fill:none}.grid{stroke:#ddd}\
                     .ideal{stroke:#888;stroke-dasharray:5 4}.line{stroke:#0b6e4f;stroke-width:2;fill:none}\
                     .dot{fill:#0b6e4f}.rule{fill:#c2571a}.ours{fill:#0b6e4f}</style>";

/// Told probability against how often it came true; the area of a dot grows with the number of cases.
pub fn reliability(title: &str, bins: &[Bin]) -> String {
    let (left, top, side) = (60.0, 40.0, 360.0);
    let x = |value: f64| left + value * side;
    let y = |value: f64| top + (1.0 - value) * side;
    let mut svg = open(470, 460, title);
    for tenth in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let _ = write!(
            svg,
            "<path class='grid' d='M{0:.1} {1:.1}V{2:.1}M{3:.1} {4:.1}H{5:.1}'/>\
             <text x='{0:.1}' y='{6:.1}' text-anchor='middle'>{tenth}</text>\
             <text x='{7:.1}' y='{8:.1}' text-anchor='end'>{tenth}</text>",
            x(tenth),
            y(0.0),
            y(1.0),
            x(0.0),
            y(tenth),
            x(1.0),
            y(0.0) + 18.0,
            x(0.0) - 8.0,
            y(tenth) + 4.0,
        );
    }
    let _ = write!(svg, "<path class='ideal' d='M{} {}L{} {}'/>", x(0.0), y(0.0), x(1.0), y(1.0));
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1) as f64;
    let points: Vec<&Bin> = bins.iter().filter(|bin| bin.count > 0).collect();
    let path: Vec<String> =
        points.iter().map(|bin| format!("{:.1} {:.1}", x(bin.told), y(bin.came_true))).collect();
    let _ = write!(svg, "<path class='line' d='M{}'/>", path.join("L"));
    for bin in points {
        let radius = 3.0 + 9.0 * (bin.count as f64 / most).sqrt();
        let (x, y) = (x(bin.told), y(bin.came_true));
        let _ = write!(svg, "<circle class='dot' cx='{x:.1}' cy='{y:.1}' r='{radius:.1}'/>");
    }
    let _ = writeln!(
        svg,
        "<text x='240' y='445' text-anchor='middle'>probability that was told</text>\
         <text x='16' y='220' text-anchor='middle' transform='rotate(-90 16 220)'>share that came true</text></svg>"
    );
    svg
}

/// Pairs of bars from 0 to 1: the plain rule and the markers.
pub fn pairs(title: &str, pairs: &[(String, f64, f64)]) -> String {
    let height = 70 + 46 * pairs.len();
    let mut svg = open(620, height + 20, title);
    for ((name, rule, ours), row) in pairs.iter().zip(0..) {
        let y = 52 + 46 * row;
        let _ = write!(
            svg,
            "<text x='12' y='{0}'>{name}</text>\
             <rect class='rule' x='220' y='{1}' width='{2:.1}' height='15'/><text x='{3:.1}' y='{4}'>{rule:.2}</text>\
             <rect class='ours' x='220' y='{5}' width='{6:.1}' height='15'/><text x='{7:.1}' y='{8}'>{ours:.2}</text>",
            y + 18,
            y,
            rule * 320.0,
            226.0 + rule * 320.0,
            y + 12,
            y + 18,
            ours * 320.0,
            226.0 + ours * 320.0,
            y + 30,
        );
    }
    let _ = writeln!(
        svg,
        "<rect class='rule' x='220' y='{0}' width='12' height='12'/><text x='238' y='{1}'>plain rule</text>\
         <rect class='ours' x='330' y='{0}' width='12' height='12'/><text x='348' y='{1}'>markers</text></svg>",
        height - 10,
        height + 1,
    );
    svg
}

fn open(width: usize, height: usize, title: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}' \
         role='img' aria-label='{title}'>{STYLE}<rect width='{width}' height='{height}' fill='#fff'/>\
         <text x='{}' y='24' text-anchor='middle' font-weight='bold'>{title}</text>\n",
        width / 2
    )
}
