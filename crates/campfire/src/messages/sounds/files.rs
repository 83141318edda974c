//! The files of sounds: the built-in ones, embedded in the binary, and the operator's, read once at start.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use bytes::Bytes;
use rust_embed::RustEmbed;

use super::{Sound, find};
use crate::http::media::Media;

/// The output of `cargo run -p sounds`.
#[derive(RustEmbed)]
#[folder = "../../sounds/out"]
struct BuiltIn;

#[derive(RustEmbed)]
#[folder = "../../sounds/pictures"]
struct Drawings;

/// The extension of the built-in files.
pub const BUILT_IN_EXTENSION: &str = "flac";
/// Supported extensions and their media types. If there are several files for one sound, the first
/// extension in this list wins.
const EXTENSIONS: [(&str, &str); 9] = [
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
/// Maximum bytes of an operator's file. All of them stay in memory.
const MAX_BYTES: u64 = 2 * 1024 * 1024;
/// Maximum number of entries read from the operator's directory.
const MAX_ENTRIES: usize = 1000;
/// Maximum number of ignored files named in the log.
const MAX_LOGGED: usize = 20;

/// The audio file of a sound.
#[derive(Debug)]
pub struct AudioFile {
    pub extension: &'static str,
    pub media: Media,
}

/// The built-in file of a sound.
pub fn built_in(sound: &Sound) -> Option<AudioFile> {
    let (_, content_type) =
        EXTENSIONS.iter().find(|(extension, _)| *extension == BUILT_IN_EXTENSION)?;
    // Loaded lazily: a server on which nobody plays sounds keeps none of them in memory.
    let media = Media::new(
        bytes(BuiltIn::get(&format!("{}.{BUILT_IN_EXTENSION}", sound.name))?.data),
        content_type,
    );
    Some(AudioFile { extension: BUILT_IN_EXTENSION, media })
}

pub fn drawing(sound: &Sound) -> Option<Media> {
    Some(Media::new(bytes(Drawings::get(&format!("{}.svg", sound.name))?.data), "image/svg+xml"))
}

/// The operator's files by sound name. Files that cannot be used are logged and ignored.
///
/// # Errors
/// When the directory cannot be listed.
pub fn load_custom(directory: &Path) -> std::io::Result<BTreeMap<&'static str, AudioFile>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(directory)?.take(MAX_ENTRIES) {
        names.insert(entry?.file_name());
    }
    let mut found: BTreeMap<&'static str, AudioFile> = BTreeMap::new();
    let mut ignored = Vec::new();
    for name in names {
        let shown = name.to_string_lossy();
        match name.to_str().and_then(parse_name) {
            None => ignored.push(format!("{shown} (no sound's name, or not audio)")),
            Some((sound, extension))
                if found
                    .get(sound.name)
                    .is_some_and(|other| rank(other.extension) < rank(extension)) =>
            {
                ignored.push(format!("{shown} (there is another for this sound)"));
            }
            Some((sound, extension)) => {
                match read(&directory.join(&name)).map(|data| media(Cow::Owned(data), extension)) {
                    Ok(Some(media)) => {
                        drop(found.insert(sound.name, AudioFile { extension, media }))
                    }
                    Ok(None) => ignored.push(format!("{shown} (not audio)")),
                    Err(problem) => ignored.push(format!("{shown} ({problem})")),
                }
            }
        }
    }
    if !ignored.is_empty() {
        let files =
            ignored.iter().take(MAX_LOGGED).map(String::as_str).collect::<Vec<_>>().join(", ");
        tracing::warn!(count = ignored.len(), files, "files in SOUNDS_PATH were ignored");
    }
    Ok(found)
}

/// The sound that a file belongs to, and its extension.
fn parse_name(file: &str) -> Option<(&'static Sound, &'static str)> {
    let (name, extension) = file.rsplit_once('.')?;
    let (extension, _) =
        EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension))?;
    Some((find(name)?, extension))
}

fn rank(extension: &str) -> usize {
    EXTENSIONS.iter().position(|(known, _)| *known == extension).unwrap_or(EXTENSIONS.len())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    if !file.metadata().is_ok_and(|about| about.is_file()) {
        return Err("not a file".into());
    }
    let mut data = Vec::new();
    // Reads one byte more than allowed, to detect files that are too large.
    file.take(MAX_BYTES + 1).read_to_end(&mut data).map_err(|error| error.to_string())?;
    match data.len() as u64 {
        0 => Err("empty".into()),
        length if length > MAX_BYTES => Err(format!("larger than {} MiB", MAX_BYTES / 1024 / 1024)),
        _ => Ok(data),
    }
}

fn media(data: Cow<'static, [u8]>, extension: &str) -> Option<Media> {
    let (_, content_type) = EXTENSIONS.iter().find(|(known, _)| *known == extension)?;
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
            assert!(built_in(sound).is_some(), "{}", sound.name);
            assert_eq!(
                drawing(sound).is_some(),
                matches!(sound.reaction, Reaction::Picture { .. }),
                "{}",
                sound.name
            );
        }
        assert_eq!(BuiltIn::iter().count(), table::ALL.len());
    }

    #[test]
    fn drawings_are_small_static_and_sized_as_in_the_table() {
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
    fn file_names_select_the_sound() {
        let parsed = |file| parse_name(file).map(|(sound, extension)| (sound.name, extension));
        assert_eq!(parsed("tada.mp3"), Some(("tada", "mp3")));
        assert_eq!(parsed("tada.MP3"), Some(("tada", "mp3")));
        for other in
            ["tada", "tada.txt", "Tada.mp3", ".mp3", "tada.tar.mp3", "nothing.wav", "../tada.wav"]
        {
            assert_eq!(parsed(other), None, "{other}");
        }
    }

    #[test]
    fn preferred_extensions_win_and_invalid_files_are_ignored() {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |name: &str, data: &[u8]| {
            std::fs::write(directory.path().join(name), data).expect("written")
        };
        write("tada.wav", b"wave");
        write("tada.mp3", b"layer three");
        write("bell.ogg", &vec![0; MAX_BYTES as usize + 1]);
        write("sax.opus", &vec![0; MAX_BYTES as usize]);
        write("honk.flac", b"");
        std::fs::create_dir(directory.path().join("yay.mp3")).expect("made");
        let found = load_custom(directory.path()).expect("listed");
        assert_eq!(
            found.iter().map(|(name, audio)| (*name, audio.extension)).collect::<Vec<_>>(),
            [("sax", "opus"), ("tada", "mp3")]
        );
        assert!(load_custom(&directory.path().join("nowhere")).is_err());
    }
}
