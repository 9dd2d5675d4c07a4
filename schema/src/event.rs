//! Events: the CloudEvents envelope and the table type → class → publisher → consumers.
//!
//! An event is a fact in the past tense. It carries ids, codes, numbers, dates and amounts; never a
//! name, phone, e-mail, address or free text. *State* events carry the whole state, and one older than
//! what is held is skipped; *facts* are applied exactly once in whatever order they come.
//! A published type never changes its meaning: a new one gets a new version.

pub mod customer;
pub mod interaction;
pub mod loyalty;
pub mod survey;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{ids::EventId, topology::Service};

/// How a consumer treats an event that arrives out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Carries the whole state: apply if newer than what is held.
    State,
    /// Happened: apply exactly once, whenever it comes.
    Fact,
}

/// JSON schemas by name.
pub type NamedSchemas = Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>;

/// One line of the event table.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The type on the wire, for example `customer360.purchase.recorded.v1`.
    pub name: &'static str,
    /// What it says, for the contract.
    pub summary: &'static str,
    /// State or fact.
    pub delivery: Delivery,
    /// The one service that publishes it.
    pub publisher: Service,
    /// The services that react.
    pub consumers: &'static [Service],
    /// The schema of its data, for the contract.
    pub schema: fn(&mut NamedSchemas) -> String,
    /// Reads an envelope's data as this type and writes it again: what contracts are tested with.
    pub read_again: fn(&Envelope) -> Result<serde_json::Value, serde_json::Error>,
}

impl Declaration {
    /// The routing key: the type without its version.
    pub fn routing_key(&self) -> &'static str {
        self.name.rsplit_once(".v").map_or(self.name, |(key, _)| key)
    }
}

/// An event type, known at compile time.
pub trait Event: 'static {
    /// Its line of the table.
    const DECLARATION: Declaration;
    /// What it carries.
    type Data: Serialize + DeserializeOwned + Clone + std::fmt::Debug + Send + Sync + 'static;
}

/// Declares events and the table of them.
macro_rules! events {
    ($($(#[doc = $doc:literal])+ $name:ident($data:ty) = $wire:literal, $delivery:ident,
        $publisher:ident => [$($consumer:ident),* $(,)?];)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl Event for $name {
                const DECLARATION: Declaration = Declaration {
                    name: $wire,
                    summary: concat!($($doc),+),
                    delivery: Delivery::$delivery,
                    publisher: Service::$publisher,
                    consumers: &[$(Service::$consumer),*],
                    schema: |schemas| {
                        let name = <$data as utoipa::ToSchema>::name().into_owned();
                        schemas.push((name.clone(), <$data as utoipa::PartialSchema>::schema()));
                        <$data as utoipa::ToSchema>::schemas(schemas);
                        name
                    },
                    read_again: |envelope| serde_json::to_value(envelope.data::<$name>()?),
                };
                type Data = $data;
            }
        )+
        /// Every event type of the suite.
        pub const EVENTS: &[Declaration] = &[$($name::DECLARATION),+];
    };
}

