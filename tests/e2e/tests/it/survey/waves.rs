//! Waves, and the current value with its age (row 18: forty days after a wave was closed: value, n, interval, age).

use std::time::Duration;

use chrono::TimeDelta;
use schema::{
    access::Role,
    api::{
        Nothing,
        problem::Code,
        survey::{
            CloseWave, CreateWave, CurrentQuery, GetCurrent, GetWave, GetWaveResult, Instrument,
            InvitationState, InvitationTerms, InvitationTrigger, ListWaves, NewWave, OpenWave, StateCount,
            Wave, WavePath, WaveProgress, WaveState, WavesQuery,
        },
    },
    ids::CustomerId,
};
use testkit::{Place, eventually};

use super::asking::{Asking, HQ, LONG, NONE, NORTH, SOUTH, fill_in, terms, unit};
use crate::{commands::problem, on_both};

fn new_wave(stage: &Asking, code: &str, of: u128) -> NewWave {
    NewWave {
        code: code.to_owned(),
        rule: "half-yearly".to_owned(),
        org_unit_id: unit(of),
        from: stage.clock.now(),
        until: stage.clock.now() + TimeDelta::days(20),
        sample_size: None,
        target_answers: Some(5),
    }
}

async fn planned(stage: &Asking, new: &NewWave) -> WavePath {
    let wave = stage.call::<CreateWave>(Role::Manager, "hq", &NONE, &NONE, new).await.expect("a wave");
    assert_eq!(wave.state, WaveState::Planned);
    WavePath { wave_id: wave.id }
}

async fn opened(stage: &Asking, path: &WavePath) -> WaveProgress {
    let wave: Wave =
        stage.call::<OpenWave>(Role::Manager, "hq", path, &NONE, &Nothing).await.expect("opened");
    assert_eq!((wave.state, wave.opened_at), (WaveState::Open, Some(stage.clock.now())));
    eventually("everybody was looked at", LONG, || async {
        let progress = progress(stage, path).await;
        progress.complete.then_some(progress)
    })
    .await
}

async fn progress(stage: &Asking, path: &WavePath) -> WaveProgress {
    stage.call::<GetWave>(Role::Manager, "hq", path, &NONE, &Nothing).await.expect("progress")
}

async fn answer(stage: &Asking, customer: CustomerId, score: i32) {
    let link = stage.link(customer, 0).await;
    assert_eq!(fill_in(&link, &format!("score={score}&do=send")).await.status, 200);
}

