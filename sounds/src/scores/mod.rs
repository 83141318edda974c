//! The scores, each in a few lines, sorted by what they are about. Every motif is our own.

mod animals;
mod drama;
mod machines;
mod songs;
mod stage;
mod voices;

use crate::Score;
use crate::track::Track;

/// All of them.
pub static ALL: [&[Score]; 6] =
    [animals::ALL, drama::ALL, machines::ALL, songs::ALL, stage::ALL, voices::ALL];

/// The usual rate; half and less is for sounds without brightness.
const RATE: u32 = 22_050;
/// For what is dull.
const DULL: u32 = 16_000;
/// For what came through a telephone.
const TELEPHONE: u32 = 8_000;

const fn score(name: &'static str, rate: u32, seconds: f64, play: fn(&mut Track)) -> Score {
    Score { name, rate, seconds, play }
}
