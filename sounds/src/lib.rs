//! The sounds of `/play`, synthesised from scores. Every file in `out/` is reproduced bit for bit
//! by this crate.

mod band;
pub mod flac;
pub mod master;
pub mod math;
mod scores;
mod synth;
mod track;

use track::Track;

/// The score of one sound.
pub struct Score {
    /// Its name in `/play NAME`.
    pub name: &'static str,
    /// The file's sample rate in hertz; lower for dull sounds.
    pub rate: u32,
    seconds: f64,
    play: fn(&mut Track),
}

impl Score {
    /// Synthesises the samples.
    pub fn samples(&self) -> Vec<i16> {
        let mut track = Track::new(f64::from(self.rate) * 2.0, self.seconds);
        (self.play)(&mut track);
        master::master(&track.into_samples(), self.rate)
    }

    /// Synthesises the sound and encodes it as FLAC.
    pub fn file(&self) -> Vec<u8> {
        flac::encode(&self.samples(), self.rate)
    }
}

/// All scores, one per sound.
pub fn scores() -> impl Iterator<Item = &'static Score> {
    scores::ALL.iter().copied().flatten()
}
