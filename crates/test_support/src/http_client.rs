//! A client of the server's HTTP interface, signed in by cookie, as a browser would call it.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// A client with the cookies of one session; every request has a connection of its own.
#[derive(Clone)]
pub struct Client {
    /// The server's address.
    pub address: SocketAddr,
    /// The `Cookie` header, empty without a session.
    pub cookie: String,
}

/// The server's response.
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Response {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// The status is not the expected one, or the body is not JSON.
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// A header's value, empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        crate::endpoint::header(&self.headers, name)
    }

    /// The first cookie that the response sets, as a `Cookie` header.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }
}

impl Client {
    /// Sends `GET`.
    pub async fn get(&self, path: &str) -> Response {
        self.request("GET", path, None, &[]).await
    }

    /// Sends `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.request("POST", path, Some(body.to_string()), &[]).await
    }

    /// Sends `DELETE`.
    pub async fn delete(&self, path: &str) -> Response {
        self.request("DELETE", path, None, &[]).await
    }

    /// Sends `PUT` with a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> Response {
        self.request("PUT", path, Some(body.to_string()), &[]).await
    }

    /// Sends `PATCH` with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Response {
        self.request("PATCH", path, Some(body.to_string()), &[]).await
    }

    /// Posts a message to the first room and returns it.
    pub async fn post_message(&self, text: &str) -> Value {
        self.post("/api/v1/rooms/1/messages", json!({ "text": text })).await.json(201)
    }

    /// The texts of a page of the first room.
    ///
    /// # Panics
    /// The response is not a page.
    pub async fn message_texts(&self, query: &str) -> Vec<String> {
        let page = self.get(&format!("/api/v1/rooms/1/messages{query}")).await.json(200);
        let text = |message: &Value| message["body"]["plain"].as_str().expect("text").to_owned();
        page.as_array().expect("a list").iter().map(text).collect()
    }

    /// Sends any request. `headers` replace a browser's usual ones; an empty value removes one.
    ///
    /// # Panics
    /// The server does not respond.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Response {
        let stream = TcpStream::connect(self.address).await.expect("connects");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
        let connection = tokio::spawn(connection);
        let mut request =
            Request::builder().method(method).uri(path).header("host", self.address.to_string());
        let usual = [
            ("cookie", self.cookie.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/json"),
        ];
        let usual = usual
            .into_iter()
            .filter(|(name, _)| !headers.iter().any(|(replaced, _)| replaced == name));
        for (name, value) in
            usual.chain(headers.iter().copied()).filter(|(_, value)| !value.is_empty())
        {
            request = request.header(name, value);
        }
        let request =
            request.body(Full::new(Bytes::from(body.unwrap_or_default()))).expect("a request");
        let response = sender.send_request(request).await.expect("a response");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        connection.abort();
        Response { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}
