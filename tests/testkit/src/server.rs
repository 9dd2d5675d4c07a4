//! A small HTTP server of the test's own, on a free port.

use std::net::TcpListener;

use actix_web::{App, HttpServer, dev::ServerHandle, web::ServiceConfig};

/// A server that runs.
pub(crate) struct Server {
    /// Its base URL.
    pub(crate) url: String,
    handle: ServerHandle,
}

impl Server {
    /// Takes a free port, then serves what `configure` mounts, which may depend on the URL.
    pub(crate) fn start<F>(configure: impl FnOnce(&str) -> F) -> Self
    where
        F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let mount = configure(&url);
        let server = HttpServer::new(move || App::new().configure(mount.clone()))
            .workers(1)
            .disable_signals()
            .listen(listener)
            .expect("it listens")
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, handle }
    }

    /// Stops it.
    pub(crate) async fn end(self) {
        self.handle.stop(false).await;
    }
}
