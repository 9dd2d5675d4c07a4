//! From a condition as it is written to a plan, or to every mistake in it with its place.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use schema::{
    api::{
        customer::{AttributeType, AttributeValue},
        loyalty::{
            AttributeOp, AttributeTest, Condition, CountTest, MoneyTest, Range, RfmTest, ScoreTest, Tier,
            TierTest,
        },
        problem::FieldError,
        survey::Instrument,
    },
    ids::{CustomerListId, OrgUnitId, SegmentId},
};

use super::{Days, Plan, Span, Test, Wanted};

/// How deep a condition goes at most.
const DEPTH_MOST: usize = 10;
/// How many conditions a tree has at most.
const NODES_MOST: usize = 100;
/// How many it has at most with those of the segments that it refers to.
const EXPANDED_MOST: usize = 1_000;
/// How many segments deep segments refer to each other at most.
const REFERENCES_MOST: usize = 5;
/// The longest window.
const WINDOW_MOST: u32 = 3_660;
/// How many words a set has at most.
const SET_MOST: usize = 10;
/// Days of recency beyond which there is nothing: a hundred years and more.
const RECENCY_MOST: i64 = 40_000;
/// What can be exact on every wire: JavaScript's largest safe integer.
const NUMBER_MOST: i64 = 9_007_199_254_740_991;

/// Another segment, as a condition may refer to it.
#[derive(Clone, Debug)]
pub struct KnownSegment {
    /// Its code.
    pub code: String,
    /// Its condition of now.
    pub condition: Condition,
}

/// What conditions refer to, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Attributes that were told of at least one customer.
    pub attributes: BTreeMap<String, AttributeType>,
    /// Units, each with its path once it is known.
    pub units: BTreeMap<OrgUnitId, Option<String>>,
    /// Active segments.
    pub segments: BTreeMap<SegmentId, KnownSegment>,
    /// Lists.
    pub lists: BTreeSet<CustomerListId>,
}

/// The plan of a condition at a time, or everything that is wrong with it.
///
/// `at` is the pointer of the condition in what was sent. `own` is the segment whose condition it is: it may
/// not come back to itself.
///
/// # Errors
/// Every mistake, with its pointer.
pub fn plan(
    condition: &Condition,
    at: &str,
    own: Option<SegmentId>,
    known: &Known,
    as_of: DateTime<Utc>,
) -> Result<Plan, Vec<FieldError>> {
    let mut planner = Planner {
        known,
        as_of,
        today: as_of.date_naive().signed_duration_since(chrono::NaiveDate::default()).num_days(),
        stack: own.into_iter().collect(),
        inside: 0,
        nodes: 0,
        expanded: 0,
        wrong: Vec::new(),
    };
    let plan = planner.plan(condition, at.to_owned(), 1);
    if planner.nodes > NODES_MOST {
        planner.mistake(at, format!("{} conditions; a segment has at most {NODES_MOST}", planner.nodes));
    } else if planner.expanded > EXPANDED_MOST {
        let detail = "with those of the segments that it refers to";
        planner.mistake(at, format!("more than {EXPANDED_MOST} conditions {detail}"));
    }
    match plan {
        Some(plan) if planner.wrong.is_empty() => Ok(plan),
        _ => Err(planner.wrong),
    }
}

/// A range as a span, or what is wrong with it.
///
/// # Errors
/// The pointer below the range, and the rule.
fn span(range: Range, least: i64, most: i64) -> Result<Span, (&'static str, String)> {
    let Range { at_least, at_most } = range;
    for (pointer, end) in [("/at_least", at_least), ("/at_most", at_most)] {
        if end.is_some_and(|end| !(least..=most).contains(&end)) {
            return Err((pointer, format!("{least} to {most}")));
        }
    }
    match (at_least, at_most) {
        (None, None) => Err(("", "give at_least, at_most or both".to_owned())),
        (Some(low), Some(high)) if low > high => Err(("/at_most", "it is not below at_least".to_owned())),
        _ => Ok(Span { least: at_least, most: at_most }),
    }
}

struct Planner<'a> {
    known: &'a Known,
    as_of: DateTime<Utc>,
    today: i64,
    /// The segments inside which the walk is, the condition's own first.
    stack: Vec<SegmentId>,
    /// How many of them are referred to.
    inside: usize,
    nodes: usize,
    expanded: usize,
    wrong: Vec<FieldError>,
}

