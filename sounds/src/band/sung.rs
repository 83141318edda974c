//! Voices: a pulse source and the vowels that filter it. They sing vowels, never words.

use crate::math::{hertz, line, sine, tanh};
use crate::synth::{Filter, Noise, Osc, swell};
use crate::track::Track;

/// A vowel: the resonance frequencies of the mouth in hertz.
pub type Vowel = [f64; 3];

/// As in "father".
pub const AH: Vowel = [760.0, 1180.0, 2550.0];
/// As in "bed".
pub const EH: Vowel = [560.0, 1750.0, 2500.0];
/// As in "see".
pub const EE: Vowel = [300.0, 2250.0, 2950.0];
/// As in "go".
pub const OH: Vowel = [470.0, 830.0, 2450.0];
/// As in "moon".
pub const OO: Vowel = [320.0, 720.0, 2300.0];

/// The level and the width of each resonance.
const SHAPE: [(f64, f64); 3] = [(1.0, 6.0), (0.7, 9.0), (0.32, 11.0)];

/// The properties of a voice.
#[derive(Clone, Copy)]
pub struct Singer {
    /// The scale of the resonances: 1 for a man, 1.2 for a woman, 1.4 for a child, lower for deep
    /// voices.
    pub size: f64,
    /// The share of breath noise.
    pub breath: f64,
    /// Semitones of vibrato.
    pub vibrato: f64,
    /// The roughness.
    pub rough: f64,
}

impl Default for Singer {
    fn default() -> Self {
        Self { size: 1.0, breath: 0.05, vibrato: 0.2, rough: 0.0 }
    }
}

impl Track {
    /// One sound of a singer: `keys` and `vowels` are reached at the given seconds.
    pub fn sing(
        &mut self,
        start: f64,
        length: f64,
        db: f64,
        singer: Singer,
        keys: &[(f64, f64)],
        vowels: &[(f64, Vowel)],
    ) {
        let rate = self.rate();
        let (mut osc, mut noise, mut soft) =
            (Osc::default(), Noise::new(start.to_bits() ^ 41), Filter::default());
        let mut mouth = [Filter::default(), Filter::default(), Filter::default()];
        let resonances =
            [0, 1, 2].map(|at| vowels.iter().map(|(t, vowel)| (*t, vowel[at])).collect::<Vec<_>>());
        let mut shake = 0.0;
        self.add(start, length, db, |t| {
            shake += 0.004 * (noise.next() - shake);
            let vibrato = singer.vibrato * sine(5.4 * t) * ((t - 0.12) / 0.25).clamp(0.0, 1.0);
            let frequency = hertz(line(keys, t) + vibrato + shake * (2.0 + 30.0 * singer.rough));
            let pulse =
                osc.saw(frequency / rate) * (1.0 + singer.rough * sine(frequency * 0.5 * t));
            let source = soft.run(pulse, (frequency * 4.0 + 700.0) / rate, 0.7).low
                + singer.breath * noise.next();
            let voice = (0..3).map(|at| {
                let (loud, narrow) = SHAPE[at];
                // Singers open the mouth for high notes, so that no note is below the first
                // resonance.
                let resonance = (line(&resonances[at], t) * singer.size).max(frequency);
                loud * mouth[at].run(source, resonance / rate, narrow).band
            });
            tanh(2.2 * voice.sum::<f64>()) * swell(t, length, 0.035, 0.07)
        });
    }

    /// A crowd of singers of about this size, each a little different, cheering from one key and
    /// vowel to another.
    pub fn crowd(
        &mut self,
        start: f64,
        length: f64,
        db: f64,
        (people, size): (u32, f64),
        keys: (f64, f64),
        vowels: (Vowel, Vowel),
    ) {
        let mut random = Noise::new(u64::from(people) * 97 + 13);
        for _ in 0..people {
            let (late, off) = (random.between(0.0, 0.12), random.between(-3.5, 3.5));
            let singer = Singer {
                size: size * random.between(0.92, 1.1),
                breath: 0.25,
                vibrato: 0.3,
                rough: random.between(0.0, 0.2),
            };
            let length = (length - late) * random.between(0.8, 1.0);
            let curve = [(0.0, keys.0 + off - 3.0), (0.15, keys.0 + off), (length, keys.1 + off)];
            let db = db - 3.2 * f64::from(people).sqrt();
            self.sing(
                start + late,
                length,
                db,
                singer,
                &curve,
                &[(0.0, vowels.0), (length * 0.5, vowels.1)],
            );
        }
    }
}
