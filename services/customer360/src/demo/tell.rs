//! Tells a life through the services' own API, as the shops would have done.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use schema::{
    api::{
        Endpoint, NoParameters,
        customer::{
            AddContainer, ConsentPurpose, ConsentStatus, ContainerShape, CustomerPath, NewConsent,
            NewContainer, RecordConsent, RegisterCustomer,
        },
        interaction::{
            Channel, ContactDirection, ContactPath, NewContact, NewPromise, NewPurchase, NewPurchaseLine,
            NewReturn, NewReturnLine, Phase, PromiseOutcome, Purchase, PurchasePath, RecordContact,
            RecordPurchase, ReturnPurchase, SettlePromise,
        },
        loyalty::{SetSupply, SupplyPath, SupplySetting},
        survey::{Instrument, NewAnswer, RecordAnswer},
    },
    ids::CustomerId,
    value::{Milli, Minor},
};

use super::{
    Failed, Owner,
    company::{Colleague, Shop},
    life::{self, ARTICLES, DAILY_GRAMS, Dealing},
    person::Person,
};

const WORDS: [&str; 4] = [
    "They knew that our jar was nearly empty.",
    "Friendly, but the delivery came late.",
    "Good rice, carried up to the fourth floor.",
    "The shop always remembers what we like.",
];

/// Whose life was told: the number of the customer, and the id.
pub(super) type Told = (u32, CustomerId);

/// Tells the life of the customer of this number.
pub(super) async fn tell(shops: &[Shop], number: u32, now: DateTime<Utc>) -> Result<Told, Failed> {
    let shop = shop_of(shops, number)?;
    // A seed of their own: the same life in whatever order and company they are told.
    let mut chance = StdRng::seed_from_u64(u64::from(number));
    let person = Person::of(number, &mut chance);
    let new = person.registration(shop.unit, &mut chance);
    let (key, none) = (format!("demo-customer-{number}"), NoParameters::default());
    let customer = shop.seller.door.command::<RegisterCustomer>(Owner::Customer, key, &none, &new).await?.id;
    let plan = life::plan(&person, now, &mut chance);
    let mut teller = Teller { shop, customer, number, chance, now, last: None };
    if person.jar {
        teller.jar(person.eaters).await?;
    }
    if let Some((given_at, _)) = plan.first().filter(|_| teller.chance.random_bool(0.4)) {
        teller.consent(*given_at).await?;
    }
    for (nth, (at, dealing)) in plan.into_iter().enumerate() {
        teller.tell(nth, at, dealing).await?;
    }
    Ok((number, customer))
}

/// Where the customer of this number is served.
pub(super) fn shop_of(shops: &[Shop], number: u32) -> Result<&Shop, Failed> {
    Ok(shops.get(number as usize % shops.len().max(1)).ok_or("the demo has no shop")?)
}

/// Tells what happened between one customer and one shop.
pub(super) struct Teller<'a> {
    pub(super) shop: &'a Shop,
    pub(super) customer: CustomerId,
    pub(super) chance: StdRng,
    pub(super) now: DateTime<Utc>,
    number: u32,
    last: Option<Purchase>,
}

