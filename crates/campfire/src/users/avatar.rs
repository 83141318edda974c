//! How a user without a picture looks: initials on a colour that stays the same for life, as in Campfire.

use flate2::Crc;

use crate::ids::UserId;

/// Campfire's colours, in its order.
const COLORS: [&str; 18] = [
    "#AF2E1B", "#CC6324", "#3B4B59", "#BFA07A", "#ED8008", "#ED3F1C", "#BF1B1B", "#736B1E", "#D07B53", "#736356", "#AD1D1D", "#BF7C2A",
    "#C09C6F", "#698F9C", "#7C956B", "#5D618F", "#3B3633", "#67695E",
];

/// The colour of a user: chosen by the CRC-32 of the number in decimal.
pub fn color(id: UserId) -> &'static str {
    let mut crc = Crc::new();
    crc.update(id.0.to_string().as_bytes());
    COLORS[crc.sum() as usize % COLORS.len()]
}

/// The first letter or digit of each word, in any script, case kept.
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

/// A square with the initials in white.
pub fn svg(initials: &str, color: &str) -> String {
    let squeeze = if initials.chars().count() >= 3 { r#" textLength="85%" lengthAdjust="spacingAndGlyphs""# } else { "" };
    // Initials are letters and digits only, so nothing here needs escaping.
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" rx="50" fill="{color}"/><text x="50%" y="50%" fill="white" text-anchor="middle" dominant-baseline="central" font-family="system-ui, sans-serif" font-size="230" font-weight="800"{squeeze}>{initials}</text></svg>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_people_know() {
        let known = [(1, "#BF7C2A"), (2, "#698F9C"), (3, "#736B1E"), (42, "#D07B53")];
        for (id, expected) in known {
            assert_eq!(color(UserId(id)), expected);
        }
    }

    #[test]
    fn initials_begin_words_in_any_script() {
        for (name, expected) in
            [("Ada Lovelace", "AL"), ("J.R. Dobbs", "JRD"), ("Zoë de la Cruz", "ZdlC"), ("Élan Vital", "ÉV"), ("日本", "日"), ("<b>", "b")]
        {
            assert_eq!(initials(name), expected);
        }
    }
}
