//! A lean HTTP/1.1 client: one connection, one request at a time, as little work as possible,
//! because it shares the processor with the server that it measures.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;

/// An answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, if the status is one of these.
    pub fn json(&self, expected: &[u16]) -> Outcome<serde_json::Value> {
        if !expected.contains(&self.status) {
            return Err(format!(
                "answered {} instead of {expected:?}: {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            )
            .into());
        }
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The number of the message that was created, read without taking the whole answer apart: the
    /// client works on the cores that it measures.
    pub fn created_id(&self) -> Outcome<i64> {
        if self.status != 201 {
            return Err(format!(
                "answered {} instead of 201: {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            )
            .into());
        }
        let digits = self
            .body
            .strip_prefix(b"{\"id\":")
            .ok_or("an answer that does not begin with its id")?;
        let end =
            digits.iter().position(|byte| !byte.is_ascii_digit()).ok_or("an id without end")?;
        Ok(std::str::from_utf8(&digits[..end])?.parse()?)
    }
}

/// A connection with who calls on it.
pub struct Client {
    stream: TcpStream,
    address: SocketAddr,
    token: String,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects; `token` is a session's, empty for nobody's.
    pub async fn connect(address: SocketAddr, token: &str) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address, token: token.to_owned(), buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Whom it is connected to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `GET`.
    pub async fn get(&mut self, path: &str) -> Outcome<Answer> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
            self.address, self.token
        );
        self.exchange(head.as_bytes()).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&mut self, path: &str, body: &str) -> Outcome<Answer> {
        self.send("POST", path, body).await
    }

    /// Any method with a JSON body.
    pub async fn send(&mut self, method: &str, path: &str, body: &str) -> Outcome<Answer> {
        let who = if self.token.is_empty() {
            String::new()
        } else {
            format!("authorization: Bearer {}\r\n", self.token)
        };
        let (host, length) = (self.address, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{who}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.exchange(request.as_bytes()).await
    }

    async fn exchange(&mut self, request: &[u8]) -> Outcome<Answer> {
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
        Ok(Answer { status, body: self.buffer[head..head + length].to_vec() })
    }
}

/// Where `needle` begins.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}