impl Teller<'_> {
    async fn tell(&mut self, nth: usize, at: DateTime<Utc>, dealing: Dealing) -> Result<(), Failed> {
        match dealing {
            Dealing::Question => self.question(nth, at).await,
            Dealing::Call => {
                let call = self.new_contact(at, Phase::Aftersales, "jar-nearly-empty");
                let call = NewContact { direction: ContactDirection::Outbound, answered: Some(true), ..call };
                self.as_somebody::<RecordContact>(Owner::Interaction, self.key("call", nth), &call).await?;
                Ok(())
            }
            Dealing::Purchase(basket) => self.purchase(nth, at, &basket).await,
            Dealing::Return => self.give_back(nth, at).await,
            Dealing::Answer(score) => self.answer(nth, at, score).await,
            Dealing::Complaint(complaint) => self.complain(nth, at, &complaint).await,
        }
    }

    pub(super) fn key(&self, what: &str, nth: usize) -> String {
        format!("demo-{what}-{}-{nth}", self.number)
    }

    pub(super) fn path(&self) -> CustomerPath {
        CustomerPath { customer_id: self.customer }
    }

    /// Does something for the customer as whoever serves this time: mostly the seller.
    async fn as_somebody<E>(&mut self, owner: Owner, key: String, body: &E::Body) -> Result<E::Reply, Failed>
    where
        E: Endpoint<Path = CustomerPath, Query = NoParameters>,
    {
        let Colleague { door, .. } = match self.chance.random_range(0..10) {
            0..6 => &self.shop.seller,
            6..9 => &self.shop.lead,
            _ => &self.shop.driver,
        };
        Ok(door.command::<E>(owner, key, &self.path(), body).await?)
    }

    /// Their jar was measured, and how many eat from it was written down.
    async fn jar(&mut self, eaters: i64) -> Result<(), Failed> {
        let (sku, ..) = ARTICLES[0];
        let jar = NewContainer {
            sku: sku.to_owned(),
            shape: ContainerShape::Cylinder,
            width_mm: 250 + 30 * i32::try_from(eaters)?,
            depth_mm: None,
            height_mm: 450,
            density_milli: 800,
        };
        self.as_somebody::<AddContainer>(Owner::Customer, self.key("jar", 0), &jar).await?;
        let setting = SupplySetting {
            persons: Some(u32::try_from(eaters)?),
            milli_per_person_day: Some(Milli::new(DAILY_GRAMS)),
            lead_days: 1,
            buffer_days: 1,
            last_fill: None,
        };
        let path = SupplyPath { customer_id: self.customer, sku: sku.to_owned() };
        let key = self.key("supply", 0);
        self.shop.seller.door.command::<SetSupply>(Owner::Loyalty, key, &path, &setting).await?;
        Ok(())
    }

    async fn consent(&mut self, given_at: DateTime<Utc>) -> Result<(), Failed> {
        let new = NewConsent {
            purpose: ConsentPurpose::Survey,
            channel: Channel::Sms,
            status: ConsentStatus::Granted,
            given_at,
            expires_at: None,
            source: "counter".to_owned(),
            said_by: None,
        };
        self.as_somebody::<RecordConsent>(Owner::Customer, self.key("consent", 0), &new).await?;
        Ok(())
    }

    /// A question that somebody promised to look into.
    async fn question(&mut self, nth: usize, at: DateTime<Utc>) -> Result<(), Failed> {
        let promise = NewPromise {
            what: "call-back".to_owned(),
            notes: None,
            staff_id: None,
            due_at: at + TimeDelta::days(1),
        };
        let asked = self.new_contact(at, Phase::Presales, "which-rice");
        let asked = NewContact { promise: Some(promise), ..asked };
        let (key, door) = (self.key("question", nth), &self.shop.seller.door);
        let contact = door.command::<RecordContact>(Owner::Interaction, key, &self.path(), &asked).await?;
        let kept = self.chance.random_bool(0.9);
        let settled_at = at + TimeDelta::hours(if kept { 4 } else { 26 });
        if settled_at < self.now {
            let path = ContactPath { customer_id: self.customer, contact_id: contact.id };
            let outcome = PromiseOutcome { kept, occurred_at: Some(settled_at) };
            let key = self.key("called-back", nth);
            door.command::<SettlePromise>(Owner::Interaction, key, &path, &outcome).await?;
        }
        Ok(())
    }

    fn new_contact(&mut self, occurred_at: DateTime<Utc>, phase: Phase, topic: &str) -> NewContact {
        NewContact {
            org_unit_id: self.shop.unit,
            staff_id: None,
            channel: if self.chance.random_bool(0.7) { Channel::Phone } else { Channel::Messenger },
            direction: ContactDirection::Inbound,
            phase,
            occurred_at,
            topic: topic.to_owned(),
            notes: None,
            outcome: Some("informed".to_owned()),
            answered: None,
            promise: None,
        }
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
            staff_id: None,
            channel: if self.chance.random_bool(0.7) { Channel::Counter } else { Channel::Phone },
            occurred_at,
            currency: self.shop.lead.door.currency.clone(),
            lines: basket.iter().filter_map(line).collect(),
        };
        let key = self.key("purchase", nth);
        self.last = Some(self.as_somebody::<RecordPurchase>(Owner::Interaction, key, &new).await?);
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
        self.shop.seller.door.command::<ReturnPurchase>(Owner::Interaction, key, &path, &new).await?;
        Ok(())
    }

    pub(super) async fn answer(
        &mut self,
        nth: usize,
        occurred_at: DateTime<Utc>,
        score: i32,
    ) -> Result<(), Failed> {
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
        self.as_somebody::<RecordAnswer>(Owner::Survey, key, &new).await?;
        Ok(())
    }
}
