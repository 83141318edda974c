//! Drama: stings, horror, depth, disaster.

use super::{DULL, RATE, score};
use crate::Score;
use crate::band::{AH, Brass, OH, OO, Singer};
use crate::math::{line, sine};
use crate::track::Track;

pub const ALL: &[Score] = &[
    score("dangerzone", RATE, 2.8, dangerzone),
    score("deeper", DULL, 3.0, deeper),
    score("donotwant", DULL, 1.5, donotwant),
    score("drama", RATE, 2.6, drama),
    score("flawless", RATE, 2.2, flawless),
    score("greyjoy", DULL, 2.6, greyjoy),
    score("horror", RATE, 2.4, horror),
    score("inconceivable", RATE, 2.0, inconceivable),
    score("noooo", DULL, 3.4, noooo),
    score("story", RATE, 3.2, story),
];

/// A driving bass with power chords and tom-toms; a jet flies over.
fn dangerzone(track: &mut Track) {
    let beat = 0.15;
    for step in 0..14 {
        let at = beat * f64::from(step);
        track.bass(
            at,
            beat * 0.8,
            if step % 7 == 5 {
                43.0
            } else if step % 2 == 0 {
                40.0
            } else {
                40.0 + 12.0
            },
            -3.0,
        );
    }
    for (at, key) in [(0.0, 52.0), (0.9, 55.0), (1.35, 50.0)] {
        track.power(at, 0.42, -5.0, |_| key);
    }
    for (at, key) in [(1.65, 55.0), (1.73, 52.0), (1.8, 48.0), (1.95, 43.0)] {
        track.tom(at, key, 0.1, -2.0);
    }
    track.kick(0.0, 0.0);
    track.kick(0.9, 0.0);
    let by = [(0.0, 0.0), (1.3, 0.45), (1.75, 1.0), (2.1, 0.5), (2.7, 0.0)];
    track.rush(
        0.1,
        2.7,
        0.0,
        0.7,
        &[(0.0, 1300.0), (1.6, 2600.0), (1.85, 800.0), (2.7, 300.0)],
        &by,
    );
    track.sweep(0.1, 2.6, -16.0, |t| {
        line(&[(0.0, 92.0), (1.55, 93.0), (1.95, 81.0), (2.6, 78.0)], t)
    });
    track.room(1.2, 0.3);
}

/// Low brass that falls twice, over sinking tones.
fn deeper(track: &mut Track) {
    for (at, from) in [(0.0, 50.0), (0.9, 43.0)] {
        for voice in [0.0, 7.0, 12.1, -12.0] {
            let fall = Brass { bright: 11.0, vibrato: 0.0, fall: 5.0 };
            track.brass(at, 1.7, from - 12.0 + voice, -3.0, fall);
        }
        track.kick(at, 2.0);
        track.sweep(at, 1.6, -4.0, |t| from - 9.0 * t);
    }
    track.drive(1.5);
    track.room(2.6, 0.5);
}

/// The buzzer for a wrong answer, twice.
fn donotwant(track: &mut Track) {
    for (at, length, key) in [(0.0, 0.28, 50.0), (0.36, 0.75, 44.0)] {
        for voice in [0.0, 1.06, 12.0] {
            track.chip(at, length, key + voice, 0.4, -3.0);
        }
        track.blare(at, length, -4.0, 620.0, |t| 92.0 - 18.0 * t);
    }
    track.room(0.5, 0.2);
}

/// The "dun dun duuun" of a soap opera: three orchestra hits.
fn drama(track: &mut Track) {
    let how = Brass { bright: 9.0, vibrato: 0.3, fall: 0.0 };
    let hits: [(f64, f64, [f64; 4]); 3] = [
        (0.0, 0.26, [45.0, 57.0, 60.0, 64.0]),
        (0.34, 0.26, [44.0, 56.0, 62.0, 65.0]),
        (0.7, 1.5, [39.0, 57.0, 63.0, 72.0]),
    ];
    for (at, length, keys) in hits {
        for key in keys {
            track.brass(at, length, key, -3.0, how);
            track.bowed(at, length, -4.0, 5.0, |_| key + 12.0);
        }
        track.tom(at, 33.0, 0.15, 0.0);
    }
    track.cymbal(0.7, 0.25, -10.0);
    track.room(1.9, 0.45);
}

