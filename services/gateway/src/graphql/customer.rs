//! A customer as the view shows them, and what lies deeper.

mod happened;
mod lists;
mod reached;
mod single;

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use schema::{
    access::{Mask, Viewer},
    api::{
        customer::{CustomerFile, CustomerKind, CustomerStatus, GetCustomer},
        interaction::{Dealings, Owed},
        loyalty::LoyaltyAccount,
        section::Section,
        survey::Voice,
    },
    ids::{CustomerId, OrgUnitId},
};

use self::{
    happened::Happened,
    lists::{DealingsLists, FileLists, LoyaltyLists, VoiceLists},
    reached::Reached,
    single::Single,
};
use super::{
    connection::{cost, window},
    failure::{allowed, from_problem},
};
use crate::{
    app::Gateway,
    domain::{
        global_id::GlobalId,
        row::{Held, Row},
    },
};

/// Anything with an id that is unique over all types.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The id for `node`; opaque."))]
pub(crate) enum Node {
    /// A customer.
    Customer(Customer),
}

/// A customer, from the customer-360 view.
#[derive(Clone)]
pub(crate) struct Customer(pub(super) Arc<Row>);

/// How fresh a section is.
#[derive(SimpleObject)]
pub(crate) struct SectionFreshness {
    /// Which section.
    section: Section,
    /// The revision of the customer in the section's service; none while it was never fetched.
    revision: Option<i64>,
    /// When it was read from the service.
    as_of: Option<DateTime<Utc>>,
    /// Whether the service has something newer, which is on its way.
    stale: bool,
    /// How long ago it was read.
    age_seconds: Option<i64>,
}

/// A customer-360: who they are, what happens between us, what the relationship is worth, what they think.
#[Object]
impl Customer {
    /// The id for `node`; opaque.
    async fn id(&self) -> ID {
        ID(GlobalId::Customer(self.0.customer_id).text())
    }

    /// The customer's id, as the services know it.
    async fn customer_id(&self) -> CustomerId {
        self.0.customer_id
    }

    /// What they are to us.
    async fn kind(&self) -> CustomerKind {
        self.0.kind
    }

    /// Whether we deal with them.
    async fn status(&self) -> CustomerStatus {
        self.0.status
    }

    /// The unit that they belong to.
    async fn home_unit_id(&self) -> OrgUnitId {
        self.0.home_unit_id
    }

    /// Who they are; null while it is on its way.
    async fn file(&self, ctx: &Context<'_>) -> Result<Option<CustomerFile>> {
        masked(ctx, self.0.file.as_ref())
    }

    /// What happens between us; null while it is on its way.
    async fn dealings(&self, ctx: &Context<'_>) -> Result<Option<Dealings>> {
        masked(ctx, self.0.dealings.as_ref())
    }

    /// What the relationship is worth; null while it is on its way.
    async fn loyalty(&self, ctx: &Context<'_>) -> Result<Option<LoyaltyAccount>> {
        masked(ctx, self.0.loyalty.as_ref())
    }

    /// What they think; null while it is on its way.
    async fn voice(&self, ctx: &Context<'_>) -> Result<Option<Voice>> {
        masked(ctx, self.0.voice.as_ref())
    }

    /// How fresh each section is.
    async fn freshness(&self, ctx: &Context<'_>) -> Result<Vec<SectionFreshness>> {
        let now = ctx.data::<Arc<Gateway>>()?.runtime.clock.now();
        let of = |section| {
            let fresh = self.0.freshness(section);
            let age_seconds = fresh.as_of.map(|at| (now - at).num_seconds().max(0));
            let (revision, as_of, stale) = (fresh.revision, fresh.as_of, fresh.is_stale);
            SectionFreshness { section, revision, as_of, stale, age_seconds }
        };
        Ok(Section::ALL.map(of).into())
    }

    /// What we owe them next, as the view knows it: open cases, promises, offers that wait, and tasks, at most 20;
    /// what is due first comes first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn next_owed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
    ) -> Option<Result<Vec<Owed>>> {
        let found = || {
            let (first, _) = window(first, None)?;
            let dealings = masked(ctx, self.0.dealings.as_ref())?;
            Ok(dealings.map(|held| held.owed.into_iter().take(first as usize).collect()))
        };
        found().transpose()
    }

    #[graphql(flatten)]
    async fn single(&self) -> Single {
        Single(self.0.customer_id)
    }

    #[graphql(flatten)]
    async fn happened(&self) -> Happened {
        Happened(self.0.customer_id)
    }

    #[graphql(flatten)]
    async fn reached(&self) -> Reached {
        Reached(self.0.customer_id)
    }

    #[graphql(flatten)]
    async fn file_lists(&self) -> FileLists {
        FileLists(self.0.customer_id)
    }

    #[graphql(flatten)]
    async fn dealings_lists(&self) -> DealingsLists {
        DealingsLists(self.0.customer_id)
    }

    #[graphql(flatten)]
    async fn loyalty_lists(&self) -> LoyaltyLists {
        LoyaltyLists(self.0.customer_id)
    }

    #[graphql(flatten)]
    async fn voice_lists(&self) -> VoiceLists {
        VoiceLists(self.0.customer_id)
    }
}

