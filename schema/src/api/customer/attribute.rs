//! What can be known of customers beyond the built-in fields: attributes that an administrator defines,
//! with a type and a class.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{ADMINISTRATORS, Class, EVERYONE, Level, Viewer},
    api::page::Page,
    classified,
    ids::AttributeId,
    value::Milli,
};

crate::api::endpoints! {
    /// Defines an attribute: code, type, class and whether it is segmentable stay as they are.
    DefineAttribute = Command Post "/attributes" 201 for ADMINISTRATORS => { body: NewAttribute, reply: Attribute }
    /// Changes an attribute's name or unit; what is absent stays as it is.
    ChangeAttribute = Command Patch "/attributes/{attribute_id}" 200 for ADMINISTRATORS => {
        path: AttributePath, body: AttributeChange, reply: Attribute,
    }
    /// Retires an attribute: nothing more is observed of it, what was observed can still be read.
    RetireAttribute = Command Post "/attributes/{attribute_id}/retire" 200 for ADMINISTRATORS => {
        path: AttributePath, reply: Attribute,
    }
    /// Lists the attributes, by code.
    ListAttributes = Read Get "/attributes" 200 for EVERYONE => { query: AttributeFilter, reply: Page<Attribute> }
}

/// Which attribute.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct AttributePath {
    /// The attribute's id.
    pub attribute_id: AttributeId,
}

/// What an attribute's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// A whole number of 32 bits.
    Integer,
    /// A number in thousandths: 23,750 is 23.75.
    Decimal,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// One of a set of words: 1 to 40 of a-z, 0-9 and hyphen.
    Code,
    /// Free text of at most 200 characters.
    Text,
}

/// Who sees an attribute's values: those whose role sees this class whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum AttributeClass {
    /// Whoever sees the customer.
    Plain,
    /// As names and birth dates.
    Identity,
    /// As phone numbers and addresses.
    Contact,
    /// As notes and verbatims.
    Sensitive,
    /// As scores and margins.
    Value,
}

impl AttributeClass {
    /// Whether the viewer sees values of this class whole; a masked number would be a false one.
    pub fn is_whole_for(self, viewer: &Viewer) -> bool {
        let class = match self {
            Self::Plain => return true,
            Self::Identity => Class::Identity,
            Self::Contact => Class::Contact,
            Self::Sensitive => Class::Sensitive,
            Self::Value => Class::Value,
        };
        viewer.level(class) == Level::Whole
    }
}

/// What can be known of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Attribute {
    /// Its id.
    pub id: AttributeId,
    /// Its code: unique, never changed.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    #[graphql(name = "type")]
    pub value_type: AttributeType,
    /// What a number counts, for example `persons` or `kg`.
    pub unit: Option<String>,
    /// Who sees its values.
    pub class: AttributeClass,
    /// Whether segments may ask for it.
    pub segmentable: bool,
    /// Since when nothing more is observed of it.
    #[serde(default)]
    pub retired_at: Option<DateTime<Utc>>,
    /// Raised by every change.
    pub revision: i64,
}

classified! { Attribute {
    id: plain, code: plain, name: plain, value_type: plain, unit: plain, class: plain, segmentable: plain,
    retired_at: plain, revision: plain,
} }

/// An attribute to define; at most 200 can be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewAttribute {
    /// 1 to 40 of a-z, 0-9 and underscore, starting with a letter; not the name of a built-in item.
    pub code: String,
    /// 1 to 200 characters.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    #[graphql(name = "type")]
    pub value_type: AttributeType,
    /// What a number counts, 1 to 20 characters; only for integers and decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Who sees its values.
    pub class: AttributeClass,
    /// Whether segments may ask for it; text cannot be segmentable.
    #[serde(default)]
    #[graphql(default)]
    pub segmentable: bool,
}

/// What to change of an attribute; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct AttributeChange {
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What a number counts, 1 to 20 characters; only for integers and decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// Which attributes to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AttributeFilter {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A value: exactly one of these, the one of the attribute's type.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[graphql(input_name = "AttributeValueInput")]
pub struct AttributeValue {
    /// Of an integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integer: Option<i32>,
    /// Of a decimal, in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal_milli: Option<Milli>,
    /// Of a boolean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boolean: Option<bool>,
    /// Of a date, between the years 1900 and 9999.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Of a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
