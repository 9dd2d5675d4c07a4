//! Every step in every state, and the numbers of the rows.

use schema::value::Minor;

use super::*;

const STATES: [GestureState; 4] =
    [GestureState::Escalated, GestureState::Approved, GestureState::Refused, GestureState::Reversed];
const STEPS: [Step; 3] = [Step::Approve, Step::Refuse, Step::Reverse];

#[test]
fn every_step_in_every_state() {
    use GestureState::{Approved, Escalated, Refused, Reversed};
    let mut allowed = Vec::new();
    for state in STATES {
        for step in STEPS {
            match after(state, step) {
                Ok(next) => allowed.push((state, step, next)),
                Err(refusal) => {
                    let text = refusal.to_string();
                    let says: Vec<bool> = STEPS
                        .iter()
                        .map(|one| {
                            let name = format!("{one:?}").to_lowercase();
                            text.split("; ").nth(1).is_some_and(|list| list.contains(&name))
                        })
                        .collect();
                    let may: Vec<bool> = STEPS.iter().map(|one| after(state, *one).is_ok()).collect();
                    assert_eq!(says, may, "{text}");
                }
            }
        }
    }
    let expected = [
        (Escalated, Step::Approve, Approved),
        (Escalated, Step::Refuse, Refused),
        (Approved, Step::Reverse, Reversed),
    ];
    assert_eq!(allowed, expected);
}

fn yuan() -> Currency {
    Currency::try_from("CNY".to_owned()).expect("a currency")
}

fn line(
    role: Role,
    unit_kind: Option<OrgUnitKind>,
    limit: Option<i64>,
    monthly: Option<i64>,
) -> AuthorityLine {
    AuthorityLine {
        role,
        unit_kind,
        currency: yuan(),
        limit_minor: limit.map(Minor::new),
        monthly_minor: monthly.map(Minor::new),
    }
}

fn matrix() -> Vec<AuthorityLine> {
    use OrgUnitKind::{Company, Headquarters, Outlet};
    vec![
        line(Role::Aftersales, None, Some(2_000), Some(20_000)),
        // May give as much as a duty manager, but decides about nobody else's gesture.
        line(Role::Sales, None, Some(10_000), Some(20_000)),
        line(Role::Manager, Some(Outlet), Some(10_000), None),
        line(Role::Manager, Some(Company), Some(100_000), None),
        line(Role::Manager, Some(Headquarters), None, None),
    ]
}

/// Row 23: the agent's limit is 20, the duty manager's 100: 50 goes to the manager, 150 on up.
#[test]
fn an_amount_goes_up_to_whoever_covers_it() {
    let lines = matrix();
    let of = |role, unit| authority_of(&lines, &[role], Some(unit), &yuan());
    let agent = of(Role::Aftersales, OrgUnitKind::Outlet);
    assert_eq!(agent.covers(2_000, 0), Ok(()));
    assert_eq!(agent.covers(5_000, 0), Err(Uncovered::Limit(2_000)));
    let duty = of(Role::Manager, OrgUnitKind::Outlet);
    assert_eq!(duty.covers(5_000, 0), Ok(()));
    assert_eq!(duty.covers(15_000, 0), Err(Uncovered::Limit(10_000)));
    assert_eq!(of(Role::Manager, OrgUnitKind::Company).covers(15_000, 0), Ok(()));
    assert_eq!(of(Role::Manager, OrgUnitKind::Headquarters).covers(MOST, i64::MAX), Ok(()));
    let needs = |amount| needed(&lines, agent, amount, &yuan()).map(|one| (one.role, one.unit_kind));
    assert_eq!(needs(5_000), Some((Role::Manager, Some(OrgUnitKind::Outlet))));
    assert_eq!(needs(15_000), Some((Role::Manager, Some(OrgUnitKind::Company))));
    assert_eq!(needs(100_001), Some((Role::Manager, Some(OrgUnitKind::Headquarters))));
    assert_eq!(needed(&lines[..4], agent, 100_001, &yuan()), None);
    // Somebody whose month is spent needs more than their own line.
    assert_eq!(needs(100), Some((Role::Manager, Some(OrgUnitKind::Outlet))));
}

/// Row 93: 200 a month, 180 spent: 50 more is too much, 20 is not.
#[test]
fn a_month_has_a_budget() {
    let agent = Authority { limit: None, monthly: Some(20_000) };
    assert_eq!(agent.covers(5_000, 18_000), Err(Uncovered::Budget { monthly: 20_000, spent: 18_000 }));
    assert_eq!(agent.covers(2_000, 18_000), Ok(()));
    assert!(agent.covers(2_001, 18_000).is_err());
}

#[test]
fn whoever_has_no_line_gives_nothing_alone() {
    let lines = matrix();
    let dollars = Currency::try_from("USD".to_owned()).expect("a currency");
    for authority in [
        authority_of(&lines, &[Role::Presales], Some(OrgUnitKind::Outlet), &yuan()),
        authority_of(&lines, &[Role::Manager], Some(OrgUnitKind::Outlet), &dollars),
        authority_of(&lines, &[Role::Manager], None, &yuan()),
    ] {
        assert_eq!(authority.covers(1, 0), Err(Uncovered::Limit(0)));
    }
}

#[test]
fn the_kind_of_unit_goes_first_and_of_several_roles_the_most_generous_counts() {
    let mut lines = matrix();
    lines.push(line(Role::Manager, None, Some(7), None));
    let of = |roles: &[Role], unit| authority_of(&lines, roles, unit, &yuan()).limit;
    assert_eq!(of(&[Role::Manager], None), Some(7));
    assert_eq!(of(&[Role::Manager], Some(OrgUnitKind::Outlet)), Some(10_000));
    assert_eq!(of(&[Role::Manager, Role::Aftersales], None), Some(2_000));
}

#[test]
fn a_matrix_is_checked_line_by_line() {
    assert_eq!(check_lines(&matrix()), []);
    let wrong = [
        line(Role::Sales, None, Some(-1), None),
        line(Role::Sales, None, None, Some(-1)),
        matrix().remove(0),
    ];
    let places: Vec<String> = check_lines(&wrong).into_iter().map(|one| one.pointer).collect();
    assert_eq!(places, ["/lines/0/limit_minor", "/lines/1/monthly_minor", "/lines/1"]);
}

#[test]
fn a_month_is_a_year_and_a_month() {
    assert_eq!(month("2026-11-30T23:59:59Z".parse().expect("a time")), "2026-11");
    for (text, is) in
        [("2026-11", true), ("2026-13", false), ("2026-1", false), ("26-11", false), ("", false)]
    {
        assert_eq!(is_month(text), is, "{text}");
    }
}
