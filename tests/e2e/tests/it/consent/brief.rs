//! The service brief: what to know before the first word, by role, and the rules that follow.

use kit::client::{CallError, CallOptions};
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::{
            BriefRuleCode, ChangeContactPreference, ChangeServiceBrief, ConsentPurpose, ConsentStatus,
            ContactPreferenceChange, CustomerFile, GetServiceBrief, NewQuietSpan, ServiceBrief,
            ServiceBriefChange,
        },
        interaction::Channel,
        problem::Code,
    },
    topology::Service,
};
use serde_json::json;
use testkit::{Person, Place, eventually};

use super::{NONE, SOON, Stage, word};
use crate::{commands::problem, on_both};

impl Stage {
    async fn brief(&self, who: &Person) -> Result<ServiceBrief, CallError> {
        self.suite.call::<GetServiceBrief>(Service::Customer, who, &self.path(), &NONE, &Nothing).await
    }

    async fn write(&self, who: &Person, change: ServiceBriefChange) -> Result<CustomerFile, CallError> {
        self.suite.call::<ChangeServiceBrief>(Service::Customer, who, &self.path(), &NONE, &change).await
    }
}

fn texts(of: &[&str]) -> Option<Vec<String>> {
    Some(of.iter().map(|text| (*text).to_owned()).collect())
}

/// Row 51 of the domain: 'no calls before 10' is shown, and everything else by role.
async fn by_role(place: Place) {
    let stage = Stage::set(&place).await;
    let manager = &stage.company.manager_north_1;
    let written = ServiceBriefChange {
        form_of_address: Some("Madam Wang".to_owned()),
        habits: texts(&["Takes the rice on Fridays"]),
        dos: texts(&["Ring twice", "Speak slowly"]),
        donts: texts(&["Do not mention her brother"]),
    };
    stage.write(manager, written).await.expect("a brief");
    let quiet = ContactPreferenceChange {
        quiet_spans: Some(vec![NewQuietSpan {
            channel: Some(Channel::Phone),
            from_minute: 0,
            until_minute: 600,
        }]),
        ..ContactPreferenceChange::default()
    };
    stage
        .suite
        .call::<ChangeContactPreference>(Service::Customer, manager, &stage.path(), &NONE, &quiet)
        .await
        .expect("a change");
    let denied = word(ConsentPurpose::Marketing, Channel::Sms, ConsentStatus::Denied, "2026-03-01T09:00:00Z");
    stage.say(denied).await;

    let whole = stage.brief(manager).await.expect("a brief");
    let rules: Vec<(BriefRuleCode, &str)> =
        whole.rules.iter().map(|rule| (rule.code, rule.statement.as_str())).collect();
    let wanted = [
        (BriefRuleCode::QuietBefore, "no calls before 10:00"),
        (BriefRuleCode::NotAllowed, "no text messages to offer something"),
    ];
    assert_eq!(rules, wanted);

    let view = "query ($id: UUID!) { customer(id: $id) { file { serviceBrief { \
        formOfAddress habits dos donts rules { code statement } } } } }";
    let rules = json!([{ "code": "QUIET_BEFORE", "statement": "no calls before 10:00" },
        { "code": "NOT_ALLOWED", "statement": "no text messages to offer something" }]);
    eventually("the view shows the brief", SOON, || async {
        let seen = stage.suite.graphql(manager, view, json!({ "id": stage.customer })).await;
        (seen["data"]["customer"]["file"]["serviceBrief"]["rules"] == rules).then_some(())
    })
    .await;
    // A form of address is a name, the texts are sensitive, the rules are for whoever reaches the customer.
    for (role, address, sees_texts) in [
        (Role::Presales, Some("Madam Wang"), false),
        (Role::Sales, Some("Madam Wang"), false),
        (Role::Aftersales, Some("Madam Wang"), true),
        (Role::Marketing, Some("M****"), false),
        (Role::Manager, Some("Madam Wang"), true),
        (Role::Executive, Some("M****"), false),
    ] {
        let person = stage.suite.person(role, "north-1");
        let seen = stage.brief(&person).await.expect("a brief");
        assert_eq!(seen.form_of_address.as_deref(), address, "{role:?}");
        assert_eq!(seen.rules, whole.rules, "{role:?}");
        let lists = [&seen.habits, &seen.dos, &seen.donts].map(Clone::clone);
        let shown = [&whole.habits, &whole.dos, &whole.donts].map(Clone::clone);
        assert_eq!(lists, if sees_texts { shown } else { [None, None, None] }, "{role:?}");
        let in_view = stage.suite.graphql(&person, view, json!({ "id": stage.customer })).await;
        let in_view = &in_view["data"]["customer"]["file"]["serviceBrief"];
        let wanted = json!({
            "formOfAddress": address,
            "habits": seen.habits, "dos": seen.dos, "donts": seen.donts,
            "rules": rules,
        });
        assert_eq!(*in_view, wanted, "{role:?}: view");
    }
    stage.suite.end().await;
}
on_both!(a_service_brief_is_seen_by_role_and_its_rules_by_all, super::by_role);

