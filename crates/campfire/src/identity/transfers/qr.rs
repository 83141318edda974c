//! A text as a QR code, for links that another device shall open.

use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use http::{HeaderValue, header};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::http::path::Segment;
use crate::http::problem::Problem;

/// Characters of an address at most: links have some two hundred bytes, and a code with more than a
/// kilobyte cannot be read by a camera.
const MAX_ID: usize = 1_400;

/// The same text is the same picture for ever, as in Campfire.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=31556952");

/// The address of the code for a text.
pub fn path(text: &str) -> String {
    format!("/qr_code/{}", URL_SAFE_NO_PAD.encode(text))
}

/// The code of a text, as a picture that scales.
pub async fn show(Segment(id): Segment<String>) -> Result<Response, Problem> {
    let missing = || Problem::not_found("Picture");
    if id.len() > MAX_ID {
        return Err(missing());
    }
    let text =
        URL_SAFE_NO_PAD.decode(&id).or_else(|_| URL_SAFE.decode(&id)).map_err(|_| missing())?;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| missing())?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(256, 256).build();
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
            (header::CACHE_CONTROL, CACHE),
        ],
        picture,
    )
        .into_response())
}
