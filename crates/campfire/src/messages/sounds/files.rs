//! The files behind the sounds: ours, inside the program, and the operator's, read once at the
//! start.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use bytes::Bytes;
use rust_embed::RustEmbed;

use super::{Sound, find};
use crate::http::media::Media;

/// What `cargo run -p sounds` made.
#[derive(RustEmbed)]
#[folder = "../../sounds/out"]
struct Ours;

/// Our drawings.
#[derive(RustEmbed)]
#[folder = "../../sounds/pictures"]
struct Drawings;

/// How our own files end.
pub const OURS: &str = "flac";
/// How files may end and what that means, the most welcome first when there are several for one
/// name.
const ENDINGS: [(&str, &str); 9] = [
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
    ("webm", "audio/webm"),
];
/// Bytes of an operator's file; all of them stay in memory.
const MAX_FILE: u64 = 2 * 1024 * 1024;
/// Entries of the operator's directory that are looked at.
const MAX_ENTRIES: usize = 1000;
/// Ignored files that are named in the log.
const MAX_NAMED: usize = 20;

/// A sound's file.
#[derive(Debug)]
pub struct Played {
    /// The end of its name.
    pub ending: &'static str,
    /// What is in it.
    pub media: Media,
}

/// Our file of a sound.
pub fn ours(sound: &Sound) -> Option<Played> {
    let (_, content_type) = ENDINGS.iter().find(|(ending, _)| *ending == OURS)?;
    // Not looked into, so that a server at which nobody plays anything holds none of them in
    // memory.
    let media = Media::new(bytes(Ours::get(&format!("{}.{OURS}", sound.name))?.data), content_type);
    Some(Played { ending: OURS, media })
}

/// The drawing of a sound.
pub fn drawing(sound: &Sound) -> Option<Media> {
    Some(Media::new(bytes(Drawings::get(&format!("{}.svg", sound.name))?.data), "image/svg+xml"))
}

/// The operator's files by the names of the sounds they are for. What cannot be used is named in
/// the log and left alone.
///
/// # Errors
/// When the directory cannot be listed.
pub fn operators(directory: &Path) -> std::io::Result<BTreeMap<&'static str, Played>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(directory)?.take(MAX_ENTRIES) {
        names.insert(entry?.file_name());
    }
    let mut found: BTreeMap<&'static str, Played> = BTreeMap::new();
    let mut ignored = Vec::new();
    for name in names {
        let shown = name.to_string_lossy();
        match name.to_str().and_then(meaning) {
            None => ignored.push(format!("{shown} (no sound's name, or not audio)")),
            Some((sound, ending))
                if found.get(sound.name).is_some_and(|other| rank(other.ending) < rank(ending)) =>
            {
                ignored.push(format!("{shown} (there is another for this sound)"));
            }
            Some((sound, ending)) => {
                match read(&directory.join(&name)).map(|data| media(Cow::Owned(data), ending)) {
                    Ok(Some(media)) => drop(found.insert(sound.name, Played { ending, media })),
                    Ok(None) => ignored.push(format!("{shown} (not audio)")),
                    Err(problem) => ignored.push(format!("{shown} ({problem})")),
                }
            }
        }
    }
    if !ignored.is_empty() {
        let files =
            ignored.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        tracing::warn!(count = ignored.len(), files, "files in SOUNDS_PATH were ignored");
    }
    Ok(found)
}

/// The sound that a file is for, and its ending.
fn meaning(file: &str) -> Option<(&'static Sound, &'static str)> {
    let (name, ending) = file.rsplit_once('.')?;
    let (ending, _) = ENDINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending))?;
    Some((find(name)?, ending))
}

fn rank(ending: &str) -> usize {
    ENDINGS.iter().position(|(known, _)| *known == ending).unwrap_or(ENDINGS.len())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    if !file.metadata().is_ok_and(|about| about.is_file()) {
        return Err("not a file".into());
    }
    let mut data = Vec::new();
    // One byte more than allowed tells a file that is too large from one that just fits.
    file.take(MAX_FILE + 1).read_to_end(&mut data).map_err(|error| error.to_string())?;
    match data.len() as u64 {
        0 => Err("empty".into()),
        length if length > MAX_FILE => Err(format!("larger than {} MiB", MAX_FILE / 1024 / 1024)),
        _ => Ok(data),
    }
}

fn media(data: Cow<'static, [u8]>, ending: &str) -> Option<Media> {
    let (_, content_type) = ENDINGS.iter().find(|(known, _)| *known == ending)?;
    Some(Media::new(bytes(data), content_type))
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reaction, table};
    use super::*;

    #[test]
    fn every_sound_has_a_file_and_every_picture_a_drawing() {
        for sound in &table::ALL {
            assert!(ours(sound).is_some(), "{}", sound.name);
            assert_eq!(
                drawing(sound).is_some(),
                matches!(sound.reaction, Reaction::Picture { .. }),
                "{}",
                sound.name
            );
        }
        assert_eq!(Ours::iter().count(), table::ALL.len());
    }

    #[test]
    fn drawings_are_small_still_and_as_large_as_the_table_says() {
        for sound in &table::ALL {
            let Reaction::Picture { width, height } = sound.reaction else { continue };
            let data = Drawings::get(&format!("{}.svg", sound.name)).expect("a drawing").data;
            let svg = std::str::from_utf8(&data).expect("text");
            let head = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\""
            );
            assert!(svg.starts_with(&head), "{}: {}", sound.name, svg.lines().next().unwrap_or(""));
            assert!(svg.len() < 3072, "{}: {} bytes", sound.name, svg.len());
            for never in ["<script", "<style", "style=", "href", "url(", "<foreignObject", "<image"]
            {
                assert!(!svg.contains(never), "{} has {never}", sound.name);
            }
            assert!(
                !svg.split_whitespace().any(|word| word.starts_with("on") && word.contains('=')),
                "{} handles events",
                sound.name
            );
        }
    }

    #[test]
    fn files_are_for_the_sounds_they_are_named_after() {
        let meant = |file| meaning(file).map(|(sound, ending)| (sound.name, ending));
        assert_eq!(meant("tada.mp3"), Some(("tada", "mp3")));
        assert_eq!(meant("tada.MP3"), Some(("tada", "mp3")));
        for other in
            ["tada", "tada.txt", "Tada.mp3", ".mp3", "tada.tar.mp3", "nothing.wav", "../tada.wav"]
        {
            assert_eq!(meant(other), None, "{other}");
        }
    }

    #[test]
    fn the_more_welcome_ending_wins_and_what_is_too_large_is_left() {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |name: &str, data: &[u8]| {
            std::fs::write(directory.path().join(name), data).expect("written")
        };
        write("tada.wav", b"wave");
        write("tada.mp3", b"layer three");
        write("bell.ogg", &vec![0; MAX_FILE as usize + 1]);
        write("sax.opus", &vec![0; MAX_FILE as usize]);
        write("honk.flac", b"");
        std::fs::create_dir(directory.path().join("yay.mp3")).expect("made");
        let found = operators(directory.path()).expect("listed");
        assert_eq!(
            found.iter().map(|(name, played)| (*name, played.ending)).collect::<Vec<_>>(),
            [("sax", "opus"), ("tada", "mp3")]
        );
        assert!(operators(&directory.path().join("nowhere")).is_err());
    }
}
