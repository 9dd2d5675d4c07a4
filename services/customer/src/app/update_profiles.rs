//! Takes up what another system learned of customers. What is not valid is left out and told, because nobody
//! is there who could mend it; what is known already changes nothing and raises no revision.

use std::collections::BTreeMap;

use kit::{Input, Result, Work};
use schema::api::{
    customer::{
        Attribute, ContactKind, CustomerFile, NewObservation, ProfileUpdate, ProfileUpdated, ProfilesUpdated,
        UpdateProfilesInternally,
    },
    problem::{FieldError, Problem},
};

use super::record_observation;
use crate::{
    domain::{
        attribute, code,
        contact::{self, Region},
        person::{self, Mistakes},
    },
    storage::{self, observation::Observed},
};

pub(crate) async fn update_profiles(
    work: &mut Work,
    input: Input<UpdateProfilesInternally>,
    region: Region,
) -> Result<ProfilesUpdated> {
    let (source, updates) = (&input.body.source, input.body.checked()?);
    if !code::is_code(source) {
        return Err(Problem::field("/source", code::RULE).into());
    }
    // One order for all writers of several customers: no deadlocks. Updates of one customer keep theirs.
    let mut order: Vec<usize> = (0..updates.len()).collect();
    order.sort_by_key(|at| updates[*at].customer_id);
    let defined = storage::attribute::open(work).await?;
    let mut items = vec![ProfileUpdated { is_known: false, left_out: Vec::new() }; updates.len()];
    for at in order {
        items[at] = update_one(work, source, &updates[at], region, &defined).await?;
    }
    Ok(ProfilesUpdated { items })
}

async fn update_one(
    work: &mut Work,
    source: &str,
    update: &ProfileUpdate,
    region: Region,
    defined: &BTreeMap<String, Attribute>,
) -> Result<ProfileUpdated> {
    let Some(known) = storage::customer::find(work, update.customer_id).await? else {
        return Ok(ProfileUpdated { is_known: false, left_out: Vec::new() });
    };
    let mut left_out = Vec::new();
    let file = changed_file(work, update, &known, &mut left_out);
    let points = new_points(update, &known, region, &mut left_out);
    let observations = new_observations(work, source, update, defined, &mut left_out).await?;
    if file == known && points.is_empty() && observations.is_empty() {
        return Ok(ProfileUpdated { is_known: true, left_out });
    }
    let revision = work.revise(file.id, None).await?;
    let file = CustomerFile { revision, ..file };
    storage::customer::put(work, &file).await?;
    storage::contact_point::add(work, file.id, &points).await?;
    for observed in observations {
        let before = super::counting::before(work, file.id, &observed.of).await?;
        storage::observation::add(work, &[(file.id, &observed)]).await?;
        super::counting::tell_if_another(work, file.id, revision, &observed.of, before).await?;
    }
    super::changed(work, "customer.profile.update", Some(source), &file).await?;
    Ok(ProfileUpdated { is_known: true, left_out })
}

/// The file with the fields that are valid.
fn changed_file(
    work: &Work,
    update: &ProfileUpdate,
    known: &CustomerFile,
    left_out: &mut Vec<FieldError>,
) -> CustomerFile {
    let mut file = known.clone();
    if let Some(name) = &update.name {
        let mut mistakes = Mistakes::default();
        let name = person::name(name, "/name", &mut mistakes);
        if is_right(mistakes, left_out) {
            file.name = Some(name);
        }
    }
    let mut mistakes = Mistakes::default();
    person::birth_date(update.birth_date, work.now().date_naive(), &mut mistakes);
    if is_right(mistakes, left_out) {
        file.birth_date = update.birth_date.or(file.birth_date);
    }
    let mut mistakes = Mistakes::default();
    person::language(update.language.as_deref(), &mut mistakes);
    if is_right(mistakes, left_out) {
        file.language = update.language.clone().or(file.language);
    }
    file
}

/// Contact points in their normal form that the customer does not have yet.
fn new_points(
    update: &ProfileUpdate,
    known: &CustomerFile,
    region: Region,
    left_out: &mut Vec<FieldError>,
) -> Vec<(ContactKind, String)> {
    let mut points: Vec<(ContactKind, String)> = Vec::new();
    for (at, point) in update.contact_points.iter().enumerate() {
        let wrong = |detail: String| FieldError { pointer: format!("/contact_points/{at}/value"), detail };
        match contact::normalise(point.kind, &point.value, region) {
            Ok(value) => {
                let is_known = known
                    .contact_points
                    .iter()
                    .any(|one| one.kind == point.kind && one.value.as_deref() == Some(value.as_str()));
                if is_known || points.contains(&(point.kind, value.clone())) {
                    continue;
                }
                if known.contact_points.len() + points.len() < contact::MOST {
                    points.push((point.kind, value));
                } else {
                    left_out.push(wrong(format!("a customer has at most {} contact points", contact::MOST)));
                }
            }
            Err(rule) => left_out.push(wrong(rule.to_string())),
        }
    }
    points
}

/// Observations of attributes that are defined and not retired, unless the attribute counts as that already.
async fn new_observations(
    work: &Work,
    source: &str,
    update: &ProfileUpdate,
    defined: &BTreeMap<String, Attribute>,
    left_out: &mut Vec<FieldError>,
) -> Result<Vec<Observed>> {
    let mut observations = Vec::new();
    for (at, given) in update.attributes.iter().enumerate() {
        let Some(of) = defined.get(&given.attribute) else { continue };
        let Some(value) = attribute::parse(&given.text, of.value_type) else {
            let detail = format!("it is not of the type of the attribute {}", of.code);
            left_out.push(FieldError { pointer: format!("/attributes/{at}/text"), detail });
            continue;
        };
        let held = storage::observation::counting(work, update.customer_id, of.id).await?;
        if held.is_some_and(|held| held.value.as_ref() == Some(&value)) {
            continue;
        }
        let (attribute, source) = (of.code.clone(), source.to_owned());
        let new = NewObservation { attribute, value, source, observed_at: update.observed_at };
        let mut mistakes = Mistakes::default();
        let observed = record_observation::checked(&new, Some(of), work.now(), &mut mistakes);
        if is_right(mistakes, left_out) {
            observations.extend(observed);
        }
    }
    Ok(observations)
}

/// Whether nothing is wrong; what is, is left out.
fn is_right(mistakes: Mistakes, left_out: &mut Vec<FieldError>) -> bool {
    match mistakes.none_or_problem() {
        Ok(()) => true,
        Err(problem) => {
            left_out.extend(problem.errors);
            false
        }
    }
}
