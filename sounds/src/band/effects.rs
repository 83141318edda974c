//! Sound effects: typewriters, engines, thunder, crickets, bubbles.

use crate::math::{hertz, line, sine, tanh};
use crate::synth::{Filter, Noise, Osc, fading, swell};
use crate::track::Track;

impl Track {
    /// The click of a keyboard key.
    pub fn key_click(&mut self, start: f64, seed: u64, db: f64) {
        let rate = self.rate();
        let mut noise = Noise::new(seed + 101);
        let tone = noise.between(1500.0, 2600.0);
        let (mut filter, mut thud) = (Filter::default(), Osc::default());
        self.add(start, 0.12, db, |t| {
            let back = if t > 0.055 { 0.45 * fading(t - 0.055, 0.004) } else { 0.0 };
            let click =
                filter.run(noise.next(), tone / rate, 2.0).band * (fading(t, 0.004) + back) * 2.0;
            click + 0.3 * thud.sine(190.0 / rate) * fading(t, 0.012)
        });
    }

    /// A cricket's chirp: a few quick strokes.
    pub fn chirp(&mut self, start: f64, frequency: f64, db: f64) {
        for stroke in 0..4 {
            let rate = self.rate();
            let (mut osc, mut wing) = (Osc::default(), Osc::default());
            self.add(start + 0.042 * f64::from(stroke), 0.034, db + f64::from(stroke), |t| {
                let tone = osc.sine(frequency * (1.0 + 0.01 * sine(30.0 * t)) / rate)
                    + 0.2 * wing.sine(2.0 * frequency / rate);
                tone * (0.7 + 0.3 * sine(190.0 * t)) * swell(t, 0.034, 0.012, 0.014)
            });
        }
    }

    /// An engine whose speed moves along `points` in hertz.
    pub fn engine(&mut self, start: f64, length: f64, db: f64, points: &[(f64, f64)]) {
        let rate = self.rate();
        let (mut fire, mut half, mut pipe, mut noise) =
            (Osc::default(), Osc::default(), Filter::default(), Noise::new(61));
        let mut low = Filter::default();
        self.add(start, length, db, |t| {
            let speed = line(points, t);
            let bang = fire.pulse(speed / rate, 0.18) + 0.6 * half.saw(speed / 2.0 / rate);
            let rough = bang * (1.0 + 0.5 * noise.next());
            let exhaust = low.run(rough, (260.0 + speed * 7.0) / rate, 0.8).low
                + pipe.run(rough, (speed * 5.0 + 90.0) / rate, 3.0).band;
            tanh(1.2 * exhaust) * swell(t, length, 0.06, 0.15) * 0.8
        });
    }

    /// Thunder: a crack and a rumble that fades.
    pub fn thunder(&mut self, start: f64, length: f64, db: f64) {
        let rate = self.rate();
        let (mut noise, mut slow, mut low, mut lower) =
            (Noise::new(77), 0.0, Filter::default(), Filter::default());
        self.add(start, length, db, |t| {
            slow += 0.0012 * (noise.next() - slow);
            let cutoff = 90.0 + 2600.0 * fading(t, 0.07) + 240.0 * fading(t, 0.6);
            let air = noise.next();
            let roll = low.run(air, cutoff / rate, 0.7).low * 2.0
                + lower.run(air, 75.0 / rate, 1.5).low * 3.0;
            tanh(
                roll * (1.0 + 60.0 * slow.abs())
                    * (fading(t, 0.09) + 0.75 * swell(t, length, 0.15, length * 0.7)),
            ) * 0.8
        });
    }

    /// A drop into water, or a bubble out of it.
    pub fn plop(&mut self, start: f64, key: f64, up: f64, db: f64) {
        let rate = self.rate();
        let mut osc = Osc::default();
        self.add(start, 0.22, db, |t| {
            osc.sine(hertz(key + up * (t / 0.09).min(1.5)) / rate)
                * fading(t, 0.035)
                * (t / 0.004).min(1.0)
        });
    }

    /// A record pulled back under its needle.
    pub fn scratch(&mut self, start: f64, length: f64, db: f64) {
        let rate = self.rate();
        let (mut groove, mut filter, mut dust) =
            (Osc::default(), Filter::default(), Noise::new(83));
        self.add(start, length, db, |t| {
            let speed = sine(t / length * 1.25).abs();
            let tone = groove.saw((120.0 + 900.0 * speed) / rate) * 0.5 + dust.next() * 0.8;
            filter.run(tone, (350.0 + 3200.0 * speed) / rate, 2.2).band
                * (0.25 + speed)
                * swell(t, length, 0.01, 0.03)
                * 1.5
        });
    }

    /// Data on a telephone line: a modulated carrier that sounds like noise.
    pub fn carrier(&mut self, start: f64, length: f64, db: f64, frequency: f64, baud: f64) {
        let rate = self.rate();
        let (mut osc, mut bits) = (Osc::default(), Noise::new(frequency.to_bits()));
        let (mut push, mut next) = (0.0, 0.0);
        self.add(start, length, db, |t| {
            if t >= next {
                next += 1.0 / baud;
                push = (bits.between(0.0, 4.0)).floor() / 4.0;
            }
            osc.pushed(frequency / rate, push) * swell(t, length, 0.01, 0.02) * 0.7
        });
    }

    /// A harp's run through `keys`, one every `apart` seconds.
    pub fn run_of(
        &mut self,
        start: f64,
        apart: f64,
        keys: impl IntoIterator<Item = f64>,
        mut play: impl FnMut(&mut Track, f64, f64),
    ) {
        for (at, key) in keys.into_iter().enumerate() {
            play(self, start + apart * at as f64, key);
        }
    }
}
