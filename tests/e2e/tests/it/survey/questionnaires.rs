//! Questionnaires: versions, answers by item, expectation beside perception, masks and scope.

use kit::client::{CallError, CallOptions};
use schema::{
    access::{Level, Role, TABLE},
    api::{
        Nothing,
        customer::CustomerPath,
        interaction::Channel,
        problem::Code,
        survey::{
            AnswerQuestionnaire, AnswersQuery, CreateQuestionnaire, ExpectationClass,
            ListQuestionnaireAnswers, ListQuestionnaires, NewItemAnswer, NewQuestionnaire,
            NewQuestionnaireAnswer, Questionnaire, QuestionnaireAnswer, QuestionnaireFilter,
        },
    },
    ids::CustomerId,
    topology::Service,
};
use testkit::{Person, Place};

use super::{NONE, Stage, days_ago, item, text};
use crate::{commands::problem, on_both};

impl Stage {
    pub(super) async fn create(
        &self,
        who: &Person,
        new: &NewQuestionnaire,
    ) -> Result<Questionnaire, CallError> {
        self.suite.call::<CreateQuestionnaire>(Service::Survey, who, &NONE, &NONE, new).await
    }

    pub(super) async fn fill_in(
        &self,
        who: &Person,
        customer_id: CustomerId,
        new: &NewQuestionnaireAnswer,
    ) -> Result<QuestionnaireAnswer, CallError> {
        let path = CustomerPath { customer_id };
        self.suite.call::<AnswerQuestionnaire>(Service::Survey, who, &path, &NONE, new).await
    }
}

pub(super) fn questionnaire(code: &str, version: i32) -> NewQuestionnaire {
    NewQuestionnaire {
        code: code.to_owned(),
        version,
        titles: vec![text("zh-Hans", "我们的服务"), text("en", "Our service")],
        items: vec![item("speed", true, None), item("care", true, None), item("price", false, None)],
    }
}

/// An answer: item, perception, expectation.
pub(super) fn filled_in(
    code: &str,
    version: i32,
    items: &[(&str, i32, Option<i32>)],
) -> NewQuestionnaireAnswer {
    let item = |(item, perception, expectation): &(&str, i32, Option<i32>)| NewItemAnswer {
        item: (*item).to_owned(),
        perception: *perception,
        expectation: *expectation,
    };
    NewQuestionnaireAnswer {
        questionnaire: code.to_owned(),
        version,
        items: items.iter().map(item).collect(),
        verbatim: None,
        org_unit_id: None,
        purchase_id: None,
        phase: None,
        channel: Channel::Web,
        occurred_at: days_ago(1),
    }
}

async fn versions(place: Place) {
    let stage = Stage::set(&place).await;
    let (admin, seller) = (&stage.company.admin, stage.suite.person(Role::Sales, "north-1"));
    let first = stage.create(admin, &questionnaire("service", 1)).await.expect("the first version");
    assert_eq!((first.items.len(), first.titles.len()), (3, 2));
    let again = problem(stage.create(admin, &questionnaire("service", 1)).await);
    assert_eq!(again.code, Code::AlreadyExists);
    let ahead = problem(stage.create(admin, &questionnaire("service", 3)).await);
    assert_eq!(ahead.code, Code::Conflict);
    assert!(ahead.detail.contains("is 2"), "{}", ahead.detail);
    let by_manager = stage.create(&stage.company.manager_hq, &questionnaire("service", 2)).await;
    assert_eq!(by_manager.expect("the second version").version, 2);
    assert_eq!(problem(stage.create(&seller, &questionnaire("service", 3)).await).code, Code::Forbidden);

    let options = CallOptions { if_match: Some(1), ..CallOptions::default() };
    let third = questionnaire("service", 3);
    let stale =
        stage.suite.call_with::<CreateQuestionnaire>(Service::Survey, admin, &NONE, &NONE, &third, &options);
    assert_eq!(problem(stale.await).code, Code::StaleRevision);

    let mut wrong = questionnaire("No Code", 1);
    wrong.items[2].weight = Some(1);
    wrong.items[1].code = "speed".to_owned();
    wrong.items[1].texts.pop();
    let refused = problem(stage.create(admin, &wrong).await);
    let pointers: Vec<&str> = refused.errors.iter().map(|one| one.pointer.as_str()).collect();
    let expected =
        ["/code", "/items/0/weight", "/items/1/code", "/items/1/texts", "/items/1/weight", "/items/2/weight"];
    assert_eq!(pointers, expected);

    stage.create(admin, &questionnaire("counter", 1)).await.expect("another one");
    let done = ["service version 1", "service version 2", "counter version 1"];
    assert_eq!(stage.audited("questionnaire.create").await, done.map(|detail| Some(detail.to_owned())));
    let list = async |filter: QuestionnaireFilter| {
        stage.suite.call::<ListQuestionnaires>(Service::Survey, &seller, &NONE, &filter, &Nothing).await
    };
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page =
            list(QuestionnaireFilter { limit: Some(1), after, ..QuestionnaireFilter::default() }).await;
        let page = page.expect("a page");
        seen.extend(page.items.iter().map(|one| (one.code.clone(), one.version, one.items.len())));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected = [("counter", 1, 3), ("service", 1, 3), ("service", 2, 3)];
    assert_eq!(seen, expected.map(|(code, version, items)| (code.to_owned(), version, items)));
    let one = QuestionnaireFilter {
        code: Some("service".to_owned()),
        version: Some(1),
        ..QuestionnaireFilter::default()
    };
    assert_eq!(list(one).await.expect("a page").items, [first]);
    let too_many = QuestionnaireFilter { limit: Some(201), ..QuestionnaireFilter::default() };
    assert_eq!(problem(list(too_many).await).code, Code::Invalid);
    stage.suite.end().await;
}
on_both!(versions_follow_each_other_and_never_change, super::versions);

