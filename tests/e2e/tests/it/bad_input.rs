//! Bad input gets a problem that says what to do: no 5xx, no panic, and the process lives.

use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder};
use schema::{access::Role, topology::Service};
use serde_json::{Value, json};
use testkit::{Person, Place, Suite};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{company::Company, on_both};

/// Sends and gives status, `Allow`, and the problem.
async fn refused(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().expect("text").to_owned());
    let text = response.text().await.expect("a whole answer");
    assert!((400..500).contains(&status), "{status}: {text}");
    assert_eq!(kind.as_deref(), Some("application/problem+json"), "{text}");
    let problem: Value = serde_json::from_str(&text).expect("JSON");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "it says what to do: {text}");
    (status, problem)
}

fn post(http: &Client, url: &str, who: &Person) -> RequestBuilder {
    http.request(Method::POST, url).bearer_auth(&who.bearer.0).header("content-type", "application/json")
}

async fn at_a_service(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let http = Client::new();
    let who = &company.manager_hq;
    let url = format!("{}/customers", suite.url(Service::Customer));
    let good = json!({ "kind": "consumer", "name": "Ann", "home_unit_id": company.north_1 });

    let mut unknown = good.clone();
    unknown["colour"] = json!("red");
    let (status, problem) = refused(post(&http, &url, who).body(unknown.to_string())).await;
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().expect("text").contains("colour"), "{problem}");

    let mut wrong = good.clone();
    wrong["name"] = json!(7);
    let (_, problem) = refused(post(&http, &url, who).body(wrong.to_string())).await;
    assert_eq!(problem["errors"][0]["pointer"], "/name", "{problem}");

    let (status, _) =
        refused(post(&http, &url, who).body(good.to_string().replace("Ann", "A\\u0000nn"))).await;
    assert_eq!(status, 400, "U+0000 cannot be stored");
    let mut bytes = good.to_string().into_bytes();
    let at = bytes.windows(3).position(|three| three == b"Ann").expect("Ann");
    bytes[at] = 0xff;
    assert_eq!(refused(post(&http, &url, who).body(bytes)).await.0, 400, "bad UTF-8");
    assert_eq!(refused(post(&http, &url, who).body("{")).await.0, 400);
    assert_eq!(refused(post(&http, &url, who).body("[".repeat(100_000))).await.0, 400, "deep JSON");
    let text =
        http.request(Method::POST, &url).bearer_auth(&who.bearer.0).header("content-type", "text/plain");
    assert_eq!(refused(text.body(good.to_string())).await.0, 415);
    let (status, problem) = refused(
        post(&http, &url, who).body(
            json!({
                "kind": "consumer", "name": " ", "home_unit_id": company.north_1, "birth_date": "2999-01-01",
                "contact_points": [{ "kind": "phone", "value": "12" }]
            })
            .to_string(),
        ),
    )
    .await;
    assert_eq!((status, problem["errors"].as_array().map(Vec::len)), (422, Some(3)), "{problem}");

    for query in ["limit=0", "limit=201", "limit=x", "colour=red", "name=%00", "name=%ff"] {
        let request = http.get(format!("{url}?{query}")).bearer_auth(&who.bearer.0);
        assert!(matches!(refused(request).await.0, 400 | 422), "{query}");
    }
    for number in 0..3 {
        company
            .register(&suite, company.north_1, &format!("Ann {number}"), &format!("+861380000000{number}"))
            .await;
    }
    let get = |query: String| http.get(format!("{url}?{query}")).bearer_auth(&who.bearer.0);
    let page: Value = serde_json::from_str(
        &get("name=a&limit=1".into()).send().await.expect("ok").text().await.expect("ok"),
    )
    .expect("JSON");
    let cursor = page["next"].as_str().expect("a next page");
    let (_, problem) = refused(get(format!("name=b&limit=1&after={cursor}"))).await;
    assert_eq!(problem["code"], "invalid-cursor");

    let (_, problem) =
        refused(post(&http, &url, who).header("if-match", "tuesday").body(good.to_string())).await;
    assert_eq!(problem["code"], "malformed-request");
    let (status, problem) = refused(http.request(Method::PUT, &url).bearer_auth(&who.bearer.0)).await;
    assert_eq!((status, &problem["code"]), (405, &json!("method-not-allowed")));
    let (status, _) = refused(http.get(format!("{url}/not-an-id")).bearer_auth(&who.bearer.0)).await;
    assert_eq!(status, 400);
    assert_eq!(refused(http.get(suite.url(Service::Customer).to_owned() + "/nowhere")).await.0, 404);
    assert_eq!(refused(http.get(&url).header("authorization", "Bearer x.y.z")).await.0, 401);
    lives(&suite).await;
    suite.end().await;
}
on_both!(bad_input_at_a_service_is_refused_with_advice, super::at_a_service);

