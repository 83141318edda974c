//! The committed files: made of these scores to the last bit, readable by a decoder that is not
//! ours, and fit to be heard.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sounds::master::loudness;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("out")
}

struct Heard {
    name: &'static str,
    rate: f64,
    samples: Vec<f64>,
}

/// All files, as another FLAC decoder hears them.
fn heard() -> impl Iterator<Item = Heard> {
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
        Heard { name: score.name, rate: f64::from(score.rate), samples }
    })
}

#[test]
fn the_files_are_made_of_these_scores_and_another_decoder_hears_them() {
    for (score, heard) in sounds::scores().zip(heard()) {
        let name = score.name;
        let samples = score.samples();
        let file = std::fs::read(folder().join(format!("{name}.flac"))).expect("a file");
        assert!(
            file == sounds::flac::encode(&samples, score.rate),
            "{name} is out of date: cargo run -p sounds {name}"
        );
        let samples =
            samples.into_iter().map(|sample| f64::from(sample) / 32768.0).collect::<Vec<_>>();
        assert!(samples == heard.samples, "{name}");
    }
}

#[test]
fn there_are_no_other_files_and_they_are_small() {
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
fn all_are_about_as_loud_and_none_is_clipped() {
    for Heard { name, rate, samples } in heard() {
        let peak = samples.iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
        assert!(peak > 0.2 && peak <= 0.892, "{name}: peak {peak}");
        let db = 20.0 * loudness(&samples, rate).log10();
        assert!((-22.0..=-18.0).contains(&db), "{name}: {db} dB");
    }
}

#[test]
fn they_come_and_go_without_a_click_and_rest_on_zero() {
    for Heard { name, rate, samples } in heard() {
        let seconds = samples.len() as f64 / rate;
        assert!((0.4..=4.0).contains(&seconds), "{name}: {seconds} s");
        let edge = |part: &[f64]| part.iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
        assert!(edge(&samples[..4]) < 0.01, "{name} begins with a click");
        assert!(edge(&samples[samples.len() - 16..]) < 0.005, "{name} ends with a click");
        let middle = samples.iter().sum::<f64>() / samples.len() as f64;
        assert!(middle.abs() < 0.002, "{name} rests on {middle}");
    }
}
