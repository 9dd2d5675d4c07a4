//! NPS, CSAT and CES: scales, categories, and the last score of each in the view.

use std::time::Duration;

use schema::{
    access::Role,
    api::{
        problem::Code,
        survey::{Instrument, NpsCategory},
    },
};
use serde_json::json;
use testkit::{Place, eventually};

use super::{Stage, days_ago, new_answer};
use crate::{commands::problem, on_both};

async fn scales(place: Place) {
    let stage = Stage::set(&place).await;
    let scales = [(Instrument::Nps, 0, 10), (Instrument::Csat, 1, 5), (Instrument::Ces, 1, 7)];
    for (instrument, lo, hi) in scales {
        for score in [lo - 1, hi + 1, i32::MIN, i32::MAX] {
            let refused = stage.answer(stage.northerner, &new_answer(instrument, score, days_ago(1))).await;
            let refused = problem(refused);
            assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::Invalid, "/score"));
        }
        for score in [lo, hi] {
            let answer = stage.answer(stage.northerner, &new_answer(instrument, score, days_ago(1))).await;
            let answer = answer.expect("a score on the scale");
            let category = match (instrument, score) {
                (Instrument::Nps, 0) => Some(NpsCategory::Detractor),
                (Instrument::Nps, _) => Some(NpsCategory::Promoter),
                (Instrument::Csat | Instrument::Ces, _) => None,
            };
            assert_eq!((answer.score, answer.category), (Some(score), category), "{instrument:?}");
        }
    }
    stage.suite.end().await;
}
on_both!(a_score_lies_on_the_scale_of_its_instrument, super::scales);

const VOICE: &str = "query ($id: UUID!) { customer(id: $id) { voice { \
    answerCount npsScore npsCategory csatScore cesScore answers { instrument } } } }";

async fn last_scores(place: Place) {
    let stage = Stage::set(&place).await;
    let given = [
        (Instrument::Nps, 9, 30),
        (Instrument::Csat, 4, 20),
        (Instrument::Csat, 1, 25),
        (Instrument::Ces, 7, 12),
        (Instrument::Ces, 6, 11),
        (Instrument::Ces, 5, 10),
        (Instrument::Ces, 2, 9),
    ];
    for (instrument, score, days) in given {
        let answer = stage.answer(stage.northerner, &new_answer(instrument, score, days_ago(days))).await;
        answer.expect("an answer");
    }
    // The answers that are shown are all of one instrument: the last scores of the others are older.
    let whole = json!({
        "answerCount": 7, "npsScore": 9, "npsCategory": "PROMOTER", "csatScore": 4, "cesScore": 2,
        "answers": [{ "instrument": "CES" }, { "instrument": "CES" }, { "instrument": "CES" }],
    });
    let manager = &stage.company.manager_north_1;
    eventually("the view shows the last scores", Duration::from_secs(10), || async {
        let seen = stage.suite.ask(manager, VOICE, json!({ "id": stage.northerner })).await;
        (seen["customer"]["voice"] == whole).then_some(())
    })
    .await;
    for (role, sees) in [(Role::Sales, false), (Role::Aftersales, false), (Role::Marketing, true)] {
        let person = stage.suite.person(role, "north-1");
        let seen = stage.suite.ask(&person, VOICE, json!({ "id": stage.northerner })).await;
        for score in ["npsScore", "csatScore", "cesScore"] {
            assert_eq!(seen["customer"]["voice"][score].is_number(), sees, "{role:?} {score}");
        }
    }
    stage.suite.end().await;
}
on_both!(the_view_shows_the_last_score_of_each_instrument, super::last_scores);
