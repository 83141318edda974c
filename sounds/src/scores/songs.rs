//! Short pieces in the styles of several decades. All are original.

use super::{DULL, RATE, score};
use crate::Score;
use crate::band::{AH, Brass, EH, OH};
use crate::math::{line, sine};
use crate::track::Track;

pub const ALL: &[Score] = &[
    score("cottoneyejoe", RATE, 2.7, cottoneyejoe),
    score("curb", DULL, 3.0, curb),
    score("heygirl", DULL, 3.0, heygirl),
    score("letitgo", RATE, 3.3, letitgo),
    score("loggins", RATE, 2.7, loggins),
    score("pushit", RATE, 2.4, pushit),
    score("sexyback", RATE, 2.5, sexyback),
    score("whoomp", RATE, 2.2, whoomp),
];

/// A country dance: fiddle, banjo, stamping and clapping.
fn cottoneyejoe(track: &mut Track) {
    let beat = 0.11;
    let melody = [
        69.0, 71.0, 74.0, 76.0, 78.0, 76.0, 74.0, 71.0, 74.0, 74.0, 71.0, 69.0, //
        66.0, 69.0, 71.0, 69.0, 78.0, 81.0, 78.0, 76.0, 74.0, 0.0, 74.0,
    ];
    for (at, key) in melody.into_iter().enumerate().filter(|(_, key)| *key > 0.0) {
        let length = if at > 19 { 0.2 } else { beat };
        track.bowed(beat * at as f64, length, 0.0, 6.0, move |t| {
            key - 0.8 * (1.0 - (t / 0.03).min(1.0))
        });
    }
    for step in 0..20 {
        let at = beat * f64::from(step);
        let key = [50.0, 62.0, 66.0, 69.0][step as usize % 4]
            + if (8..12).contains(&step) { 5.0 } else { 0.0 };
        track.pluck(at, key, 0.09, 0.05, -5.0);
        if step % 4 == 0 {
            track.kick(at, -4.0);
        } else if step % 4 == 2 {
            track.clap(at, 3, -8.0);
        }
    }
    track.kick(20.0 * beat, -3.0);
    track.kick(22.0 * beat, -2.0);
    track.clap(22.0 * beat, 5, -5.0);
    track.room(0.6, 0.2);
}

/// A strolling tuba with a mandolin.
fn curb(track: &mut Track) {
    let beat = 0.2;
    for (at, key) in [
        (0.0, 41.0),
        (2.0, 36.0),
        (4.0, 38.0),
        (5.0, 40.0),
        (6.0, 41.0),
        (8.0, 34.0),
        (10.0, 36.0),
        (12.0, 29.0),
    ] {
        track.wah(at * beat, beat * 0.9, 0.0, |_| key, |t| line(&[(0.0, 0.5), (0.2, 0.15)], t));
    }
    for off in [1.0, 3.0, 7.0, 9.0, 11.0] {
        for key in [65.0, 69.0, 72.0] {
            track.pluck(off * beat, key, 0.05, 0.1, -8.0);
        }
    }
    for (at, key) in [
        (3.5, 77.0),
        (4.0, 76.0),
        (4.5, 74.0),
        (5.0, 72.0),
        (7.5, 74.0),
        (8.0, 70.0),
        (9.5, 72.0),
        (10.5, 67.0),
        (12.0, 65.0),
    ] {
        track.pluck(at * beat, key, 0.12, 0.1, -2.0);
        track.pluck(at * beat + 0.05, key, 0.12, 0.1, -6.0);
    }
    track.room(0.7, 0.22);
}

/// Slow soul: electric piano chords, a sliding bass and finger snaps.
fn heygirl(track: &mut Track) {
    for (at, length, keys) in
        [(0.25, 0.9, [56.0, 60.0, 63.0, 67.0, 70.0]), (1.2, 1.6, [53.0, 57.0, 60.0, 64.0, 67.0])]
    {
        for (late, key) in keys.into_iter().enumerate() {
            track.epiano(at + 0.018 * late as f64, length, key, -2.0);
        }
    }
    track.sweep(0.0, 0.3, -4.0, |t| line(&[(0.0, 37.0), (0.22, 44.0)], t));
    track.bass(0.28, 0.7, 44.0, -6.0);
    track.bass(1.2, 1.2, 41.0, -6.0);
    for at in [0.72, 1.68, 2.16] {
        track.snap(at, -6.0);
    }
    track.run_of(1.75, 0.09, [79.0, 76.0, 72.0, 67.0], |track, at, key| {
        track.epiano(at, 0.5, key, -6.0)
    });
    track.room(1.3, 0.35);
}

/// Icy chimes climb in the wind; strings open into a wide chord.
fn letitgo(track: &mut Track) {
    let wind = [(0.0, 0.2), (1.0, 1.0), (1.7, 0.6), (3.2, 0.0)];
    track.rush(
        0.0,
        3.2,
        -14.0,
        3.0,
        &[(0.0, 700.0), (1.1, 1700.0), (2.0, 900.0), (3.2, 600.0)],
        &wind,
    );
    track.run_of(
        0.05,
        0.105,
        [68.0, 75.0, 80.0, 70.0, 77.0, 82.0, 72.0, 79.0, 84.0, 87.0],
        |track, at, key| {
            track.bar(at, key + 12.0, 0.2, -3.0);
            track.pluck(at, key, 0.2, 0.4, -6.0);
        },
    );
    for key in [44.0, 56.0, 63.0, 68.0, 72.0] {
        track.bowed(1.15, 1.9, -4.0, 3.0, move |_| key);
    }
    for (at, key) in [(1.15, 80.0), (1.5, 79.0), (1.75, 82.0), (2.1, 84.0)] {
        track.bowed(at, if at > 2.0 { 0.9 } else { 0.35 }, -4.0, 4.0, move |_| key);
        track.bell(at, key + 12.0, 0.3, -8.0);
    }
    track.room(2.3, 0.5);
}

