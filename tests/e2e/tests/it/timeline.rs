//! The timeline's filters: by channel, phase, kind, time, person and unit, and cursors that belong to them.

use chrono::TimeDelta;
use kit::client::CallError;
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{AddServingUnit, CustomerPath, NewServingUnit},
        interaction::{
            Channel, GetTimeline, NewContact, Phase, RecordPurchase, TimelineEntry, TimelineKind,
            TimelineQuery,
        },
        page::Page,
        problem::Code,
    },
    ids::CustomerId,
    topology::Service,
};
use testkit::{Person, Place, Suite};

use crate::{
    cases::{new_case, open},
    commands::problem,
    company::{Company, new_purchase},
    contacts::{new_contact, record},
    desk::Colleague,
    on_both,
};

const NONE: NoParameters = NoParameters {};

async fn page(
    suite: &Suite,
    who: &Person,
    customer: CustomerId,
    query: &TimelineQuery,
) -> Result<Page<TimelineEntry>, CallError> {
    let path = CustomerPath { customer_id: customer };
    suite.call::<GetTimeline>(Service::Interaction, who, &path, query, &Nothing).await
}

/// All that the filters leave, in pages of two.
async fn all(
    suite: &Suite,
    who: &Person,
    customer: CustomerId,
    filters: &TimelineQuery,
) -> Vec<TimelineEntry> {
    let mut query = TimelineQuery { limit: Some(2), ..filters.clone() };
    let mut found = Vec::new();
    loop {
        let page = page(suite, who, customer, &query).await.expect("a page");
        found.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            return found;
        }
    }
}

async fn filters(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let bert = Colleague::join(&suite, &company, "bert", Role::Sales, here).await;
    let south = Colleague::join(&suite, &company, "sven", Role::Sales, (company.south_1, "south-1")).await;
    let customer = company.register(&suite, company.north_1, "Frequent Fred", "+8613812340070").await.id;
    let path = CustomerPath { customer_id: customer };
    let serving = NewServingUnit { org_unit_id: company.south_1, reason: "Moved.".to_owned() };
    suite
        .call::<AddServingUnit>(Service::Customer, &company.manager_hq, &path, &NONE, &serving)
        .await
        .expect("serves");
    let now = kit::clock::Clock::system().now();
    // Five contacts, an hour apart; anna had the first three, in different phases and on different channels.
    let contacts = [
        (&anna, company.north_1, Channel::Phone, Phase::Presales),
        (&anna, company.north_1, Channel::Web, Phase::Sales),
        (&anna, company.north_1, Channel::Phone, Phase::Aftersales),
        (&bert, company.north_1, Channel::Phone, Phase::Sales),
    ];
    for (hours, (who, unit, channel, phase)) in (1..).zip(contacts) {
        let occurred_at = now - TimeDelta::hours(hours);
        let new = NewContact { occurred_at, ..new_contact(unit, channel, phase) };
        record(&suite, &who.person, customer, &new).await.expect("a contact");
    }
    testkit::eventually("the other unit serves the customer", std::time::Duration::from_secs(20), || async {
        let occurred_at = now - TimeDelta::hours(5);
        let new = NewContact { occurred_at, ..new_contact(company.south_1, Channel::Phone, Phase::Sales) };
        record(&suite, &south.person, customer, &new).await.ok()
    })
    .await;
    let bought = new_purchase(company.north_1, Some(bert.id), &[5_000]);
    suite
        .call::<RecordPurchase>(Service::Interaction, &bert.person, &path, &NONE, &bought)
        .await
        .expect("a purchase");
    open(&suite, &anna.person, customer, &new_case(company.north_1, None)).await.expect("a case");

    let who = &company.manager_hq;
    let any = TimelineQuery::default();
    let counted = [
        (any.clone(), 7),
        (TimelineQuery { channel: Some(Channel::Phone), ..any.clone() }, 4),
        (TimelineQuery { phase: Some(Phase::Sales), ..any.clone() }, 3),
        (TimelineQuery { kind: Some(TimelineKind::Contact), ..any.clone() }, 5),
        (TimelineQuery { kind: Some(TimelineKind::CaseOpened), ..any.clone() }, 1),
        (TimelineQuery { staff_id: Some(anna.id), ..any.clone() }, 4),
        (TimelineQuery { staff_id: Some(bert.id), ..any.clone() }, 2),
        (TimelineQuery { org_unit_id: Some(company.south), ..any.clone() }, 1),
        (TimelineQuery { org_unit_id: Some(company.north), ..any.clone() }, 6),
        // From the fourth hour back, inclusive, to the second, exclusive.
        (
            TimelineQuery {
                from: Some(now - TimeDelta::hours(4)),
                until: Some(now - TimeDelta::hours(2)),
                ..any.clone()
            },
            2,
        ),
        (
            TimelineQuery {
                channel: Some(Channel::Phone),
                phase: Some(Phase::Sales),
                staff_id: Some(bert.id),
                ..any.clone()
            },
            1,
        ),
    ];
    for (query, expected) in counted {
        let found = all(&suite, who, customer, &query).await;
        assert_eq!(found.len(), expected, "{query:?}: {found:#?}");
        assert!(found.windows(2).all(|two| two[0].occurred_at >= two[1].occurred_at), "newest first");
    }
    refusals(&suite, who, customer).await;
    let stranger = suite.person(Role::Sales, "south");
    assert_eq!(
        all(&suite, &stranger, customer, &any).await.len(),
        7,
        "whoever sees the customer sees it all"
    );
    suite.end().await;
}
on_both!(a_timeline_is_filtered, super::filters);

async fn refusals(suite: &Suite, who: &Person, customer: CustomerId) {
    let phone = TimelineQuery { channel: Some(Channel::Phone), limit: Some(1), ..TimelineQuery::default() };
    let after = page(suite, who, customer, &phone).await.expect("a page").next;
    assert!(after.is_some());
    for other in [
        TimelineQuery { after: after.clone(), ..TimelineQuery::default() },
        TimelineQuery { after: after.clone(), channel: Some(Channel::Web), ..TimelineQuery::default() },
    ] {
        assert_eq!(problem(page(suite, who, customer, &other).await).code, Code::InvalidCursor);
    }
    let never = TimelineQuery {
        from: Some(chrono::DateTime::from_timestamp(-9_999_999_999, 0).expect("a time")),
        ..TimelineQuery::default()
    };
    assert_eq!(problem(page(suite, who, customer, &never).await).errors[0].pointer, "/from");
}