/// A section as whoever asks may see it.
fn masked<T: Mask + Clone>(ctx: &Context<'_>, held: Option<&Held<T>>) -> Result<Option<T>> {
    let caller = allowed::<GetCustomer>(ctx).map_err(|problem| from_problem(&problem))?;
    Ok(held.map(|held| shown_to(&caller.viewer, &held.value)))
}

/// A masked copy: what is held is never changed.
fn shown_to<T: Mask + Clone>(viewer: &Viewer, value: &T) -> T {
    let mut copy = value.clone();
    copy.mask(viewer);
    copy
}

#[cfg(test)]
mod tests {
    use schema::access::{ClassifiedField, Level, TABLE};
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::{Value, json};

    use super::*;

    const ID: &str = "01930000-0000-7000-8000-000000000001";
    const AT: &str = "2026-11-21T10:00:00Z";

    fn read<T: DeserializeOwned>(json: Value) -> T {
        serde_json::from_value(json).expect("a section")
    }

    fn sections() -> (CustomerFile, Dealings, LoyaltyAccount, Voice) {
        let file = json!({
            "id": ID, "kind": "consumer", "status": "active", "name": "Li Ming", "birth_date": "1980-01-02",
            "language": "zh-Hans", "home_unit_id": ID, "serving_unit_ids": [], "registered_at": AT, "revision": 1,
            "contact_points": [{ "id": ID, "kind": "phone", "value": "+8613812341234" }],
        });
        let dealings = json!({
            "turnover": [], "last_purchase_at": AT, "purchases": [],
            "timeline": [{
                "id": ID, "kind": "purchase", "occurred_at": AT, "org_unit_id": ID, "channel": "counter",
                "purchase_id": ID, "currency": "CNY", "amount_minor": 100,
            }],
        });
        let loyalty = json!({
            "tier": "gold", "balance": 7, "qualifying": 8, "next_tier": "platinum", "points_to_next_tier": 9,
            "opened_at": AT,
            "entries": [{ "id": ID, "kind": "earn", "points": 7, "purchase_id": ID, "occurred_at": AT }],
        });
        let voice = json!({
            "answer_count": 1, "nps_score": 9, "nps_category": "promoter", "last_answer_at": AT,
            "answers": [{
                "id": ID, "customer_id": ID, "instrument": "nps", "score": 9, "category": "promoter",
                "verbatim": "well", "org_unit_id": null, "purchase_id": null, "channel": "sms",
                "occurred_at": AT, "revision": 1,
            }],
        });
        (read(file), read(dealings), read(loyalty), read(voice))
    }

    /// Every classified field is shown as the table says, every other one whole.
    fn follows_the_table(viewer: &Viewer, fields: &[ClassifiedField], whole: &Value, shown: &Value) {
        for field in fields {
            let (before, after) = (&whole[field.name], &shown[field.name]);
            let what = format!("{:?} {}", viewer.roles, field.name);
            match field.class.map(|class| viewer.level(class)) {
                Some(Level::None) => assert!(after.is_null(), "{what} is shown"),
                Some(Level::Masked) => assert!(before != after, "{what} is whole"),
                Some(Level::Whole) => assert_eq!(before, after, "{what}"),
                None if before.is_array() => {}
                None => assert_eq!(before, after, "{what}"),
            }
        }
    }

    fn both<T: Mask + Clone + Serialize>(viewer: &Viewer, value: &T) -> (Value, Value) {
        let shown = serde_json::to_value(shown_to(viewer, value)).expect("JSON");
        (serde_json::to_value(value).expect("JSON"), shown)
    }

    #[test]
    fn every_section_is_masked_for_every_role_as_the_table_says() {
        use schema::api::{
            customer::ContactPoint, interaction::TimelineEntry, loyalty::PointsEntry, survey::Answer,
        };
        let (file, dealings, loyalty, voice) = sections();
        for rule in TABLE {
            let viewer = Viewer {
                subject: "s".into(),
                staff: None,
                org_unit: Some("hq".into()),
                roles: vec![rule.role],
            };
            let (whole, shown) = both(&viewer, &file);
            follows_the_table(&viewer, CustomerFile::FIELDS, &whole, &shown);
            let points = (&whole["contact_points"][0], &shown["contact_points"][0]);
            follows_the_table(&viewer, ContactPoint::FIELDS, points.0, points.1);
            let (whole, shown) = both(&viewer, &dealings);
            follows_the_table(&viewer, Dealings::FIELDS, &whole, &shown);
            follows_the_table(&viewer, TimelineEntry::FIELDS, &whole["timeline"][0], &shown["timeline"][0]);
            let (whole, shown) = both(&viewer, &loyalty);
            follows_the_table(&viewer, LoyaltyAccount::FIELDS, &whole, &shown);
            follows_the_table(&viewer, PointsEntry::FIELDS, &whole["entries"][0], &shown["entries"][0]);
            let (whole, shown) = both(&viewer, &voice);
            follows_the_table(&viewer, Voice::FIELDS, &whole, &shown);
            follows_the_table(&viewer, Answer::FIELDS, &whole["answers"][0], &shown["answers"][0]);
        }
    }

    #[test]
    fn no_section_is_a_scalar() {
        let sdl = crate::sdl();
        for field in ["file: CustomerFile", "dealings: Dealings", "loyalty: LoyaltyAccount", "voice: Voice"] {
            assert!(sdl.contains(field), "{field}");
        }
        assert!(!sdl.contains("scalar JSON"));
        assert_eq!(sdl, crate::sdl());
    }
}
