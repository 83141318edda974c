//! Sounds: the list, the files, and the operator's own files.

mod support;

use std::sync::Arc;

use campfire::core::clock::Clock;
use campfire::server::Server;
use serde_json::json;
use support::{Client, TestServer};

#[tokio::test]
async fn every_listed_sound_has_a_file() {
    let server = TestServer::start().await;
    assert_eq!(server.anonymous().get("/api/v1/sounds").await.status, 401);
    let ada = server.first_run().await;
    let sounds = ada.get("/api/v1/sounds").await.json(200);
    let sounds = sounds.as_array().expect("a list");
    assert_eq!(sounds.len(), 56);
    let find =
        |name: &str| sounds.iter().find(|sound| sound["name"] == name).expect("known").clone();
    assert_eq!(
        find("tada"),
        json!({ "name": "tada", "url": "/sounds/tada.flac", "text": "plays a fanfare 🎏", "image": null })
    );
    let image = json!({ "url": "/sounds/pictures/nyan.svg", "width": 36, "height": 15 });
    assert_eq!(
        find("nyan"),
        json!({ "name": "nyan", "url": "/sounds/nyan.flac", "text": null, "image": image })
    );
    let anonymous = server.anonymous();
    for sound in sounds {
        let file = anonymous.get(sound["url"].as_str().expect("a url")).await;
        assert_eq!((file.status, file.header("content-type")), (200, "audio/flac"), "{sound}");
        assert!(file.body.starts_with(b"fLaC"), "{sound}");
        if let Some(url) = sound["image"]["url"].as_str() {
            let picture = anonymous.get(url).await;
            assert_eq!(
                (picture.status, picture.header("content-type")),
                (200, "image/svg+xml"),
                "{sound}"
            );
            assert!(picture.text().starts_with("<svg "), "{sound}");
        } else {
            assert!(sound["text"].as_str().is_some_and(|text| !text.is_empty()), "{sound}");
        }
    }
}

#[tokio::test]
async fn files_support_caching_and_ranges() {
    let server = TestServer::start().await;
    let get = async |headers: &[(&str, &str)]| {
        server.anonymous().request("GET", "/sounds/bell.flac", None, headers).await
    };
    let whole = get(&[]).await;
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.header("cache-control").starts_with("public, max-age=86400"));
    let tag = whole.header("etag");
    let length = whole.body.len();
    assert_eq!(whole.header("content-length"), length.to_string());

    let known = get(&[("if-none-match", tag)]).await;
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, tag));

    // Safari's first request.
    let first = get(&[("range", "bytes=0-1")]).await;
    assert_eq!(
        (first.status, first.text().as_str(), first.header("content-type")),
        (206, "fL", "audio/flac")
    );
    assert_eq!(
        (first.header("content-range"), first.header("content-length")),
        (format!("bytes 0-1/{length}").as_str(), "2")
    );
    let rest = get(&[("range", "bytes=4-"), ("if-range", tag)]).await;
    assert_eq!((rest.status, &rest.body[..]), (206, &whole.body[4..]));
    let end = get(&[("range", "bytes=-5")]).await;
    assert_eq!((end.status, &end.body[..]), (206, &whole.body[length - 5..]));

    let beyond = get(&[("range", &format!("bytes={length}-"))]).await;
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (416, format!("bytes */{length}").as_str())
    );
    assert!(beyond.body.is_empty());
    assert_eq!(get(&[("range", "bytes=0-1"), ("if-range", "\"older\"")]).await.status, 200);
    assert_eq!(get(&[("range", "bytes=0-1,4-5")]).await.body, whole.body);

    let head = server
        .anonymous()
        .request("HEAD", "/sounds/bell.flac", None, &[("range", "bytes=0-1")])
        .await;
    assert_eq!(
        (head.status, head.body.len(), head.header("content-length")),
        (200, 0, length.to_string().as_str())
    );
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let server = TestServer::start().await;
    for path in [
        "/sounds/nothing.flac",
        "/sounds/bell.mp3",
        "/sounds/bell",
        "/sounds/bell.flac.flac",
        "/sounds/BELL.flac",
        "/sounds/..%2Fout%2Fbell.flac",
        "/sounds/%2e%2e%2fpictures%2fnyan.svg",
        "/sounds/pictures/bell.svg",
        "/sounds/pictures/nyan.flac",
        "/sounds/pictures/..%2Fnyan.svg",
    ] {
        assert_eq!(server.anonymous().get(path).await.status, 404, "{path}");
    }
}

/// Starts a server with the operator's own sounds.
async fn with_sounds(files: &[(&str, &[u8])]) -> (Server, tempfile::TempDir) {
    let storage = tempfile::tempdir().expect("a directory");
    let sounds = storage.path().join("sounds");
    std::fs::create_dir(&sounds).expect("created");
    for (name, data) in files {
        std::fs::write(sounds.join(name), data).expect("written");
    }
    let config = campfire::core::config::Config {
        sounds_path: Some(sounds),
        ..support::config(storage.path())
    };
    (Server::start(config, Clock::system()).await.expect("starts"), storage)
}

#[tokio::test]
async fn operator_files_replace_built_in_sounds() {
    let (server, storage) = with_sounds(&[
        ("tada.mp3", b"ours is better"),
        ("secret.txt", b"not a sound"),
        ("mine.wav", b"unknown"),
    ])
    .await;
    let server = TestServer { server, storage: Arc::new(storage), clock_offset: Arc::default() };
    let ada: Client = server.first_run().await;
    let sounds = ada.get("/api/v1/sounds").await.json(200);
    let url = |name: &str| {
        let sound = sounds
            .as_array()
            .expect("a list")
            .iter()
            .find(|sound| sound["name"] == name)
            .expect("known");
        sound["url"].as_str().expect("a url").to_owned()
    };
    assert_eq!(
        (url("tada").as_str(), url("secret").as_str()),
        ("/sounds/tada.mp3", "/sounds/secret.flac")
    );
    let file = ada.get("/sounds/tada.mp3").await;
    assert_eq!(
        (file.status, file.header("content-type"), file.text().as_str()),
        (200, "audio/mpeg", "ours is better")
    );
    for gone in ["/sounds/tada.flac", "/sounds/secret.txt", "/sounds/mine.wav"] {
        assert_eq!(ada.get(gone).await.status, 404, "{gone}");
    }
}

#[tokio::test]
async fn a_missing_sounds_directory_fails_the_start() {
    let storage = tempfile::tempdir().expect("a directory");
    let config = campfire::core::config::Config {
        sounds_path: Some(storage.path().join("nowhere")),
        ..support::config(storage.path())
    };
    let error = Server::start(config, Clock::system()).await.err().expect("refused").to_string();
    assert!(
        error.starts_with("SOUNDS_PATH: '") && error.contains("/nowhere' cannot be listed: "),
        "{error}"
    );
    assert!(
        error.ends_with("; for example SOUNDS_PATH=/srv/campfire/sounds") && !error.contains('\n'),
        "{error}"
    );
}
