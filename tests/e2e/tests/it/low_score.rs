//! A low score becomes a case of somebody's, and the case keeps what became of the customer.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::CustomerPath,
        interaction::{
            Case, CaseResolution, CaseStep, CaseSummary, CasesQuery, Channel, CloseCase, GetCase, ListCases,
            OpenCase, Phase, RecordPurchase, ResolveCase, Severity,
        },
        survey::Instrument,
    },
    event::{
        AnswerReceived, CaseClosed, CaseOpened, RecoveryMeasured,
        survey::{AnswerReceived as Answer, RecoveryMeasured as Measured},
    },
    ids::{AnswerId, CaseId, CustomerId},
    topology::Service,
};
use testkit::{Person, Place, Suite, eventually};

use crate::{
    cases::{new_case, open, step},
    company::{Company, new_purchase},
    contacts::{new_contact, record},
    desk::Colleague,
    facts_told::{tell, told},
    on_both,
};

const NONE: NoParameters = NoParameters {};
const NOW: CaseStep = CaseStep { occurred_at: None };
const SOON: Duration = Duration::from_secs(20);

fn now() -> DateTime<Utc> {
    kit::clock::Clock::system().now()
}

fn low(customer_id: CustomerId, company: &Company) -> Answer {
    Answer {
        answer_id: kit::clock::new_id(now()).into(),
        customer_id,
        instrument: Instrument::Nps,
        score: 3,
        org_unit_id: Some(company.north_1),
        purchase_id: None,
        occurred_at: now(),
        case_id: None,
        invitation_id: None,
        phase: None,
        low: Some(true),
    }
}

async fn cases(suite: &Suite, who: &Person, customer: CustomerId) -> Vec<CaseSummary> {
    let path = CustomerPath { customer_id: customer };
    let list =
        suite.call::<ListCases>(Service::Interaction, who, &path, &CasesQuery::default(), &Nothing).await;
    // Nothing as long as the customer is not known there.
    list.map(|page| page.items).unwrap_or_default()
}

/// Tells of the answer and waits for the case that follows it up.
async fn followed_up(suite: &Suite, who: &Person, answer: Answer) -> Case {
    let (customer_id, id) = (answer.customer_id, answer.answer_id);
    tell::<AnswerReceived>(suite, customer_id, answer).await;
    let case = eventually("the answer is followed up", SOON, || async {
        let found = cases(suite, who, customer_id).await;
        found.into_iter().find(|case| case.answer_id == Some(id))
    })
    .await;
    get(suite, who, customer_id, case.id).await
}

async fn get(suite: &Suite, who: &Person, customer_id: CustomerId, case_id: CaseId) -> Case {
    let path = schema::api::interaction::CasePath { customer_id, case_id };
    suite.call::<GetCase>(Service::Interaction, who, &path, &NONE, &Nothing).await.expect("a case")
}

