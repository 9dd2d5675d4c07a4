//! Tokens of an OpenID Connect issuer: verified by every service by itself, with keys that rotate.

use std::time::Duration;

use schema::topology::Service;
use serde_json::{Value, json};
use testkit::{Mode, Place, Suite, eventually, issuer::Issuer};

async fn status(suite: &Suite, service: Service, token: &str) -> u16 {
    let path = if service == Service::Gateway { "/graphql?query=%7B__typename%7D" } else { "/customers" };
    let path = if service == Service::Customer { "/org-units" } else { path };
    let url = format!("{}{path}", suite.url(service));
    reqwest::Client::new().get(url).bearer_auth(token).send().await.expect("an answer").status().as_u16()
}

async fn tokens(mut place: Place) {
    let issuer = Issuer::start();
    place.config.auth.issuer = Some(issuer.url.clone());
    let suite = Suite::start(&place).await;
    let person = |claims: Value| {
        let mut all = json!({ "roles": ["manager"], "org_unit": "hq", "staff": "li" });
        for (claim, value) in claims.as_object().expect("claims") {
            all[claim] = value.clone();
        }
        issuer.sign(&all)
    };
    let good = person(json!({}));
    for service in [Service::Customer, Service::Gateway] {
        assert_eq!(status(&suite, service, &good).await, 200, "{service}");
        for (why, claims) in [
            ("expired", json!({ "exp": 1_000_000_000 })),
            ("not yet valid", json!({ "nbf": 4_000_000_000_i64 })),
            ("another audience", json!({ "aud": "elsewhere" })),
            ("another issuer", json!({ "iss": "https://evil.example" })),
            ("no role of ours", json!({ "roles": ["wizard"] })),
            ("no subject", json!({ "sub": null })),
            ("no end", json!({ "exp": null })),
            ("an end that is a text", json!({ "exp": "tomorrow" })),
        ] {
            assert_eq!(status(&suite, service, &person(claims)).await, 401, "{service}: {why}");
        }
        let (body, signature) = good.rsplit_once('.').expect("three parts");
        let forged = format!("{body}.{}", signature.chars().rev().collect::<String>());
        assert_eq!(status(&suite, service, &forged).await, 401, "{service}: forged");
        let claims = good.split('.').nth(1).expect("claims");
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
        assert_eq!(status(&suite, service, &unsigned).await, 401, "{service}: alg none");
    }

    // A key that nobody has seen is fetched, though not more often than every ten seconds.
    issuer.rotate("second");
    let rotated = person(json!({ "sub": "later" }));
    eventually("the new key is known", Duration::from_secs(15), || async {
        (status(&suite, Service::Customer, &rotated).await == 200).then_some(())
    })
    .await;
    assert_eq!(status(&suite, Service::Customer, &good).await, 200, "the old key still verifies");
    suite.end().await;
    issuer.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_of_an_issuer() {
    Place::with(Mode::Embedded, tokens).await;
}
