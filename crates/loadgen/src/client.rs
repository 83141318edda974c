//! A minimal HTTP/1.1 client with one connection and one request at a time. It does little work,
//! because it shares the processor with the server that it measures.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

/// A response.
pub struct Response {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Response {
    /// The body as JSON if the status is one of these.
    pub fn json(&self, expected: &[u16]) -> Result<serde_json::Value> {
        if !expected.contains(&self.status) {
            return Err(format!(
                "status {} instead of {expected:?}: {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            )
            .into());
        }
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The ID of the created message, read without parsing the whole body.
    pub fn created_id(&self) -> Result<i64> {
        if self.status != 201 {
            return Err(format!(
                "status {} instead of 201: {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            )
            .into());
        }
        let digits =
            self.body.strip_prefix(b"{\"id\":").ok_or("the body does not begin with an ID")?;
        let end =
            digits.iter().position(|byte| !byte.is_ascii_digit()).ok_or("the ID has no end")?;
        Ok(std::str::from_utf8(&digits[..end])?.parse()?)
    }
}

/// A connection and a session.
pub struct Client {
    stream: TcpStream,
    address: SocketAddr,
    token: String,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects; `token` is a session's, or empty.
    pub async fn connect(address: SocketAddr, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address, token: token.to_owned(), buffer: Vec::with_capacity(64 * 1024) })
    }

    /// The server's address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends `GET`.
    pub async fn get(&mut self, path: &str) -> Result<Response> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
            self.address, self.token
        );
        self.exchange(head.as_bytes()).await
    }

    /// Sends `POST` with a JSON body.
    pub async fn post(&mut self, path: &str, body: &str) -> Result<Response> {
        self.send("POST", path, body).await
    }

    /// Sends any method with a JSON body.
    pub async fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Response> {
        let authorization = if self.token.is_empty() {
            String::new()
        } else {
            format!("authorization: Bearer {}\r\n", self.token)
        };
        let (host, length) = (self.address, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{authorization}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.exchange(request.as_bytes()).await
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Response> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection was closed".into());
            }
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head])?;
        let status = text.get(9..12).ok_or("no status")?.parse()?;
        let length = text
            .lines()
            .find_map(|line| {
                line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            })
            .map_or(Ok(0), |(_, value)| value.trim().parse::<usize>())?;
        while self.buffer.len() < head + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection was closed".into());
            }
        }
        Ok(Response { status, body: self.buffer[head..head + length].to_vec() })
    }
}

/// The index of the first `needle`.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}