impl Planner<'_> {
    fn mistake(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.wrong.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    }

    /// The plan of one condition; none when something in it is wrong, which is then noted.
    fn plan(&mut self, condition: &Condition, at: String, depth: usize) -> Option<Plan> {
        self.expanded += 1;
        self.nodes += usize::from(self.inside == 0);
        if depth > DEPTH_MOST {
            self.mistake(at, format!("deeper than {DEPTH_MOST}"));
            return None;
        }
        // Enough to know that it is too much; the walk ends whatever the segments refer to.
        if self.expanded > EXPANDED_MOST {
            return None;
        }
        let here = |name: &str| format!("{at}/{name}");
        let test = match condition {
            Condition::All(inner) => Test::All(self.group(inner, &here("all"), depth)?),
            Condition::Any(inner) => Test::Any(self.group(inner, &here("any"), depth)?),
            Condition::NoneOf(inner) => Test::NoneOf(self.group(inner, &here("none"), depth)?),
            Condition::Kind(kinds) => Test::Kind(self.set(kinds, &here("kind"))?),
            Condition::Status(states) => Test::Status(self.set(states, &here("status"))?),
            Condition::Unit(unit) => match self.known.units.get(unit) {
                Some(path) => Test::Unit(path.clone()),
                None => return self.refuse(here("unit"), "no unit with this id is known"),
            },
            Condition::Attribute(test) => self.attribute(test, &here("attribute"))?,
            Condition::Tier(test) => Test::Tier(self.tier(*test, here("tier"))?),
            Condition::RecencyDays(range) => {
                let days = self.span(*range, 0, RECENCY_MOST, &here("recency_days"))?;
                // The more days, the earlier the purchase.
                let day = |days: Option<i64>| days.map(|days| self.today - days);
                Test::LastPurchase(Span { least: day(days.most), most: day(days.least) })
            }
            Condition::Frequency(range) => {
                Test::Purchases(self.span(*range, 0, NUMBER_MOST, &here("frequency"))?)
            }
            Condition::Money(test) => self.money(test, &here("money"))?,
            Condition::Rfm(test) => self.rfm(*test, &here("rfm"))?,
            Condition::Count(test) => self.count(*test, &here("count"))?,
            Condition::Consent(test) => Test::Consent(test.purpose, test.channel, self.as_of),
            Condition::LastScore(test) => self.score(*test, &here("last_score"))?,
            Condition::Segment(id) => Test::Segment(Box::new(self.segment(*id, here("segment"))?)),
            Condition::List(list) if self.known.lists.contains(list) => Test::List(*list),
            Condition::List(_) => return self.refuse(here("list"), "no list with this id exists"),
        };
        Some(Plan { pointer: at, test })
    }

    fn refuse<T>(&mut self, pointer: String, detail: &str) -> Option<T> {
        self.mistake(pointer, detail);
        None
    }

    /// All of a group, however many of them are wrong, so that every mistake is named.
    fn group(&mut self, inner: &[Condition], at: &str, depth: usize) -> Option<Vec<Plan>> {
        if inner.is_empty() {
            return self.refuse(at.to_owned(), "name at least one condition");
        }
        let plans: Vec<Option<Plan>> = inner
            .iter()
            .enumerate()
            .map(|(number, one)| self.plan(one, format!("{at}/{number}"), depth + 1))
            .collect();
        plans.into_iter().collect()
    }

    fn set<T: Clone>(&mut self, words: &[T], at: &str) -> Option<Vec<T>> {
        if words.is_empty() || words.len() > SET_MOST {
            return self.refuse(at.to_owned(), "name 1 to 10");
        }
        Some(words.to_vec())
    }

    fn span(&mut self, range: Range, least: i64, most: i64, at: &str) -> Option<Span> {
        match span(range, least, most) {
            Ok(span) => Some(span),
            Err((below, detail)) => {
                self.mistake(format!("{at}{below}"), detail);
                None
            }
        }
    }

    fn tier(&mut self, test: TierTest, at: String) -> Option<Vec<Tier>> {
        const ALL: [Tier; 4] = [Tier::Basic, Tier::Silver, Tier::Gold, Tier::Platinum];
        match (test.is, test.at_least) {
            (Some(tier), None) => Some(vec![tier]),
            (None, Some(least)) => Some(ALL.into_iter().filter(|tier| *tier >= least).collect()),
            (None, None) | (Some(_), Some(_)) => self.refuse(at, "give either is or at_least"),
        }
    }

    fn money(&mut self, test: &MoneyTest, at: &str) -> Option<Test> {
        let range = Range { at_least: test.at_least_minor, at_most: test.at_most_minor };
        match span(range, -NUMBER_MOST, NUMBER_MOST) {
            Ok(span) => Some(Test::Turnover(test.currency.clone(), span)),
            Err(("", _)) => self.refuse(at.to_owned(), "give at_least_minor, at_most_minor or both"),
            Err((below, detail)) => self.refuse(format!("{at}{below}_minor"), &detail),
        }
    }

    fn rfm(&mut self, test: RfmTest, at: &str) -> Option<Test> {
        let RfmTest { recency, frequency, money } = test;
        if recency.or(frequency).or(money).is_none() {
            return self.refuse(at.to_owned(), "give recency, frequency, money or several of them");
        }
        let mut spans = [None; 3];
        let mut good = true;
        for (span, (name, range)) in
            spans.iter_mut().zip([("recency", recency), ("frequency", frequency), ("money", money)])
        {
            let Some(range) = range else { continue };
            *span = self.span(range, 1, 5, &format!("{at}/{name}"));
            good &= span.is_some();
        }
        good.then_some(Test::Rfm(spans))
    }

    fn count(&mut self, test: CountTest, at: &str) -> Option<Test> {
        let range = Range { at_least: test.at_least, at_most: test.at_most };
        let span = self.span(range, 0, NUMBER_MOST, at);
        if !(1..=WINDOW_MOST).contains(&test.days) {
            return self.refuse(format!("{at}/days"), &format!("1 to {WINDOW_MOST} days"));
        }
        let days = Days { first: self.today - i64::from(test.days) + 1, last: self.today };
        Some(Test::Count(test.of, days, span?))
    }

    fn score(&mut self, test: ScoreTest, at: &str) -> Option<Test> {
        let (least, most) = match test.instrument {
            Instrument::Nps => (0, 10),
            Instrument::Csat => (1, 5),
            Instrument::Ces => (1, 7),
        };
        let range = Range { at_least: test.at_least, at_most: test.at_most };
        Some(Test::LastScore(test.instrument, self.span(range, least, most, at)?))
    }

    fn segment(&mut self, id: SegmentId, at: String) -> Option<Plan> {
        let Some(other) = self.known.segments.get(&id) else {
            return self.refuse(at, "no active segment with this id exists");
        };
        if self.stack.contains(&id) {
            return self.refuse(at, &format!("the segment {} would refer to itself", other.code));
        }
        if self.inside == REFERENCES_MOST {
            return self.refuse(at, &format!("segments refer to each other at most {REFERENCES_MOST} deep"));
        }
        let before = self.wrong.len();
        self.stack.push(id);
        self.inside += 1;
        let plan = self.plan(&other.condition, at.clone(), 1);
        self.stack.pop();
        self.inside -= 1;
        // Whatever is wrong inside is wrong with referring to it: the client cannot mend it here.
        if let Some(first) =
            self.wrong.get(before).map(|one| format!("segment {}: {}", other.code, one.detail))
        {
            self.wrong.truncate(before);
            self.mistake(at, first);
        }
        plan
    }

    fn attribute(&mut self, test: &AttributeTest, at: &str) -> Option<Test> {
        let Some(kind) = self.known.attributes.get(&test.attribute).copied() else {
            let detail = "no customer has a segmentable attribute with this code yet; define it as segmentable \
                          and record it first";
            return self.refuse(format!("{at}/attribute"), detail);
        };
        let wanted = match (test.op, &test.value) {
            (AttributeOp::IsKnown, None) => Ok(Wanted::Known),
            (AttributeOp::IsKnown, Some(_)) => Err(("/value", "is_known takes no value".to_owned())),
            (_, None) => Err(("/value", "give a value".to_owned())),
            (op, Some(value)) => wanted(op, kind, value),
        };
        match wanted {
            Ok(wanted) => Some(Test::Attribute(test.attribute.clone(), wanted)),
            Err((below, detail)) => self.refuse(format!("{at}{below}"), &detail),
        }
    }
}