/// From planning to the value that is forty days old.
async fn a_wave(place: Place) {
    let stage = Asking::set(&place).await;
    stage.rule("after-case", &terms(InvitationTrigger::CaseClosed, Instrument::Csat)).await;
    stage.rule("half-yearly", &terms(InvitationTrigger::Wave, Instrument::Nps)).await;
    let mut customers = Vec::new();
    for _ in 0..6 {
        customers.push(stage.register(NORTH).await);
    }
    let southerner = stage.register(SOUTH).await;
    // One of them was asked something yesterday.
    stage.close_case(customers[5], None).await;
    stage.proposal(customers[5], 0).await;
    stage.clock.advance(Duration::from_secs(86_400));

    let path = planned(&stage, &new_wave(&stage, "spring", NORTH)).await;
    assert_eq!(stage.invitations(customers[0]).await, []);
    let twice =
        stage.call::<CreateWave>(Role::Admin, "hq", &NONE, &NONE, &new_wave(&stage, "spring", NORTH)).await;
    assert_eq!(problem(twice).code, Code::AlreadyExists);
    let elsewhere = stage.call::<OpenWave>(Role::Manager, "south", &path, &NONE, &Nothing).await;
    assert_eq!(problem(elsewhere).code, Code::NotFound);
    let done = opened(&stage, &path).await;
    assert_eq!((done.considered, done.sampled, done.cooling_off), (6, 6, 1));
    assert_eq!(done.states, [StateCount { state: InvitationState::Proposed, count: 5 }]);
    let again = stage.call::<OpenWave>(Role::Manager, "hq", &path, &NONE, &Nothing).await;
    assert_eq!(problem(again).code, Code::Conflict);
    assert_eq!(stage.invitations(southerner).await, []);
    let invited = stage.newest(customers[0], InvitationState::Proposed).await;
    assert_eq!(
        (invited.wave_id, invited.expires_at),
        (Some(path.wave_id), stage.clock.now() + TimeDelta::days(14))
    );
    // Who sees no customers sees no counts of them.
    let admin = stage.call::<GetWave>(Role::Admin, "hq", &path, &NONE, &Nothing).await.expect("progress");
    assert_eq!((admin.states, admin.considered), (vec![], 6));

    for (customer, score) in [(0, 10), (1, 9), (2, 8), (3, 3)] {
        answer(&stage, customers[customer], score).await;
    }
    let current = CurrentQuery { instrument: Instrument::Nps, org_unit_id: Some(unit(NORTH)) };
    let unknown = stage.call::<GetCurrent>(Role::Manager, "hq", &NONE, &current, &Nothing).await;
    assert_eq!(problem(unknown).code, Code::NotFound, "an open wave is no value");
    let closed = stage.call::<CloseWave>(Role::Manager, "hq", &path, &NONE, &Nothing).await.expect("closed");
    assert_eq!(closed.state, WaveState::Closed);
    let ended = stage.newest(customers[4], InvitationState::Expired).await;
    assert_eq!(ended.expires_at, stage.clock.now(), "what was not answered runs out with the wave");
    let states = progress(&stage, &path).await.states;
    let state = |state, count| StateCount { state, count };
    assert_eq!(states, [state(InvitationState::Answered, 4), state(InvitationState::Expired, 1)]);

    stage.clock.advance(Duration::from_secs(40 * 86_400));
    let value =
        stage.call::<GetCurrent>(Role::Executive, "hq", &NONE, &current, &Nothing).await.expect("a value");
    assert_eq!((value.code.as_str(), value.n, value.age_days), ("spring", 4, Some(40)));
    // Two promoters, one passive, one detractor: 25 points; adjusted Wald: (2.75 - 1.75) / 7 = 14.3 points.
    assert_eq!(value.value, Some(25_000_000));
    let interval = value.interval.expect("an interval");
    let result = value.result.expect("a result");
    assert_eq!(Some(interval), result.nps.map(|nps| nps.adjusted_wald));
    assert!(interval.low < 14_285_714 && 14_285_714 < interval.high);
    assert_eq!((value.sent, value.answered, value.target_answers), (4, 4, Some(5)));
    let one =
        stage.call::<GetWaveResult>(Role::Manager, "north", &path, &NONE, &Nothing).await.expect("a result");
    assert_eq!((one.n, one.value), (4, Some(25_000_000)));
    // Nobody asked the south.
    let south = CurrentQuery { org_unit_id: Some(unit(SOUTH)), ..current.clone() };
    let south = stage.call::<GetCurrent>(Role::Manager, "hq", &NONE, &south, &Nothing).await;
    assert_eq!(problem(south).code, Code::NotFound);
    let whole = CurrentQuery { org_unit_id: None, ..current };
    let whole = stage.call::<GetCurrent>(Role::Manager, "north", &NONE, &whole, &Nothing).await;
    assert_eq!(whole.expect("a value").n, 4, "one's own unit, when none is named");
    stage.end().await;
}
on_both!(a_wave_gives_a_value_with_its_age, super::a_wave);