/// Whose it is: the accountable person's of the case asked about, the seller's, the last contact's, whoever is
/// on duty with the least to answer for.
async fn whose(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let bert = Colleague::join(&suite, &company, "bert", Role::Aftersales, here).await;
    let who = &company.manager_north_1;
    let register = async |phone: &str| company.register(&suite, company.north_1, "Unhappy", phone).await.id;
    let first = register("+8613812340060").await;
    let path = CustomerPath { customer_id: first };
    eventually("the customer is known", SOON, || async {
        let case = new_case(company.north_1, None);
        suite.call::<OpenCase>(Service::Interaction, &bert.person, &path, &NONE, &case).await.ok()
    })
    .await;

    // Nobody had to do with this one: anna and the seller answer for nothing yet, and anna's code goes first.
    let stranger = register("+8613812340061").await;
    let case = followed_up(&suite, who, low(stranger, &company)).await;
    assert_eq!((case.accountable_id, case.handler_id), (anna.id, anna.id));
    assert_eq!((case.topic.as_str(), case.severity), ("low-score", Severity::High));
    assert!(!case.complaint && case.due_at == case.occurred_at + TimeDelta::days(2));

    // The last contact in the unit, then the seller, then the case that the answer is about.
    record(&suite, &bert.person, first, &new_contact(company.north_1, Channel::Phone, Phase::Aftersales))
        .await
        .expect("a contact");
    assert_eq!(followed_up(&suite, who, low(first, &company)).await.accountable_id, bert.id);
    let bought = new_purchase(company.north_1, Some(company.seller), &[5_000]);
    let bought = suite.call::<RecordPurchase>(Service::Interaction, who, &path, &NONE, &bought).await;
    let purchase_id = Some(bought.expect("a purchase").id);
    let about = Answer { purchase_id, org_unit_id: None, ..low(first, &company) };
    let case = followed_up(&suite, who, about).await;
    assert_eq!((case.accountable_id, case.org_unit_id), (company.seller, company.north_1));
    let annas = open(&suite, &anna.person, first, &new_case(company.north_1, None)).await.expect("a case");
    let about = Answer { purchase_id, case_id: Some(annas.id), ..low(first, &company) };
    assert_eq!(followed_up(&suite, who, about).await.accountable_id, anna.id);

    // Neither a good answer, nor an old one, nor the same one again opens a case.
    let before = cases(&suite, who, first).await.len();
    let again = cases(&suite, who, first).await.iter().find_map(|case| case.answer_id).expect("an answer");
    for nothing in [
        Answer { low: None, ..low(first, &company) },
        Answer { low: Some(false), ..low(first, &company) },
        Answer { occurred_at: now() - TimeDelta::days(8), ..low(first, &company) },
        Answer { answer_id: again, ..low(first, &company) },
    ] {
        tell::<AnswerReceived>(&suite, first, nothing).await;
    }
    followed_up(&suite, who, low(first, &company)).await;
    assert_eq!(cases(&suite, who, first).await.len(), before + 1, "only the one told last");
    suite.end().await;
}
on_both!(a_low_score_is_somebodys_case, super::whose);

/// The case is closed, which says what it followed up; the second answer is kept on it.
async fn recovered(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let who = &company.manager_north_1;
    let customer = company.register(&suite, company.north_1, "Unhappy", "+8613812340062").await.id;
    let answer = low(customer, &company);
    let first: AnswerId = answer.answer_id;
    let case = followed_up(&suite, who, answer).await;
    assert_eq!((case.recovered, case.score_before, case.score_after), (None, None, None));
    let resolution = CaseResolution { outcome: "replaced".into(), notes: None, occurred_at: None };
    step::<ResolveCase>(&suite, who, &case, &resolution).await.expect("resolved");
    step::<CloseCase>(&suite, who, &case, &NOW).await.expect("closed");
    assert_eq!(told::<CaseOpened>(&suite).await[0].answer_id, Some(first));
    let closed = told::<CaseClosed>(&suite).await;
    assert_eq!((closed[0].answer_id, closed[0].complaint), (Some(first), Some(false)));

    let measured = |minutes, score_after, recovered| Measured {
        customer_id: customer,
        case_id: case.id,
        first_answer_id: first,
        second_answer_id: kit::clock::new_id(now()).into(),
        score_before: 3,
        score_after,
        recovered,
        occurred_at: now() + TimeDelta::minutes(minutes),
    };
    // The later one counts, though it comes first.
    tell::<RecoveryMeasured>(&suite, customer, measured(9, 9, true)).await;
    tell::<RecoveryMeasured>(&suite, customer, measured(5, 4, false)).await;
    followed_up(&suite, who, low(customer, &company)).await;
    let kept = get(&suite, who, customer, case.id).await;
    assert_eq!((kept.recovered, kept.score_before, kept.score_after), (Some(true), Some(3), Some(9)));
    // Scores are values, which whoever serves the customer does not see.
    let seen = get(&suite, &anna.person, customer, case.id).await;
    assert_eq!((seen.recovered, seen.score_before, seen.score_after), (Some(true), None, None));
    suite.end().await;
}
on_both!(a_case_keeps_whether_the_customer_recovered, super::recovered);
