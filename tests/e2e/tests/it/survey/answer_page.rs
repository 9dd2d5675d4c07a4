//! The answer page, as a browser without JavaScript sees it.

use std::time::Duration;

use chrono::TimeDelta;
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        interaction::{Channel, Phase},
        survey::{
            AnswersQuery, CreateQuestionnaire, Instrument, InvitationState, InvitationTerms,
            InvitationTrigger, ListAnswers, ListQuestionnaireAnswers, NewQuestionnaire,
        },
    },
    event::{AnswerReceived, InvitationSettled, QuestionnaireAnswered},
};
use testkit::Place;

use super::{
    asking::{Asking, NONE, NORTH, Shown, fill_in, open, terms},
    item, text,
};
use crate::on_both;

/// What every page must say to the browser, and must not do.
fn check(page: &Shown, status: u16) {
    assert_eq!(page.status, status, "{}", page.html);
    let header = |name: &str| page.headers.get(name).map_or("", |value| value.to_str().expect("text"));
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!((header("referrer-policy"), header("cache-control")), ("no-referrer", "no-store"));
    assert_eq!((header("x-content-type-options"), header("x-robots-tag")), ("nosniff", "noindex, nofollow"));
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("script"), "{policy}");
    for forbidden in ["<script", " style=", "http://", "https://", "onclick"] {
        assert!(!page.html.contains(forbidden), "{forbidden}");
    }
    assert!(page.html.contains("<html lang=\"") && page.html.contains("name=\"viewport\""));
}

/// A single question: wrong, right, and once.
async fn once(place: Place) {
    let stage = Asking::set(&place).await;
    stage.rule("after-purchase", &terms(InvitationTrigger::Purchase, Instrument::Nps)).await;
    let customer = stage.register(NORTH).await;
    let purchase = stage.buy(customer, TimeDelta::zero()).await;
    let link = stage.link(customer, 0).await;

    let page = open(&link, "en-GB, zh;q=0.5").await;
    check(&page, 200);
    assert!(page.html.contains("How likely are you to recommend us"), "{}", page.html);
    assert_eq!(page.html.matches("type=\"radio\"").count(), 11);
    assert!(!page.html.contains(&customer.to_string()) && !page.html.contains(&purchase.to_string()));
    let chinese = open(&format!("{link}?lang=zh-Hans"), "en").await;
    check(&chinese, 200);
    assert!(chinese.html.contains("<html lang=\"zh-Hans\">") && chinese.html.contains("推荐我们"));
    assert!(open(&link, "zh-CN").await.html.contains("推荐我们"));

    let nothing = fill_in(&link, "words=good").await;
    check(&nothing, 422);
    assert!(nothing.html.contains("href=\"#score\"") && nothing.html.contains(">\ngood</textarea>"));
    check(&fill_in(&link, "score=11").await, 422);
    let long = format!("score=9&words={}", "a".repeat(2_001));
    check(&fill_in(&link, &long).await, 422);

    let thanks = fill_in(&link, "score=9&words=%3Cb%3E%E5%A5%BD%3C%2Fb%3E&do=send").await;
    check(&thanks, 200);
    assert!(thanks.html.contains("Thank you!"));
    assert!(!thanks.html.contains('好') && !thanks.html.contains(" checked>"), "nothing of the answer");

    let path = CustomerPath { customer_id: customer };
    let query = AnswersQuery::default();
    let answers = stage.call::<ListAnswers>(Role::Manager, "hq", &path, &query, &Nothing).await;
    let answers = answers.expect("answers").items;
    assert_eq!(answers.len(), 1);
    let answer = &answers[0];
    assert_eq!((answer.score, answer.verbatim.as_deref()), (Some(9), Some("<b>好</b>")));
    assert_eq!((answer.phase, answer.channel, answer.low), (Some(Phase::Sales), Channel::Web, Some(false)));
    let invitation = stage.newest(customer, InvitationState::Answered).await;
    assert_eq!((answer.invitation_id, invitation.answer_id), (Some(invitation.id), Some(answer.id)));
    assert_eq!(answer.purchase_id, Some(purchase));
    let told = stage.told::<AnswerReceived>(customer).await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].low, told[0].phase, told[0].purchase_id),
        (Some(false), Some(Phase::Sales), Some(purchase))
    );
    assert_eq!(stage.told::<InvitationSettled>(customer).await[0].state, InvitationState::Answered);

    // Used, made up, cut off: the same page.
    let used = open(&link, "en").await;
    check(&used, 410);
    let cut = &link[..link.len() - 1];
    let other = format!("{cut}{}", if link.ends_with('A') { 'Q' } else { 'A' });
    for url in [other.as_str(), cut, &format!("{link}AAAA")] {
        let page = open(url, "en").await;
        check(&page, 410);
        assert_eq!(page.html, used.html);
        assert_eq!(fill_in(url, "score=1").await.html, used.html);
    }
    assert_eq!(fill_in(&link, "score=1").await.html, used.html);
    assert_eq!(stage.told::<AnswerReceived>(customer).await.len(), 1);
    let sql = "SELECT count(*) FROM invitation WHERE token_hash IS NOT NULL OR draft IS NOT NULL";
    assert_eq!(stage.count(sql, vec![]).await, 0);
    stage.end().await;
}
on_both!(a_question_is_answered_once, super::once);

