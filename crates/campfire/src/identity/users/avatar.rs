//! Generated avatars: initials on a color that never changes for a user, as in Campfire.

use flate2::Crc;

use crate::core::ids::UserId;

/// Campfire's colors, in its order.
const COLORS: [&str; 18] = [
    "#AF2E1B", "#CC6324", "#3B4B59", "#BFA07A", "#ED8008", "#ED3F1C", "#BF1B1B", "#736B1E",
    "#D07B53", "#736356", "#AD1D1D", "#BF7C2A", "#C09C6F", "#698F9C", "#7C956B", "#5D618F",
    "#3B3633", "#67695E",
];

/// The colors on which white text has a contrast below 4.5:1 (WCAG 2.2, 1.4.3). The client has the
/// same rule.
const LIGHT: [&str; 9] = [
    "#CC6324", "#BFA07A", "#ED8008", "#ED3F1C", "#D07B53", "#BF7C2A", "#C09C6F", "#698F9C",
    "#7C956B",
];

/// A user's color, chosen by the CRC-32 of the decimal id.
pub fn color(id: UserId) -> &'static str {
    let mut crc = Crc::new();
    crc.update(id.0.to_string().as_bytes());
    COLORS[crc.sum() as usize % COLORS.len()]
}

/// The first letter or digit of each word, in any script. Keeps the case.
pub fn initials(name: &str) -> String {
    let mut inside = false;
    name.chars()
        .filter(|&c| {
            let part = c.is_alphanumeric() || c == '_';
            let first = part && !inside;
            inside = part;
            first
        })
        .collect()
}

/// A square with the initials, in white, or in black on light colors.
pub fn svg(initials: &str, color: &str) -> String {
    let squeeze = if initials.chars().count() >= 3 {
        r#" textLength="85%" lengthAdjust="spacingAndGlyphs""#
    } else {
        ""
    };
    let text_color = if LIGHT.contains(&color) { "black" } else { "white" };
    // Initials are letters and digits only, so nothing here needs escaping.
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" rx="50" fill="{color}"/><text x="50%" y="50%" fill="{text_color}" text-anchor="middle" dominant-baseline="central" font-family="system-ui, sans-serif" font-size="230" font-weight="800"{squeeze}>{initials}</text></svg>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_match_campfire() {
        let known = [(1, "#BF7C2A"), (2, "#698F9C"), (3, "#736B1E"), (42, "#D07B53")];
        for (id, expected) in known {
            assert_eq!(color(UserId(id)), expected);
        }
    }

    #[test]
    fn initials_have_enough_contrast_on_every_color() {
        let linear = |part: &str| {
            let share = f64::from(u8::from_str_radix(part, 16).expect("two digits")) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        for color in COLORS {
            let light = 0.2126 * linear(&color[1..3])
                + 0.7152 * linear(&color[3..5])
                + 0.0722 * linear(&color[5..7]);
            let drawn = svg("AL", color);
            let contrast = if drawn.contains("fill=\"black\"") {
                (light + 0.05) / 0.05
            } else {
                1.05 / (light + 0.05)
            };
            assert!(contrast >= 4.5, "{color}: {contrast}");
        }
    }

    #[test]
    fn initials_work_in_any_script() {
        for (name, expected) in [
            ("Ada Lovelace", "AL"),
            ("J.R. Dobbs", "JRD"),
            ("Zoë de la Cruz", "ZdlC"),
            ("Élan Vital", "ÉV"),
            ("日本", "日"),
            ("<b>", "b"),
        ] {
            assert_eq!(initials(name), expected);
        }
    }
}