events! {
    /// A customer was registered.
    CustomerRegistered(customer::CustomerState) = "customer360.customer.registered.v1", State,
        Customer => [Interaction, Loyalty, Survey, Gateway];
    /// A customer's kind, status or units changed, or something else in the file did.
    CustomerChanged(customer::CustomerState) = "customer360.customer.changed.v1", State,
        Customer => [Interaction, Loyalty, Survey, Gateway];
    /// An organisation unit was created.
    OrgUnitCreated(customer::OrgUnitState) = "customer360.org_unit.created.v1", State,
        Customer => [Interaction, Loyalty, Survey, Gateway];
    /// An organisation unit changed.
    OrgUnitChanged(customer::OrgUnitState) = "customer360.org_unit.changed.v1", State,
        Customer => [Interaction, Loyalty, Survey, Gateway];
    /// An organisation unit moved under another parent.
    OrgUnitMoved(customer::OrgUnitState) = "customer360.org_unit.moved.v1", State,
        Customer => [Interaction, Loyalty, Survey, Gateway];
    /// A member of staff joined.
    StaffJoined(customer::StaffState) = "customer360.staff.joined.v1", State,
        Customer => [Interaction, Loyalty, Survey, Gateway];
    /// A member of staff changed, for example moved to another unit.
    StaffChanged(customer::StaffState) = "customer360.staff.changed.v1", State,
        Customer => [Interaction, Loyalty, Survey, Gateway];
    /// A member of staff left, and somebody took over.
    StaffLeft(customer::StaffLeft) = "customer360.staff.left.v1", State,
        Customer => [Interaction, Loyalty, Survey, Gateway];
    /// What a customer allows us changed: a consent, quiet hours, the channels asked for.
    ConsentChanged(customer::ConsentState) = "customer360.consent.changed.v1", State,
        Customer => [Interaction, Loyalty, Gateway];
    /// A segmentable attribute of a customer is something else now.
    AttributeChanged(customer::AttributeState) = "customer360.attribute.changed.v1", State,
        Customer => [Loyalty, Gateway];
    /// A customer joined a household or left it, or it counts more or fewer customers.
    HouseholdChanged(customer::HouseholdState) = "customer360.household.changed.v1", State,
        Customer => [Interaction, Gateway];
    /// A purchase was recorded.
    PurchaseRecorded(interaction::PurchaseRecorded) = "customer360.purchase.recorded.v1", Fact,
        Interaction => [Customer, Loyalty, Survey, Gateway];
    /// Some or all of a purchase was returned.
    PurchaseReturned(interaction::PurchaseReturned) = "customer360.purchase.returned.v1", Fact,
        Interaction => [Loyalty, Gateway];
    /// A contact was recorded, inbound or outbound.
    ContactRecorded(interaction::ContactRecorded) = "customer360.contact.recorded.v1", Fact,
        Interaction => [Customer, Loyalty, Gateway];
    /// A case was opened.
    CaseOpened(interaction::CaseOpened) = "customer360.case.opened.v1", Fact,
        Interaction => [Loyalty, Gateway];
    /// A case went over to another handler, or somebody else became accountable for it.
    CaseHandedOver(interaction::CaseHandedOver) = "customer360.case.handed_over.v1", Fact,
        Interaction => [Gateway];
    /// A case was offered to a colleague, who has not answered yet.
    CaseOffered(interaction::CaseMoved) = "customer360.case.offered.v1", Fact,
        Interaction => [Gateway];
    /// A colleague declined a case: it stays where it is.
    CaseDeclined(interaction::CaseMoved) = "customer360.case.declined.v1", Fact,
        Interaction => [Gateway];
    /// The customer heard from us first about a case.
    CaseResponded(interaction::CaseMoved) = "customer360.case.responded.v1", Fact,
        Interaction => [Gateway];
    /// A case was resolved.
    CaseResolved(interaction::CaseMoved) = "customer360.case.resolved.v1", Fact,
        Interaction => [Loyalty, Gateway];
    /// A case was closed.
    CaseClosed(interaction::CaseMoved) = "customer360.case.closed.v1", Fact,
        Interaction => [Loyalty, Survey, Gateway];
    /// A case was opened again.
    CaseReopened(interaction::CaseMoved) = "customer360.case.reopened.v1", Fact,
        Interaction => [Loyalty, Gateway];
    /// The due time of a case is near, or past.
    CaseBreached(interaction::CaseBreached) = "customer360.case.breached.v1", Fact,
        Interaction => [Gateway];
    /// The time by which the customer was to hear from us about a case is near, or past.
    CaseResponseBreached(interaction::CaseResponseBreached) = "customer360.case.response_breached.v1", Fact,
        Interaction => [Gateway];
    /// A promise was kept or broken.
    PromiseSettled(interaction::PromiseSettled) = "customer360.promise.settled.v1", Fact,
        Interaction => [Gateway];
    /// A promise was not settled in time.
    PromiseBreached(interaction::PromiseBreached) = "customer360.promise.breached.v1", Fact,
        Interaction => [Gateway];
    /// A task was opened.
    TaskOpened(interaction::TaskMoved) = "customer360.task.opened.v1", Fact,
        Interaction => [Gateway];
    /// A task was given to somebody else.
    TaskReassigned(interaction::TaskMoved) = "customer360.task.reassigned.v1", Fact,
        Interaction => [Gateway];
    /// A task was done or cancelled.
    TaskSettled(interaction::TaskMoved) = "customer360.task.settled.v1", Fact,
        Interaction => [Gateway];
    /// A task was not done in time.
    TaskBreached(interaction::TaskMoved) = "customer360.task.breached.v1", Fact,
        Interaction => [Gateway];
    /// A gesture was asked for, given or refused.
    GestureDecided(interaction::GestureMoved) = "customer360.gesture.decided.v1", Fact,
        Interaction => [Gateway];
    /// A gesture was given back.
    GestureReversed(interaction::GestureMoved) = "customer360.gesture.reversed.v1", Fact,
        Interaction => [Gateway];
    /// A customer may be reached of our own accord.
    OutreachGranted(interaction::OutreachGranted) = "customer360.outreach.granted.v1", Fact,
        Interaction => [Survey, Gateway];
    /// A customer is not reached.
    OutreachHeld(interaction::OutreachHeld) = "customer360.outreach.held.v1", Fact,
        Interaction => [Survey, Gateway];
    /// What another service told was put on a customer's timeline.
    TimelineExtended(interaction::TimelineExtended) = "customer360.timeline.extended.v1", Fact,
        Interaction => [Gateway];
    /// Points were earned by a purchase.
    PointsEarned(loyalty::PointsMoved) = "customer360.points.earned.v1", Fact,
        Loyalty => [Gateway];
    /// Points were reversed by a return.
    PointsReversed(loyalty::PointsMoved) = "customer360.points.reversed.v1", Fact,
        Loyalty => [Gateway];
    /// Points were held, to be spent soon.
    PointsHeld(loyalty::PointsHeld) = "customer360.points.held.v1", Fact,
        Loyalty => [Gateway];
    /// Held points were let go without being spent.
    PointsReleased(loyalty::PointsReleased) = "customer360.points.released.v1", Fact,
        Loyalty => [Gateway];
    /// Points were spent.
    PointsBurned(loyalty::PointsMovedFor) = "customer360.points.burned.v1", Fact,
        Loyalty => [Gateway];
    /// Points were given as a gesture.
    PointsGranted(loyalty::PointsMovedFor) = "customer360.points.granted.v1", Fact,
        Loyalty => [Gateway];
    /// A customer's tier changed.
    TierChanged(loyalty::TierChanged) = "customer360.tier.changed.v1", Fact,
        Loyalty => [Gateway];
    /// Points expired.
    PointsExpired(loyalty::PointsMovedFor) = "customer360.points.expired.v1", Fact,
        Loyalty => [Gateway];
    /// Points expire soon.
    PointsExpiring(loyalty::PointsExpiring) = "customer360.points.expiring.v1", Fact,
        Loyalty => [Interaction, Gateway];
    /// A customer came into a segment.
    SegmentEntered(loyalty::SegmentCrossed) = "customer360.segment.entered.v1", Fact,
        Loyalty => [Gateway];
    /// A customer left a segment.
    SegmentLeft(loyalty::SegmentCrossed) = "customer360.segment.left.v1", Fact,
        Loyalty => [Gateway];
    /// A customer runs out of something soon.
    ReplenishmentDue(loyalty::ReplenishmentDue) = "customer360.replenishment.due.v1", Fact,
        Loyalty => [Interaction, Gateway];
    /// A survey answer was received.
    AnswerReceived(survey::AnswerReceived) = "customer360.answer.received.v1", Fact,
        Survey => [Interaction, Loyalty, Gateway];
    /// A questionnaire was answered.
    QuestionnaireAnswered(survey::QuestionnaireAnswered) = "customer360.questionnaire.answered.v1", Fact,
        Survey => [Interaction, Gateway];
    /// It is proposed to reach a customer of our own accord.
    OutreachProposed(survey::OutreachProposed) = "customer360.outreach.proposed.v1", Fact,
        Survey => [Interaction, Gateway];
    /// A customer is invited to answer.
    InvitationCreated(survey::InvitationMoved) = "customer360.invitation.created.v1", Fact,
        Survey => [Interaction, Gateway];
    /// An invitation was held, answered or ran out.
    InvitationSettled(survey::InvitationMoved) = "customer360.invitation.settled.v1", Fact,
        Survey => [Gateway];
    /// A customer who had given a low score was asked again.
    RecoveryMeasured(survey::RecoveryMeasured) = "customer360.recovery.measured.v1", Fact,
        Survey => [Interaction, Loyalty, Gateway];
}