/// Eighties rock: power chords, gated drums and a bright synth riff.
fn loggins(track: &mut Track) {
    let beat = 0.17;
    for (at, length, key) in [
        (0.0, 1.4, 45.0),
        (2.0, 0.9, 45.0),
        (3.0, 0.9, 48.0),
        (4.0, 1.9, 50.0),
        (7.0, 0.9, 52.0),
        (8.0, 4.0, 45.0),
    ] {
        track.power(at * beat, length * beat, -3.0, move |_| key);
    }
    for (at, key) in [(2.0, 81.0), (3.0, 84.0), (4.0, 86.0), (5.5, 84.0), (7.0, 88.0), (8.0, 85.0)]
    {
        track.pad(at * beat, beat * 1.2, &[key, key - 12.0], 5200.0, 2.0);
    }
    for step in 0..3 {
        track.kick(f64::from(step) * 4.0 * beat, -1.0);
    }
    for at in [2.0, 6.0, 7.0, 7.5] {
        track.snare(at * beat, 0.09, -3.0);
    }
    track.cymbal(8.0 * beat, 0.22, -9.0);
    track.room(0.8, 0.3);
}

/// A drum machine, a repeating bass line and one big orchestra chord.
fn pushit(track: &mut Track) {
    let beat = 0.13;
    let riff =
        [38.0, 0.0, 38.0, 41.0, 0.0, 38.0, 43.0, 0.0, 38.0, 0.0, 38.0, 41.0, 45.0, 43.0, 41.0, 0.0];
    for (at, key) in riff.into_iter().enumerate() {
        let time = beat * at as f64;
        if key > 0.0 {
            track.bass(time, beat * 0.85, key, -1.0);
        }
        track.cymbal(time, 0.012, -15.0);
        match at % 8 {
            0 | 3 => track.kick(time, 0.0),
            4 => {
                track.snare(time, 0.05, -4.0);
                track.clap(time, 3, -7.0);
            }
            _ => {}
        }
    }
    for key in [50.0, 57.0, 62.0, 65.0, 69.0, 74.0] {
        let hit = Brass { fall: 0.8, ..Brass::default() };
        track.brass(14.0 * beat, 0.42, key, -3.0, hit);
    }
    track.tom(14.0 * beat, 36.0, 0.1, 0.0);
    track.room(0.6, 0.2);
}

/// A dark, distorted synth bass with claps, and an audible breath.
fn sexyback(track: &mut Track) {
    let beat = 0.145;
    for (at, key) in [
        (0.0, 40.0),
        (1.5, 40.0),
        (3.0, 43.0),
        (4.0, 40.0),
        (6.0, 46.0),
        (7.0, 45.0),
        (8.0, 40.0),
        (9.5, 40.0),
        (11.0, 43.0),
        (12.0, 40.0),
    ] {
        track.layer(-1.0, |track| {
            track.bass(at * beat, beat * 0.9, key, 0.0);
            track.chip(at * beat, beat * 0.9, key + 12.0, 0.12, -8.0);
            track.drive(2.0);
        });
    }
    for at in [0.0, 3.0, 8.0, 11.0] {
        track.kick(at * beat, 1.0);
    }
    for at in [4.0, 12.0] {
        track.clap(at * beat, 4, -3.0);
        track.snare(at * beat, 0.04, -8.0);
    }
    track.rush(
        6.5 * beat,
        0.3,
        -14.0,
        1.2,
        &[(0.0, 1400.0), (0.3, 3000.0)],
        &[(0.0, 0.0), (0.25, 1.0), (0.3, 0.0)],
    );
    track.sweep(12.6 * beat, 0.45, -9.0, |t| 76.0 - 20.0 * t + 0.8 * sine(6.0 * t));
    track.room(0.5, 0.18);
}

/// A bass drop, then a cheering crowd with claps.
fn whoomp(track: &mut Track) {
    track.sweep(0.0, 0.75, 2.0, |t| line(&[(0.0, 62.0), (0.1, 45.0), (0.75, 26.0)], t));
    track.kick(0.0, 3.0);
    for (at, keys) in [(0.75, (55.0, 60.0)), (1.2, (57.0, 64.0))] {
        track.crowd(at, 0.34, 1.0, (7, 1.05), keys, (OH, AH));
        track.kick(at, 0.0);
        track.pad(at, 0.22, &[57.0, 60.0, 64.0, 69.0], 4000.0, 2.0);
    }
    track.crowd(1.65, 0.5, 0.0, (9, 1.15), (62.0, 66.0), (EH, AH));
    for step in 0..10 {
        let at = 0.75 + 0.15 * f64::from(step);
        track.cymbal(at - 0.075, 0.014, -14.0);
        if step % 3 == 1 {
            track.clap(at, 5, -5.0);
        }
    }
    track.room(0.7, 0.25);
}
