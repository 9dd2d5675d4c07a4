//! Tells a life through the services' own API, as the shops would have done.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use schema::{
    api::{
        NoParameters,
        customer::{
            ConsentPurpose, ConsentStatus, CustomerPath, NewConsent, RecordConsent, RegisterCustomer,
        },
        interaction::{
            CasePath, CaseResolution, CaseStep, Channel, CloseCase, ContactDirection, NewCase, NewContact,
            NewPurchase, NewPurchaseLine, NewReturn, NewReturnLine, OpenCase, Phase, Purchase, PurchasePath,
            RecordContact, RecordPurchase, ResolveCase, ReturnPurchase, Severity,
        },
        survey::{Instrument, NewAnswer, RecordAnswer},
    },
    ids::{CustomerId, StaffId},
    value::{Milli, Minor},
};

use super::{
    Door, Failed,
    company::Shop,
    life::{self, ARTICLES, Dealing},
    person::Person,
};

const WORDS: [&str; 4] = [
    "They knew that our jar was nearly empty.",
    "Friendly, but the delivery came late.",
    "Good rice, carried up to the fourth floor.",
    "The shop always remembers what we like.",
];

/// Tells the life of the customer of this number.
pub(super) async fn tell(door: &Door, shops: &[Shop], number: u32, now: DateTime<Utc>) -> Result<(), Failed> {
    let Some(shop) = shops.get(number as usize % shops.len().max(1)) else { return Ok(()) };
    // A seed of their own: the same life in whatever order and company they are told.
    let mut chance = StdRng::seed_from_u64(u64::from(number));
    let person = Person::of(number, &mut chance);
    let new = person.registration(shop.unit, &mut chance);
    let key = format!("demo-customer-{number}");
    let customer =
        door.command::<RegisterCustomer>(&door.customer, key, &NoParameters::default(), &new).await?.id;
    let plan = life::plan(&person, now, &mut chance);
    if let Some((given_at, _)) = plan.first().filter(|_| chance.random_bool(0.4)) {
        let new = NewConsent {
            purpose: ConsentPurpose::Survey,
            channel: Channel::Sms,
            status: ConsentStatus::Granted,
            given_at: *given_at,
            expires_at: None,
            source: "counter".to_owned(),
            said_by: None,
        };
        let (key, path) = (format!("demo-consent-{number}"), CustomerPath { customer_id: customer });
        door.command::<RecordConsent>(&door.customer, key, &path, &new).await?;
    }
    let mut teller = Teller { door, shop, customer, number, chance, last: None };
    for (nth, (at, dealing)) in plan.into_iter().enumerate() {
        teller.tell(nth, at, dealing).await?;
    }
    Ok(())
}

struct Teller<'a> {
    door: &'a Door,
    shop: &'a Shop,
    customer: CustomerId,
    number: u32,
    chance: StdRng,
    last: Option<Purchase>,
}

