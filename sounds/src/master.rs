//! Mastering: from a track to a file's samples, with equal loudness, no clipping, silence at both
//! ends, and inaudible low bits cleared.

use crate::flac::BLOCK;
use crate::math::{cosine, decibels, sine, tanh};
use crate::synth::Filter;

/// The target RMS of the louder half of every sound.
const LOUDNESS: f64 = -19.0;
/// The peak limit.
const CEILING: f64 = -1.0;
/// Trailing samples below this are silence.
const SILENCE: f64 = -60.0;
/// Length of the fades at both ends in seconds, which avoid clicks.
const FADES: (f64, f64) = (0.002, 0.025);
/// Quantization noise stays this far below a block's loudness…
const BELOW_SOUND: f64 = -49.0;
/// …or this far below its noise-like part…
const BELOW_NOISE: f64 = -18.0;
/// …and need not be lower than this.
const BELOW_ALL: f64 = -78.0;

/// Masters a track to a file at half its sample rate.
pub fn master(tape: &[f64], rate: u32) -> Vec<i16> {
    let rate = f64::from(rate);
    let mut samples = halve(tape);
    let mut floor = Filter::default();
    samples.iter_mut().for_each(|sample| *sample = floor.run(*sample, 35.0 / rate, 0.7).high);
    // Limiting the peaks reduces the loudness, so it is measured again.
    for _ in 0..4 {
        let gain = decibels(LOUDNESS) / loudness(&samples, rate).max(1e-9);
        samples.iter_mut().for_each(|sample| *sample = soften(*sample * gain));
    }
    trim(&mut samples);
    fade(&mut samples, rate);
    samples.chunks(BLOCK).flat_map(quantise).collect()
}

/// Halves the sample rate after a low-pass filter.
fn halve(tape: &[f64]) -> Vec<f64> {
    const REACH: isize = 40;
    let weight = |at: isize| {
        let x = at as f64;
        let pulse = if at == 0 { 0.46 } else { sine(0.23 * x) / (std::f64::consts::PI * x) };
        pulse * (0.5 + 0.5 * cosine(0.5 * x / (REACH + 1) as f64))
    };
    let weights = (-REACH..=REACH).map(weight).collect::<Vec<_>>();
    let sample = |at: usize| {
        let near = |offset: usize| {
            (at + offset)
                .checked_sub(REACH as usize)
                .and_then(|at| tape.get(at))
                .copied()
                .unwrap_or(0.0)
        };
        weights.iter().enumerate().map(|(offset, weight)| weight * near(offset)).sum()
    };
    (0..tape.len()).step_by(2).map(sample).collect()
}

/// The RMS of the parts that are not much quieter than the loudest: pauses, tails, and frequencies
/// too low for small speakers do not count.
pub fn loudness(samples: &[f64], rate: f64) -> f64 {
    let mut small = Filter::default();
    let heard =
        samples.iter().map(|&sample| small.run(sample, 120.0 / rate, 0.7).high).collect::<Vec<_>>();
    let blocks = heard
        .chunks((rate * 0.05) as usize)
        .map(|block| block.iter().map(|x| x * x).sum::<f64>() / block.len() as f64);
    let blocks = blocks.collect::<Vec<_>>();
    let loudest = blocks.iter().copied().fold(0.0, f64::max);
    let counted = blocks.into_iter().filter(|&block| block >= loudest / 10.0).collect::<Vec<_>>();
    (counted.iter().sum::<f64>() / counted.len().max(1) as f64).sqrt()
}

/// Soft limiter: quiet samples are unchanged, loud ones are compressed below the limit.
fn soften(sample: f64) -> f64 {
    let (knee, ceiling) = (0.6, decibels(CEILING));
    let size = sample.abs();
    if size <= knee {
        return sample;
    }
    let bent = knee + (ceiling - knee) * tanh((size - knee) / (ceiling - knee));
    if sample < 0.0 { -bent } else { bent }
}

fn trim(samples: &mut Vec<f64>) {
    let heard = |sample: &f64| sample.abs() > decibels(SILENCE);
    let end = samples.iter().rposition(heard).map_or(0, |last| last + 1);
    samples.truncate(end);
    let start = samples.iter().position(heard).unwrap_or(0);
    samples.drain(..start);
}

fn fade(samples: &mut [f64], rate: f64) {
    let ramp = |at: usize, seconds: f64| {
        let t = (at as f64 / (seconds * rate)).min(1.0);
        t * t * (3.0 - 2.0 * t)
    };
    samples.iter_mut().enumerate().for_each(|(at, sample)| *sample *= ramp(at, FADES.0));
    samples.iter_mut().rev().enumerate().for_each(|(at, sample)| *sample *= ramp(at, FADES.1));
}

/// Converts a block to integers and clears the low bits whose loss is inaudible.
fn quantise(block: &[f64]) -> Vec<i16> {
    let power = |values: &mut dyn Iterator<Item = f64>| {
        (values.map(|x| x * x).sum::<f64>() / block.len() as f64).sqrt()
    };
    let sound = power(&mut block.iter().copied());
    // The difference from a short smooth curve through the neighbours is noise, or fast enough to
    // be masked like noise.
    let noise = power(
        &mut block.windows(5).map(|w| (w[0] - 4.0 * w[1] + 6.0 * w[2] - 4.0 * w[3] + w[4]) / 8.4),
    );
    let allowed =
        (sound * decibels(BELOW_SOUND)).max(noise * decibels(BELOW_NOISE)).max(decibels(BELOW_ALL))
            * 32768.0;
    // Rounding to steps of a size has an RMS error of that size divided by the square root of
    // twelve.
    let empty =
        (0..8_u32).rev().find(|&bits| f64::from(1_u32 << bits) <= allowed * 3.46).unwrap_or(0);
    let step = f64::from(1_u32 << empty);
    let limit = (32767.0 / step).floor();
    block
        .iter()
        .map(|&sample| ((sample * 32768.0 / step).round().clamp(-limit, limit) * step) as i16)
        .collect()
}
