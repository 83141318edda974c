//! A small FLAC encoder (RFC 9639): mono, 16 bits, blocks of [`BLOCK`] samples, fixed or linear
//! prediction, Rice-coded residuals, and the low bits cleared by [`crate::master`] counted once per
//! block (wasted bits).

mod bits;
mod predict;

use bits::{Bits, crc8, crc16};
use predict::Prediction;

/// Samples per block.
pub const BLOCK: usize = 1024;
/// Bits per sample in the file.
const DEPTH: u32 = 16;

/// Encodes a file.
pub fn encode(samples: &[i16], rate: u32) -> Vec<u8> {
    let frames = samples
        .chunks(BLOCK)
        .enumerate()
        .map(|(number, block)| frame(number as u64, block, rate))
        .collect::<Vec<_>>();
    let mut out = b"fLaC".to_vec();
    out.extend(stream_info(samples.len() as u64, rate, &frames));
    out.extend(frames.concat());
    out
}

/// The STREAMINFO block. The MD5 of the samples is omitted, as the format allows.
fn stream_info(samples: u64, rate: u32, frames: &[Vec<u8>]) -> Vec<u8> {
    let sizes = || frames.iter().map(|frame| frame.len() as u64);
    let mut bits = Bits::default();
    bits.put(0x80, 8);
    bits.put(34, 24);
    bits.put(BLOCK as u64, 16);
    bits.put(BLOCK as u64, 16);
    bits.put(sizes().min().unwrap_or(0), 24);
    bits.put(sizes().max().unwrap_or(0), 24);
    bits.put(u64::from(rate), 20);
    bits.put(0, 3);
    bits.put(u64::from(DEPTH - 1), 5);
    bits.put(samples, 36);
    bits.put(0, 64);
    bits.put(0, 64);
    bits.finish()
}

fn frame(number: u64, block: &[i16], rate: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0b1111_1111_1111_1000, 16);
    let is_full = block.len() == BLOCK;
    // 1024 samples have a code of their own; any other length follows the frame number.
    bits.put(if is_full { 0b1010 } else { 0b0111 }, 4);
    bits.put(rate_code(rate), 4);
    bits.put(0, 4);
    bits.put(0b100, 3);
    bits.put(0, 1);
    bits.put_utf8(number);
    if !is_full {
        bits.put(block.len() as u64 - 1, 16);
    }
    let head = crc8(&bits.clone().finish());
    bits.put(u64::from(head), 8);
    subframe(&mut bits, block);
    let mut bytes = bits.finish();
    let check = crc16(&bytes);
    bytes.extend(check.to_be_bytes());
    bytes
}

/// Each frame contains the sample rate. The format does not require it, but GStreamer, and
/// therefore WebKitGTK, rejects frames that refer to STREAMINFO.
fn rate_code(rate: u32) -> u64 {
    match rate {
        8_000 => 0b0100,
        16_000 => 0b0101,
        22_050 => 0b0110,
        24_000 => 0b0111,
        32_000 => 0b1000,
        44_100 => 0b1001,
        48_000 => 0b1010,
        // Rates without a code are taken from STREAMINFO.
        _ => 0,
    }
}

fn subframe(bits: &mut Bits, block: &[i16]) {
    let first = block.first().copied().unwrap_or(0);
    if block.iter().all(|&sample| sample == first) {
        bits.put(0, 8);
        bits.put_signed(i64::from(first), DEPTH);
        return;
    }
    // Not constant, so some sample is not zero and the shift is below 16.
    let wasted_bits = block.iter().fold(0, |all, &sample| all | sample).trailing_zeros();
    let samples = block.iter().map(|&sample| i64::from(sample >> wasted_bits)).collect::<Vec<_>>();
    let depth = DEPTH - wasted_bits;
    let best = Prediction::best(&samples, depth);
    bits.put(0, 1);
    bits.put(best.kind(), 6);
    if wasted_bits == 0 {
        bits.put(0, 1);
    } else {
        bits.put(1, 1);
        bits.put(1, wasted_bits);
    }
    best.write(bits, &samples, depth);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(file: &[u8]) -> Vec<i16> {
        let mut reader = claxon::FlacReader::new(file).expect("a FLAC file");
        reader.samples().map(|sample| sample.expect("a sample") as i16).collect()
    }

    /// Noise over a slow wave, from nearly silent to clipping.
    fn noisy_wave(length: usize, amplitude: f64) -> Vec<i16> {
        let mut noise = crate::synth::Noise::new(9);
        let wave = |at: usize| crate::math::sine(at as f64 / 97.0);
        (0..length)
            .map(|at| {
                ((0.5 * wave(at) + 0.5 * noise.next()) * amplitude).clamp(-32768.0, 32767.0) as i16
            })
            .collect()
    }

    #[test]
    fn decoding_returns_the_samples_for_any_length() {
        for length in [1, 2, 5, 40, 191, 1023, 1024, 1025, 5000] {
            for amplitude in [0.0, 1.0, 300.0, 32767.0, 90_000.0] {
                let samples = noisy_wave(length, amplitude);
                assert!(
                    decoded(&encode(&samples, 22_050)) == samples,
                    "{length} samples, {amplitude}"
                );
            }
        }
    }

    #[test]
    fn every_frame_contains_its_sample_rate() {
        // The first frame starts after the magic number and the metadata block.
        for (rate, code) in [(8_000, 4), (16_000, 5), (22_050, 6), (48_000, 10)] {
            assert_eq!(encode(&noisy_wave(1024, 300.0), rate)[42 + 2] & 0x0F, code, "{rate}");
            assert_eq!(
                encode(&noisy_wave(40, 300.0), rate)[42 + 2] & 0x0F,
                code,
                "{rate}, a short block"
            );
        }
    }

    #[test]
    fn extreme_values_and_wasted_bits_round_trip() {
        let square = (0..3000)
            .map(|at| if at / 50 % 2 == 0 { i16::MIN } else { i16::MAX })
            .collect::<Vec<_>>();
        let coarse =
            noisy_wave(3000, 30000.0).into_iter().map(|sample| sample & !0x7F).collect::<Vec<_>>();
        let long = noisy_wave(BLOCK * 130 + 7, 2000.0);
        for samples in [square, coarse, long, vec![-5; 2000]] {
            assert!(decoded(&encode(&samples, 8_000)) == samples);
        }
    }

    #[test]
    fn a_tone_compresses_well() {
        let tone = (0..22_050)
            .map(|at| (crate::math::sine(f64::from(at) * 0.02) * 20000.0) as i16)
            .collect::<Vec<_>>();
        assert!(encode(&tone, 22_050).len() < tone.len(), "less than eight bits per sample");
    }
}