/// The line of the table for a type on the wire.
pub fn declaration(name: &str) -> Option<&'static Declaration> {
    EVENTS.iter().find(|declaration| declaration.name == name)
}

/// An event on the wire: CloudEvents 1.0 in structured mode, with our extension attributes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// Always `1.0`.
    pub specversion: String,
    /// UUIDv5 of cause, type and ordinal: the same cause gives the same id.
    pub id: EventId,
    /// The publishing service as a URI reference, for example `/customer`.
    pub source: String,
    /// The event type with its version.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about: the aggregate's id; a customer's whenever there is one.
    pub subject: Uuid,
    /// When it happened (business time).
    pub time: DateTime<Utc>,
    /// When we recorded it (system time).
    pub recordedat: DateTime<Utc>,
    /// The publisher's revision of the subject that this event belongs to; the first is 1.
    pub revision: i64,
    /// W3C trace context of the command or event that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Always `application/json`.
    pub datacontenttype: String,
    /// The payload, kept as it was written.
    pub data: Box<RawValue>,
}

impl Envelope {
    /// The payload as this event type's data.
    ///
    /// # Errors
    /// When the payload is not of that shape; the message is poison, not a reason to crash.
    pub fn data<E: Event>(&self) -> Result<E::Data, serde_json::Error> {
        serde_json::from_str(self.data.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of all fields, however deep.
    fn fields(value: &serde_json::Value) -> Vec<String> {
        match value {
            serde_json::Value::Object(object) => {
                object.iter().flat_map(|(key, value)| [vec![key.clone()], fields(value)].concat()).collect()
            }
            serde_json::Value::Array(items) => items.iter().flat_map(fields).collect(),
            _ => Vec::new(),
        }
    }

    /// Messages that were once published must be readable for ever: goldens are added, never edited.
    #[test]
    fn every_type_has_a_golden_message_and_still_reads_it() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("events");
        for event in EVENTS {
            let path = folder.join(format!("{}.json", event.name));
            let text =
                std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
            let envelope: Envelope = serde_json::from_str(&text).expect(event.name);
            assert_eq!(envelope.kind, event.name);
            let data: serde_json::Value = serde_json::from_str(envelope.data.get()).expect(event.name);
            assert_eq!((event.read_again)(&envelope).expect(event.name), data, "{}", event.name);
            // A channel may be called `phone`; a field may not.
            for field in fields(&data) {
                for personal in ["name", "phone", "email", "address", "verbatim", "comment", "notes"] {
                    assert!(!field.contains(personal), "{}: events carry no {field}", event.name);
                }
            }
        }
        let files = std::fs::read_dir(&folder).expect("the folder of goldens").count();
        assert!(files >= EVENTS.len());
    }

    #[test]
    fn names_are_unique_versioned_and_routed_without_version() {
        let mut names: Vec<_> = EVENTS.iter().map(|event| event.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), EVENTS.len());
        assert_eq!(PurchaseRecorded::DECLARATION.routing_key(), "customer360.purchase.recorded");
        for event in EVENTS {
            assert!(event.name.starts_with("customer360.") && event.name.contains(".v"), "{}", event.name);
            assert!(
                event.consumers.contains(&Service::Gateway),
                "{}: the view follows everything",
                event.name
            );
        }
    }
}
