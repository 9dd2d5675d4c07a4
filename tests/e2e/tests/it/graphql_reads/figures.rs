//! Figures through the gateway: they count whom the viewer reaches, and nobody else asks for them.

use chrono::TimeDelta;
use schema::access::{Level, Role, TABLE};
use serde_json::{Value, json};
use testkit::{Place, eventually};

use super::{Stage, WITHIN, now};
use crate::on_both;

/// Every figure, with names for what tests look at.
fn figures(month: &str, unit: Option<String>) -> String {
    let of = unit.map(|unit| format!(", orgUnitId: \"{unit}\"")).unwrap_or_default();
    let base = now() - TimeDelta::days(20);
    let (from, to) = (now() - TimeDelta::days(10), now() + TimeDelta::days(1));
    format!(
        "{{ unitResults(instrument: NPS{of}) {{ n insufficientSample mean nps {{ score promoters adjustedWald {{ low high }} }} \
            topTwoBox {{ count interval {{ low }} }} }} \
         compareResults(baseFrom: \"{base}\", baseTo: \"{from}\", from: \"{from}\", to: \"{to}\"{of}) {{ n baseN change {{ p }} }} \
         questionnaireGaps(questionnaire: \"service\", version: 1{of}) {{ n items {{ item pairs gap }} }} \
         rfmDistribution(currency: \"CNY\") {{ population best recency {{ score customers }} }} \
         customerBase(from: \"{month}\", to: \"{month}\") {{ months {{ new active }} }} \
         cohorts(from: \"{month}\", to: \"{month}\") {{ cohorts {{ active {{ since customers }} }} }} \
         customerBalance(from: \"{month}\", to: \"{month}\") {{ months {{ new closing }} }} }}",
        base = stamp(base),
        from = stamp(from),
        to = stamp(to),
    )
}

fn stamp(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

async fn counted(place: Place) {
    let stage = Stage::set(&place).await;
    stage.fill().await;
    let (suite, company) = (&stage.suite, &stage.company);
    let month = now().format("%Y-%m").to_string();
    let all = eventually("everything is counted", WITHIN, || async {
        let seen = suite.ask(&company.manager_hq, &figures(&month, None), json!({})).await;
        (seen["customerBase"]["months"][0]["active"] == 1).then_some(seen)
    })
    .await;
    let nps = &all["unitResults"];
    assert_eq!(
        (&nps["n"], &nps["insufficientSample"], &nps["mean"]),
        (&json!(1), &json!(true), &json!(9_000_000))
    );
    assert_eq!((&nps["nps"]["score"], &nps["nps"]["promoters"]), (&json!(100_000_000), &json!(1)));
    assert_eq!((&all["compareResults"]["n"], &all["compareResults"]["baseN"]), (&json!(1), &json!(0)));
    let gaps = json!({ "n": 1, "items": [{ "item": "care", "pairs": 1, "gap": 1_000_000 }] });
    assert_eq!(all["questionnaireGaps"], gaps);
    assert_eq!(
        (&all["rfmDistribution"]["population"], &all["rfmDistribution"]["best"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(all["cohorts"]["cohorts"], json!([{ "active": [{ "since": 0, "customers": 1 }] }]));
    assert_eq!(all["customerBalance"]["months"], json!([{ "new": 1, "closing": 1 }]));

    // Another unit's leader counts nobody of ours, and a unit that they do not reach is none.
    let south = suite.ask(&company.manager_south_1, &figures(&month, None), json!({})).await;
    assert_eq!((&south["unitResults"]["n"], &south["questionnaireGaps"]["n"]), (&json!(0), &json!(0)));
    assert_eq!(south["rfmDistribution"]["population"], 0);
    assert_eq!(south["customerBase"]["months"], json!([{ "new": 0, "active": 0 }]));
    let north = figures(&month, Some(company.north.to_string()));
    let refused = suite.ask(&company.manager_south_1, &north, json!({})).await;
    for figure in ["unitResults", "compareResults", "questionnaireGaps"] {
        assert_eq!(refused[figure], Value::Null, "{figure} of a unit out of scope");
    }
    assert_eq!(suite.ask(&company.manager_hq, &north, json!({})).await["unitResults"]["n"], 1);

    // Who sees no values asks for none; each refusal is one of its own field.
    for rule in TABLE.iter().filter(|rule| rule.role != Role::Service) {
        let answer = suite.graphql(&suite.person(rule.role, "hq"), &figures(&month, None), json!({})).await;
        let allowed = rule.value == Level::Whole;
        assert_eq!(answer.get("errors").is_none(), allowed, "{:?}: {answer}", rule.role);
        if !allowed {
            let errors = answer["errors"].as_array().expect("errors");
            assert_eq!(errors.len(), 7, "{:?}", rule.role);
            assert!(errors.iter().all(|error| error["extensions"]["code"] == "forbidden"), "{errors:?}");
            assert!(answer["data"].as_object().is_some_and(|data| data.values().all(Value::is_null)));
        }
    }
    for (wrong, code) in [
        ("{ customerBase(from: \"2026-13\", to: \"2026-01\") { months { new } } }".to_owned(), "invalid"),
        ("{ unitResults(instrument: NPS, minimum: 0) { n } }".to_owned(), "invalid"),
        (
            format!("{{ questionnaireGaps(questionnaire: \"{}\", version: 1) {{ n }} }}", "a".repeat(9_000)),
            "invalid",
        ),
        ("{ questionnaires(after: \"bm9uZQ\") { edges { cursor } } }".to_owned(), "invalid-cursor"),
        ("{ attributes(first: 0) { edges { cursor } } }".to_owned(), "invalid"),
    ] {
        assert_eq!(stage.refused(&company.manager_hq, &wrong).await, code, "{}", &wrong[..40]);
    }
    let configured = "{ questionnaires(code: \"service\") { edges { node { version items { code } } } } \
        attributes { edges { node { code class } } } profileWeights { items { item } } }";
    let configured = suite.ask(&company.admin, configured, json!({})).await;
    assert_eq!(super::nodes(&configured["questionnaires"])[0]["items"][0]["code"], "care");
    assert_eq!(super::nodes(&configured["attributes"]), json!([{ "code": "margin", "class": "VALUE" }]));
    stage.suite.end().await;
}
on_both!(figures_count_whom_the_viewer_reaches, super::counted);
