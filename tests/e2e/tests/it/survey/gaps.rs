//! Expectation against perception: the worked example of SERVQUAL through the API.

use schema::{
    access::Role,
    api::{
        Nothing,
        interaction::Phase,
        problem::Code,
        survey::{GapQuery, GapReport, GetGaps, NewQuestionnaire, NewQuestionnaireAnswer},
    },
    topology::Service,
};
use testkit::{Person, Place};

use super::{
    NONE, Stage, days_ago, item,
    questionnaires::{filled_in, questionnaire},
};
use crate::{commands::problem, on_both};

/// The dimensions, their weights and the sums of four customers' gaps.
const DIMENSIONS: [(&str, i32, i32); 5] = [
    ("tangibles", 11, 1),
    ("reliability", 32, -5),
    ("responsiveness", 22, -4),
    ("assurance", 19, -1),
    ("empathy", 16, -2),
];

fn asked() -> GapQuery {
    GapQuery {
        questionnaire: "servqual".to_owned(),
        version: 1,
        org_unit_id: None,
        phase: None,
        from: None,
        to: None,
        wave_id: None,
        minimum: None,
    }
}

async fn report(stage: &Stage, who: &Person, asked: &GapQuery) -> Result<GapReport, kit::client::CallError> {
    stage.suite.call::<GetGaps>(Service::Survey, who, &NONE, asked, &Nothing).await
}

async fn servqual(place: Place) {
    let stage = Stage::set(&place).await;
    let manager = &stage.company.manager_hq;
    let items = DIMENSIONS.map(|(code, weight, _)| item(code, true, Some(weight))).into();
    let new = NewQuestionnaire { items, ..questionnaire("servqual", 1) };
    stage.create(&stage.company.admin, &new).await.expect("a questionnaire");
    assert_eq!(report(&stage, manager, &asked()).await.expect("a report").unweighted, None, "no answers yet");

    // The first customer's gap is the whole sum, the others' are zero.
    for customer in 0..4 {
        let gap = |sum| if customer == 0 { sum } else { 0 };
        let items = DIMENSIONS.map(|(code, _, sum)| (code, 7 + gap(sum), Some(7)));
        stage.fill_in(manager, stage.northerner, &filled_in("servqual", 1, &items)).await.expect("an answer");
    }
    let partial = NewQuestionnaireAnswer {
        phase: Some(Phase::Aftersales),
        ..filled_in("servqual", 1, &[("tangibles", 2, None)])
    };
    stage.fill_in(manager, stage.southerner, &partial).await.expect("a partial answer");

    let all = report(&stage, manager, &asked()).await.expect("a report");
    assert_eq!((all.n, all.partial, all.minimum), (5, 1, 30));
    let gaps: Vec<Option<i64>> = all.items.iter().map(|one| one.gap).collect();
    assert_eq!(gaps, [250_000, -1_250_000, -1_000_000, -250_000, -500_000].map(Some));
    assert_eq!((all.unweighted, all.weighted), (Some(-550_000), Some(-720_000)));
    let tangibles = &all.items[0];
    assert_eq!((tangibles.n, tangibles.pairs, tangibles.insufficient_sample), (5, 4, true));
    assert_eq!(tangibles.perception, Some(6_200_000), "of all who answered: 8, 7, 7, 7 and 2");
    assert_eq!(tangibles.expectation, Some(7_000_000), "of the pairs only");
    assert_eq!((tangibles.below, tangibles.met, tangibles.exceeded), (Some(0), Some(3), Some(1)));
    let few = GapQuery { minimum: Some(4), ..asked() };
    assert!(!report(&stage, manager, &few).await.expect("a report").items[0].insufficient_sample);

    // The southerner said no expectation: there is a perception and no gap, and so no overall gap.
    for south in [
        report(&stage, &stage.company.manager_south_1, &asked()).await,
        report(&stage, manager, &GapQuery { org_unit_id: Some(stage.company.south), ..asked() }).await,
        report(&stage, manager, &GapQuery { phase: Some(Phase::Aftersales), ..asked() }).await,
    ] {
        let south = south.expect("a report");
        assert_eq!((south.n, south.partial, south.unweighted, south.weighted), (1, 1, None, None));
        let tangibles = &south.items[0];
        assert_eq!((tangibles.perception, tangibles.pairs, tangibles.gap), (Some(2_000_000), 0, None));
        assert_eq!((south.items[1].n, south.items[1].perception), (0, None));
    }
    let before = GapQuery { to: Some(days_ago(2)), ..asked() };
    assert_eq!(report(&stage, manager, &before).await.expect("a report").n, 0);

    let unknown = GapQuery { version: 2, ..asked() };
    assert_eq!(problem(report(&stage, manager, &unknown).await).status, 404);
    let elsewhere = GapQuery { org_unit_id: Some(stage.company.north), ..asked() };
    let refused = report(&stage, &stage.company.manager_south_1, &elsewhere).await;
    assert_eq!(problem(refused).status, 404);
    for role in [Role::Presales, Role::Sales, Role::Aftersales, Role::Partner, Role::Admin] {
        let refused = report(&stage, &stage.suite.person(role, "hq"), &asked()).await;
        assert_eq!(problem(refused).code, Code::Forbidden, "{role:?}");
    }
    stage.suite.end().await;
}
on_both!(gaps_are_those_of_the_worked_example, super::servqual);
