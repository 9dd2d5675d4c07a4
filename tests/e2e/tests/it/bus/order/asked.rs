//! The part of the story in which customers are asked what they think: cases that followed low scores up are closed,
//! and it is decided whether the customers may be reached. Purchases come due later than any test lasts.

use chrono::TimeDelta;
use kit::{Db, db::statement};
use schema::{
    api::{
        customer::ConsentPurpose,
        interaction::{CaseState, Channel, HeldBecause, Severity},
    },
    event::{
        CaseClosed, OutreachGranted, OutreachHeld,
        interaction::{CaseMoved, OutreachGranted as Granted, OutreachHeld as Held},
    },
    ids::OutreachId,
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use super::story::{ANNA, BEGIN, BEN, SELLER, SHOP, Teller, id};

/// The low score of each.
const ANSWERS: [(u128, u128); 2] = [(ANNA, 0x72), (BEN, 0x73)];

/// What the survey service knows before the story begins: rules, and the low scores.
pub(super) async fn before(db: &Db) {
    for (cause, share) in [("purchase", 500_000), ("case_closed", 1_000_000)] {
        let terms = format!(
            r#"{{"trigger":"{cause}","instrument":"nps","share":{share},"delay_minutes":8640,"cooling_off_days":30}}"#
        );
        let values = vec![cause.into(), terms.into(), (*BEGIN).into()];
        let sql = "INSERT INTO invitation_rule (code, cause, active, terms, changed_at) VALUES ($1, $1, true, $2, $3)";
        run(db, sql, values).await;
    }
    for (who, answer) in ANSWERS {
        let values = vec![Uuid::from_u128(who).into(), Uuid::from_u128(answer).into(), (*BEGIN).into()];
        let sql = "INSERT INTO answer (customer_id, id, instrument, score, channel, occurred_at, recorded_at, low) \
                   VALUES ($1, $2, 'nps', 2, 'web', $3, $3, true)";
        run(db, sql, values).await;
    }
}

async fn run(db: &Db, sql: &str, values: Vec<Value>) {
    db.write().execute_raw(statement(db.write(), sql, values)).await.expect("written");
}

/// Cases are closed; one customer may be reached, the other may not.
pub(super) fn story(teller: &mut Teller) {
    let moved = |who: u128, case: u128, answer: Option<u128>| CaseMoved {
        case_id: id(case),
        customer_id: id(who),
        org_unit_id: id(SHOP),
        topic: "spoiled-goods".to_owned(),
        severity: Severity::High,
        state: CaseState::Closed,
        accountable_id: id(SELLER),
        handler_id: id(SELLER),
        opened_at: *BEGIN,
        due_at: *BEGIN,
        occurred_at: *BEGIN + TimeDelta::hours(2),
        outcome: None,
        transfers: 0,
        reopened: 0,
        complaint: Some(true),
        answer_id: answer.map(id),
    };
    teller.tell::<CaseClosed>(ANNA, 7, &moved(ANNA, 0x80, None));
    let of = |event: schema::ids::EventId| -> OutreachId {
        let invitation = Uuid::new_v5(&event.uuid(), b"invitation:");
        Uuid::new_v5(&invitation, b"outreach#0").into()
    };
    let anna = teller.tell::<CaseClosed>(ANNA, 8, &moved(ANNA, 0x81, Some(ANSWERS[0].1)));
    let ben = teller.tell::<CaseClosed>(BEN, 8, &moved(BEN, 0x82, Some(ANSWERS[1].1)));
    let granted = Granted {
        outreach_id: of(anna),
        customer_id: id(ANNA),
        purpose: ConsentPurpose::Survey,
        channel: Channel::Sms,
        not_before: *BEGIN,
        occurred_at: *BEGIN,
    };
    teller.tell::<OutreachGranted>(ANNA, 9, &granted);
    let held = Held {
        outreach_id: of(ben),
        customer_id: id(BEN),
        purpose: ConsentPurpose::Survey,
        because: HeldBecause::NoConsent,
        occurred_at: *BEGIN,
    };
    teller.tell::<OutreachHeld>(BEN, 9, &held);
}