/// A wave of the whole company, asked about for a part of it: who was sent something there, and who answered.
async fn of_a_unit(place: Place) {
    let stage = Asking::set(&place).await;
    stage.rule("half-yearly", &terms(InvitationTrigger::Wave, Instrument::Nps)).await;
    let (mut north, mut south) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        north.push(stage.register(NORTH).await);
    }
    for _ in 0..2 {
        south.push(stage.register(SOUTH).await);
    }
    let path = planned(&stage, &new_wave(&stage, "autumn", HQ)).await;
    assert_eq!(opened(&stage, &path).await.sampled, 5);
    for (customer, score) in [(north[0], 10), (north[1], 3), (south[0], 9)] {
        answer(&stage, customer, score).await;
    }
    // Sent, and not answered.
    stage.link(south[1], 0).await;
    stage.call::<CloseWave>(Role::Manager, "hq", &path, &NONE, &Nothing).await.expect("closed");
    let current = async |who: &str, of: Option<u128>| {
        let asked = CurrentQuery { instrument: Instrument::Nps, org_unit_id: of.map(unit) };
        stage.call::<GetCurrent>(Role::Manager, who, &NONE, &asked, &Nothing).await
    };
    for (who, of, figures) in [
        ("hq", Some(HQ), (4, 3, 3)),
        ("hq", None, (4, 3, 3)),
        ("hq", Some(NORTH), (2, 2, 2)),
        ("hq", Some(SOUTH), (2, 1, 1)),
        ("north", None, (2, 2, 2)),
        ("south", Some(SOUTH), (2, 1, 1)),
    ] {
        let told = current(who, of).await.expect("a value");
        assert_eq!((told.sent, told.answered, told.n), figures, "{who} asks about {of:x?}");
    }
    assert_eq!(problem(current("north", Some(SOUTH)).await).code, Code::NotFound, "not one's own unit");
    stage.end().await;
}
on_both!(a_part_of_a_wave_counts_only_that_part, super::of_a_unit);

/// A sample, a period that ends by itself, and what is refused.
async fn samples(place: Place) {
    let stage = Asking::set(&place).await;
    let share = InvitationTerms { share: 400_000, ..terms(InvitationTrigger::Wave, Instrument::Csat) };
    stage.rule("half-yearly", &share).await;
    for _ in 0..60 {
        stage.register(NORTH).await;
    }
    let path = planned(&stage, &new_wave(&stage, "summer", NORTH)).await;
    let done = opened(&stage, &path).await;
    assert_eq!((done.considered, done.cooling_off), (60, 0));
    // 40 % of 60 are 24; five standard deviations of the binomial are 19.
    assert!((5..=43).contains(&done.sampled), "{}", done.sampled);
    assert_eq!(done.states, [StateCount { state: InvitationState::Proposed, count: done.sampled }]);
    stage.clock.advance(Duration::from_secs(20 * 86_400));
    eventually("it closes by itself", LONG, || async {
        (progress(&stage, &path).await.wave.state == WaveState::Closed).then_some(())
    })
    .await;

    let new = NewWave { sample_size: Some(60), ..new_wave(&stage, "autumn", NORTH) };
    let path = planned(&stage, &new).await;
    let done = opened(&stage, &path).await;
    assert_eq!((done.sampled, done.cooling_off > 0), (60, true), "{done:?}");
    let called_off = planned(&stage, &new_wave(&stage, "winter", NORTH)).await;
    stage.call::<CloseWave>(Role::Admin, "hq", &called_off, &NONE, &Nothing).await.expect("called off");
    let refusal = problem(stage.call::<OpenWave>(Role::Admin, "hq", &called_off, &NONE, &Nothing).await);
    assert!(refusal.code == Code::Conflict && refusal.detail.contains("closed"), "{}", refusal.detail);

    let wrong =
        NewWave { rule: "no-rule".to_owned(), until: stage.clock.now(), ..new_wave(&stage, "Ü", NORTH) };
    let refusal = problem(stage.call::<CreateWave>(Role::Manager, "south", &NONE, &NONE, &wrong).await);
    let pointers: Vec<&str> = refusal.errors.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(pointers, ["/code", "/until", "/rule", "/org_unit_id"]);
    let query = WavesQuery { limit: Some(2), ..WavesQuery::default() };
    let page = stage.call::<ListWaves>(Role::Marketing, "hq", &NONE, &query, &Nothing).await.expect("waves");
    let codes: Vec<&str> = page.items.iter().map(|one| one.code.as_str()).collect();
    assert_eq!((codes, page.next.is_some()), (vec!["winter", "autumn"], true));
    let none =
        stage.call::<ListWaves>(Role::Marketing, "south", &NONE, &query, &Nothing).await.expect("waves");
    assert_eq!(none.items, []);
    stage.end().await;
}
on_both!(waves_ask_a_sample_and_end, super::samples);
