//! Role × class: what each role sees of each field, over REST and GraphQL alike, made from the table in
//! `schema::access`. Whatever a manager sees whole is the measure.

mod classes;
mod every_field;
pub(crate) mod everything;
mod questions;

use std::time::Duration;

use schema::{
    access::{Class, Level, Mask, Reach, Role, TABLE, Viewer},
    api::{
        NoParameters, Nothing,
        customer::{ContactPoint, CustomerFile, CustomerPath, GetCustomer},
        interaction::{Channel, Dealings, RecordPurchase},
        loyalty::{GetAccount, LoyaltyAccount, PointsEntry},
        problem::Code,
        survey::{Answer, AnswersQuery, Instrument, ListAnswers, NewAnswer, RecordAnswer, Voice},
    },
    ids::CustomerId,
    topology::Service,
};
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, eventually};

use crate::{
    commands::problem,
    company::{Company, new_purchase},
    on_both,
};

const NONE: NoParameters = NoParameters {};

/// Compares what a viewer sees of a classified type with what there is.
pub(crate) fn compare<T: Mask>(seen: &Value, whole: &Value, viewer: &Viewer, camel: bool) {
    for field in T::FIELDS {
        let name = if camel { camel_case(field.name) } else { field.name.to_owned() };
        let (Some(is), Some(all)) = (seen.get(&name), whole.get(&name)) else { continue };
        let Some(class) = field.class else { continue };
        let who = format!("{:?} sees {name} ({class:?})", viewer.roles);
        assert!(!all.is_null(), "{name} must be there to be hidden");
        match viewer.level(class) {
            Level::Whole => assert_eq!(is, all, "{who}"),
            Level::None => assert!(is.is_null(), "{who}: {is}"),
            Level::Masked => {
                assert_ne!(is, all, "{who}");
                if let Some(text) = is.as_str() {
                    assert!(text.contains("****"), "{who}: {text}");
                }
            }
        }
    }
}

pub(crate) fn compare_all<T: Mask>(seen: &Value, whole: &Value, viewer: &Viewer, camel: bool) {
    let (seen, whole) = (seen.as_array().expect("a list"), whole.as_array().expect("a list"));
    assert_eq!(seen.len(), whole.len());
    assert!(!whole.is_empty(), "there must be something to hide");
    seen.iter().zip(whole).for_each(|(seen, whole)| compare::<T>(seen, whole, viewer, camel));
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |all, part| {
        let (head, tail) = part.split_at(1);
        all + &head.to_uppercase() + tail
    })
}

/// Somebody with everything that can be hidden.
async fn somebody(suite: &Suite, company: &Company) -> CustomerId {
    let file = company.register(suite, company.north_1, "王小明", "+8613812341234").await;
    let path = CustomerPath { customer_id: file.id };
    eventually("a purchase can be recorded", Duration::from_secs(10), || async {
        let body = new_purchase(company.north_1, Some(company.seller), &[150_000]);
        suite
            .call::<RecordPurchase>(Service::Interaction, &company.manager_hq, &path, &NONE, &body)
            .await
            .ok()
    })
    .await;
    let answer = NewAnswer {
        instrument: Instrument::Nps,
        score: 9,
        verbatim: Some("They knew that our jar was nearly empty.".to_owned()),
        org_unit_id: None,
        purchase_id: None,
        phase: None,
        channel: Channel::Sms,
        occurred_at: kit::clock::Clock::system().now(),
    };
    suite
        .call::<RecordAnswer>(Service::Survey, &company.manager_hq, &path, &NONE, &answer)
        .await
        .expect("an answer");
    eventually("the points are booked", Duration::from_secs(10), || async {
        let account =
            suite.call::<GetAccount>(Service::Loyalty, &company.manager_hq, &path, &NONE, &Nothing).await;
        account.ok().filter(|account| account.balance.is_some_and(|points| points.get() == 1_500))
    })
    .await;
    file.id
}

/// Everyone who reaches the customer, and with them those who do not.
fn people(suite: &Suite) -> Vec<(Reach, Person)> {
    TABLE
        .iter()
        .filter(|rule| rule.role != Role::Service)
        .map(|rule| (rule.reach, suite.person(rule.role, "hq")))
        .collect()
}

async fn over_rest(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let path = CustomerPath { customer_id: somebody(&suite, &company).await };
    let answers = AnswersQuery::default();
    let mut whole: Option<(Value, Value, Value)> = None;
    let mut everyone = people(&suite);
    everyone.sort_by_key(|(_, person)| person.viewer.roles != [Role::Manager]);
    for (reach, person) in everyone {
        let file = suite.call::<GetCustomer>(Service::Customer, &person, &path, &NONE, &Nothing).await;
        match reach {
            Reach::Nothing => {
                assert_eq!(problem(file).code, Code::Forbidden);
                continue;
            }
            Reach::Assigned => {
                assert_eq!(problem(file).code, Code::NotFound);
                continue;
            }
            Reach::Subtree | Reach::Everything => {}
        }
        let account = suite.call::<GetAccount>(Service::Loyalty, &person, &path, &NONE, &Nothing).await;
        let said = suite.call::<ListAnswers>(Service::Survey, &person, &path, &answers, &Nothing).await;
        let seen = (
            json!(file.expect("a file")),
            json!(account.expect("an account")),
            json!(said.expect("answers").items),
        );
        let (file, account, said) = whole.get_or_insert_with(|| seen.clone());
        let viewer = &person.viewer;
        compare::<CustomerFile>(&seen.0, file, viewer, false);
        compare_all::<ContactPoint>(&seen.0["contact_points"], &file["contact_points"], viewer, false);
        compare::<LoyaltyAccount>(&seen.1, account, viewer, false);
        compare_all::<PointsEntry>(&seen.1["entries"], &account["entries"], viewer, false);
        compare_all::<Answer>(&seen.2, said, viewer, false);
    }
    suite.end().await;
}
on_both!(rest_masks_by_the_table, super::over_rest);

