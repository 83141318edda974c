//! Voices, without words.

use super::{DULL, RATE, score};
use crate::Score;
use crate::band::{AH, EE, EH, OH, OO, Singer, Vowel};
use crate::math::line;
use crate::track::Track;

pub const ALL: &[Score] = &[
    score("ballmer", DULL, 2.2, ballmer),
    score("bezos", DULL, 1.9, bezos),
    score("bueller", DULL, 3.0, bueller),
    score("butts", RATE, 2.0, butts),
    score("gogogo", RATE, 1.6, gogogo),
    score("ohmy", DULL, 2.2, ohmy),
    score("ohyeah", DULL, 2.7, ohyeah),
    score("totes", RATE, 1.1, totes),
    score("trololo", DULL, 3.2, trololo),
    score("what", RATE, 1.6, what),
    score("yeah", RATE, 2.4, yeah),
    score("yodel", DULL, 3.2, yodel),
];

/// Four rising shouts, each with stamping and clapping.
fn ballmer(track: &mut Track) {
    let singer = Singer { size: 0.98, breath: 0.2, vibrato: 0.0, rough: 0.5 };
    for shout in 0..4 {
        let at = 0.52 * f64::from(shout);
        let up = f64::from(shout);
        for (late, length, key, vowel) in [(0.0, 0.11, 57.0, OH), (0.13, 0.2, 61.0, AH)] {
            let keys = [(0.0, key + up), (length, key + up - 4.0)];
            track.sing(at + late, length, 0.0, singer, &keys, &[(0.0, vowel)]);
        }
        track.clap(at + 0.12, 4, -8.0);
        track.kick(at, -4.0);
        track.kick(at + 0.26, -7.0);
    }
    track.room(1.0, 0.3);
}

/// A loud laugh that runs out of breath.
fn bezos(track: &mut Track) {
    let singer = Singer { size: 1.02, breath: 0.3, vibrato: 0.0, rough: 0.25 };
    let mut at = 0.0;
    for (laugh, key) in [57.0, 66.0, 65.0, 63.5, 62.0, 60.0, 57.5, 54.0].into_iter().enumerate() {
        let length = if laugh == 1 { 0.2 } else { 0.13 };
        let vowels: [(f64, Vowel); 2] = [(0.0, EH), (0.06, AH)];
        track.sing(
            at,
            length,
            -(laugh as f64),
            singer,
            &[(0.0, key + 2.0), (length, key - 2.0)],
            &vowels,
        );
        at += length + 0.05 + 0.008 * laugh as f64;
    }
    track.room(0.9, 0.25);
}

/// A monotonous voice asks the same question twice while a clock ticks.
fn bueller(track: &mut Track) {
    let singer = Singer { size: 0.93, breath: 0.03, vibrato: 0.0, rough: 0.05 };
    for at in [0.0, 1.5] {
        track.sing(at, 0.3, 0.0, singer, &[(0.0, 47.0)], &[(0.0, OO)]);
        track.sing(
            at + 0.34,
            0.36,
            -1.0,
            singer,
            &[(0.0, 47.0), (0.2, 47.3), (0.36, 49.0)],
            &[(0.0, OO), (0.36, OH)],
        );
    }
    for (tick, at) in [0.85, 1.3, 2.3, 2.75].into_iter().enumerate() {
        track.key_click(at, 9, -9.0);
        track.bar(at, if tick % 2 == 0 { 84.0 } else { 80.0 }, 0.012, -12.0);
    }
    track.room(1.1, 0.25);
}

/// A match is lit, a breath drawn in, and three low notes follow.
fn butts(track: &mut Track) {
    track.rush(
        0.0,
        0.5,
        -5.0,
        0.9,
        &[(0.0, 3800.0), (0.5, 5200.0)],
        &[(0.0, 0.0), (0.03, 1.0), (0.1, 0.35), (0.5, 0.0)],
    );
    track.rush(
        0.5,
        0.55,
        -10.0,
        1.5,
        &[(0.0, 1200.0), (0.5, 2300.0)],
        &[(0.0, 0.0), (0.4, 1.0), (0.55, 0.0)],
    );
    for (at, length, key) in [(1.1, 0.12, 46.0), (1.26, 0.12, 44.0), (1.42, 0.42, 39.0)] {
        track.blare(at, length, -2.0, 430.0, move |t| crate::math::hertz(key - 6.0 * t));
    }
    track.room(0.5, 0.2);
}

