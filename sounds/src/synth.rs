//! The building blocks of instruments: oscillators, noise, filters, envelopes.

use crate::math::{exp2, sine};

/// An oscillator. Each call returns the next sample; `step` is the frequency divided by the sample
/// rate.
#[derive(Default, Clone)]
pub struct Osc {
    phase: f64,
}

impl Osc {
    /// Starts at this phase, in turns.
    pub fn at(phase: f64) -> Self {
        Self { phase }
    }

    fn advance(&mut self, step: f64) -> f64 {
        let phase = self.phase;
        self.phase += step;
        self.phase -= self.phase.floor();
        phase
    }

    /// A sine.
    pub fn sine(&mut self, step: f64) -> f64 {
        sine(self.advance(step))
    }

    /// A sine with phase modulation, in turns.
    pub fn pushed(&mut self, step: f64, push: f64) -> f64 {
        sine(self.advance(step) + push)
    }

    /// A sawtooth: all harmonics, for strings and brass.
    pub fn saw(&mut self, step: f64) -> f64 {
        let phase = self.advance(step);
        2.0 * phase - 1.0 - smooth_edge(phase, step)
    }

    /// A pulse, high for `width` of a turn; only odd harmonics at one half.
    pub fn pulse(&mut self, step: f64, width: f64) -> f64 {
        let phase = self.advance(step);
        let fall = phase + 1.0 - width;
        let fall = fall - fall.floor();
        let level = if phase < width { 1.0 } else { -1.0 };
        level + smooth_edge(phase, step) - smooth_edge(fall, step) - (2.0 * width - 1.0)
    }

    /// A triangle: few soft harmonics.
    pub fn triangle(&mut self, step: f64) -> f64 {
        let phase = self.advance(step);
        4.0 * (phase - 0.5).abs() - 1.0
    }
}

/// Smooths the jump at the start of a turn to avoid aliasing (PolyBLEP).
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

/// Deterministic noise.
#[derive(Clone)]
pub struct Noise(u64);

impl Noise {
    /// Noise from a seed.
    pub fn new(seed: u64) -> Self {
        let mut noise = Self((seed ^ (seed >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        // Similar seeds start with similar values, which are skipped.
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

/// A state-variable filter with low-pass, band-pass and high-pass outputs, whose frequency may
/// change at any time.
#[derive(Default, Clone)]
pub struct Filter {
    one: f64,
    two: f64,
}

/// The outputs of a [`Filter`].
pub struct Bands {
    /// Low-pass.
    pub low: f64,
    /// Band-pass, with unity gain at its center.
    pub band: f64,
    /// High-pass.
    pub high: f64,
}

impl Filter {
    /// The next sample; `step` as in [`Osc`], `q` is the resonance.
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

/// Exponential decay with half-life `half`.
pub fn fading(t: f64, half: f64) -> f64 {
    exp2(-t / half)
}

/// An envelope that rises in `attack`, holds, and falls in the last `release` of `length`, with
/// smooth corners.
pub fn swell(t: f64, length: f64, attack: f64, release: f64) -> f64 {
    let rise = (t / attack).clamp(0.0, 1.0);
    let fall = ((length - t) / release).clamp(0.0, 1.0);
    let shape = rise.min(fall);
    shape * shape * (3.0 - 2.0 * shape)
}