const QUERY: &str = "query ($id: UUID!) { customer(id: $id) { \
    file { id kind name birthDate language contactPoints { kind value } } \
    dealings { turnover { currency totalMinor } } \
    loyalty { tier balance qualifying nextTier pointsToNextTier entries { points purchaseId } } \
    voice { answerCount npsScore npsCategory answers { score category verbatim instrument } } } }";

async fn over_graphql(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let id = somebody(&suite, &company).await;
    let whole = eventually("the view shows everything", Duration::from_secs(10), || async {
        let seen = suite.ask(&company.manager_hq, QUERY, json!({ "id": id })).await["customer"].take();
        let full = seen["file"]["name"].is_string()
            && seen["voice"]["npsScore"].is_number()
            && seen["dealings"].is_object()
            && seen["loyalty"]["balance"] == json!(1_500);
        full.then_some(seen)
    })
    .await;
    for (reach, person) in people(&suite) {
        let answer = suite.graphql(&person, QUERY, json!({ "id": id })).await;
        let seen = &answer["data"]["customer"];
        if matches!(reach, Reach::Nothing | Reach::Assigned) {
            assert!(seen.is_null(), "{:?} sees {seen}", person.viewer.roles);
            continue;
        }
        let viewer = &person.viewer;
        assert!(seen.is_object(), "{:?}: {answer}", viewer.roles);
        compare::<CustomerFile>(&seen["file"], &whole["file"], viewer, true);
        compare_all::<ContactPoint>(
            &seen["file"]["contactPoints"],
            &whole["file"]["contactPoints"],
            viewer,
            true,
        );
        compare::<Dealings>(&seen["dealings"], &whole["dealings"], viewer, true);
        compare::<LoyaltyAccount>(&seen["loyalty"], &whole["loyalty"], viewer, true);
        compare_all::<PointsEntry>(&seen["loyalty"]["entries"], &whole["loyalty"]["entries"], viewer, true);
        compare::<Voice>(&seen["voice"], &whole["voice"], viewer, true);
        compare_all::<Answer>(&seen["voice"]["answers"], &whole["voice"]["answers"], viewer, true);
    }
    suite.end().await;
}
on_both!(graphql_masks_by_the_table, super::over_graphql);

/// The order and the cursor of a list say nothing that the list does not show.
async fn lists(place: Place) {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use schema::api::customer::{CustomerFilter, SearchCustomers};
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    for (number, name) in ["Zoe", "Anna", "Mia"].into_iter().enumerate() {
        company.register(&suite, company.north_1, name, &format!("+861380000000{number}")).await;
    }
    for rule in TABLE.iter().filter(|rule| matches!(rule.reach, Reach::Subtree | Reach::Everything)) {
        if rule.role == Role::Service {
            continue;
        }
        let person = suite.person(rule.role, "hq");
        let search = async |name: Option<&str>, after: Option<String>| {
            let filter = CustomerFilter {
                name: name.map(str::to_owned),
                limit: Some(1),
                after,
                ..CustomerFilter::default()
            };
            suite.call::<SearchCustomers>(Service::Customer, &person, &NONE, &filter, &Nothing).await
        };
        let sees_names = rule.identity == Level::Whole;
        let mut names = Vec::new();
        let mut after = None;
        loop {
            let page = search(None, after).await.expect("a page");
            names.extend(page.items.into_iter().filter_map(|file| file.name));
            let Some(next) = page.next else { break };
            let decoded = URL_SAFE_NO_PAD.decode(&next).expect("base64");
            let tells =
                ["anna", "mia", "zoe"].iter().any(|name| String::from_utf8_lossy(&decoded).contains(name));
            assert!(!tells || sees_names, "{:?}: the cursor tells a name", rule.role);
            after = Some(next);
        }
        let expected = if sees_names { ["Anna", "Mia", "Zoe"] } else { ["Z****", "A****", "M****"] };
        assert_eq!(names, expected, "{:?}", rule.role);
        assert_eq!(search(Some("an"), None).await.is_ok(), sees_names, "{:?}", rule.role);
    }
    suite.end().await;
}
on_both!(lists_tell_no_more_than_records, super::lists);

#[test]
fn every_class_is_tried() {
    let tried = [CustomerFile::FIELDS, ContactPoint::FIELDS, LoyaltyAccount::FIELDS, Answer::FIELDS].concat();
    for class in [Class::Identity, Class::Contact, Class::Sensitive, Class::Value, Class::Standing] {
        assert!(tried.iter().any(|field| field.class == Some(class)), "{class:?}");
    }
}