/// Many people press twice: one answer.
async fn twice_at_once(place: Place) {
    let stage = Asking::set(&place).await;
    stage.rule("after-case", &terms(InvitationTrigger::CaseClosed, Instrument::Csat)).await;
    let customer = stage.register(NORTH).await;
    stage.close_case(customer, None).await;
    let link = stage.link(customer, 0).await;
    let all = futures::future::join_all((0..6).map(|_| fill_in(&link, "score=4&do=send"))).await;
    let mut statuses: Vec<u16> = all.iter().map(|page| page.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410, 410, 410, 410, 410]);
    assert_eq!(stage.told::<AnswerReceived>(customer).await.len(), 1);
    stage.end().await;
}
on_both!(pressing_twice_is_one_answer, super::twice_at_once);

/// A questionnaire: a part is kept, the person comes back and sends it off.
async fn in_two_visits(place: Place) {
    let stage = Asking::set(&place).await;
    let new = NewQuestionnaire {
        code: "service".to_owned(),
        version: 1,
        titles: vec![text("zh-Hans", "我们的服务"), text("en", "Our service")],
        items: vec![item("speed", true, None), item("care", false, None)],
    };
    stage.call::<CreateQuestionnaire>(Role::Admin, "hq", &NONE, &NONE, &new).await.expect("a questionnaire");
    let asks = InvitationTerms {
        instrument: None,
        questionnaire: Some("service".to_owned()),
        language: Some("zh-Hans".to_owned()),
        ..terms(InvitationTrigger::CaseClosed, Instrument::Csat)
    };
    stage.rule("after-case", &asks).await;
    let customer = stage.register(NORTH).await;
    let case = stage.close_case(customer, None).await;
    let link = stage.link(customer, 0).await;
    assert!(open(&link, "en").await.html.contains("<h1>我们的服务</h1>"), "the rule's language");
    let link = format!("{link}?lang=en");

    check(&fill_in(&link, "p-care=12&do=later").await, 422);
    let saved = fill_in(&link, "e-speed=7&words=slow&do=later").await;
    check(&saved, 200);
    assert!(saved.html.contains("Nothing is sent yet"), "{}", saved.html);
    stage.newest(customer, InvitationState::Started).await;
    assert_eq!(stage.told::<QuestionnaireAnswered>(customer).await, []);
    let again = open(&link, "en").await;
    check(&again, 200);
    assert!(again.html.contains("name=\"e-speed\" value=\"7\" checked"), "{}", again.html);
    assert!(again.html.contains(">\nslow</textarea>"));

    let half = fill_in(&link, "e-speed=7&p-care=9&do=send").await;
    check(&half, 422);
    assert!(half.html.contains("href=\"#p-speed\""), "an expectation alone says nothing");
    check(&fill_in(&link, "e-speed=7&p-speed=5&do=send").await, 200);
    let path = CustomerPath { customer_id: customer };
    let query = AnswersQuery::default();
    let answers = stage.call::<ListQuestionnaireAnswers>(Role::Manager, "hq", &path, &query, &Nothing).await;
    let answer = &answers.expect("answers").items[0];
    assert_eq!((answer.answered, answer.asked, answer.partial), (1, 2, true));
    assert_eq!((answer.items[0].gap, answer.verbatim.as_deref()), (Some(-2), None));
    assert_eq!((answer.case_id, answer.phase), (Some(case), Some(Phase::Aftersales)));
    let told = stage.told::<QuestionnaireAnswered>(customer).await;
    assert_eq!((told.len(), told[0].items, told[0].invitation_id), (1, 1, answer.invitation_id));
    assert_eq!(stage.count("SELECT count(*) FROM invitation WHERE draft IS NOT NULL", vec![]).await, 0);
    stage.end().await;
}
on_both!(a_questionnaire_is_answered_in_two_visits, super::in_two_visits);

