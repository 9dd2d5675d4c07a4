//! What the company of the demo agrees upon: who may give how much, when it works, how fast it is, whom it
//! asks, and what it does in the week ahead.

use chrono::{DateTime, Utc};
use schema::{
    access::Role,
    api::{
        NoParameters,
        customer::OrgUnitKind,
        interaction::{
            AssignCalendar, AuthorityLine, CalendarPath, CalendarUnit, CreateCalendar, MakeActionPlan,
            NewActionPlan, NewAuthorityMatrix, NewCalendar, NewNightlyPlan, NewStandard, SetAuthorityMatrix,
            SetNightlyPlan, SetStandard, Severity, Span, Weekday, WeekdayHours,
        },
        survey::{CreateInvitationRule, InvitationTerms, InvitationTrigger, NewInvitationRule},
    },
    value::Minor,
};

use super::{
    Door, Failed, Owner,
    company::{Company, Shop},
};

const NONE: NoParameters = NoParameters {};
/// How far the action plan looks ahead.
const HORIZON_DAYS: i32 = 7;

/// Before anything happens.
pub(super) async fn agree(door: &Door, company: &Company) -> Result<(), Failed> {
    let line = |unit_kind, limit: Option<i64>| AuthorityLine {
        role: Role::Manager,
        unit_kind: Some(unit_kind),
        currency: door.currency.clone(),
        limit_minor: limit.map(Minor::new),
        monthly_minor: None,
    };
    let lines = vec![
        line(OrgUnitKind::Outlet, Some(10_000)),
        line(OrgUnitKind::Company, Some(100_000)),
        line(OrgUnitKind::Headquarters, None),
    ];
    let (key, new) = ("demo-authority".to_owned(), NewAuthorityMatrix { lines });
    door.command::<SetAuthorityMatrix>(Owner::Interaction, key, &NONE, &new).await?;
    hours(door, company).await?;
    for (code, trigger) in
        [("after-case", InvitationTrigger::CaseClosed), ("after-purchase", InvitationTrigger::Purchase)]
    {
        // What is absent has its usual value.
        let terms = serde_json::json!({ "trigger": trigger, "instrument": "nps" });
        let terms: InvitationTerms = serde_json::from_value(terms)?;
        let new = NewInvitationRule { code: code.to_owned(), terms };
        let key = format!("demo-rule-{code}");
        door.command::<CreateInvitationRule>(Owner::Survey, key, &NONE, &new).await?;
    }
    Ok(())
}

/// Shops are closed at noon, and open for less time on Sundays.
async fn hours(door: &Door, company: &Company) -> Result<(), Failed> {
    let span = |from: i32, to: i32| Span { from_minute: from * 60, to_minute: to * 60 };
    let day = |weekday| WeekdayHours { weekday, spans: vec![span(9, 12), span(13, 20)] };
    let mut week: Vec<_> = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
    ]
    .map(day)
    .into();
    week.push(WeekdayHours { weekday: Weekday::Sunday, spans: vec![span(10, 18)] });
    let new = NewCalendar {
        code: "shops".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        week,
        holidays: Vec::new(),
        special_days: Vec::new(),
    };
    let key = "demo-calendar".to_owned();
    let calendar = door.command::<CreateCalendar>(Owner::Interaction, key, &NONE, &new).await?;
    let (path, unit) =
        (CalendarPath { calendar_id: calendar.id }, CalendarUnit { org_unit_id: company.root });
    let key = "demo-calendar-of-all".to_owned();
    door.command::<AssignCalendar>(Owner::Interaction, key, &path, &unit).await?;
    for (severity, response, resolution) in
        [(Severity::Normal, 120, 960), (Severity::High, 60, 480), (Severity::Critical, 15, 120)]
    {
        let new = NewStandard {
            topic: None,
            severity,
            response_minutes: Some(response),
            resolution_minutes: resolution,
            warning_percent: None,
        };
        let key = format!("demo-standard-{resolution}");
        door.command::<SetStandard>(Owner::Interaction, key, &NONE, &new).await?;
    }
    Ok(())
}

/// When all is told: the deliveries of the days ahead, now and every night.
pub(super) async fn plan_the_week(shops: &[Shop], now: DateTime<Utc>) -> Result<(), Failed> {
    for shop in shops {
        let lead = &shop.lead;
        let (org_unit_id, horizon_days, default_owner_id) = (shop.unit, HORIZON_DAYS, Some(shop.driver.id));
        let new = NewActionPlan { org_unit_id, date: now.date_naive(), horizon_days, default_owner_id };
        let key = format!("demo-plan-{}", shop.code);
        lead.door.command::<MakeActionPlan>(Owner::Interaction, key, &NONE, &new).await?;
        let new = NewNightlyPlan { org_unit_id, horizon_days, default_owner_id };
        let key = format!("demo-nightly-{}", shop.code);
        lead.door.command::<SetNightlyPlan>(Owner::Interaction, key, &NONE, &new).await?;
    }
    Ok(())
}
