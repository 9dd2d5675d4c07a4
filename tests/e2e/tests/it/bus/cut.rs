//! A line that can be cut: what goes to a server goes through here, until it does not.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
};

/// A line to a server.
pub(super) struct Line {
    up: Arc<watch::Sender<bool>>,
    refused: Arc<AtomicUsize>,
    accepting: AbortHandle,
    port: u16,
}

impl Line {
    /// A line to the server of a URL.
    pub(super) async fn to(url: &str) -> Self {
        let server = url.get(authority(url)).expect("a server").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let up = Arc::new(watch::channel(true).0);
        let refused = Arc::new(AtomicUsize::new(0));
        let (held, counted) = (Arc::clone(&up), Arc::clone(&refused));
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *held.borrow() {
                    tokio::spawn(carry(near, server.clone(), held.subscribe()));
                } else {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        Self { up, refused, accepting: accepting.abort_handle(), port }
    }

    /// The URL of the same thing through this line.
    pub(super) fn through(&self, url: &str) -> String {
        let mut through = url.to_owned();
        through.replace_range(authority(url), &format!("127.0.0.1:{}", self.port));
        through
    }

    /// Breaks what is connected and refuses what comes.
    pub(super) fn cut(&self) {
        self.up.send_replace(false);
    }

    /// How many connections were refused so far.
    pub(super) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    /// Lets through what comes from now on.
    pub(super) fn mend(&self) {
        self.up.send_replace(true);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(mut near: TcpStream, server: String, mut up: watch::Receiver<bool>) {
    let Ok(mut far) = TcpStream::connect(server).await else { return };
    tokio::select! {
        // However it ends, both sides are closed with it.
        _ = copy_bidirectional(&mut near, &mut far) => {}
        _ = up.changed() => {}
    }
}

/// Where host and port stand in a URL.
fn authority(url: &str) -> std::ops::Range<usize> {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let end = url[begin..].find('/').map_or(url.len(), |at| begin + at);
    let begin = url[begin..end].rfind('@').map_or(begin, |at| begin + at + 1);
    begin..end
}

#[test]
fn host_and_port_are_found() {
    for (url, expected) in [
        ("postgres://postgres@127.0.0.1:5432/postgres", "127.0.0.1:5432"),
        ("amqp://guest:guest@localhost:5672/%2f", "localhost:5672"),
        ("amqp://localhost:5672", "localhost:5672"),
    ] {
        assert_eq!(&url[authority(url)], expected);
    }
}
