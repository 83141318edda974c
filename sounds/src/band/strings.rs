//! String instruments.

use crate::math::{hertz, sine, tanh};
use crate::synth::{Filter, Noise, Osc, fading, swell};
use crate::track::Track;

impl Track {
    /// A plucked string; `dull` from 0 (steel) to 1 (a thumb on nylon), `half` is the half-life of
    /// its decay in seconds.
    pub fn pluck(&mut self, start: f64, key: f64, half: f64, dull: f64, db: f64) {
        let rate = self.rate();
        let period = rate / hertz(key);
        let mut noise = Noise::new(key.to_bits() ^ start.to_bits());
        let mut string = vec![0.0; period as usize + 2];
        let mut soft = 0.0;
        for value in &mut string {
            soft += (1.0 - 0.85 * dull) * (noise.next() - soft);
            *value = soft;
        }
        let middle = string.iter().sum::<f64>() / string.len() as f64;
        string.iter_mut().for_each(|value| *value -= middle);
        let length = string.len();
        let keep = fading(1.0 / hertz(key), half);
        let part = period - period.floor();
        let mut at = 0;
        let mut last = 0.0;
        self.add(start, half * 8.0, db, |t| {
            let reach = period as usize;
            let one = string[(at + length - reach) % length];
            let two = string[(at + length - reach - 1) % length];
            let back = one * (1.0 - part) + two * part;
            let damped = back * (1.0 - 0.25 * dull) + last * 0.25 * dull;
            last = back;
            string[at % length] = damped * keep;
            at += 1;
            back * (t / 0.0008).min(1.0) * 1.3
        });
    }

    /// A bowed string section; a higher `sharp` is brighter.
    pub fn bowed(
        &mut self,
        start: f64,
        length: f64,
        db: f64,
        sharp: f64,
        key: impl Fn(f64) -> f64,
    ) {
        let rate = self.rate();
        for (seed, detune) in [(0.0, 0.0), (0.37, 0.09), (0.71, -0.08)] {
            let (mut osc, mut filter, mut wood) =
                (Osc::at(seed), Filter::default(), Filter::default());
            self.add(start, length, db - 9.0, |t| {
                let vibrato = 0.18 * sine(5.7 * t + seed) * (t / 0.3).min(1.0);
                let frequency = hertz(key(t) + detune + vibrato);
                let source = osc.saw(frequency / rate);
                let bright = filter.run(source, (900.0 + sharp * frequency) / rate, 0.8).low;
                (bright + 0.6 * wood.run(source, 480.0 / rate, 2.0).band)
                    * swell(t, length, 0.05, 0.07)
            });
        }
    }

    /// An electric guitar's power chord: root, fifth and octave with distortion. `key` may
    /// bend.
    pub fn power(&mut self, start: f64, length: f64, db: f64, key: impl Fn(f64) -> f64) {
        let rate = self.rate();
        let mut oscs = [(0.0, Osc::default()), (7.02, Osc::at(0.3)), (12.0, Osc::at(0.6))];
        let (mut cabinet, mut thump) = (Filter::default(), Filter::default());
        self.add(start, length, db - 3.0, |t| {
            let key = key(t);
            let strings: f64 =
                oscs.iter_mut().map(|(up, osc)| osc.saw(hertz(key + *up) / rate)).sum();
            let hot = tanh(
                2.6 * thump.run(strings, 110.0 / rate, 0.7).high * (0.4 + 0.6 * fading(t, 0.6)),
            );
            cabinet.run(hot, 2900.0 / rate, 0.9).low * swell(t, length, 0.006, 0.05) * 0.7
        });
    }

    /// A synthetic bass with a filter that closes.
    pub fn bass(&mut self, start: f64, length: f64, key: f64, db: f64) {
        let rate = self.rate();
        let (mut osc, mut sub, mut filter) = (Osc::default(), Osc::default(), Filter::default());
        self.add(start, length, db, |t| {
            let step = hertz(key) / rate;
            let raw = 0.7 * osc.saw(step) + 0.5 * sub.pulse(step, 0.5);
            let cutoff = 180.0 + 1900.0 * fading(t, 0.07);
            tanh(1.5 * filter.run(raw, cutoff / rate, 1.8).low)
                * swell(t, length, 0.004, 0.03)
                * 0.8
        });
    }

    /// A spring or ruler that is bent and released.
    pub fn boing(&mut self, start: f64, key: f64, db: f64) {
        let rate = self.rate();
        let (mut osc, mut second) = (Osc::default(), Osc::default());
        self.add(start, 1.3, db, |t| {
            let swing = 1.0 + 0.35 * fading(t, 0.25) * sine(11.0 * t + 6.0 * t * t);
            let step = hertz(key) * swing * (1.0 + 0.25 * t) / rate;
            (osc.triangle(step) + 0.5 * second.pulse(2.0 * step, 0.3) * fading(t, 0.2))
                * fading(t, 0.24)
                * (t / 0.003).min(1.0)
                * 0.7
        });
    }
}
