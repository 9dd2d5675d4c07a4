//! Drives an HTTP server with a closed loop: so many connections, each with one request on its way.
//!
//! The bytes of the requests are made beforehand and answers are read no further than their end, so that
//! the driver takes little of the machine that it shares with what it measures. What the others took is
//! everything that the machine did less what this process did.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::cpu;

/// Requests to one server, asked in this order, over and over.
#[derive(Clone)]
pub(crate) struct Requests {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The requests as they go over the wire.
    pub(crate) wire: Arc<Vec<Vec<u8>>>,
    /// The next to ask; goes on from run to run.
    pub(crate) next: Arc<AtomicUsize>,
}

impl Requests {
    /// Requests for this server.
    pub(crate) fn new(address: SocketAddr, wire: Vec<Vec<u8>>) -> Self {
        Self { address, wire: Arc::new(wire), next: Arc::default() }
    }
}

/// A POST of JSON.
pub(crate) fn post(path: &str, bearer: Option<&str>, body: &str) -> Vec<u8> {
    let authorization = bearer.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
    post_authorized(path, &authorization, body)
}

/// A POST of JSON by whoever holds a write key.
pub(crate) fn post_with_key(path: &str, key: &str, body: &str) -> Vec<u8> {
    let basic = STANDARD.encode(format!("{key}:"));
    post_authorized(path, &format!("Authorization: Basic {basic}\r\n"), body)
}

fn post_authorized(path: &str, authorization: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\n{authorization}Content-Type: application/json\r\n\
         Accept: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A GET.
pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n\r\n").into_bytes()
}

/// A GET by somebody.
pub(crate) fn get_as(path: &str, bearer: &str) -> Vec<u8> {
    let head = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {bearer}\r\n\r\n");
    head.into_bytes()
}

/// How a run went.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    /// Answers a second.
    pub(crate) rate: f64,
    /// Half of the answers came within this.
    pub(crate) p50: Duration,
    /// All but one of a hundred came within this.
    pub(crate) p99: Duration,
    /// What the machine worked for one answer, this driver left out.
    pub(crate) cpu: Duration,
}

impl Run {
    /// What so many took, all of them within `elapsed`.
    pub(crate) fn of(mut taken: Vec<Duration>, elapsed: Duration) -> Self {
        taken.sort_unstable();
        let count = u32::try_from(taken.len()).expect("a count");
        let at = |share: usize| taken.get(taken.len() * share / 100).copied().unwrap_or_default();
        Self { rate: f64::from(count) / elapsed.as_secs_f64(), p50: at(50), p99: at(99), cpu: Duration::ZERO }
    }
}

/// Asks for a while.
///
/// # Panics
/// When the server refuses a request: a measurement of refusals says nothing.
pub(crate) async fn run(requests: &Requests, connections: usize, lasting: Duration) -> Run {
    let until = Instant::now() + lasting;
    let (before, started) = (cpu::others(), Instant::now());
    let asking: Vec<_> = (0..connections).map(|_| tokio::spawn(ask(requests.clone(), until))).collect();
    let mut taken = Vec::new();
    for one in asking {
        taken.extend(one.await.expect("a connection ends in order"));
    }
    let (elapsed, worked) = (started.elapsed(), cpu::others().saturating_sub(before));
    taken.sort_unstable();
    let count = u32::try_from(taken.len()).expect("a count").max(1);
    let at = |share: usize| taken.get(taken.len() * share / 100).copied().unwrap_or_default();
    Run { rate: f64::from(count) / elapsed.as_secs_f64(), p50: at(50), p99: at(99), cpu: worked / count }
}

async fn ask(requests: Requests, until: Instant) -> Vec<Duration> {
    let mut connection = Connection::open(requests.address).await;
    let mut taken = Vec::new();
    while Instant::now() < until {
        let at = requests.next.fetch_add(1, Ordering::Relaxed) % requests.wire.len();
        let started = Instant::now();
        connection.ask(&requests.wire[at]).await;
        taken.push(started.elapsed());
    }
    taken
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket option");
        Self { stream, buffer: Vec::with_capacity(64 * 1024) }
    }

    /// Asks, and gives the body of the answer; its chunks, if it came in some, are left as they came.
    ///
    /// # Panics
    /// When the server refuses: a measurement of refusals says nothing.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.expect("a request is taken");
        self.buffer.clear();
        let mut body = None;
        loop {
            let count = self.stream.read_buf(&mut self.buffer).await.expect("an answer can be read");
            assert!(count > 0, "the server hung up: {}", String::from_utf8_lossy(&self.buffer));
            if body.is_none()
                && let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n")
            {
                body = Some((end + 4, length(&self.buffer[..end])));
            }
            match body {
                Some((from, Some(length))) if self.buffer.len() >= from + length => {
                    return &self.buffer[from..];
                }
                // In chunks: the last one is empty.
                Some((from, None)) if self.buffer.ends_with(b"0\r\n\r\n") => return &self.buffer[from..],
                _ => {}
            }
        }
    }
}

/// The length that the head of an answer names; none when it comes in chunks.
fn length(head: &[u8]) -> Option<usize> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default();
    assert!(status.contains(" 20"), "the server says {status}: {head}");
    lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok()).flatten()
    })
}