/// Rows 19 and 84 of the founding demands.
async fn expectation(place: Place) {
    let stage = Stage::set(&place).await;
    let (who, customer) = (&stage.company.manager_north_1, stage.northerner);
    stage.create(&stage.company.admin, &questionnaire("service", 1)).await.expect("a questionnaire");
    let cases = [
        (Some(6), 8, Some((2, ExpectationClass::Exceeded))),
        (Some(6), 6, Some((0, ExpectationClass::Met))),
        (Some(6), 5, Some((-1, ExpectationClass::Below))),
        (Some(7), 6, Some((-1, ExpectationClass::Below))),
        (None, 6, None),
    ];
    for (expected, perceived, gap) in cases {
        let new = filled_in("service", 1, &[("speed", perceived, expected)]);
        let answer = stage.fill_in(who, customer, &new).await.expect("an answer");
        let item = &answer.items[0];
        assert_eq!((item.perception, item.expectation), (Some(perceived), expected));
        assert_eq!((item.gap, item.class), (gap.map(|gap| gap.0), gap.map(|gap| gap.1)));
        assert_eq!((answer.asked, answer.answered, answer.partial), (3, 1, true));
    }
    let whole = filled_in("service", 1, &[("price", 9, None), ("care", 1, Some(9)), ("speed", 5, None)]);
    let whole = stage.fill_in(who, customer, &whole).await.expect("an answer to all");
    assert!(!whole.partial);
    let order: Vec<&str> = whole.items.iter().map(|one| one.item.as_str()).collect();
    assert_eq!(order, ["speed", "care", "price"]);

    for (items, pointer) in [
        (vec![("speed", 0, None)], "/items/0/perception"),
        (vec![("speed", 1, Some(10))], "/items/0/expectation"),
        (vec![("price", 1, Some(1))], "/items/0/expectation"),
        (vec![("speed", 1, None), ("speed", 1, None)], "/items/1/item"),
        (vec![("taste", 1, None)], "/items/0/item"),
        (vec![], "/items"),
    ] {
        let refused = problem(stage.fill_in(who, customer, &filled_in("service", 1, &items)).await);
        assert_eq!((refused.status, refused.errors[0].pointer.as_str()), (422, pointer));
    }
    let unknown = filled_in("service", 2, &[("speed", 1, None)]);
    assert_eq!(problem(stage.fill_in(who, customer, &unknown).await).errors[0].pointer, "/questionnaire");
    stage.suite.end().await;
}
on_both!(a_missing_expectation_is_never_zero, super::expectation);

async fn who_reads(place: Place) {
    let stage = Stage::set(&place).await;
    let customer = stage.northerner;
    let (who, stranger) = (&stage.company.manager_north_1, &stage.company.manager_south_1);
    stage.create(&stage.company.admin, &questionnaire("service", 1)).await.expect("a questionnaire");
    let mut new = filled_in("service", 1, &[("speed", 8, Some(6)), ("care", 7, None)]);
    new.verbatim = Some("Quick, and kind.".to_owned());
    for _ in 0..3 {
        stage.fill_in(who, customer, &new).await.expect("an answer");
    }
    assert_eq!(problem(stage.fill_in(stranger, customer, &new).await).status, 404);
    assert_eq!(stage.audited("questionnaire.answer").await, [None, None, None], "the stranger did nothing");
    let path = CustomerPath { customer_id: customer };
    let list = async |person: &Person, query: &AnswersQuery| {
        let service = Service::Survey;
        stage.suite.call::<ListQuestionnaireAnswers>(service, person, &path, query, &Nothing).await
    };
    let all = AnswersQuery::default();
    assert_eq!(problem(list(stranger, &all).await).status, 404);
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = list(who, &AnswersQuery { limit: Some(2), after }).await.expect("a page");
        seen.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(list(who, &all).await.expect("all").items, seen);
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|answer| answer.items.len() == 2 && answer.partial));
    assert_eq!(problem(list(who, &AnswersQuery { limit: Some(51), after: None }).await).status, 422);

    for rule in TABLE.iter().filter(|rule| rule.role != Role::Service) {
        let person = stage.suite.person(rule.role, "hq");
        let page = match (rule.role, list(&person, &all).await) {
            (Role::Admin, refused) => {
                assert_eq!(problem(refused).code, Code::Forbidden);
                continue;
            }
            (Role::Partner, refused) => {
                assert_eq!(problem(refused).code, Code::NotFound);
                continue;
            }
            (_, page) => page.expect("a page"),
        };
        let (values, words) = (rule.value == Level::Whole, rule.sensitive == Level::Whole);
        for answer in page.items {
            assert_eq!(answer.verbatim.is_some(), words, "{:?}", rule.role);
            let speed = &answer.items[0];
            let shown = [
                speed.perception.is_some(),
                speed.expectation.is_some(),
                speed.gap.is_some(),
                speed.class.is_some(),
            ];
            assert_eq!(shown, [values; 4], "{:?}", rule.role);
        }
    }
    stage.suite.end().await;
}
on_both!(who_reads_what_of_a_questionnaires_answers, super::who_reads);
