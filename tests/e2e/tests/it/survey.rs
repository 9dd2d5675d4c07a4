//! The survey service: instruments, questionnaires, and what answers say together.

mod answer_page;
pub(crate) mod asking;
mod gaps;
mod instruments;
mod invitations;
mod low_score_loop;
mod misuse;
mod questionnaires;
mod results;
mod waves;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use kit::{client::CallError, db::statement};
use schema::{
    api::{
        NoParameters, Nothing,
        customer::CustomerPath,
        interaction::Channel,
        survey::{
            Answer, GetResult, Instrument, LocalText, NewAnswer, NewQuestionnaireItem, RecordAnswer,
            ResultQuery, ResultSummary,
        },
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use testkit::{Person, Place, Suite, eventually};

use crate::company::Company;

const NONE: NoParameters = NoParameters {};

/// A suite, a company, and a customer of `north-1` and of `south-1` each.
struct Stage {
    suite: Suite,
    company: Company,
    northerner: CustomerId,
    southerner: CustomerId,
}

impl Stage {
    async fn set(place: &Place) -> Self {
        let suite = Suite::start(place).await;
        let company = Company::found(&suite).await;
        let northerner = company.register(&suite, company.north_1, "Northern", "+8613812350001").await.id;
        let southerner = company.register(&suite, company.south_1, "Southern", "+8613812350002").await.id;
        let stage = Self { suite, company, northerner, southerner };
        let south = stage.company.south_1;
        eventually("the units are known", Duration::from_secs(10), || async {
            let asked = ResultQuery { org_unit_id: Some(south), ..asked(Instrument::Ces) };
            stage.result(&stage.company.manager_hq, &asked).await.ok()
        })
        .await;
        stage
    }

    async fn answer(&self, customer_id: CustomerId, new: &NewAnswer) -> Result<Answer, CallError> {
        let path = CustomerPath { customer_id };
        let who = &self.company.manager_hq;
        self.suite.call::<RecordAnswer>(Service::Survey, who, &path, &NONE, new).await
    }

    /// So many answers of each score, a few at a time.
    async fn answers(&self, customer: CustomerId, like: &NewAnswer, scores: &[(i32, usize)]) {
        let all: Vec<NewAnswer> = scores
            .iter()
            .flat_map(|(score, count)| {
                std::iter::repeat_n(NewAnswer { score: *score, ..like.clone() }, *count)
            })
            .collect();
        for some in all.chunks(6) {
            for answer in join_all(some.iter().map(|new| self.answer(customer, new))).await {
                answer.expect("an answer");
            }
        }
    }

    /// The details of the audit's entries of this action.
    async fn audited(&self, action: &str) -> Vec<Option<String>> {
        let survey = self.suite.running.iter().find(|one| one.runtime.service == Service::Survey);
        let db = survey.expect("survey").runtime.db.clone();
        let sql = "SELECT detail FROM audit_entry WHERE action = $1 ORDER BY recorded_at, id";
        let rows = db.read().query_all_raw(statement(db.read(), sql, vec![action.into()])).await;
        let rows = rows.expect("the audit");
        rows.iter().map(|row| row.try_get("", "detail").expect("a detail or none")).collect()
    }

    async fn result(&self, who: &Person, asked: &ResultQuery) -> Result<ResultSummary, CallError> {
        self.suite.call::<GetResult>(Service::Survey, who, &NONE, asked, &Nothing).await
    }
}

/// All answers to an instrument.
fn asked(instrument: Instrument) -> ResultQuery {
    ResultQuery {
        instrument,
        org_unit_id: None,
        phase: None,
        from: None,
        to: None,
        latest_days: None,
        wave_id: None,
        minimum: None,
    }
}

fn new_answer(instrument: Instrument, score: i32, occurred_at: DateTime<Utc>) -> NewAnswer {
    NewAnswer {
        instrument,
        score,
        verbatim: None,
        org_unit_id: None,
        purchase_id: None,
        phase: None,
        channel: Channel::Web,
        occurred_at,
    }
}

fn days_ago(days: i64) -> DateTime<Utc> {
    kit::clock::Clock::system().now() - TimeDelta::days(days)
}

fn text(language: &str, text: &str) -> LocalText {
    LocalText { language: language.to_owned(), text: text.to_owned() }
}

/// An item on the scale from 1 to 9.
fn item(code: &str, with_expectation: bool, weight: Option<i32>) -> NewQuestionnaireItem {
    NewQuestionnaireItem {
        code: code.to_owned(),
        texts: vec![text("zh-Hans", "怎么样？"), text("en", "How was it?")],
        lo: 1,
        hi: 9,
        with_expectation,
        weight,
    }
}

/// The answer about this unit.
fn about(unit: OrgUnitId, new: NewAnswer) -> NewAnswer {
    NewAnswer { org_unit_id: Some(unit), ..new }
}

/// Millionths as a published number with so many decimals.
fn rounded(millionths: i64, decimals: usize) -> String {
    format!("{:.decimals$}", millionths as f64 / 1e6)
}
