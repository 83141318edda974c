//! Machines: modems, keyboards, starships, games.

use super::{DULL, RATE, TELEPHONE, score};
use crate::Score;
use crate::band::{AH, Brass, EE, EH, OH, OO, Singer};
use crate::math::{hertz, line, sine};
use crate::track::Track;

pub const ALL: &[Score] = &[
    score("56k", TELEPHONE, 4.0, modem),
    score("glados", RATE, 2.1, glados),
    score("live", RATE, 2.2, live),
    score("makeitso", RATE, 2.6, makeitso),
    score("nyan", RATE, 3.3, nyan),
    score("rollout", DULL, 2.9, rollout),
    score("secret", RATE, 1.9, secret),
    score("unix", RATE, 2.3, unix),
];

/// A modem: dial tone, dialled number, answer tone and handshake.
fn modem(track: &mut Track) {
    for frequency in [350.0, 440.0] {
        track.beep(0.0, 0.4, frequency, -8.0);
    }
    for (at, (low, high)) in
        [(770.0, 1336.0), (697.0, 1209.0), (852.0, 1477.0), (941.0, 1336.0), (697.0, 1477.0)]
            .into_iter()
            .enumerate()
    {
        let at = 0.45 + 0.085 * at as f64;
        track.beep(at, 0.06, low, -7.0);
        track.beep(at, 0.06, high, -7.0);
    }
    track.beep(0.98, 0.38, 2100.0, -8.0);
    track.beep(1.42, 0.25, 1270.0, -9.0);
    track.carrier(1.4, 0.55, -9.0, 2225.0, 40.0);
    track.carrier(1.9, 0.35, -7.0, 1200.0, 300.0);
    for (at, frequency) in [(2.2, 980.0), (2.28, 1650.0), (2.36, 1180.0), (2.44, 1850.0)] {
        track.beep(at, 0.07, frequency, -8.0);
    }
    track.sweep(2.55, 0.2, -9.0, |t| 62.0 + 170.0 * t);
    track.carrier(2.75, 1.2, -6.0, 1800.0, 2400.0);
    track.carrier(2.75, 1.2, -9.0, 1100.0, 1600.0);
    track.rush(
        2.75,
        1.2,
        -6.0,
        0.6,
        &[(0.0, 1700.0)],
        &[(0.0, 0.3), (0.5, 1.0), (1.1, 0.9), (1.2, 0.0)],
    );
}

/// A robot voice that sings six vowels, falling at the end.
fn glados(track: &mut Track) {
    let singer = Singer { size: 1.18, breath: 0.02, vibrato: 0.0, rough: 0.0 };
    let steps = [(69.0, AH), (67.0, EH), (72.0, EE), (65.0, OH), (66.0, EH), (60.0, OO)];
    track.layer(0.0, |track| {
        for (at, (key, vowel)) in steps.into_iter().enumerate() {
            let last = if at == 5 { 0.5 } else { 0.17 };
            for voice in [0.0, 12.0, 7.0] {
                let db = if voice == 0.0 { 0.0 } else { -8.0 };
                let keys =
                    [(0.0, key + voice), (last, key + voice - if at == 5 { 3.0 } else { 0.0 })];
                track.sing(0.21 * at as f64, last, db, singer, &keys, &[(0.0, vowel)]);
            }
        }
        track.shape(|t, x| x * (0.65 + 0.35 * sine(92.0 * t)));
    });
    track.beep(1.72, 0.08, 1320.0, -12.0);
    track.beep(1.84, 0.12, 880.0, -12.0);
    track.room(1.3, 0.3);
}

/// A news intro: a ticking teleprinter and a brass fanfare.
fn live(track: &mut Track) {
    for tick in 0..16_u32 {
        track.key_click(
            0.075 * f64::from(tick),
            u64::from(tick),
            if tick % 4 == 0 { -6.0 } else { -12.0 },
        );
    }
    for (at, length, keys) in [
        (0.6, 0.12, [58.0, 65.0, 70.0]),
        (0.75, 0.12, [58.0, 65.0, 70.0]),
        (0.9, 0.85, [60.0, 67.0, 74.0]),
    ] {
        for key in keys {
            track.brass(at, length, key, -2.0, Brass::default());
        }
        track.tom(at, 38.0, 0.08, -3.0);
    }
    track.beep(0.0, 0.5, 1000.0, -20.0);
    track.room(1.0, 0.3);
}