impl Teller<'_> {
    async fn tell(&mut self, nth: usize, at: DateTime<Utc>, dealing: Dealing) -> Result<(), Failed> {
        match dealing {
            Dealing::Question => self.contact(nth, at, Phase::Presales, "which-rice", true).await,
            Dealing::Call => self.contact(nth, at, Phase::Aftersales, "jar-nearly-empty", false).await,
            Dealing::Purchase(basket) => self.purchase(nth, at, &basket).await,
            Dealing::Return => self.give_back(nth, at).await,
            Dealing::Answer(score) => self.answer(nth, at, score).await,
            Dealing::Complaint { resolved_at, afterwards } => {
                self.complaint(nth, at, resolved_at, afterwards).await
            }
        }
    }

    fn key(&self, what: &str, nth: usize) -> String {
        format!("demo-{what}-{}-{nth}", self.number)
    }

    fn path(&self) -> CustomerPath {
        CustomerPath { customer_id: self.customer }
    }

    /// Who serves this time.
    fn staff(&mut self) -> Option<StaffId> {
        let among = self.shop.staff.len().max(1);
        self.shop.staff.get(self.chance.random_range(0..among)).copied()
    }

    async fn contact(
        &mut self,
        nth: usize,
        occurred_at: DateTime<Utc>,
        phase: Phase,
        topic: &str,
        inbound: bool,
    ) -> Result<(), Failed> {
        let new = NewContact {
            org_unit_id: self.shop.unit,
            staff_id: self.staff(),
            channel: if self.chance.random_bool(0.7) { Channel::Phone } else { Channel::Messenger },
            direction: if inbound { ContactDirection::Inbound } else { ContactDirection::Outbound },
            phase,
            occurred_at,
            topic: topic.to_owned(),
            notes: None,
            outcome: Some("informed".to_owned()),
            answered: (!inbound).then_some(true),
            promise: None,
        };
        let key = self.key("contact", nth);
        self.door.command::<RecordContact>(&self.door.interaction, key, &self.path(), &new).await?;
        Ok(())
    }

    async fn purchase(
        &mut self,
        nth: usize,
        occurred_at: DateTime<Utc>,
        basket: &[(usize, i64)],
    ) -> Result<(), Failed> {
        let line = |(article, bags): &(usize, i64)| {
            let (sku, grams, price) = *ARTICLES.get(*article)?;
            Some(NewPurchaseLine {
                sku: sku.to_owned(),
                quantity_milli: Milli::new(grams * bags),
                amount_minor: Minor::new(price * bags),
            })
        };
        let new = NewPurchase {
            org_unit_id: self.shop.unit,
            staff_id: self.staff(),
            channel: if self.chance.random_bool(0.7) { Channel::Counter } else { Channel::Phone },
            occurred_at,
            currency: self.door.currency.clone(),
            lines: basket.iter().filter_map(line).collect(),
        };
        let key = self.key("purchase", nth);
        let purchase =
            self.door.command::<RecordPurchase>(&self.door.interaction, key, &self.path(), &new).await?;
        self.last = Some(purchase);
        Ok(())
    }

    async fn give_back(&mut self, nth: usize, occurred_at: DateTime<Utc>) -> Result<(), Failed> {
        let Some(purchase) = &self.last else { return Ok(()) };
        let Some(line) = purchase.lines.first() else { return Ok(()) };
        let new = NewReturn {
            occurred_at,
            reason: "damaged".to_owned(),
            lines: vec![NewReturnLine {
                line_no: line.line_no,
                quantity_milli: line.quantity_milli,
                amount_minor: line.amount_minor,
            }],
        };
        let path = PurchasePath { customer_id: self.customer, purchase_id: purchase.id };
        let key = self.key("return", nth);
        self.door.command::<ReturnPurchase>(&self.door.interaction, key, &path, &new).await?;
        Ok(())
    }

    async fn answer(&mut self, nth: usize, occurred_at: DateTime<Utc>, score: i32) -> Result<(), Failed> {
        let verbatim = nth.is_multiple_of(3).then(|| WORDS.get(self.number as usize % WORDS.len())).flatten();
        let new = NewAnswer {
            instrument: Instrument::Nps,
            score,
            verbatim: verbatim.map(|words| (*words).to_owned()),
            org_unit_id: Some(self.shop.unit),
            purchase_id: self.last.as_ref().map(|purchase| purchase.id),
            phase: Some(Phase::Sales),
            channel: Channel::Sms,
            occurred_at,
        };
        let key = self.key("answer", nth);
        self.door.command::<RecordAnswer>(&self.door.survey, key, &self.path(), &new).await?;
        Ok(())
    }

    /// A complaint from the case to the answer afterwards.
    async fn complaint(
        &mut self,
        nth: usize,
        at: DateTime<Utc>,
        resolved_at: Option<DateTime<Utc>>,
        afterwards: Option<i32>,
    ) -> Result<(), Failed> {
        let door = self.door;
        let late = self.chance.random_bool(0.5);
        let new = NewCase {
            org_unit_id: self.shop.unit,
            contact_id: None,
            accountable_id: self.staff(),
            topic: if late { "late-delivery" } else { "spoiled-goods" }.to_owned(),
            complaint: true,
            severity: if late { Severity::Normal } else { Severity::High },
            subject: None,
            occurred_at: Some(at),
            due_at: Some(at + TimeDelta::days(2)),
        };
        let key = self.key("case", nth);
        let case = door.command::<OpenCase>(&door.interaction, key, &self.path(), &new).await?;
        let Some(resolved_at) = resolved_at else { return Ok(()) };
        let path = CasePath { customer_id: self.customer, case_id: case.id };
        let resolution =
            CaseResolution { outcome: "replaced".to_owned(), notes: None, occurred_at: Some(resolved_at) };
        let key = self.key("resolved", nth);
        door.command::<ResolveCase>(&door.interaction, key, &path, &resolution).await?;
        let closed_at = resolved_at + TimeDelta::minutes(30);
        let step = CaseStep { occurred_at: Some(closed_at) };
        door.command::<CloseCase>(&door.interaction, self.key("closed", nth), &path, &step).await?;
        match afterwards {
            Some(score) => self.answer(nth, closed_at + TimeDelta::minutes(10), score).await,
            None => Ok(()),
        }
    }
}
