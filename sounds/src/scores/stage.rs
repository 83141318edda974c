//! Sounds of the stage: fanfares, drums, applause.

use super::{DULL, RATE, score};
use crate::Score;
use crate::band::{AH, Brass, EE, EH};
use crate::math::line;
use crate::synth::swell;
use crate::track::Track;

pub const ALL: &[Score] = &[
    score("bell", RATE, 3.2, bell),
    score("clowntown", DULL, 2.9, clowntown),
    score("danielsan", RATE, 3.4, danielsan),
    score("greatjob", RATE, 2.2, greatjob),
    score("guarantee", RATE, 1.7, guarantee),
    score("rimshot", RATE, 1.6, rimshot),
    score("sax", DULL, 3.1, sax),
    score("tada", RATE, 2.4, tada),
    score("tmyk", RATE, 3.2, tmyk),
    score("trombone", DULL, 3.2, trombone),
    score("yay", RATE, 1.9, yay),
];

/// A bell, struck once.
fn bell(track: &mut Track) {
    track.bell(0.02, 76.0, 0.55, 0.0);
    track.bar(0.02, 100.0, 0.04, -14.0);
    track.room(1.6, 0.35);
}

/// A fairground organ waltz and a squeezed clown horn.
fn clowntown(track: &mut Track) {
    let beat = 0.155;
    for (bar, (root, third, fifth)) in
        [(41.0, 57.0, 60.0), (36.0, 58.0, 64.0), (41.0, 57.0, 60.0), (43.0, 59.0, 65.0)]
            .into_iter()
            .enumerate()
    {
        let at = bar as f64 * 3.0 * beat;
        track.wah(at, beat * 1.1, -5.0, |_| root, |t| swell(t, beat, 0.02, 0.08));
        for off in [1.0, 2.0] {
            track.organ(at + off * beat, beat * 0.5, third, -11.0);
            track.organ(at + off * beat, beat * 0.5, fifth, -11.0);
            track.snare(at + off * beat, 0.012, -19.0);
        }
    }
    let melody = [81.0, 80.0, 81.0, 84.0, 77.0, 0.0, 82.0, 81.0, 82.0, 86.0, 79.0, 76.0];
    for (at, key) in melody.into_iter().enumerate().filter(|(_, key)| *key > 0.0) {
        track.organ(at as f64 * beat, beat * 0.8, key, -4.0);
    }
    track.blare(12.3 * beat, 0.22, -5.0, 900.0, |t| 330.0 - 300.0 * t);
    track.blare(14.2 * beat, 0.3, -5.0, 820.0, |t| 240.0 - 150.0 * t);
    track.room(0.7, 0.25);
}

/// A wooden flute over a lake, then a gong.
fn danielsan(track: &mut Track) {
    track.flute(0.0, 0.55, 0.0, |t| line(&[(0.0, 68.0), (0.12, 69.0)], t));
    track.flute(0.5, 0.28, -2.0, |_| 72.0);
    track
        .flute(0.75, 1.15, 0.0, |t| line(&[(0.0, 75.0), (0.1, 76.0), (0.7, 76.0), (1.1, 74.6)], t));
    track.bell(1.55, 38.0, 0.9, 2.0);
    track.bell(1.55, 43.6, 0.6, -3.0);
    track.cymbal(1.55, 0.35, -20.0);
    track.room(2.4, 0.5);
}

/// A cheerful xylophone and a polite round of applause.
fn greatjob(track: &mut Track) {
    track.run_of(0.0, 0.11, [72.0, 76.0, 79.0, 84.0], |track, at, key| {
        track.bar(at, key, 0.12, 0.0);
        track.bar(at, key - 12.0, 0.1, -7.0);
    });
    track.bar(0.46, 88.0, 0.25, -1.0);
    for step in 0..15 {
        track.clap(0.55 + 0.095 * f64::from(step), 3, -9.0 - 0.7 * f64::from(step));
    }
    track.room(0.9, 0.3);
}

/// A cash register rings, coins fall, and a stamp comes down.
fn guarantee(track: &mut Track) {
    track.key_click(0.0, 4, -2.0);
    track.rush(0.03, 0.16, -8.0, 1.2, &[(0.0, 1200.0), (0.15, 3400.0)], &[(0.0, 0.2), (0.15, 1.0)]);
    track.bell(0.19, 91.0, 0.2, -1.0);
    track.bell(0.25, 95.0, 0.24, -3.0);
    track.tom(0.2, 40.0, 0.03, -4.0);
    for (at, key) in [(0.72, 100.0), (0.8, 103.0), (0.86, 100.0)] {
        track.bar(at, key, 0.07, -9.0);
    }
    track.tom(1.0, 36.0, 0.06, 0.0);
    track.clap(1.0, 1, -8.0);
    track.room(0.6, 0.25);
}

