//! Percussion.

use crate::math::{hertz, line, tanh};
use crate::synth::{Filter, Noise, Osc, fading};
use crate::track::Track;

/// The partials of a steel bar, a bell and a cymbal.
const BELL: [(f64, f64, f64); 7] = [
    (0.5, 0.5, 1.3),
    (1.0, 0.8, 1.0),
    (1.19, 0.5, 0.8),
    (1.5, 0.35, 0.6),
    (2.0, 0.6, 0.5),
    (2.74, 0.35, 0.3),
    (4.1, 0.25, 0.16),
];
const BAR: [(f64, f64, f64); 3] = [(1.0, 1.0, 1.0), (3.93, 0.35, 0.35), (9.2, 0.12, 0.12)];
const PLATE: [f64; 6] = [2030.0, 2743.0, 3391.0, 4217.0, 5377.0, 6389.0];

impl Track {
    /// A bass drum.
    pub fn kick(&mut self, start: f64, db: f64) {
        let rate = self.rate();
        let (mut osc, mut click) = (Osc::default(), Noise::new(2));
        self.add(start, 0.4, db, |t| {
            let frequency = 47.0 + 150.0 * fading(t, 0.018);
            let snap = click.next() * fading(t, 0.002) * 0.4;
            tanh(1.8 * osc.sine(frequency / rate) * fading(t, 0.075) * (1.0 - t / 0.4)) + snap
        });
    }

    /// A tom-tom.
    pub fn tom(&mut self, start: f64, key: f64, half: f64, db: f64) {
        let rate = self.rate();
        let (mut osc, mut skin, mut filter) = (Osc::default(), Noise::new(3), Filter::default());
        self.add(start, half * 7.0, db, |t| {
            let frequency = hertz(key) * (1.0 + 0.6 * fading(t, 0.02));
            let slap = filter.run(skin.next(), 900.0 / rate, 0.8).band * fading(t, 0.012);
            osc.sine(frequency / rate) * fading(t, half) + slap
        });
    }

    /// A snare drum.
    pub fn snare(&mut self, start: f64, half: f64, db: f64) {
        let rate = self.rate();
        let (mut osc, mut wires, mut filter) =
            (Osc::default(), Noise::new(start.to_bits()), Filter::default());
        self.add(start, half * 7.0 + 0.08, db, |t| {
            let body = osc.sine((185.0 + 120.0 * fading(t, 0.01)) / rate) * fading(t, 0.035);
            let hiss = filter.run(wires.next(), 2100.0 / rate, 0.6).high * fading(t, half);
            0.8 * body + 0.7 * hiss
        });
    }

    /// Cymbals: a hat for a short `half`, a crash for a long one.
    pub fn cymbal(&mut self, start: f64, half: f64, db: f64) {
        let rate = self.rate();
        let mut plates = PLATE.map(|_| Osc::default());
        let (mut noise, mut filter, mut air) =
            (Noise::new(11), Filter::default(), Filter::default());
        self.add(start, half * 8.0, db, |t| {
            let ring: f64 = plates
                .iter_mut()
                .zip(PLATE)
                .map(|(osc, frequency)| osc.pulse(frequency / rate, 0.5))
                .sum();
            let metal = filter.run(ring, 4200.0 / rate, 0.8).high * 0.12;
            let hiss = air.run(noise.next(), 3600.0 / rate, 0.6).high * 0.55;
            (metal + hiss) * fading(t, half) * (t / 0.002).min(1.0)
        });
    }

    /// Clapping hands of `people`.
    pub fn clap(&mut self, start: f64, people: u32, db: f64) {
        let rate = self.rate();
        let mut random = Noise::new(u64::from(people) ^ start.to_bits());
        for _ in 0..people {
            let (late, tone) = (
                random.between(0.0, 0.012 + 0.004 * f64::from(people.min(8))),
                random.between(900.0, 1500.0),
            );
            let (mut noise, mut hands) = (Noise::new(random.next().to_bits()), Filter::default());
            let db = db - 4.0 * f64::from(people.min(6)) / 3.0;
            self.add(start + late, 0.22, db, |t| {
                hands.run(noise.next(), tone / rate, 1.3).band
                    * (fading(t, 0.006) + 0.25 * fading(t, 0.03))
                    * 2.2
            });
        }
    }

    /// A finger snap.
    pub fn snap(&mut self, start: f64, db: f64) {
        let rate = self.rate();
        let (mut noise, mut filter, mut osc) = (Noise::new(23), Filter::default(), Osc::default());
        self.add(start, 0.2, db, |t| {
            let crack = filter.run(noise.next(), 2300.0 / rate, 2.5).band * 2.5;
            (crack + 0.4 * osc.sine(1650.0 / rate)) * fading(t, 0.011)
        });
    }

    /// Noise around a frequency that moves along `points`, with the loudness `loud`: wind,
    /// steam, waves, tape hiss.
    pub fn rush(
        &mut self,
        start: f64,
        length: f64,
        db: f64,
        q: f64,
        points: &[(f64, f64)],
        loud: &[(f64, f64)],
    ) {
        let rate = self.rate();
        let (mut noise, mut filter) = (Noise::new(start.to_bits() ^ 29), Filter::default());
        self.add(start, length, db, |t| {
            filter.run(noise.next(), line(points, t) / rate, q).band * line(loud, t) * 1.5
        });
    }

    /// A bell.
    pub fn bell(&mut self, start: f64, key: f64, half: f64, db: f64) {
        self.partials(start, key, half, db - 4.0, &BELL);
    }

    /// A bar of a glockenspiel or xylophone.
    pub fn bar(&mut self, start: f64, key: f64, half: f64, db: f64) {
        self.partials(start, key, half, db, &BAR);
    }

    fn partials(&mut self, start: f64, key: f64, half: f64, db: f64, partials: &[(f64, f64, f64)]) {
        let rate = self.rate();
        for &(multiple, loud, lasting) in partials {
            let step = hertz(key) * multiple / rate;
            if step > 0.24 {
                continue;
            }
            let (mut osc, half) = (Osc::default(), half * lasting);
            self.add(start, half * 9.0, db, |t| {
                loud * osc.sine(step) * fading(t, half) * (t / 0.001).min(1.0) * 0.5
            });
        }
    }
}
