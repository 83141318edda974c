//! The track onto which instruments play, and its effects.

use crate::math::{decibels, tanh};

/// Samples at twice the file's rate, so that bright instruments do not alias.
pub struct Track {
    rate: f64,
    samples: Vec<f64>,
}

impl Track {
    /// A silent track.
    pub fn new(rate: f64, seconds: f64) -> Self {
        Self { rate, samples: vec![0.0; (rate * seconds) as usize] }
    }

    /// Samples per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Returns the samples.
    pub fn into_samples(self) -> Vec<f64> {
        self.samples
    }

    /// Adds `voice`, a function of the seconds since `start`. After `length` it fades out quickly
    /// to avoid a click; anything beyond the end of the track is dropped.
    pub fn add(&mut self, start: f64, length: f64, db: f64, mut voice: impl FnMut(f64) -> f64) {
        let gain = decibels(db);
        let from = ((start * self.rate) as usize).min(self.samples.len());
        let until = (((start + length) * self.rate) as usize).min(self.samples.len());
        for (at, sample) in self.samples[from..until].iter_mut().enumerate() {
            let t = at as f64 / self.rate;
            *sample += gain * voice(t) * ((length - t) / 0.006).clamp(0.0, 1.0);
        }
    }

    /// Adds the result of playing on a separate track, to which `play` can apply effects of its
    /// own.
    pub fn layer(&mut self, db: f64, play: impl FnOnce(&mut Track)) {
        let mut other = Track { rate: self.rate, samples: vec![0.0; self.samples.len()] };
        play(&mut other);
        let gain = decibels(db);
        for (sample, extra) in self.samples.iter_mut().zip(other.samples) {
            *sample += gain * extra;
        }
    }

    /// Applies a function of time and sample to the whole track.
    pub fn shape(&mut self, mut change: impl FnMut(f64, f64) -> f64) {
        for (at, sample) in self.samples.iter_mut().enumerate() {
            *sample = change(at as f64 / self.rate, *sample);
        }
    }

    /// Soft-clipping distortion.
    pub fn drive(&mut self, amount: f64) {
        self.shape(|_, x| tanh(x * amount) / tanh(amount));
    }

    /// Adds reverb: `seconds` until it has decayed by 60 dB; a `wet` of 1 is as loud as the dry
    /// signal.
    pub fn room(&mut self, seconds: f64, wet: f64) {
        const COMBS: [f64; 6] = [0.0253, 0.0269, 0.0290, 0.0307, 0.0322, 0.0338];
        const DIFFUSERS: [f64; 3] = [0.0051, 0.0126, 0.0100];
        let mut echo = vec![0.0; self.samples.len()];
        for delay in COMBS {
            let feedback = decibels(-60.0 * delay / seconds);
            let mut line = vec![0.0; (delay * self.rate) as usize];
            let (length, mut dull) = (line.len(), 0.0);
            for (at, (out, dry)) in echo.iter_mut().zip(&self.samples).enumerate() {
                let back = line[at % length];
                dull += 0.55 * (back - dull);
                line[at % length] = dry + feedback * dull;
                *out += back / COMBS.len() as f64;
            }
        }
        for delay in DIFFUSERS {
            let mut line = vec![0.0; (delay * self.rate) as usize];
            let length = line.len();
            for (at, out) in echo.iter_mut().enumerate() {
                let back = line[at % length];
                let inside = *out + 0.5 * back;
                line[at % length] = inside;
                *out = back - 0.5 * inside;
            }
        }
        for (sample, wetness) in self.samples.iter_mut().zip(echo) {
            *sample += wet * wetness;
        }
    }

    /// Adds an echo after `delay` seconds, each repetition `fading` times as loud.
    pub fn echo(&mut self, delay: f64, fading: f64) {
        let behind = ((delay * self.rate) as usize).max(1);
        for at in behind..self.samples.len() {
            self.samples[at] += fading * self.samples[at - behind];
        }
    }
}