/// What a value of this type must be, compared like this.
fn wanted(
    op: AttributeOp,
    kind: AttributeType,
    value: &AttributeValue,
) -> Result<Wanted, (&'static str, String)> {
    let AttributeValue { integer, decimal_milli, boolean, date, code, text } = value;
    let given = [
        integer.is_some(),
        decimal_milli.is_some(),
        boolean.is_some(),
        date.is_some(),
        code.is_some(),
        text.is_some(),
    ];
    let (field, number) = match kind {
        AttributeType::Integer => ("integer", integer.map(i64::from)),
        AttributeType::Decimal => ("decimal_milli", decimal_milli.map(schema::value::Milli::get)),
        AttributeType::Boolean => ("boolean", boolean.map(i64::from)),
        AttributeType::Date => {
            ("date", date.map(|date| date.signed_duration_since(chrono::NaiveDate::default()).num_days()))
        }
        AttributeType::Code => ("code", None),
        AttributeType::Text => return Err(("/attribute", "a text cannot be asked for".to_owned())),
    };
    let expected = || ("/value", format!("give {field} and nothing else: it is the attribute's type"));
    if given.iter().filter(|given| **given).count() != 1 {
        return Err(expected());
    }
    if let (AttributeType::Code, Some(code)) = (kind, code) {
        return match op {
            AttributeOp::Is => Ok(Wanted::Code(code.clone())),
            AttributeOp::IsNot => Ok(Wanted::NotCode(code.clone())),
            AttributeOp::AtLeast | AttributeOp::AtMost | AttributeOp::IsKnown => {
                Err(("/op", "a code has no order: is, is_not or is_known".to_owned()))
            }
        };
    }
    let number = number.ok_or_else(expected)?;
    match op {
        AttributeOp::Is => Ok(Wanted::Number(Span::only(number))),
        AttributeOp::IsNot => Ok(Wanted::NotNumber(number)),
        AttributeOp::AtLeast | AttributeOp::AtMost if kind == AttributeType::Boolean => {
            Err(("/op", "a boolean has no order: is, is_not or is_known".to_owned()))
        }
        AttributeOp::AtLeast => Ok(Wanted::Number(Span { least: Some(number), most: None })),
        AttributeOp::AtMost => Ok(Wanted::Number(Span { least: None, most: Some(number) })),
        AttributeOp::IsKnown => Ok(Wanted::Known),
    }
}
