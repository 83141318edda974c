//! QR codes, for links to open on another device.

use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use http::{HeaderValue, header};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::http::path::Segment;
use crate::http::problem::Problem;

/// Characters. Links have about 200 bytes, and cameras cannot read a code with more than a kilobyte.
const MAX_ID: usize = 1_400;

/// The picture of a text never changes. A year, as in Campfire.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=31556952");

/// The path of the QR code for a text.
pub fn path(text: &str) -> String {
    format!("/qr_code/{}", URL_SAFE_NO_PAD.encode(text))
}

/// Responds with the QR code as SVG.
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