/// Three console beeps; a starship accelerates and leaves.
fn makeitso(track: &mut Track) {
    for (at, frequency) in [(0.0, 1244.0), (0.09, 1661.0), (0.18, 1480.0)] {
        track.beep(at, 0.07, frequency, -8.0);
    }
    let speed = |t: f64| line(&[(0.0, 30.0), (0.7, 42.0), (1.15, 78.0), (1.3, 96.0)], t);
    track.layer(-1.0, |track| {
        track.sweep(0.4, 1.35, -4.0, speed);
        track.sweep(0.4, 1.35, -8.0, |t| speed(t) + 7.1);
        track.rush(
            0.4,
            1.9,
            0.0,
            1.4,
            &[(0.0, 150.0), (0.9, 700.0), (1.25, 5200.0), (1.8, 300.0)],
            &[(0.0, 0.1), (1.1, 0.6), (1.3, 1.0), (1.9, 0.0)],
        );
        track.drive(1.4);
    });
    track.thunder(1.68, 0.8, -6.0);
    track.room(1.8, 0.35);
}

/// A cheerful 8-bit tune.
fn nyan(track: &mut Track) {
    let beat = 0.1;
    let melody = [
        76.0, 79.0, 0.0, 81.0, 79.0, 76.0, 74.0, 0.0, 76.0, 0.0, 72.0, 74.0, 76.0, 79.0, 83.0,
        81.0, //
        84.0, 83.0, 0.0, 79.0, 81.0, 83.0, 81.0, 79.0, 76.0, 79.0, 74.0, 76.0, 72.0, 0.0, 84.0,
        0.0,
    ];
    for (at, key) in melody.into_iter().enumerate().filter(|(_, key)| *key > 0.0) {
        let at = beat * at as f64;
        track.chip(at, beat * 0.9, key, 0.25, 0.0);
        track.chip(at + 0.05, beat * 0.5, key + 12.0, 0.5, -13.0);
    }
    for (at, root) in [48.0, 55.0, 45.0, 52.0, 53.0, 55.0, 50.0, 48.0].into_iter().enumerate() {
        let at = 4.0 * beat * at as f64;
        track.chip_bass(at, beat * 1.5, root, -2.0);
        track.chip_bass(at + 2.0 * beat, beat * 1.5, root + 12.0, -4.0);
        track.cymbal(at + 2.0 * beat, 0.014, -15.0);
        track.kick(at, -10.0);
    }
}

/// An engine starts, shifts gears and drives away, honking.
fn rollout(track: &mut Track) {
    for turn in 0..4 {
        track.engine(0.11 * f64::from(turn), 0.09, -7.0, &[(0.0, 24.0), (0.09, 16.0)]);
    }
    let speed = [
        (0.0, 30.0),
        (0.18, 95.0),
        (0.45, 48.0),
        (0.6, 60.0),
        (1.05, 150.0),
        (1.1, 92.0),
        (1.6, 190.0),
        (2.3, 165.0),
    ];
    track.layer(0.0, |track| {
        track.engine(0.5, 2.3, 0.0, &speed);
        track.shape(|t, x| x * line(&[(1.9, 1.0), (2.8, 0.05)], t));
    });
    track.sweep(1.55, 0.3, -20.0, |t| 88.0 + 2.0 * sine(9.0 * t));
    track.blare(2.0, 0.14, -12.0, 900.0, |_| 415.0);
    track.blare(2.2, 0.3, -13.0, 900.0, |t| 415.0 - 40.0 * t);
    track.room(0.8, 0.2);
}

/// The jingle of a found secret in a video game.
fn secret(track: &mut Track) {
    let keys = [64.0, 70.0, 68.0, 74.0, 72.0, 78.0, 76.0, 83.0];
    track.layer(0.0, |track| {
        for (at, key) in keys.into_iter().enumerate() {
            let at = 0.085 * at as f64;
            track.chip(at, 0.11, key, 0.5, -4.0);
            track.bar(at, key + 12.0, 0.12, -5.0);
        }
        track.bell(0.7, 83.0, 0.25, -4.0);
        track.bell(0.78, 88.0, 0.3, -5.0);
        track.echo(0.17, 0.3);
    });
    track.room(1.5, 0.4);
}

/// Fast typing and the Return key; an old computer beeps and its disk rattles.
fn unix(track: &mut Track) {
    let times = [0.0, 0.09, 0.16, 0.27, 0.34, 0.4, 0.52, 0.6, 0.66, 0.74, 0.9];
    for (at, time) in times.into_iter().enumerate() {
        track.key_click(time, at as u64, if at == 10 { 3.0 } else { -2.0 - (at % 3) as f64 });
    }
    track.chip(1.08, 0.09, 84.0, 0.5, -7.0);
    track.chip(1.2, 0.16, 91.0, 0.5, -7.0);
    for step in 0..6 {
        let at = 1.45 + 0.085 * f64::from(step);
        track.engine(at, 0.06, -9.0, &[(0.0, 95.0 + 14.0 * f64::from(step % 3))]);
    }
    track.beep(0.0, 2.2, hertz(107.0), -43.0);
    track.room(0.3, 0.12);
}
