//! The scores, grouped by theme. All motifs are original.

mod animals;
mod drama;
mod machines;
mod songs;
mod stage;
mod voices;

use crate::Score;
use crate::track::Track;

/// All scores.
pub static ALL: [&[Score]; 6] =
    [animals::ALL, drama::ALL, machines::ALL, songs::ALL, stage::ALL, voices::ALL];

/// The usual sample rate.
const RATE: u32 = 22_050;
/// For sounds without high frequencies.
const DULL: u32 = 16_000;
/// For telephone sounds.
const TELEPHONE: u32 = 8_000;

const fn score(name: &'static str, rate: u32, seconds: f64, play: fn(&mut Track)) -> Score {
    Score { name, rate, seconds, play }
}
