//! Sounds that a message can play: the names that `/play` knows, what is shown beside each, and the
//! audio files.

pub mod files;
pub mod routes;
pub mod table;

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::media::Media;
use files::AudioFile;

/// The command that plays a sound.
const COMMAND: &str = "/play ";

#[derive(Debug, PartialEq, Eq)]
pub struct Sound {
    /// The name in `/play NAME`: lower-case letters and digits.
    pub name: &'static str,
    pub reaction: Reaction,
}

/// What is shown beside a sound's button.
#[derive(Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Text or emoji.
    Text(&'static str),
    /// A small drawing.
    Picture { width: u16, height: u16 },
}

pub fn find(name: &str) -> Option<&'static Sound> {
    table::ALL.binary_search_by(|sound| sound.name.cmp(name)).ok().and_then(|at| table::ALL.get(at))
}

/// The sound that a message with this plain text plays. The text must be the command and nothing
/// else.
pub fn from_text(plain_text: &str) -> Option<&'static Sound> {
    find(plain_text.strip_prefix(COMMAND)?)
}

/// A sound. Exactly one of `text` and `image` is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SoundView {
    /// The name in `/play NAME`.
    pub name: &'static str,
    /// URL of the audio file.
    pub url: String,
    /// Text to show beside the button.
    pub text: Option<&'static str>,
    /// Image to show beside the button.
    pub image: Option<Picture>,
}

/// An image and its dimensions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SoundPicture)]
pub struct Picture {
    /// URL of the image.
    pub url: String,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
}

/// The files to play: the built-in ones, replaced by the operator's where there is one.
pub struct Sounds {
    audio: HashMap<&'static str, AudioFile>,
    drawings: HashMap<&'static str, Media>,
}

impl Sounds {
    /// Loads the built-in files and those in the operator's directory, if there is one.
    ///
    /// # Errors
    /// Why the directory cannot be used, in one line for the operator.
    pub fn load(directory: Option<&Path>) -> Result<Self, String> {
        let mut audio: HashMap<_, _> = table::ALL
            .iter()
            .filter_map(|sound| Some((sound.name, files::built_in(sound)?)))
            .collect();
        if let Some(directory) = directory {
            audio.extend(files::load_custom(directory).map_err(|error| {
                format!("SOUNDS_PATH: '{}' cannot be listed: {error}; for example SOUNDS_PATH=/srv/campfire/sounds", directory.display())
            })?);
        }
        let drawings = table::ALL
            .iter()
            .filter_map(|sound| Some((sound.name, files::drawing(sound)?)))
            .collect();
        Ok(Self { audio, drawings })
    }

    pub fn view(&self, sound: &'static Sound) -> SoundView {
        let (text, image) = match sound.reaction {
            Reaction::Text(text) => (Some(text), None),
            Reaction::Picture { width, height } => (
                None,
                Some(Picture {
                    url: format!("/sounds/pictures/{}.svg", sound.name),
                    width,
                    height,
                }),
            ),
        };
        let extension =
            self.audio.get(sound.name).map_or(files::BUILT_IN_EXTENSION, |audio| audio.extension);
        SoundView {
            name: sound.name,
            url: format!("/sounds/{}.{extension}", sound.name),
            text,
            image,
        }
    }

    /// The audio file with this name, `NAME.EXTENSION`. Names come from requests: they are
    /// compared, never opened.
    pub fn file(&self, name: &str) -> Option<&Media> {
        let (name, extension) = name.rsplit_once('.')?;
        self.audio.get(name).filter(|audio| audio.extension == extension).map(|audio| &audio.media)
    }

    /// The drawing with this name, `NAME.svg`.
    pub fn drawing(&self, name: &str) -> Option<&Media> {
        self.drawings.get(name.strip_suffix(".svg")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_command_plays_a_sound() {
        assert_eq!(from_text("/play tada").map(|sound| sound.name), Some("tada"));
        assert_eq!(from_text("/play 56k").map(|sound| sound.name), Some("56k"));
        for text in [
            "",
            "/play",
            "/play ",
            "/play Tada",
            "/play  tada",
            "/play tada ",
            " /play tada",
            "/play tada\n",
            "/play nothing",
            "tada",
        ] {
            assert_eq!(from_text(text), None, "{text:?}");
        }
    }

    #[test]
    fn names_are_found_and_safe_in_paths() {
        for sound in &table::ALL {
            assert_eq!(find(sound.name), Some(sound));
            assert!(
                sound.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
                "{}",
                sound.name
            );
        }
    }
}
