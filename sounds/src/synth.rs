//! The parts that instruments are built of: oscillators, noise, filters, envelopes.

use crate::math::{exp2, sine};

/// An oscillator; each call gives the next sample, `step` being the frequency divided by the sample
/// rate.
#[derive(Default, Clone)]
pub struct Osc {
    phase: f64,
}

impl Osc {
    /// One that begins at this part of a turn.
    pub fn at(phase: f64) -> Self {
        Self { phase }
    }

    fn advance(&mut self, step: f64) -> f64 {
        let phase = self.phase;
        self.phase += step;
        self.phase -= self.phase.floor();
        phase
    }

    /// A pure tone.
    pub fn sine(&mut self, step: f64) -> f64 {
        sine(self.advance(step))
    }

    /// A pure tone whose phase another one pushes, in turns.
    pub fn pushed(&mut self, step: f64, push: f64) -> f64 {
        sine(self.advance(step) + push)
    }

    /// All harmonics: strings, brass.
    pub fn saw(&mut self, step: f64) -> f64 {
        let phase = self.advance(step);
        2.0 * phase - 1.0 - smooth_edge(phase, step)
    }

    /// A pulse, high for `width` of a turn; odd harmonics at one half.
    pub fn pulse(&mut self, step: f64, width: f64) -> f64 {
        let phase = self.advance(step);
        let fall = phase + 1.0 - width;
        let fall = fall - fall.floor();
        let level = if phase < width { 1.0 } else { -1.0 };
        level + smooth_edge(phase, step) - smooth_edge(fall, step) - (2.0 * width - 1.0)
    }

    /// Few soft harmonics.
    pub fn triangle(&mut self, step: f64) -> f64 {
        let phase = self.advance(step);
        4.0 * (phase - 0.5).abs() - 1.0
    }
}

/// What rounds a jump at the beginning of a turn, so that it holds no tones that the rate cannot
/// carry.
fn smooth_edge(phase: f64, step: f64) -> f64 {
    if phase < step {
        let t = phase / step;
        t + t - t * t - 1.0
    } else if phase > 1.0 - step {
        let t = (phase - 1.0) / step;
        t * t + t + t + 1.0
    } else {
        0.0
    }
}

/// Noise that is the same every time.
#[derive(Clone)]
pub struct Noise(u64);

impl Noise {
    /// Noise from a seed.
    pub fn new(seed: u64) -> Self {
        let mut noise = Self((seed ^ (seed >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        // The first values of similar seeds are similar.
        for _ in 0..16 {
            noise.next();
        }
        noise
    }

    /// The next value between -1 and 1.
    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    /// The next value in a range.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (self.next() * 0.5 + 0.5) * (high - low)
    }
}

/// A state-variable filter: one signal in, low, band and high out; may be moved while it runs.
#[derive(Default, Clone)]
pub struct Filter {
    one: f64,
    two: f64,
}

/// What a [`Filter`] lets through.
pub struct Bands {
    /// Below the frequency.
    pub low: f64,
    /// Around the frequency, as loud there as it came in.
    pub band: f64,
    /// Above the frequency.
    pub high: f64,
}

impl Filter {
    /// The next sample; `step` as in [`Osc`], `q` is how narrow it is.
    pub fn run(&mut self, input: f64, step: f64, q: f64) -> Bands {
        let step = step.clamp(0.0002, 0.46);
        let g = sine(step / 2.0) / sine(step / 2.0 + 0.25);
        let k = 1.0 / q;
        let a = 1.0 / (1.0 + g * (g + k));
        let high = a * (input - (g + k) * self.one - self.two);
        let band = g * high + self.one;
        let low = g * band + self.two;
        self.one = 2.0 * band - self.one;
        self.two = 2.0 * low - self.two;
        Bands { low, band: band * k, high }
    }
}

/// Fades with a half-life.
pub fn fading(t: f64, half: f64) -> f64 {
    exp2(-t / half)
}

/// Rises in `attack`, stays, and falls in the last `release` of `length`; smooth at every corner.
pub fn swell(t: f64, length: f64, attack: f64, release: f64) -> f64 {
    let rise = (t / attack).clamp(0.0, 1.0);
    let fall = ((length - t) / release).clamp(0.0, 1.0);
    let shape = rise.min(fall);
    shape * shape * (3.0 - 2.0 * shape)
}
