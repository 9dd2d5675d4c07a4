//! Somebody leaves: what they answered for, handled, were offered and had promised goes to the successor.

use std::time::Duration;

use chrono::TimeDelta;
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::StaffStatus,
        interaction::{
            AcceptCase, Case, CasePath, CaseResolution, CaseState, CaseStep, Channel, ContactPath, GetCase,
            GetContact, HandOverState, NewContact, NewPromise, OfferCase, Phase, ResolveCase,
        },
    },
    event::{
        CaseDeclined, CaseHandedOver, CaseOffered, StaffLeft, customer::StaffLeft as Left,
        interaction::HandedOver,
    },
    ids::{OrgUnitId, StaffId},
    topology::Service,
};
use testkit::{Person, Place, Suite, eventually};

use crate::{
    cases::{new_case, offer_to, open, step},
    company::Company,
    contacts::{new_contact, record},
    desk::Colleague,
    facts_told::{tell, told},
    on_both,
};

const NONE: NoParameters = NoParameters {};
const NOW: CaseStep = CaseStep { occurred_at: None };

async fn get(suite: &Suite, who: &Person, case: &Case) -> Case {
    let path = CasePath { customer_id: case.customer_id, case_id: case.id };
    suite.call::<GetCase>(Service::Interaction, who, &path, &NONE, &Nothing).await.expect("a case")
}

async fn leave(suite: &Suite, code: &str, staff_id: StaffId, unit: OrgUnitId, successor_id: StaffId) {
    let left =
        Left { staff_id, code: code.to_owned(), org_unit_id: unit, status: StaffStatus::Left, successor_id };
    tell::<StaffLeft>(suite, staff_id, left).await;
}

async fn succeeded(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let bert = Colleague::join(&suite, &company, "bert", Role::Aftersales, here).await;
    let cora = Colleague::join(&suite, &company, "cora", Role::Aftersales, here).await;
    let who = &company.manager_north_1;
    let customer = company.register(&suite, company.north_1, "Loyal Lu", "+8613812340080").await.id;
    let due_at = kit::clock::Clock::system().now() + TimeDelta::days(1);
    let promise = NewPromise { what: "call-back".into(), notes: None, staff_id: None, due_at };
    let contact = new_contact(company.north_1, Channel::Phone, Phase::Aftersales);
    let contact = NewContact { promise: Some(promise), ..contact };
    let contact = record(&suite, &anna.person, customer, &contact).await.expect("a contact");
    let new = new_case(company.north_1, None);
    let open_for =
        async |colleague: &Colleague| open(&suite, &colleague.person, customer, &new).await.expect("a case");
    // Anna answers for and handles the first; the second she gave to cora; the third cora offers to her; the
    // fourth she offers to bert, who takes over from her; the fifth is done.
    let own = open_for(&anna).await;
    let given = open_for(&anna).await;
    step::<OfferCase>(&suite, &anna.person, &given, &offer_to(cora.id)).await.expect("offered");
    step::<AcceptCase>(&suite, &cora.person, &given, &NOW).await.expect("accepted");
    let offered = open_for(&cora).await;
    step::<OfferCase>(&suite, &cora.person, &offered, &offer_to(anna.id)).await.expect("offered");
    let to_bert = open_for(&anna).await;
    step::<OfferCase>(&suite, &anna.person, &to_bert, &offer_to(bert.id)).await.expect("offered");
    let done = open_for(&anna).await;
    let resolution = CaseResolution { outcome: "replaced".into(), notes: None, occurred_at: None };
    step::<ResolveCase>(&suite, &anna.person, &done, &resolution).await.expect("resolved");
    let before = told::<CaseHandedOver>(&suite).await.len();

    leave(&suite, "anna", anna.id, company.north_1, bert.id).await;
    let own = eventually("bert took over", Duration::from_secs(20), || async {
        Some(get(&suite, who, &own).await).filter(|case| case.accountable_id == bert.id)
    })
    .await;
    assert_eq!((own.handler_id, own.state), (bert.id, CaseState::Open));
    let over = &own.hand_overs[0];
    assert_eq!(
        (over.from_staff_id, over.to_staff_id, over.state),
        (anna.id, bert.id, HandOverState::Accepted)
    );
    assert_eq!((over.reason.as_deref(), own.transfers), (Some("left"), 0), "nobody was passed around");
    let given = get(&suite, who, &given).await;
    assert_eq!((given.accountable_id, given.handler_id), (bert.id, cora.id));
    let offered = get(&suite, who, &offered).await;
    assert_eq!((offered.accountable_id, offered.offered_to_id), (cora.id, Some(bert.id)));
    let states: Vec<HandOverState> = offered.hand_overs.iter().map(|one| one.state).collect();
    assert_eq!(states, [HandOverState::Declined, HandOverState::Offered]);
    let declined: Vec<_> = told::<CaseDeclined>(&suite).await.iter().map(|one| one.case_id).collect();
    let offers: Vec<_> = told::<CaseOffered>(&suite).await.iter().map(|one| one.case_id).collect();
    let again = [given.id, offered.id, to_bert.id, offered.id];
    assert_eq!((declined, offers), (vec![offered.id], again.to_vec()), "what became of the offer is told");
    step::<AcceptCase>(&suite, &bert.person, &offered, &NOW)
        .await
        .expect("bert accepts what anna was offered");
    let to_bert = get(&suite, who, &to_bert).await;
    assert_eq!((to_bert.state, to_bert.handler_id, to_bert.offered_to_id), (CaseState::Open, bert.id, None));
    assert_eq!(get(&suite, who, &done).await.accountable_id, anna.id, "what is done stays hers");
    let path = ContactPath { customer_id: customer, contact_id: contact.id };
    let kept = suite.call::<GetContact>(Service::Interaction, who, &path, &NONE, &Nothing).await;
    let kept = kept.expect("a contact");
    assert_eq!((kept.staff_id, kept.promise.and_then(|one| one.staff_id)), (Some(anna.id), Some(bert.id)));
    // Accountability of three, the work on two of them.
    let told_of = told::<CaseHandedOver>(&suite).await.split_off(before);
    let of = |what| told_of.iter().filter(|one| one.from_staff_id == anna.id && one.what == what).count();
    assert_eq!((of(HandedOver::Accountability), of(HandedOver::Handling)), (3, 2));

    // What still comes up in her name is her successor's at once, and of theirs in turn.
    let late = new_case(company.north_1, Some(contact.id));
    let late_case = open(&suite, &cora.person, customer, &late).await.expect("a case");
    assert_eq!(late_case.accountable_id, bert.id);
    leave(&suite, "bert", bert.id, company.north_1, cora.id).await;
    eventually("cora took over", Duration::from_secs(20), || async {
        Some(get(&suite, who, &late_case).await).filter(|case| case.accountable_id == cora.id)
    })
    .await;
    let last = open(&suite, &cora.person, customer, &late).await.expect("a case");
    assert_eq!(last.accountable_id, cora.id, "by way of both");
    suite.end().await;
}
on_both!(a_successor_takes_over, super::succeeded);