/// A referee's whistle, three times, and running feet.
fn gogogo(track: &mut Track) {
    for (at, length) in [(0.0, 0.14), (0.26, 0.14), (0.52, 0.6)] {
        track.whistle(at, length, 0.0, 1.0, |_| 2350.0);
        track.whistle(at, length, -5.0, 1.0, |_| 2510.0);
        track.tom(at, 45.0, 0.06, -5.0);
    }
    for step in 0..12 {
        track.snare(0.6 + 0.07 * f64::from(step), 0.015, -12.0);
    }
    track.room(0.6, 0.2);
}

/// A rising whistle, then a deep, surprised voice.
fn ohmy(track: &mut Track) {
    track.whistle(0.0, 0.42, -7.0, 0.0, |t| line(&[(0.0, 500.0), (0.4, 1350.0)], t));
    let singer = Singer { size: 0.88, breath: 0.1, vibrato: 0.15, rough: 0.08 };
    track.sing(
        0.5,
        0.55,
        0.0,
        singer,
        &[(0.0, 45.0), (0.2, 50.0), (0.55, 46.0)],
        &[(0.0, OO), (0.2, OH), (0.55, OO)],
    );
    track.sing(
        1.1,
        0.85,
        0.0,
        singer,
        &[(0.0, 47.0), (0.2, 48.0), (0.85, 38.0)],
        &[(0.0, OO), (0.15, AH), (0.5, AH), (0.85, OH)],
    );
    track.room(0.9, 0.25);
}

/// A crash, then a very deep voice over a bass line.
fn ohyeah(track: &mut Track) {
    track.thunder(0.0, 0.5, -3.0);
    for at in [0.03, 0.09, 0.17, 0.22] {
        track.tom(at, 48.0 - 60.0 * at, 0.03, -8.0);
    }
    let singer = Singer { size: 0.74, breath: 0.08, vibrato: 0.1, rough: 0.3 };
    track.sing(
        0.55,
        0.6,
        0.0,
        singer,
        &[(0.0, 36.0), (0.25, 41.0), (0.6, 38.0)],
        &[(0.0, OH), (0.6, OO)],
    );
    track.sing(
        1.2,
        1.1,
        0.0,
        singer,
        &[(0.0, 40.0), (0.2, 42.0), (1.1, 31.0)],
        &[(0.0, OO), (0.2, AH), (1.1, AH)],
    );
    for (at, key) in [
        (0.5, 33.0),
        (0.75, 36.0),
        (0.95, 38.0),
        (1.2, 40.0),
        (1.45, 38.0),
        (1.7, 33.0),
        (2.1, 33.0),
    ] {
        track.bass(at, 0.18, key + 12.0, -6.0);
    }
    for at in [0.5, 0.95, 1.45, 1.9] {
        track.cymbal(at, 0.012, -15.0);
        track.kick(at, -6.0);
    }
    track.room(1.1, 0.3);
}

/// Two quick, bright notes of approval.
fn totes(track: &mut Track) {
    track.plop(0.0, 67.0, 8.0, 0.0);
    track.bar(0.02, 79.0, 0.09, -4.0);
    track.plop(0.16, 72.0, 9.0, 0.0);
    track.bar(0.18, 86.0, 0.16, -3.0);
    track.bar(0.18, 91.0, 0.16, -7.0);
    track.snap(0.42, -7.0);
    track.room(0.6, 0.25);
}

