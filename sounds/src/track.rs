//! The tape that instruments play onto, and the room it is in.

use crate::math::{decibels, tanh};

/// Samples at twice the rate of the file, so that bright instruments fold nothing back into what is
/// heard.
pub struct Track {
    rate: f64,
    samples: Vec<f64>,
}

impl Track {
    /// A silent tape.
    pub fn new(rate: f64, seconds: f64) -> Self {
        Self { rate, samples: vec![0.0; (rate * seconds) as usize] }
    }

    /// Samples per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// What is on it.
    pub fn into_samples(self) -> Vec<f64> {
        self.samples
    }

    /// Adds what `voice` gives for each moment since `start`; what still sounds after `length`
    /// fades quickly, so that it does not click, and what goes beyond the end of the tape is
    /// lost.
    pub fn add(&mut self, start: f64, length: f64, db: f64, mut voice: impl FnMut(f64) -> f64) {
        let gain = decibels(db);
        let from = ((start * self.rate) as usize).min(self.samples.len());
        let until = (((start + length) * self.rate) as usize).min(self.samples.len());
        for (at, sample) in self.samples[from..until].iter_mut().enumerate() {
            let t = at as f64 / self.rate;
            *sample += gain * voice(t) * ((length - t) / 0.006).clamp(0.0, 1.0);
        }
    }

    /// Plays on a tape of its own, which `change` may bend before it is added.
    pub fn layer(&mut self, db: f64, play: impl FnOnce(&mut Track)) {
        let mut other = Track { rate: self.rate, samples: vec![0.0; self.samples.len()] };
        play(&mut other);
        let gain = decibels(db);
        for (sample, extra) in self.samples.iter_mut().zip(other.samples) {
            *sample += gain * extra;
        }
    }

    /// Passes everything through a function of time.
    pub fn shape(&mut self, mut change: impl FnMut(f64, f64) -> f64) {
        for (at, sample) in self.samples.iter_mut().enumerate() {
            *sample = change(at as f64 / self.rate, *sample);
        }
    }

    /// Warm distortion.
    pub fn drive(&mut self, amount: f64) {
        self.shape(|_, x| tanh(x * amount) / tanh(amount));
    }

    /// A room: `seconds` until it has died away, `wet` of 1 as loud as the instruments.
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

    /// Repeats everything after `delay`, each time `fading` as loud.
    pub fn echo(&mut self, delay: f64, fading: f64) {
        let behind = ((delay * self.rate) as usize).max(1);
        for at in behind..self.samples.len() {
            self.samples[at] += fading * self.samples[at - behind];
        }
    }
}
