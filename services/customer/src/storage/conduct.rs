//! How customers want to be dealt with, put together: what they allow, what they asked for, on which channels
//! they answer, and what people wrote of them.

use std::collections::BTreeMap;

use kit::Result;
use schema::{
    api::customer::{ConsentWord, ContactPreference, CustomerFile, HeldConsent, ServiceBrief},
    event::customer::ConsentState,
    ids::CustomerId,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{channel_usage, consent, contact_preference, service_brief};
use crate::domain::{brief, channel};

/// How one customer wants to be dealt with.
#[derive(Clone, Debug)]
pub(crate) struct Conduct {
    pub(crate) consents: Vec<HeldConsent>,
    pub(crate) preference: ContactPreference,
    pub(crate) brief: ServiceBrief,
}

impl Conduct {
    /// What the others are told of it.
    pub(crate) fn state(&self, customer: CustomerId) -> ConsentState {
        ConsentState {
            customer_id: customer,
            consents: self.consents.clone(),
            quiet_spans: self.preference.quiet_spans.clone(),
            time_zone: self.preference.time_zone.clone(),
            stated_channels: self.preference.stated_channels.clone(),
        }
    }
}

/// The part of a word that others need.
pub(crate) fn held(word: &ConsentWord) -> HeldConsent {
    HeldConsent {
        purpose: word.purpose,
        channel: word.channel,
        status: word.status,
        expires_at: word.expires_at,
    }
}

/// How one customer wants to be dealt with.
pub(crate) async fn of(connection: &impl ConnectionTrait, customer: CustomerId) -> Result<Conduct> {
    Ok(Parts::read(connection, &[customer.uuid()]).await?.take(customer.uuid()))
}

/// Completes files with four statements, however many they are.
pub(super) async fn complete(connection: &impl ConnectionTrait, files: &mut [CustomerFile]) -> Result<()> {
    let ids: Vec<Uuid> = files.iter().map(|file| file.id.uuid()).collect();
    let mut parts = Parts::read(connection, &ids).await?;
    for file in files {
        let conduct = parts.take(file.id.uuid());
        file.consents = conduct.consents;
        file.contact_preference = conduct.preference;
        file.service_brief = conduct.brief;
        brief::shorten(&mut file.service_brief);
    }
    Ok(())
}

/// What was read of several customers, question by question.
struct Parts {
    words: BTreeMap<Uuid, Vec<ConsentWord>>,
    asked: BTreeMap<Uuid, contact_preference::Asked>,
    counts: BTreeMap<Uuid, Vec<(schema::api::interaction::Channel, i32, i32)>>,
    written: BTreeMap<Uuid, service_brief::Written>,
}

impl Parts {
    async fn read(connection: &impl ConnectionTrait, customers: &[Uuid]) -> Result<Self> {
        Ok(Self {
            words: consent::latest(connection, customers, None).await?,
            asked: contact_preference::all(connection, customers).await?,
            counts: channel_usage::all(connection, customers).await?,
            written: service_brief::all(connection, customers).await?,
        })
    }

    fn take(&mut self, customer: Uuid) -> Conduct {
        let words = self.words.remove(&customer).unwrap_or_default();
        let asked = self.asked.remove(&customer).unwrap_or_default();
        let counts = self.counts.remove(&customer).unwrap_or_default();
        let written = self.written.remove(&customer).unwrap_or_default();
        let consents: Vec<HeldConsent> = words.iter().map(held).collect();
        let usage = channel::ranked(&counts);
        Conduct {
            brief: ServiceBrief {
                form_of_address: written.form_of_address,
                habits: Some(written.habits),
                dos: Some(written.dos),
                donts: Some(written.donts),
                left_out: 0,
                rules: brief::rules(&asked.quiet_spans, &consents),
            },
            preference: ContactPreference {
                stated_channels: asked.stated_channels,
                revealed_channels: channel::revealed(&usage),
                usage,
                quiet_spans: asked.quiet_spans,
                time_zone: asked.time_zone,
            },
            consents,
        }
    }
}
