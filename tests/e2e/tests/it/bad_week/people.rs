//! Who takes part in the week, what they ask, and what each role sees of it.

use std::time::Duration;

use kit::client::{CallError, CallOptions};
use schema::{
    access::{Class, Level, Reach, Role, TABLE},
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{CustomerPath, GetConsents, GetCustomer},
        interaction::{
            ApproveGesture, AuthorityLine, Case, CasePath, CasesQuery, CloseCase, ContactsQuery, GesturePath,
            GestureStep, GetCase, GetGesture, GetTask, GetTimeline, ListCases, ListContacts, ListOutreaches,
            ListTasks, NewAuthorityMatrix, OutreachesQuery, SetAuthorityMatrix, TaskPath, TasksQuery,
            TimelineQuery,
        },
        loyalty::{Condition, GetAccount, PreviewSegment, PreviewWanted},
        problem::Code,
        survey::{
            AnswersQuery, CreateInvitationRule, GetRecovery, Invitation, InvitationLink, InvitationPath,
            InvitationState, InvitationTerms, InvitationsQuery, ListAnswers, ListInvitations,
            ListInvitationsToSend, NewInvitationRule, RecoveryQuery, RecoveryReport, SendInvitation,
        },
    },
    ids::{CaseId, CustomerId, InvitationId, OrgUnitId},
    topology::Service,
    value::Minor,
};
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, eventually};

use super::{NOW, Past, seen};
use crate::{commands::problem, company::Company, desk::Colleague, gestures, survey::asking};

pub(super) const NONE: NoParameters = NoParameters {};
/// How long anything may take. On a busy machine with few cores that is long.
pub(crate) const LONG: Duration = Duration::from_secs(40);

/// The customer and everybody who has to do with them.
pub(crate) struct Week {
    pub(crate) suite: Suite,
    pub(crate) company: Company,
    pub(crate) customer: CustomerId,
    /// Sells in the outlet; takes the complaint.
    pub(crate) clara: Colleague,
    /// Is offered the case.
    pub(crate) bert: Colleague,
    /// Does the task.
    pub(crate) cora: Colleague,
    /// Leads the outlet.
    pub(crate) dora: Colleague,
    /// The connector that hands invitations to the channels.
    pub(crate) marketing: Person,
}

impl Week {
    /// The outlet with its people, what they may give, and the rule that asks after every case.
    pub(crate) async fn begin(place: &Place) -> Self {
        let suite = Suite::start(place).await;
        let company = Company::found(&suite).await;
        let here = (company.north_1, "north-1");
        let clara = Colleague::join(&suite, &company, "clara", Role::Sales, here).await;
        let bert = Colleague::join(&suite, &company, "bert", Role::Aftersales, here).await;
        let cora = Colleague::join(&suite, &company, "cora", Role::Aftersales, here).await;
        let dora = Colleague::join(&suite, &company, "dora", Role::Manager, here).await;
        let customer = company.register(&suite, company.north_1, "Angry Ann", "+8613812340090").await.id;
        let marketing = suite.person(Role::Marketing, "north-1");
        let week = Self { suite, company, customer, clara, bert, cora, dora, marketing };
        let line = |role, limit| AuthorityLine {
            role,
            unit_kind: None,
            currency: gestures::yuan(),
            limit_minor: Some(Minor::new(limit)),
            monthly_minor: None,
        };
        let matrix =
            NewAuthorityMatrix { lines: vec![line(Role::Sales, 2_000), line(Role::Manager, 10_000)] };
        let admin = &week.company.admin;
        week.call::<SetAuthorityMatrix>(Service::Interaction, admin, &NONE, &NONE, &matrix)
            .await
            .expect("a matrix");
        // As an administrator writes it who leaves the rest to the product.
        let terms = json!({ "trigger": "case_closed", "instrument": "nps" });
        let terms: InvitationTerms = serde_json::from_value(terms).expect("terms");
        let rule = NewInvitationRule { code: "after-case".to_owned(), terms };
        week.call::<CreateInvitationRule>(Service::Survey, admin, &NONE, &NONE, &rule).await.expect("a rule");
        week
    }

    pub(crate) fn path(&self) -> CustomerPath {
        CustomerPath { customer_id: self.customer }
    }

