//! Wind instruments: brass, saxophone, flute, whistles, horns.

use crate::math::{hertz, sine, tanh};
use crate::synth::{Filter, Noise, Osc, swell};
use crate::track::Track;

/// How a brass player shapes a note.
#[derive(Clone, Copy)]
pub struct Brass {
    /// How bright it is at its loudest, as a multiple of the note's frequency.
    pub bright: f64,
    /// Semitones of vibrato at the end.
    pub vibrato: f64,
    /// Semitones that it falls by until its end.
    pub fall: f64,
}

impl Default for Brass {
    fn default() -> Self {
        Self { bright: 7.0, vibrato: 0.12, fall: 0.0 }
    }
}

impl Track {
    /// A note of a brass section: three players, slightly apart in time and pitch.
    pub fn brass(&mut self, start: f64, length: f64, key: f64, db: f64, how: Brass) {
        let rate = self.rate();
        for (late, detune) in [(0.0, 0.0), (0.011, 0.07), (0.019, -0.06)] {
            let (mut osc, mut filter) = (Osc::at(late * 31.0), Filter::default());
            self.add(start + late, length, db - 8.0, |t| {
                let wobble = how.vibrato * sine(5.3 * t) * (t / 0.5).min(1.0);
                let late = (t / length).min(1.0);
                let frequency = hertz(
                    key + detune + wobble
                        - how.fall * late * late
                        - 0.6 * (1.0 - (t / 0.05).min(1.0)),
                );
                let open = swell(t, length, 0.07, 0.12);
                let cutoff = frequency * (1.0 + how.bright * open * (0.75 + 0.25 * (1.0 - late)));
                filter.run(osc.saw(frequency / rate), cutoff / rate, 0.9).low * open
            });
        }
    }

    /// A trombone with a plunger: `open` is a function of time, from 0 (closed) to 1
    /// (open).
    pub fn wah(
        &mut self,
        start: f64,
        length: f64,
        db: f64,
        key: impl Fn(f64) -> f64,
        open: impl Fn(f64) -> f64,
    ) {
        let rate = self.rate();
        let (mut osc, mut body, mut mouth, mut nose) =
            (Osc::default(), Filter::default(), Filter::default(), Filter::default());
        self.add(start, length, db, |t| {
            let frequency = hertz(key(t));
            let open = open(t);
            let source =
                body.run(osc.saw(frequency / rate), frequency * (3.0 + 6.0 * open) / rate, 0.7).low;
            let shaped = mouth.run(source, (330.0 + 900.0 * open) / rate, 3.5).band * 1.6
                + nose.run(source, (1500.0 + 900.0 * open) / rate, 4.0).band * 0.5
                + source * 0.25;
            tanh(1.4 * shaped) * swell(t, length, 0.04, 0.09) * (0.35 + 0.65 * open)
        });
    }

    /// A saxophone's note that may glide from key to key.
    pub fn sax(&mut self, start: f64, length: f64, db: f64, growl: f64, key: impl Fn(f64) -> f64) {
        let rate = self.rate();
        let (mut osc, mut low, mut high, mut top) =
            (Osc::default(), Filter::default(), Filter::default(), Filter::default());
        let (mut breath, mut air) = (Noise::new(71), Filter::default());
        self.add(start, length, db, |t| {
            let vibrato = 0.28 * sine(5.1 * t) * ((t - 0.18) / 0.3).clamp(0.0, 1.0);
            let frequency = hertz(key(t) + vibrato);
            let rasp = 1.0 + growl * sine(27.0 * t);
            let source = osc.pulse(frequency / rate, 0.28 + 0.06 * sine(0.7 * t)) * rasp;
            let reed = low.run(source, 620.0 / rate, 1.6).band
                + high.run(source, 1250.0 / rate, 2.2).band * 0.9
                + top.run(source, 2700.0 / rate, 2.5).band * 0.5;
            let hiss = air.run(breath.next(), 3200.0 / rate, 0.8).band * 0.09;
            (tanh(1.3 * reed) + hiss) * swell(t, length, 0.045, 0.08)
        });
    }

    /// A wooden flute with a breathy tone.
    pub fn flute(&mut self, start: f64, length: f64, db: f64, key: impl Fn(f64) -> f64) {
        let rate = self.rate();
        let (mut one, mut two, mut three) = (Osc::default(), Osc::default(), Osc::default());
        let (mut breath, mut air) = (Noise::new(5), Filter::default());
        self.add(start, length, db, |t| {
            let wide = ((t - 0.15) / 0.4).clamp(0.0, 1.0);
            let frequency = hertz(key(t) + 0.25 * wide * sine(4.6 * t));
            let step = frequency / rate;
            let tone = one.sine(step) + 0.3 * two.sine(2.0 * step) + 0.12 * three.sine(3.0 * step);
            let blow = air.run(breath.next(), 2.0 * step, 6.0).band
                * (0.35 + 1.2 * (1.0 - (t / 0.12).min(1.0)));
            (tone * (0.9 + 0.1 * sine(4.6 * t)) + blow) * swell(t, length, 0.06, 0.12) * 0.6
        });
    }

    /// A whistle whose pitch is a function of time in hertz; `pea` is how much it trills.
    pub fn whistle(
        &mut self,
        start: f64,
        length: f64,
        db: f64,
        pea: f64,
        frequency: impl Fn(f64) -> f64,
    ) {
        let rate = self.rate();
        let (mut tone, mut second, mut air) = (Osc::default(), Osc::default(), Filter::default());
        let mut breath = Noise::new(17);
        self.add(start, length, db, |t| {
            let trill = 1.0 + 0.03 * pea * sine(34.0 * t);
            let step = frequency(t) * trill / rate;
            let hiss = air.run(breath.next(), step, 5.0).band * 0.3;
            (tone.sine(step) + 0.15 * second.sine(2.01 * step) + hiss)
                * (1.0 - 0.45 * pea * (0.5 + 0.5 * sine(34.0 * t)))
                * swell(t, length, 0.02, 0.04)
                * 0.6
        });
    }

    /// A harsh horn: an air horn, a goose or a vuvuzela, depending on its resonance `nasal` in
    /// hertz.
    pub fn blare(
        &mut self,
        start: f64,
        length: f64,
        db: f64,
        nasal: f64,
        frequency: impl Fn(f64) -> f64,
    ) {
        let rate = self.rate();
        let (mut osc, mut other) = (Osc::default(), Osc::at(0.3));
        let (mut nose, mut body) = (Filter::default(), Filter::default());
        self.add(start, length, db, |t| {
            let frequency = frequency(t);
            let source =
                osc.pulse(frequency / rate, 0.2) + 0.6 * other.saw(frequency * 1.008 / rate);
            let shaped = nose.run(source, nasal / rate, 3.0).band * 1.5
                + body.run(source, nasal * 2.3 / rate, 1.2).low * 0.4;
            tanh(1.6 * shaped) * swell(t, length, 0.02, 0.05) * 0.8
        });
    }
}
