//! How we work: calendars, standards, plans, the authority matrix and how often customers are reached.

use serde_json::json;

use super::story::{SET, Story, now};

pub(super) async fn tell(story: &Story) {
    let (company, dora) = (&story.company, &story.dora.person);
    let (admin, manager) = (&company.admin, &company.manager_hq);
    let week = json!([{ "weekday": "MONDAY", "spans": [{ "fromMinute": 540, "toMinute": 1_020 }] }]);
    let new = json!({ "code": "office", "timeZone": "Asia/Shanghai", "week": &week });
    let shown = json!({ "code": "office", "timeZone": "Asia/Shanghai", "week": week, "holidays": [] });
    let calendar = story.does(manager, "createCalendar", json!({ "input": new }), shown).await["id"].clone();
    let change = json!({ "calendarId": calendar, "input": { "holidays": ["2027-01-01"] } });
    story.does(manager, "changeCalendar", change, json!({ "holidays": ["2027-01-01"] })).await;
    let assign = json!({ "calendarId": calendar, "input": { "orgUnitId": company.south_1 } });
    let shown = json!({ "calendarId": calendar, "orgUnitId": company.south_1 });
    story.does(manager, "assignCalendar", assign, shown).await;
    let standard = json!({ "topic": "late-delivery", "severity": "LOW", "responseMinutes": 60,
        "resolutionMinutes": 480 });
    let shown = json!({ "topic": "late-delivery", "responseMinutes": 60, "resolutionMinutes": 480 });
    story.does(manager, "setStandard", json!({ "input": standard }), shown).await;

    let today = now().date_naive();
    let plan = json!({ "orgUnitId": company.north_1, "date": today, "horizonDays": 3 });
    let shown = json!({ "orgUnitId": company.north_1, "date": today, "added": 0, "more": false });
    story.does(dora, "makeActionPlan", json!({ "input": plan }), shown).await;
    let nightly = json!({ "orgUnitId": company.north_1, "horizonDays": 2 });
    let shown = json!({ "horizonDays": 2, "defaultOwnerId": story.dora.id, "nextAt": SET });
    story.does(dora, "setNightlyPlan", json!({ "input": nightly }), shown).await;

    let lines = json!([
        { "role": "AFTERSALES", "currency": "CNY", "limitMinor": 2_000 },
        { "role": "MANAGER", "currency": "CNY", "limitMinor": 50_000 },
    ]);
    let matrix = json!({ "input": { "lines": &lines } });
    story.does(admin, "setAuthorityMatrix", matrix, json!({ "lines": lines })).await;
    let policy = json!({ "personMost": 2, "personDays": 14 });
    let change = json!({ "input": policy });
    story.does(admin, "changeOutreachPolicy", change, policy).await;
}