    /// Calls an endpoint, with patience.
    pub(crate) async fn call<E: Endpoint>(
        &self,
        service: Service,
        who: &Person,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, CallError> {
        let options = CallOptions { deadline: Some(Duration::from_secs(20)), ..CallOptions::default() };
        self.suite.call_with::<E>(service, who, path, query, body, &options).await
    }

    pub(crate) async fn case(&self, who: &Person, case_id: CaseId) -> Result<Case, CallError> {
        let path = CasePath { customer_id: self.customer, case_id };
        self.call::<GetCase>(Service::Interaction, who, &path, &NONE, &Nothing).await
    }

    /// The view says what is owed to the customer next: this and nothing else.
    pub(crate) async fn owes(&self, expected: Value) {
        let query = "query ($id: UUID!) { customer(id: $id) { nextOwed { kind what staffId } } }";
        let what = format!("the view shows that {expected} is owed");
        eventually(&what, LONG, || async {
            let seen = self.suite.ask(&self.clara.person, query, json!({ "id": self.customer })).await;
            (seen["customer"]["nextOwed"] == expected).then_some(())
        })
        .await;
    }

    /// The invitation about a case, as soon as it stands there.
    pub(crate) async fn invitation(&self, case: CaseId, state: InvitationState) -> Invitation {
        eventually(&format!("the invitation is {state:?}"), LONG, || async {
            let (path, query) = (self.path(), InvitationsQuery::default());
            let page = self
                .call::<ListInvitations>(Service::Survey, &self.dora.person, &path, &query, &Nothing)
                .await;
            let mut about = page.expect("a page").items.into_iter().filter(|one| one.case_id == Some(case));
            let found = about.next();
            assert!(about.next().is_none(), "one for a case");
            found.filter(|one| one.state == state)
        })
        .await
    }

    pub(crate) async fn to_send(&self, who: &Person) -> Vec<InvitationId> {
        let query = InvitationsQuery::default();
        let page = self.call::<ListInvitationsToSend>(Service::Survey, who, &NONE, &query, &Nothing).await;
        page.expect("a page").items.iter().map(|one| one.invitation_id).collect()
    }

    pub(crate) async fn send(
        &self,
        who: &Person,
        invitation_id: InvitationId,
    ) -> Result<InvitationLink, CallError> {
        let path = InvitationPath { customer_id: self.customer, invitation_id };
        self.call::<SendInvitation>(Service::Survey, who, &path, &NONE, &Nothing).await
    }

    /// The whole address of a link.
    pub(crate) fn link(&self, link: &InvitationLink) -> String {
        format!("{}{}", self.suite.url(Service::Survey), link.path)
    }

    pub(crate) async fn recovery(
        &self,
        who: &Person,
        org_unit_id: Option<OrgUnitId>,
    ) -> Result<RecoveryReport, CallError> {
        let query = RecoveryQuery { org_unit_id, ..RecoveryQuery::default() };
        self.call::<GetRecovery>(Service::Survey, who, &NONE, &query, &Nothing).await
    }
}

/// Every role of the outlet sees what the table says: words for those who serve after the sale and for managers,
/// scores for those who see values.
pub(super) async fn each_role(week: &Week, past: &Past) {
    let (mut readers, mut with_words, mut with_scores) = (Vec::new(), Vec::new(), Vec::new());
    for rule in TABLE.iter().filter(|rule| rule.role != Role::Service) {
        let role = rule.role;
        let who = week.suite.person(role, "north-1");
        let seen = week.case(&who, past.complaint).await;
        match rule.reach {
            Reach::Nothing => assert_eq!(problem(seen).code, Code::Forbidden, "{role:?}"),
            // Nothing of this week is theirs.
            Reach::Assigned => assert_eq!(problem(seen).code, Code::NotFound, "{role:?}"),
            Reach::Subtree | Reach::Everything => {
                readers.push(role);
                let (words, scores) = seen_by(week, past, &who, seen.expect("a case")).await;
                with_words.extend(words.then_some(role));
                with_scores.extend(scores.then_some(role));
            }
        }
        if matches!(rule.reach, Reach::Nothing | Reach::Assigned) {
            assert_eq!(seen::view(week, &who).await, Value::Null, "{role:?}");
        }
        let report = week.recovery(&who, None).await;
        match rule.value {
            Level::Whole => assert_eq!(report.expect("a report").recovered.map(|one| one.count), Some(1)),
            Level::Masked | Level::None => assert_eq!(problem(report).code, Code::Forbidden, "{role:?}"),
        }
    }
    use Role::{Aftersales, Executive, Manager, Marketing, Presales, Sales};
    assert_eq!(readers, [Presales, Sales, Aftersales, Marketing, Manager, Executive]);
    assert_eq!(with_words, [Aftersales, Manager]);
    assert_eq!(with_scores, [Marketing, Manager, Executive]);
}

/// Whether somebody sees words and scores: all of them or none, over REST and in the view alike.
async fn seen_by(week: &Week, past: &Past, who: &Person, case: Case) -> (bool, bool) {
    let path = week.path();
    let role = &who.viewer.roles;
    let follow_up = week.case(who, past.follow_up).await.expect("a case");
    let query = AnswersQuery::default();
    let answers =
        week.call::<ListAnswers>(Service::Survey, who, &path, &query, &Nothing).await.expect("answers").items;
    let query = ContactsQuery::default();
    let contacts = week
        .call::<ListContacts>(Service::Interaction, who, &path, &query, &Nothing)
        .await
        .expect("contacts")
        .items;
    let query = TasksQuery::default();
    let tasks = week
        .call::<ListTasks>(Service::Interaction, who, &path, &query, &Nothing)
        .await
        .expect("tasks")
        .items;
    let mut words = vec![case.subject, case.resolution, follow_up.resolution];
    words.extend([case.hand_overs[0].reason.clone(), case.hand_overs[0].decline_reason.clone()]);
    words.extend(case.gestures.into_iter().map(|gesture| gesture.notes));
    words.extend(tasks.into_iter().map(|task| task.notes));
    words.extend(contacts.into_iter().map(|contact| contact.notes));
    let mut scores = vec![follow_up.score_before, follow_up.score_after];
    scores.extend(answers.iter().map(|answer| answer.score));
    scores.extend(answers.iter().map(|answer| answer.low.map(i32::from)));
    words.extend(answers.into_iter().map(|answer| answer.verbatim));
    assert_eq!((words.len(), scores.len()), (11, 6), "{role:?}");
    seen::on_the_timeline_of(week, who).await;

    let voice = seen::view(week, who).await["voice"].take();
    let shown = voice["answers"].as_array().expect("answers");
    words.extend(shown.iter().map(|answer| answer["verbatim"].as_str().map(str::to_owned)));
    let score = |value: &Value| value.as_i64().map(|score| i32::try_from(score).expect("small"));
    scores.extend(shown.iter().map(|answer| score(&answer["score"])));
    scores.extend(["scoreBefore", "scoreAfter"].map(|name| score(&voice["recovery"][name])));
    scores.push(score(&voice["npsScore"]));
    let sees = |class| who.viewer.level(class) == Level::Whole;
    let (sees_words, sees_scores) = (sees(Class::Sensitive), sees(Class::Value));
    assert!(words.iter().all(|one| one.is_some() == sees_words), "{role:?}: {words:?}");
    assert!(scores.iter().all(|one| one.is_some() == sees_scores), "{role:?}: {scores:?}");
    (sees_words, sees_scores)
}

/// Whoever leads another outlet finds nobody and nothing, wherever they ask.
pub(super) async fn another_outlet(week: &Week, past: &Past) {
    let (who, path) = (&week.company.manager_south_1, week.path());
    macro_rules! not_found {
        ($($service:ident $endpoint:ty, $path:expr, $query:expr, $body:expr;)+) => {$(
            let asked = week.call::<$endpoint>(Service::$service, who, &$path, &$query, &$body).await;
            assert_eq!(problem(asked).code, Code::NotFound, stringify!($endpoint));
        )+};
    }
    let case = CasePath { customer_id: week.customer, case_id: past.complaint };
    let task = TaskPath { customer_id: week.customer, task_id: past.task };
    let gesture = GesturePath { customer_id: week.customer, gesture_id: past.gesture };
    not_found! {
        Customer GetCustomer, path, NONE, Nothing;
        Customer GetConsents, path, Default::default(), Nothing;
        Interaction GetTimeline, path, TimelineQuery::default(), Nothing;
        Interaction ListContacts, path, ContactsQuery::default(), Nothing;
        Interaction ListCases, path, CasesQuery::default(), Nothing;
        Interaction GetCase, case, NONE, Nothing;
        Interaction CloseCase, case, NONE, NOW;
        Interaction ListTasks, path, TasksQuery::default(), Nothing;
        Interaction GetTask, task, NONE, Nothing;
        Interaction GetGesture, gesture, NONE, Nothing;
        Interaction ApproveGesture, gesture, NONE, GestureStep { occurred_at: None };
        Interaction ListOutreaches, path, OutreachesQuery::default(), Nothing;
        Survey ListInvitations, path, InvitationsQuery::default(), Nothing;
        Survey ListAnswers, path, AnswersQuery::default(), Nothing;
        Loyalty GetAccount, path, NONE, Nothing;
    }
    let invitation = week.invitation(past.complaint, InvitationState::Answered).await;
    assert_eq!(problem(week.send(who, invitation.id).await).code, Code::NotFound);
    assert_eq!(seen::view(week, who).await, Value::Null);
    let report = week.recovery(who, Some(week.company.north_1)).await;
    assert_eq!(problem(report).code, Code::NotFound);
    let report = week.recovery(who, None).await.expect("a report");
    assert_eq!((report.asked, report.recovered), (0, None), "the figures leak no more than the records");
    // Nor does the public page tell anything of an invitation that is settled.
    let made_up = format!("{}/answer/{}", week.suite.url(Service::Survey), invitation.id);
    assert_eq!(asking::open(&made_up, "en").await.status, 410);
}

/// Who complained within thirty days, and was won back, is counted by those who lead and address them.
pub(super) async fn in_a_segment(week: &Week) {
    let condition = json!({ "all": [
        { "count": { "of": "complaints", "days": 30, "at_least": 1, "at_most": 1 } },
        { "count": { "of": "answers", "days": 30, "at_least": 2 } },
        { "last_score": { "instrument": "nps", "at_least": 9 } },
    ] });
    let condition: Condition = serde_json::from_value(condition).expect("a condition");
    let wanted = PreviewWanted { condition, as_of: None };
    let count = async |who: &Person| {
        let seen = week.call::<PreviewSegment>(Service::Loyalty, who, &NONE, &NONE, &wanted).await;
        seen.expect("a preview").customers
    };
    eventually("the customer is counted", LONG, || async {
        (count(&week.marketing).await == Some(1)).then_some(())
    })
    .await;
    assert_eq!(count(&week.dora.person).await, Some(1));
    assert_eq!(count(&week.company.manager_south_1).await, Some(0));
}