/// A baritone sings a cheerful melody on vowels, with guitar.
fn trololo(track: &mut Track) {
    let singer = Singer { size: 1.0, breath: 0.04, vibrato: 0.35, rough: 0.0 };
    let melody = [
        (0.0, 0.18, 62.0, OH),
        (0.2, 0.18, 62.0, OH),
        (0.4, 0.3, 67.0, OH),
        (0.72, 0.17, 66.0, AH),
        (0.9, 0.17, 64.0, AH),
        (1.08, 0.3, 69.0, AH),
        (1.4, 0.17, 67.0, OH),
        (1.58, 0.17, 64.0, OH),
        (1.76, 0.17, 66.0, EH),
        (1.94, 1.0, 62.0, OH),
    ];
    for (at, length, key, vowel) in melody {
        let keys = [(0.0, key - 1.5), (0.05, key), (length, key)];
        track.sing(
            at,
            length + 0.03,
            0.0,
            singer,
            &keys,
            &[(0.0, EE), (0.05, vowel), (length, vowel)],
        );
    }
    for (at, root) in [(0.0, 50.0), (0.72, 45.0), (1.4, 43.0), (1.94, 50.0)] {
        track.pluck(at, root, 0.2, 0.6, -3.0);
        for (late, up) in [(0.18, 12.0), (0.36, 16.0), (0.36, 19.0)] {
            track.pluck(at + late, root + up, 0.12, 0.4, -8.0);
        }
    }
    track.room(1.2, 0.3);
}

/// A record scratch, then a voice that rises as in a question.
fn what(track: &mut Track) {
    track.scratch(0.0, 0.42, -2.0);
    let singer = Singer { size: 1.05, breath: 0.12, vibrato: 0.0, rough: 0.15 };
    track.sing(
        0.55,
        0.55,
        0.0,
        singer,
        &[(0.0, 52.0), (0.15, 55.0), (0.55, 69.0)],
        &[(0.0, OO), (0.14, AH), (0.55, AH)],
    );
    track.boing(1.05, 64.0, -12.0);
    track.room(0.5, 0.2);
}

/// Two drum hits, a power chord and a screaming singer.
fn yeah(track: &mut Track) {
    track.bar(0.0, 103.0, 0.2, -8.0);
    track.cymbal(0.0, 0.03, -14.0);
    track.snare(0.22, 0.05, -3.0);
    track.snare(0.34, 0.05, -2.0);
    track.kick(0.46, 2.0);
    track.cymbal(0.46, 0.3, -8.0);
    track.power(0.46, 1.6, -2.0, |t| {
        line(&[(0.0, 38.0), (0.08, 40.0), (1.2, 40.0), (1.6, 38.5)], t)
    });
    let singer = Singer { size: 1.08, breath: 0.2, vibrato: 0.5, rough: 0.6 };
    let keys = [(0.0, 64.0), (0.12, 71.0), (0.9, 71.0), (1.5, 63.0)];
    track.sing(0.46, 1.5, 1.0, singer, &keys, &[(0.0, EH), (0.3, AH), (1.5, AH)]);
    track.room(1.2, 0.35);
}

/// A yodel with its echo.
fn yodel(track: &mut Track) {
    let singer = Singer { size: 1.08, breath: 0.04, vibrato: 0.15, rough: 0.0 };
    let keys = [
        (0.0, 58.0),
        (0.22, 58.0),
        (0.24, 67.0),
        (0.42, 67.0),
        (0.44, 62.0),
        (0.6, 62.0),
        (0.62, 70.0),
        (0.8, 70.0),
        (0.82, 65.0),
        (0.95, 65.0),
        (0.97, 74.0),
        (1.5, 74.0),
        (1.53, 65.0),
        (1.65, 65.0),
        (1.67, 70.0),
        (2.1, 70.0),
    ];
    let mouth = [
        (0.0, OH),
        (0.22, OH),
        (0.26, EE),
        (0.42, EE),
        (0.46, OH),
        (0.6, OH),
        (0.64, EE),
        (0.8, EE),
        (0.84, AH),
        (0.95, AH), //
        (0.99, OO),
        (1.5, OO),
        (1.55, AH),
        (1.67, OO),
        (2.1, OO),
    ];
    track.sing(0.0, 2.1, 0.0, singer, &keys, &mouth);
    track.echo(0.62, 0.28);
    track.room(2.6, 0.4);
}
