//! Keyboard instruments and sound chips.

use crate::math::{hertz, sine};
use crate::synth::{Filter, Osc, fading, swell};
use crate::track::Track;

impl Track {
    /// A simple piano: the hammer and the string, without the body.
    pub fn piano(&mut self, start: f64, length: f64, key: f64, db: f64) {
        let rate = self.rate();
        for harmonic in 1..9_u32 {
            let n = f64::from(harmonic);
            let step = hertz(key) * n * (1.0 + 0.0004 * n * n) / rate;
            if step > 0.22 {
                break;
            }
            let (mut osc, half) =
                (Osc::default(), 0.6 / n.sqrt() * hertz(60.0 - key.min(90.0) / 2.0 + 9.0) / 220.0);
            self.add(start, length + 0.25, db - 5.0, |t| {
                let held = if t < length { 1.0 } else { fading(t - length, 0.04) };
                osc.sine(step) * fading(t, half.max(0.08)) * held * (t / 0.003).min(1.0)
                    / (n * n.sqrt())
            });
        }
    }

    /// An electric piano: one tone modulates the phase of another.
    pub fn epiano(&mut self, start: f64, length: f64, key: f64, db: f64) {
        let rate = self.rate();
        let (mut carrier, mut tine) = (Osc::default(), Osc::default());
        self.add(start, length, db - 5.0, |t| {
            let step = hertz(key) / rate;
            let push = tine.sine(step) * 0.16 * fading(t, 0.5)
                + 0.05 * sine(14.0 * hertz(key) * t) * fading(t, 0.03);
            carrier.pushed(step, push)
                * fading(t, 0.9)
                * swell(t, length, 0.004, 0.1)
                * (0.85 + 0.15 * sine(4.5 * t))
        });
    }

    /// A fairground organ.
    pub fn organ(&mut self, start: f64, length: f64, key: f64, db: f64) {
        let rate = self.rate();
        let mut pipes = [(0.0, 0.6), (12.0, 0.5), (19.0, 0.3), (24.0, 0.25)]
            .map(|(up, loud)| (up, loud, Osc::default()));
        self.add(start, length, db - 6.0, |t| {
            let tremble = 0.06 * sine(6.4 * t);
            let tone: f64 = pipes
                .iter_mut()
                .map(|(up, loud, osc)| *loud * osc.triangle(hertz(key + *up + tremble) / rate))
                .sum();
            tone * swell(t, length, 0.012, 0.03)
        });
    }

    /// A harpsichord.
    pub fn harpsichord(&mut self, start: f64, key: f64, db: f64) {
        self.pluck(start, key, 0.22, 0.0, db);
        self.pluck(start + 0.004, key + 12.0, 0.14, 0.0, db - 7.0);
    }

    /// The pulse channel of a game console's sound chip.
    pub fn chip(&mut self, start: f64, length: f64, key: f64, width: f64, db: f64) {
        let rate = self.rate();
        let mut osc = Osc::default();
        self.add(start, length, db - 6.0, |t| {
            osc.pulse(hertz(key) / rate, width)
                * swell(t, length, 0.003, 0.012)
                * (0.55 + 0.45 * fading(t, 0.06))
        });
    }

    /// The triangle channel of the same chip, for bass.
    pub fn chip_bass(&mut self, start: f64, length: f64, key: f64, db: f64) {
        let rate = self.rate();
        let mut osc = Osc::default();
        self.add(start, length, db - 3.0, |t| {
            osc.triangle(hertz(key) / rate) * swell(t, length, 0.003, 0.015)
        });
    }

    /// A wide synthetic chord that opens slowly.
    pub fn pad(&mut self, start: f64, length: f64, keys: &[f64], bright: f64, db: f64) {
        let rate = self.rate();
        for (at, key) in keys.iter().enumerate() {
            for detune in [-0.08, 0.07] {
                let (mut osc, mut filter) = (Osc::at(0.17 * at as f64 + detune), Filter::default());
                self.add(start, length, db - 12.0, |t| {
                    let open = swell(t, length, 0.12, 0.25);
                    filter
                        .run(
                            osc.saw(hertz(key + detune) / rate),
                            (300.0 + bright * open) / rate,
                            0.8,
                        )
                        .low
                        * open
                });
            }
        }
    }

    /// A plain beep in hertz.
    pub fn beep(&mut self, start: f64, length: f64, frequency: f64, db: f64) {
        let rate = self.rate();
        let mut osc = Osc::default();
        self.add(start, length, db - 4.0, |t| {
            osc.sine(frequency / rate) * swell(t, length, 0.004, 0.006)
        });
    }

    /// A tone that moves along a curve of keys: lasers, slides, drops.
    pub fn sweep(&mut self, start: f64, length: f64, db: f64, key: impl Fn(f64) -> f64) {
        let rate = self.rate();
        let (mut osc, mut second) = (Osc::default(), Osc::default());
        self.add(start, length, db - 4.0, |t| {
            let step = hertz(key(t)) / rate;
            (osc.sine(step) + 0.25 * second.triangle(step)) * swell(t, length, 0.01, 0.04)
        });
    }
}