/// A harp run, a finger snap and sparkling chimes.
fn flawless(track: &mut Track) {
    let scale = (0..15).map(|step| {
        60.0 + [0.0, 2.0, 4.0, 6.0, 8.0][step % 5]
            + 10.0 * (step / 5) as f64
            + (step / 5) as f64 * 2.0
    });
    track.run_of(0.0, 0.04, scale, |track, at, key| track.pluck(at, key, 0.2, 0.35, -5.0));
    track.snap(0.74, 2.0);
    for (at, key) in [(0.95, 96.0), (1.02, 103.0), (1.09, 100.0), (1.18, 108.0)] {
        track.bar(at, key, 0.16, -8.0);
    }
    track.pad(0.9, 1.2, &[60.0, 67.0, 71.0, 76.0], 1700.0, -6.0);
    track.room(1.5, 0.4);
}

/// A slightly detuned horn call in the wind.
fn greyjoy(track: &mut Track) {
    let how = Brass { bright: 4.0, vibrato: 0.5, fall: 1.6 };
    for (at, length, key) in [(0.0, 0.5, 48.3), (0.48, 0.35, 54.6), (0.8, 1.5, 53.2)] {
        track.brass(at, length, key, 0.0, how);
        track.brass(at, length, key - 11.6, -6.0, how);
    }
    track.rush(
        0.0,
        2.6,
        -19.0,
        1.5,
        &[(0.0, 400.0), (1.2, 800.0), (2.6, 350.0)],
        &[(0.0, 0.0), (1.0, 1.0), (2.6, 0.0)],
    );
    track.room(2.4, 0.5);
}

/// Shrieking strings in dissonant clusters that rise.
fn horror(track: &mut Track) {
    for (at, up) in [(0.0, 0.0), (0.5, 1.5), (0.86, 3.0), (1.1, 4.0), (1.28, 5.0)] {
        for key in [83.0, 84.1, 89.6, 90.4] {
            track.bowed(at, 0.34, -6.0, 7.0, move |t| key + up + 2.2 * t);
        }
    }
    for key in [34.0, 35.2, 40.3] {
        track.bowed(0.0, 1.9, -2.0, 4.0, move |t| key + 0.4 * sine(7.0 * t));
    }
    track.room(1.7, 0.45);
}

/// A harpsichord run up to a chord, then a rising muted trombone.
fn inconceivable(track: &mut Track) {
    track.run_of(0.0, 0.075, [72.0, 74.0, 75.0, 78.0, 79.0, 82.0, 81.0], |track, at, key| {
        track.harpsichord(at, key, -1.0)
    });
    for key in [50.0, 57.0, 62.0, 66.0, 73.0] {
        track.harpsichord(0.62, key, -3.0);
    }
    track.wah(
        1.05,
        0.6,
        -5.0,
        |t| line(&[(0.0, 55.0), (0.25, 54.0), (0.6, 61.0)], t),
        |t| line(&[(0.0, 0.1), (0.6, 0.9)], t),
    );
    track.room(0.9, 0.3);
}

/// A long shout of "no" that falls, with thunder.
fn noooo(track: &mut Track) {
    let keys = [(0.0, 52.0), (0.15, 59.0), (1.1, 58.5), (2.1, 52.0), (2.6, 46.0)];
    let singer = Singer { size: 0.96, breath: 0.09, vibrato: 0.45, rough: 0.22 };
    track.sing(
        0.0,
        2.5,
        0.0,
        singer,
        &keys,
        &[(0.0, OO), (0.18, OH), (1.0, AH), (1.7, OH), (2.5, OO)],
    );
    track.sing(
        0.03,
        2.4,
        -8.0,
        Singer { size: 0.9, ..singer },
        &keys.map(|(t, key)| (t, key - 12.0)),
        &[(0.0, OO), (0.2, OH)],
    );
    track.thunder(0.35, 2.6, -9.0);
    track.room(3.0, 0.6);
}

/// A page turns; four warm piano chords.
fn story(track: &mut Track) {
    track.rush(
        0.0,
        0.28,
        -13.0,
        1.0,
        &[(0.0, 2200.0), (0.28, 5200.0)],
        &[(0.0, 0.0), (0.12, 0.7), (0.2, 1.0), (0.28, 0.0)],
    );
    let chords: [(f64, f64, &[f64]); 4] = [
        (0.4, 0.5, &[43.0, 59.0, 62.0, 67.0]),
        (0.9, 0.45, &[45.0, 60.0, 64.0, 69.0]),
        (1.35, 0.55, &[38.0, 60.0, 66.0, 74.0]),
        (1.9, 1.2, &[43.0, 59.0, 67.0, 74.0, 83.0]),
    ];
    for (at, length, keys) in chords {
        for key in keys {
            track.piano(at, length, *key, -2.0);
        }
    }
    track.room(1.5, 0.35);
}