async fn changes(place: Place) {
    let stage = Stage::set(&place).await;
    let manager = &stage.company.manager_north_1;
    let nothing = ServiceBriefChange::default;
    let long = "米".repeat(200);
    let many = vec![long.as_str(); 20];
    let full = ServiceBriefChange { habits: texts(&many), donts: texts(&[" Never late "]), ..nothing() };
    let file = stage.write(manager, full).await.expect("a brief");
    // The file leaves out what is too much for a section; the brief itself does not.
    assert_eq!(file.service_brief.donts, texts(&["Never late"]));
    assert_eq!(file.service_brief.habits.map(|texts| texts.len()), Some(9));
    assert_eq!(file.service_brief.left_out, 11);
    let brief = stage.brief(manager).await.expect("a brief");
    assert_eq!((brief.habits.map(|texts| texts.len()), brief.left_out), (Some(20), 0));

    // Whoever does not see the texts cannot replace them; how to address them, they may.
    let sales = stage.suite.person(Role::Sales, "north-1");
    let blind = ServiceBriefChange { donts: texts(&[]), ..nothing() };
    assert_eq!(problem(stage.write(&sales, blind).await).code, Code::Forbidden);
    let address = ServiceBriefChange { form_of_address: Some("Madam Wang".to_owned()), ..nothing() };
    stage.write(&sales, address).await.expect("a brief");
    let brief = stage.brief(manager).await.expect("a brief");
    assert_eq!(brief.form_of_address.as_deref(), Some("Madam Wang"));
    assert_eq!(brief.donts, texts(&["Never late"]));
    let gone = ServiceBriefChange {
        form_of_address: Some(String::new()),
        habits: texts(&[]),
        donts: texts(&[]),
        ..nothing()
    };
    stage.write(manager, gone).await.expect("a brief");
    let empty =
        ServiceBrief { habits: texts(&[]), dos: texts(&[]), donts: texts(&[]), ..ServiceBrief::default() };
    assert_eq!(stage.brief(manager).await.expect("a brief"), empty);

    let too_long = "x".repeat(201);
    let wrong = ServiceBriefChange {
        form_of_address: Some(too_long.clone()),
        habits: texts(&["fine", " "]),
        dos: texts(&["x"; 21]),
        donts: texts(&[too_long.as_str()]),
    };
    let refusal = problem(stage.write(manager, wrong).await);
    let places: Vec<&str> = refusal.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/form_of_address", "/habits/1", "/dos", "/donts/0"]);
    let stranger = &stage.company.manager_south_1;
    assert_eq!(problem(stage.write(stranger, nothing()).await).code, Code::NotFound);
    assert_eq!(problem(stage.brief(stranger).await).code, Code::NotFound);
    let stale = CallOptions { if_match: Some(1), ..CallOptions::default() };
    let (path, change) = (stage.path(), nothing());
    let late = stage.suite.call_with::<ChangeServiceBrief>(
        Service::Customer,
        manager,
        &path,
        &NONE,
        &change,
        &stale,
    );
    assert_eq!(problem(late.await).code, Code::StaleRevision);
    assert!(stage.told().await.is_empty(), "a brief is nothing that others keep");
    stage.suite.end().await;
}
on_both!(a_service_brief_changes_part_by_part, super::changes);