/// The drums after a punchline: ba-dum, tss.
fn rimshot(track: &mut Track) {
    track.tom(0.0, 50.0, 0.07, 0.0);
    track.snare(0.0, 0.02, -9.0);
    track.tom(0.17, 43.0, 0.09, 0.0);
    track.kick(0.42, -3.0);
    track.snare(0.42, 0.05, -5.0);
    track.cymbal(0.42, 0.16, -5.0);
    track.room(0.5, 0.2);
}

/// A slow, romantic saxophone with soft chords.
fn sax(track: &mut Track) {
    let keys = [
        (0.0, 60.0),
        (0.1, 61.5),
        (0.16, 62.0),
        (0.4, 62.0),
        (0.43, 65.0),
        (0.62, 65.0),
        (0.65, 69.0),
        (1.05, 69.0),
        (1.1, 67.0),
    ];
    track.layer(0.0, |track| {
        track.sax(0.05, 1.35, 0.0, 0.12, |t| line(&keys, t));
        track.sax(1.42, 0.2, -2.0, 0.1, |_| 64.0);
        track.sax(1.6, 1.35, 0.0, 0.16, |t| {
            line(&[(0.0, 65.0), (0.09, 67.0), (0.8, 67.0), (1.3, 65.4)], t)
        });
        track.echo(0.31, 0.18);
    });
    track.pad(0.0, 1.5, &[38.0, 57.0, 60.0, 65.0], 900.0, -9.0);
    track.pad(1.45, 1.6, &[43.0, 57.0, 59.0, 65.0], 900.0, -9.0);
    track.room(1.8, 0.4);
}

/// A brass fanfare of two chords with a drum roll.
fn tada(track: &mut Track) {
    let chord = |track: &mut Track, at: f64, length: f64, keys: &[f64], db: f64| {
        for key in keys {
            track.brass(at, length, *key, db, Brass::default());
        }
    };
    chord(track, 0.0, 0.13, &[55.0, 62.0, 67.0, 71.0], -3.0);
    track.snare(0.0, 0.03, -8.0);
    chord(track, 0.2, 1.5, &[48.0, 55.0, 64.0, 72.0, 76.0], -2.0);
    for step in 0..14 {
        track.snare(0.3 + 0.045 * f64::from(step), 0.02, -16.0 + 0.3 * f64::from(step));
    }
    track.tom(0.2, 36.0, 0.12, -2.0);
    track.cymbal(0.2, 0.3, -8.0);
    track.room(1.4, 0.35);
}

/// A harp run like a shooting star, then four chimes.
fn tmyk(track: &mut Track) {
    track.rush(
        0.0,
        1.3,
        -17.0,
        2.0,
        &[(0.0, 1500.0), (1.2, 7000.0)],
        &[(0.0, 0.0), (0.9, 1.0), (1.3, 0.0)],
    );
    let scale =
        (0..21).map(|step| 55.0 + [0.0, 2.0, 4.0, 7.0, 9.0][step % 5] + 12.0 * (step / 5) as f64);
    track.run_of(0.05, 0.048, scale, |track, at, key| track.pluck(at, key, 0.16, 0.2, -6.0));
    for (at, key) in [(1.2, 79.0), (1.42, 83.0), (1.64, 81.0), (1.98, 86.0)] {
        track.bell(at, key, 0.3, -1.0);
        track.bar(at, key + 12.0, 0.2, -9.0);
    }
    track.pad(1.15, 1.9, &[55.0, 62.0, 67.0, 71.0], 1400.0, -8.0);
    track.room(1.8, 0.4);
}

/// The sad trombone: four falling notes, the last one long.
fn trombone(track: &mut Track) {
    for (at, key) in [(0.0, 58.0), (0.52, 57.0), (1.04, 56.0)] {
        track.wah(at, 0.46, 0.0, |t| key + 0.2 - 0.5 * t, |t| swell(t, 0.42, 0.16, 0.22));
    }
    let sobs = |t: f64| 0.25 + 0.75 * crate::math::sine(3.1 * t - 0.1).max(0.0) * (1.0 - t / 1.9);
    let droop = |t: f64| 55.0 - 0.7 * t - 0.9 * t * t + 0.35 * crate::math::sine(3.1 * t) * t;
    track.wah(1.56, 1.5, 0.0, droop, sobs);
    track.room(1.1, 0.3);
}

/// A cheering crowd with claps and a party blower.
fn yay(track: &mut Track) {
    track.crowd(0.0, 1.3, 0.0, (9, 1.35), (67.0, 76.0), (AH, EE));
    track.crowd(0.05, 1.2, -4.0, (5, 1.0), (55.0, 62.0), (EH, EE));
    track.blare(0.55, 0.75, -12.0, 1500.0, |t| {
        line(&[(0.0, 420.0), (0.12, 640.0), (0.6, 660.0), (0.75, 380.0)], t)
    });
    for (at, key) in [(0.25, 98.0), (0.4, 102.0), (0.62, 95.0), (0.8, 105.0)] {
        track.bar(at, key, 0.08, -14.0);
    }
    for step in 0..8 {
        track.clap(0.3 + 0.13 * f64::from(step), 4, -12.0);
    }
    track.room(0.9, 0.3);
}
