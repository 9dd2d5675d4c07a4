//! How often the gateway asks an owner: one call for each thing that is read, fewer than
//! customers for a whole level where the owner gives many at once, and none for what is refused.

use std::sync::{Arc, Mutex};

use kit::service::Shared;
use schema::{ids::CustomerId, topology::Service};
use serde_json::json;
use testkit::{Place, suite::start_service};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
};

use super::{DEEP, Stage};
use crate::on_both;

/// What was sent on each connection.
type Sent = Arc<Mutex<Vec<Arc<Mutex<Vec<u8>>>>>>;

/// A line to a service that keeps what is asked of it.
struct Line {
    url: String,
    sent: Sent,
}

impl Line {
    async fn to(service: &str) -> Self {
        let server = service.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let sent = Sent::default();
        let all = Arc::clone(&sent);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let kept = Arc::<Mutex<Vec<u8>>>::default();
                all.lock().expect("the connections").push(Arc::clone(&kept));
                tokio::spawn(carry(near, server.clone(), kept));
            }
        });
        Self { url, sent }
    }

    /// The paths asked for since this was asked last, without the calls that feed the view.
    fn asked(&self, customer: CustomerId) -> Vec<String> {
        let mut asked = Vec::new();
        for sent in self.sent.lock().expect("the connections").iter() {
            let sent = std::mem::take(&mut *sent.lock().expect("what was sent"));
            let text = String::from_utf8_lossy(&sent).into_owned();
            let heads: Vec<&str> = text.split(" HTTP/1.1\r\n").collect();
            for head in &heads[..heads.len() - 1] {
                let path = head.rsplit(' ').next().unwrap_or_default();
                let path = path.split('?').next().unwrap_or_default();
                if !path.starts_with("/internal/") {
                    asked.push(path.replace(&customer.to_string(), "{id}"));
                }
            }
        }
        asked.sort();
        asked
    }
}

async fn carry(near: TcpStream, server: String, kept: Arc<Mutex<Vec<u8>>>) {
    let Ok(far) = TcpStream::connect(server).await else { return };
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let answers = tokio::spawn(async move { copy(&mut far_in, &mut near_out).await });
    let mut part = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = near_in.read(&mut part).await {
        kept.lock().expect("what was sent").extend_from_slice(&part[..read]);
        if far_out.write_all(&part[..read]).await.is_err() {
            break;
        }
    }
    drop(far_out);
    let _ = answers.await;
}

async fn counted(place: Place) {
    let mut stage = Stage::set(&place).await;
    stage.fill().await;
    let id = stage.customer;
    for number in 0..3 {
        let phone = format!("+861390000900{number}");
        stage.company.register(&stage.suite, stage.company.north_1, "Another One", &phone).await;
    }
    // The same gateway again, with its lines to the owners through ours.
    stage.suite.running.pop().expect("the gateway").end().await;
    let mut config = stage.suite.config.clone();
    let owners = [Service::Customer, Service::Interaction, Service::Loyalty, Service::Survey];
    let mut lines = Vec::new();
    for service in owners {
        let line = Line::to(stage.suite.url(service)).await;
        config.services.set(service, line.url.clone());
        lines.push(line);
    }
    let again = start_service(Service::Gateway, &config, &Shared::default()).await;
    stage.suite.gateway = again.url();
    stage.suite.running.push(again);
    let asked = || -> Vec<Vec<String>> { lines.iter().map(|line| line.asked(id)).collect() };
    let manager = &stage.company.manager_hq;

    assert!(
        stage.sees(manager, "file { name } dealings { openCaseCount } nextOwed { what }").await.is_object()
    );
    assert_eq!(asked().concat(), Vec::<String>::new(), "what the view holds is asked of nobody");

    stage.sees(manager, DEEP).await;
    let of = |paths: &[&str]| -> Vec<String> {
        paths.iter().map(|path| format!("/customers/{{id}}/{path}")).collect()
    };
    let wanted = [
        of(&["attributes", "attributes", "observations", "relationships"]),
        of(&["cases", "contacts", "contacts"]),
        of(&["points-entries", "points-holds", "rfm"]),
        of(&["answers", "questionnaire-answers"]),
    ];
    assert_eq!(asked(), wanted, "a call for each, no more");

    let timelines =
        "{ customers(first: 20) { edges { node { timeline(first: 3) { edges { node { id } } } } } } }";
    let many = stage.suite.ask(manager, timelines, json!({})).await;
    let customers = many["customers"]["edges"].as_array().map(Vec::len).unwrap_or_default();
    assert!(customers >= 4, "{many}");
    // A loader takes what waits when it starts: on a busy machine a level may take a second call, but
    // never one for each customer.
    let mut seen = asked();
    let calls = std::mem::take(&mut seen[1]);
    assert!((1..customers).contains(&calls.len()), "{calls:?}");
    assert!(calls.iter().all(|path| path == "/timelines"), "{calls:?}");
    assert_eq!(seen, [vec!["/customers".to_owned()], vec![], vec![], vec![]]);

    let each = "{ customers(first: 50) { edges { node { contacts { edges { cursor } } } } } }";
    let refused = stage.suite.graphql(manager, each, json!({})).await;
    assert!(
        refused["errors"][0]["message"].as_str().is_some_and(|text| text.contains("complex")),
        "{refused}"
    );
    assert_eq!(asked().concat(), Vec::<String>::new(), "what is refused is asked of nobody");
    stage.suite.end().await;
}
on_both!(an_owner_is_asked_once_for_each_thing, super::counted);
