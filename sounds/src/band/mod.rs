//! The instruments. Each plays one note onto a track: when, how long, which key (69 is the A of 440
//! Hz), how loud in decibels.

mod blown;
mod drums;
mod effects;
mod keys;
mod strings;
mod sung;

pub use blown::Brass;
pub use sung::{AH, EE, EH, OH, OO, Singer, Vowel};
