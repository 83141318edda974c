//! The instruments. Each method plays one note onto a track: start and length in seconds, key (69
//! is the A of 440 Hz), level in decibels.

mod blown;
mod drums;
mod effects;
mod keys;
mod strings;
mod sung;

pub use blown::Brass;
pub use sung::{AH, EE, EH, OH, OO, Singer, Vowel};