/// Sends raw bytes and gives the answer, which may come before all is sent.
async fn raw(address: &str, head: &str, chunks: &[&[u8]], pause: Duration) -> String {
    let (mut from, mut to) = TcpStream::connect(address).await.expect("connects").into_split();
    let send = async {
        to.write_all(head.as_bytes()).await.expect("sends");
        for chunk in chunks {
            tokio::time::sleep(pause).await;
            // Refused half-way: the answer says why.
            if to.write_all(chunk).await.is_err() {
                break;
            }
        }
    };
    let receive = async {
        let mut answer = vec![0; 4096];
        let read = from.read(&mut answer).await.expect("an answer, not a broken line");
        String::from_utf8_lossy(&answer[..read]).into_owned()
    };
    let both = async { tokio::join!(send, receive).1 };
    tokio::time::timeout(Duration::from_secs(15), both).await.expect("an end")
}

async fn large_and_slow(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let token = &company.manager_hq.bearer.0;
    for (service, path) in [(Service::Customer, "/customers"), (Service::Gateway, "/graphql")] {
        let address = suite.url(service).trim_start_matches("http://").to_owned();
        let head = |length: usize| {
            format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
                 Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
            )
        };
        let large = vec![b' '; 10 << 20];
        let answer = raw(&address, &head(large.len()), &[&large], Duration::ZERO).await;
        assert!(answer.contains(" 413 ") && answer.contains("payload-too-large"), "{service}: {answer}");
        let started = Instant::now();
        let drops: Vec<&[u8]> = vec![b" "; 8];
        let answer = raw(&address, &head(1_000), &drops, Duration::from_millis(100)).await;
        assert!(answer.contains(" 408 ") && answer.contains("request-timeout"), "{service}: {answer}");
        assert!(
            started.elapsed() < Duration::from_secs(12),
            "a slow body does not hold a connection for ever"
        );
    }
    lives(&suite).await;
    suite.end().await;
}
on_both!(a_large_or_slow_body_is_cut_off, super::large_and_slow);

async fn at_the_gateway(place: Place) {
    let suite = Suite::start(&place).await;
    let who = suite.person(Role::Manager, "hq");
    let nested = |open: &str, close: &str, times: usize| {
        format!(
            "{{ customersByContact(kind: PHONE, value: {}{}) {{ customerId }} }}",
            open.repeat(times),
            close.repeat(times)
        )
    };
    for query in [
        nested("[", "]", 3_000),
        nested("{a:", "}", 3_000),
        format!("{}{}", "{ a ".repeat(3_000), "}".repeat(3_000)),
        "[".repeat(100_000),
        format!("{{ {} }}", "a: __typename ".repeat(3_000)),
        "{ customer(id: \"x\") { file { name } } }".to_owned(),
        "{ customer(id: \"\\u0000\") { file { name } } }".to_owned(),
        "query".to_owned(),
        "{ nothing }".to_owned(),
        "\"".to_owned(),
        "{ customers(first: 100000) { edges { cursor } } }".to_owned(),
        "{ customers(first: 5, after: \"bm9uZQ\") { edges { cursor } } }".to_owned(),
    ] {
        let (status, answer) = suite.graphql_raw(Some(&who), &json!({ "query": query })).await;
        let shown: String = query.chars().take(60).collect();
        assert!(status < 500, "{shown}: {status} {answer}");
        let problem = answer.get("errors").is_some() || answer.get("detail").is_some();
        assert!(problem, "{shown}: {answer}");
    }
    for body in
        [json!([{ "query": "{ __typename }" }]), json!({}), json!({ "query": 7 }), json!("x"), Value::Null]
    {
        let (status, answer) = suite.graphql_raw(Some(&who), &body).await;
        assert!((400..500).contains(&status), "{body}: {status} {answer}");
    }
    let http = Client::new();
    let url = format!("{}/graphql", suite.gateway);
    let over_get = http
        .get(&url)
        .query_pairs("mutation { changeCustomer(customerId: \"00000000-0000-0000-0000-000000000001\", input: {}) { errors { code } } }")
        .bearer_auth(&who.bearer.0);
    let response = over_get.send().await.expect("an answer");
    assert_eq!(response.status(), 405);
    assert!(response.headers().contains_key("allow"));
    lives(&suite).await;
    suite.end().await;
}
on_both!(bad_input_at_the_gateway_is_refused_with_advice, super::at_the_gateway);

/// A GET with a query in the address.
trait QueryPairs {
    fn query_pairs(self, query: &str) -> Self;
}

impl QueryPairs for RequestBuilder {
    fn query_pairs(self, query: &str) -> Self {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let (client, request) = self.build_split();
        let mut request = request.expect("a request");
        request.url_mut().set_query(Some(&format!("query={encoded}")));
        Self::from_parts(client, request)
    }
}

/// Every service still answers.
async fn lives(suite: &Suite) {
    for service in Service::ALL {
        let answer = reqwest::get(format!("{}/readyz", suite.url(service))).await.expect("it lives");
        assert_eq!(answer.status(), 200, "{service}");
    }
}
