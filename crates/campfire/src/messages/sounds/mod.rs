//! Sounds that a message plays: the names `/play` knows, what is shown beside each, and the files
//! that are played.

pub mod files;
pub mod routes;
pub mod table;

use crate::core::app::{App, DomainState};
use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::media::Media;
use files::Played;

/// How a message asks for a sound.
const COMMAND: &str = "/play ";

/// A sound by its name in `/play NAME`.
#[derive(Debug, PartialEq, Eq)]
pub struct Sound {
    /// The name, lower-case letters and digits.
    pub name: &'static str,
    /// What is shown beside its button.
    pub reaction: Reaction,
}

/// What is shown beside a sound's button.
#[derive(Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Words or emoji.
    Text(&'static str),
    /// A small drawing.
    Picture {
        /// In pixels.
        width: u16,
        /// In pixels.
        height: u16,
    },
}

/// The sound of this name.
pub fn find(name: &str) -> Option<&'static Sound> {
    table::ALL.binary_search_by(|sound| sound.name.cmp(name)).ok().and_then(|at| table::ALL.get(at))
}

/// The sound that a message with this plain text plays: the text is the command and nothing else.
pub fn of(plain_text: &str) -> Option<&'static Sound> {
    find(plain_text.strip_prefix(COMMAND)?)
}

/// A sound as clients see it: exactly one of `text` and `image` is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SoundView {
    /// The name in `/play NAME`.
    pub name: &'static str,
    /// What to play.
    pub url: String,
    /// Words to show beside the button.
    pub text: Option<&'static str>,
    /// A drawing to show beside the button.
    pub image: Option<Picture>,
}

/// A drawing and the place to keep for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SoundPicture)]
pub struct Picture {
    /// Where it is.
    pub url: String,
    /// In pixels.
    pub width: u16,
    /// In pixels.
    pub height: u16,
}

/// The files in force: ours, and the operator's instead of them.
pub struct Sounds {
    played: HashMap<&'static str, Played>,
    drawings: HashMap<&'static str, Media>,
}

impl Sounds {
    /// Reads our files and those in the operator's directory, if there is one.
    ///
    /// # Errors
    /// Why the directory cannot be used, in one line for the operator.
    pub fn load(directory: Option<&Path>) -> Result<Self, String> {
        let mut played: HashMap<_, _> =
            table::ALL.iter().filter_map(|sound| Some((sound.name, files::ours(sound)?))).collect();
        if let Some(directory) = directory {
            played.extend(files::operators(directory).map_err(|error| {
                format!("SOUNDS_PATH: '{}' cannot be listed: {error}; for example SOUNDS_PATH=/srv/campfire/sounds", directory.display())
            })?);
        }
        let drawings = table::ALL
            .iter()
            .filter_map(|sound| Some((sound.name, files::drawing(sound)?)))
            .collect();
        Ok(Self { played, drawings })
    }

    /// A sound with the address of the file in force.
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
        let ending = self.played.get(sound.name).map_or(files::OURS, |played| played.ending);
        SoundView { name: sound.name, url: format!("/sounds/{}.{ending}", sound.name), text, image }
    }

    /// The file of this name, `NAME.ENDING`, if it is the one in force. Names come from requests:
    /// they are compared, never opened.
    pub fn file(&self, name: &str) -> Option<&Media> {
        let (name, ending) = name.rsplit_once('.')?;
        self.played.get(name).filter(|played| played.ending == ending).map(|played| &played.media)
    }

    /// The drawing of this name, `NAME.svg`.
    pub fn drawing(&self, name: &str) -> Option<&Media> {
        self.drawings.get(name.strip_suffix(".svg")?)
    }
}

impl DomainState for Sounds {
    fn on_external_write(&self, _: &App) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_command_and_nothing_else_plays() {
        assert_eq!(of("/play tada").map(|sound| sound.name), Some("tada"));
        assert_eq!(of("/play 56k").map(|sound| sound.name), Some("56k"));
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
            assert_eq!(of(text), None, "{text:?}");
        }
    }

    #[test]
    fn every_name_is_found_and_fit_for_a_path() {
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
