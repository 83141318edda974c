//! Animals, water, weather, and horns that sound like animals.

use super::{DULL, RATE, score};
use crate::Score;
use crate::math::{line, sine};
use crate::synth::{Noise, swell};
use crate::track::Track;

pub const ALL: &[Score] = &[
    score("crickets", RATE, 3.6, crickets),
    score("dadgummit", RATE, 2.0, dadgummit),
    score("honk", DULL, 0.9, honk),
    score("horn", DULL, 1.7, horn),
    score("rumble", RATE, 3.2, rumble),
    score("vuvuzela", DULL, 2.8, vuvuzela),
    score("wups", RATE, 1.4, wups),
];

/// Crickets in silence, for a joke without laughter.
fn crickets(track: &mut Track) {
    for (offset, every, frequency, db) in
        [(0.05, 0.78, 4300.0, 0.0), (0.42, 0.91, 4620.0, -7.0), (0.2, 1.13, 3980.0, -11.0)]
    {
        let mut at = offset;
        while at < 3.3 {
            track.chirp(at, frequency, db);
            at += every;
        }
    }
    track.rush(
        0.0,
        3.6,
        -44.0,
        0.7,
        &[(0.0, 900.0)],
        &[(0.0, 0.0), (0.5, 1.0), (3.0, 1.0), (3.6, 0.0)],
    );
    track.room(1.2, 0.25);
}

/// A fishing line runs out and snaps; the fish falls back into the water.
fn dadgummit(track: &mut Track) {
    let mut at = 0.0;
    while at < 0.55 {
        track.key_click(at, (at * 1000.0) as u64, -10.0);
        at += 0.034 - 0.02 * at;
    }
    track.sweep(0.0, 0.56, -17.0, |t| 74.0 + 16.0 * t);
    track.boing(0.56, 52.0, 0.0);
    track.plop(1.12, 64.0, 9.0, -3.0);
    track.plop(1.22, 70.0, 12.0, -8.0);
    track.plop(1.29, 67.0, 10.0, -12.0);
    track.rush(
        1.1,
        0.6,
        -9.0,
        0.8,
        &[(0.0, 3000.0), (0.6, 700.0)],
        &[(0.0, 0.0), (0.03, 1.0), (0.15, 0.4), (0.6, 0.0)],
    );
    track.room(0.8, 0.25);
}

/// A goose, twice.
fn honk(track: &mut Track) {
    let call = |t: f64| {
        line(&[(0.0, 250.0), (0.05, 390.0), (0.2, 370.0), (0.3, 260.0)], t)
            * (1.0 + 0.02 * sine(43.0 * t))
    };
    track.blare(0.0, 0.26, -2.0, 1050.0, call);
    track.blare(0.33, 0.36, 0.0, 1150.0, |t| call(t) * 1.06);
    track.room(0.4, 0.15);
}

/// An air horn: three short blasts and a long one.
fn horn(track: &mut Track) {
    for (at, length) in [(0.0, 0.13), (0.18, 0.13), (0.36, 0.13), (0.56, 0.95)] {
        for (frequency, db) in [(466.0, -3.0), (587.0, -6.0), (233.0, -8.0)] {
            let fall =
                |t: f64| frequency * (1.0 - 0.07 * ((t - length + 0.25) / 0.25).clamp(0.0, 1.0));
            track.blare(at, length, db, 1300.0, fall);
        }
    }
    track.room(0.9, 0.25);
}

/// Distant thunder, then the bell of a boxing ring.
fn rumble(track: &mut Track) {
    track.thunder(0.0, 2.6, 0.0);
    for at in [0.9, 1.12, 1.34] {
        track.bell(at, 81.0, 0.25, -1.0);
        track.bar(at, 93.0, 0.1, -12.0);
    }
    track.room(2.0, 0.4);
}

/// Seven vuvuzelas, slightly out of tune.
fn vuvuzela(track: &mut Track) {
    let mut random = Noise::new(2010);
    for _ in 0..7 {
        let (start, frequency) =
            (random.between(0.0, 0.35), 233.0 * (1.0 + random.between(-0.018, 0.018)));
        let (length, shake) = (2.75 - start - random.between(0.0, 0.3), random.between(3.0, 7.0));
        let call = move |t: f64| {
            frequency
                * (1.0 + 0.006 * sine(shake * t))
                * line(&[(0.0, 0.88), (0.1, 1.0), (length - 0.15, 1.0), (length, 0.93)], t)
        };
        track.blare(start, length, -9.0, 700.0 * (1.0 + 0.001 * shake), call);
    }
    track.room(1.2, 0.25);
}

/// A falling whistle, a plop and a boing: something slips and falls.
fn wups(track: &mut Track) {
    track
        .whistle(0.0, 0.62, 0.0, 0.0, |t| line(&[(0.0, 1150.0), (0.12, 1500.0), (0.62, 330.0)], t));
    track.layer(-2.0, |track| track.plop(0.66, 50.0, 7.0, 0.0));
    track.boing(0.72, 57.0, -5.0);
    track.shape(|t, x| x * swell(t, 1.4, 0.001, 0.3));
    track.room(0.5, 0.2);
}