/// What a page does with what no browser sends, and with time.
async fn bad_requests(place: Place) {
    let stage = Asking::set(&place).await;
    stage.rule("after-case", &terms(InvitationTrigger::CaseClosed, Instrument::Csat)).await;
    let customer = stage.register(NORTH).await;
    stage.close_case(customer, None).await;
    let link = stage.link(customer, 0).await;
    let client = reqwest::Client::new();
    let send = |kind: &'static str, body: Vec<u8>| {
        let request = client.post(&link).header("content-type", kind).body(body);
        async move { request.send().await.expect("an answer").status().as_u16() }
    };
    const FORM: &str = "application/x-www-form-urlencoded";
    assert_eq!(send("application/json", b"{\"score\":1}".to_vec()).await, 415);
    assert_eq!(send(FORM, vec![b'a'; 270_000]).await, 413);
    assert_eq!(send(FORM, b"score=%00".to_vec()).await, 422);
    assert_eq!(send(FORM, b"score=4&words=a%00b".to_vec()).await, 422);
    assert_eq!(send(FORM, vec![0xFF, 0xFE, b'=', 0xFF]).await, 422);
    let put = client.put(&link).send().await.expect("an answer");
    assert_eq!((put.status().as_u16(), put.headers()["allow"].to_str().expect("text")), (405, "GET, POST"));
    assert_eq!(stage.told::<AnswerReceived>(customer).await, []);

    stage.clock.advance(Duration::from_secs(14 * 86_400));
    check(&open(&link, "en").await, 410);
    check(&fill_in(&link, "score=4").await, 410);
    stage.newest(customer, InvitationState::Expired).await;
    // The contract is there beside the page.
    let contract =
        client.get(format!("{}/openapi.json", stage.survey.url())).send().await.expect("an answer");
    assert!(contract.text().await.expect("text").contains("/invitations/to-send"));
    stage.end().await;
}
on_both!(what_no_browser_sends_is_refused, super::bad_requests);

/// Shows the page to a browser, in each of its forms; the pictures lie in the target directory.
async fn judged(place: Place) {
    let stage = Asking::set(&place).await;
    let new = NewQuestionnaire {
        code: "service".to_owned(),
        version: 1,
        titles: vec![text("zh-Hans", "我们的服务"), text("en", "Our service")],
        items: vec![item("speed", true, None), item("care", false, None)],
    };
    stage.call::<CreateQuestionnaire>(Role::Admin, "hq", &NONE, &NONE, &new).await.expect("a questionnaire");
    let question = terms(InvitationTrigger::Purchase, Instrument::Nps);
    let many = InvitationTerms {
        trigger: InvitationTrigger::CaseClosed,
        instrument: None,
        questionnaire: Some("service".to_owned()),
        ..question.clone()
    };
    stage.rule("after-purchase", &question).await;
    stage.rule("after-case", &many).await;
    let (one, other) = (stage.register(NORTH).await, stage.register(NORTH).await);
    stage.buy(one, TimeDelta::zero()).await;
    stage.close_case(other, None).await;
    let (question, many) = (stage.link(one, 0).await, stage.link(other, 0).await);
    let gone = format!("{}/answer/nothing", stage.survey.url());
    let chinese = format!("{question}?lang=zh-Hans");
    let judge = concat!(env!("CARGO_MANIFEST_DIR"), "/../judges/answer-page/judge.mjs");
    // The last one is answered, and judged when it is.
    for (name, url) in [
        ("question", &question),
        ("chinese", &chinese),
        ("questionnaire", &many),
        ("gone", &gone),
        ("answered", &many),
    ] {
        let pictures = format!("{}/answer-page/{name}", env!("CARGO_TARGET_TMPDIR"));
        let mut command = tokio::process::Command::new("node");
        command.arg(judge).args((name == "answered").then_some("--answer")).args([url, &pictures]);
        let outcome = command.output().await;
        let outcome = outcome.expect("node runs");
        let says = String::from_utf8_lossy(&outcome.stderr);
        assert!(outcome.status.success(), "{name}: {says}");
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium, and `npm ci` in tests/judges/answer-page"]
async fn a_browser_finds_nothing_wrong() {
    Place::with(testkit::Mode::Embedded, judged).await;
}
