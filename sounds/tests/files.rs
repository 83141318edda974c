//! The committed files: identical to the scores' output, readable by an independent decoder, and
//! consistent in loudness.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sounds::master::loudness;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("out")
}

struct Decoded {
    name: &'static str,
    rate: f64,
    samples: Vec<f64>,
}

/// All files, decoded by an independent FLAC decoder.
fn decoded() -> impl Iterator<Item = Decoded> {
    sounds::scores().map(|score| {
        let mut reader = claxon::FlacReader::open(folder().join(format!("{}.flac", score.name)))
            .expect("a FLAC file");
        let info = reader.streaminfo();
        assert_eq!(
            (info.channels, info.bits_per_sample, info.sample_rate),
            (1, 16, score.rate),
            "{}",
            score.name
        );
        let samples = reader
            .samples()
            .map(|sample| f64::from(sample.expect("a sample")) / 32768.0)
            .collect::<Vec<_>>();
        assert_eq!(info.samples, Some(samples.len() as u64), "{}", score.name);
        Decoded { name: score.name, rate: f64::from(score.rate), samples }
    })
}

#[test]
fn files_match_their_scores_and_an_independent_decoder() {
    for (score, decoded) in sounds::scores().zip(decoded()) {
        let name = score.name;
        let samples = score.samples();
        let file = std::fs::read(folder().join(format!("{name}.flac"))).expect("a file");
        assert!(
            file == sounds::flac::encode(&samples, score.rate),
            "{name} is out of date: cargo run -p sounds {name}"
        );
        let samples =
            samples.into_iter().map(|sample| f64::from(sample) / 32768.0).collect::<Vec<_>>();
        assert!(samples == decoded.samples, "{name}");
    }
}

#[test]
fn there_are_no_other_files_and_their_total_size_is_bounded() {
    let files = std::fs::read_dir(folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry"))
        .collect::<Vec<_>>();
    let found = files
        .iter()
        .map(|entry| entry.file_name().into_string().expect("a name"))
        .collect::<BTreeSet<_>>();
    let wanted =
        sounds::scores().map(|score| format!("{}.flac", score.name)).collect::<BTreeSet<_>>();
    assert_eq!(found, wanted);
    let bytes = files.iter().map(|entry| entry.metadata().expect("a size").len()).sum::<u64>();
    assert!(bytes < 1_572_864, "{bytes} bytes");
}

#[test]
fn loudness_is_consistent_without_clipping() {
    for Decoded { name, rate, samples } in decoded() {
        let peak = samples.iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
        assert!(peak > 0.2 && peak <= 0.892, "{name}: peak {peak}");
        let db = 20.0 * loudness(&samples, rate).log10();
        assert!((-22.0..=-18.0).contains(&db), "{name}: {db} dB");
    }
}

#[test]
fn files_start_and_end_without_clicks_and_have_no_offset() {
    for Decoded { name, rate, samples } in decoded() {
        let seconds = samples.len() as f64 / rate;
        assert!((0.4..=4.0).contains(&seconds), "{name}: {seconds} s");
        let edge = |part: &[f64]| part.iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
        assert!(edge(&samples[..4]) < 0.01, "{name} begins with a click");
        assert!(edge(&samples[samples.len() - 16..]) < 0.005, "{name} ends with a click");
        let middle = samples.iter().sum::<f64>() / samples.len() as f64;
        assert!(middle.abs() < 0.002, "{name} has an offset of {middle}");
    }
}
