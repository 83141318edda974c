//! The sounds of `/play`, made from scores: every file in `out/` comes from here, to the last bit.

mod band;
pub mod flac;
pub mod master;
pub mod math;
mod scores;
mod synth;
mod track;

use track::Track;

/// How one sound is made.
pub struct Score {
    /// Its name in `/play NAME`.
    pub name: &'static str,
    /// Samples per second of the file; less for sounds without brightness.
    pub rate: u32,
    seconds: f64,
    play: fn(&mut Track),
}

impl Score {
    /// The samples of the file.
    pub fn samples(&self) -> Vec<i16> {
        let mut track = Track::new(f64::from(self.rate) * 2.0, self.seconds);
        (self.play)(&mut track);
        master::master(&track.into_samples(), self.rate)
    }

    /// The file.
    pub fn file(&self) -> Vec<u8> {
        flac::encode(&self.samples(), self.rate)
    }
}

/// All scores, one for every name.
pub fn scores() -> impl Iterator<Item = &'static Score> {
    scores::ALL.iter().copied().flatten()
}
