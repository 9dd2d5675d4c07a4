//! What stands at a customer's and we fill: the jar whose width and height were measured, and what it holds.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CustomerFile, CustomerPath};
use crate::{
    access::FRONT_OFFICE,
    classified,
    ids::{ContainerId, CustomerId},
    value::Milli,
};

crate::api::endpoints! {
    /// Records a container that stands at the customer's; its capacity is reckoned from its measures.
    AddContainer = Command Post "/customers/{customer_id}/containers" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewContainer, reply: CustomerFile,
    }
    /// Removes a container that does not stand at the customer's any more.
    RemoveContainer = Command Delete "/customers/{customer_id}/containers/{container_id}" 200 for FRONT_OFFICE => {
        path: ContainerPath, reply: CustomerFile,
    }
    /// How much of a delivery goes into a container that is not empty, or not large enough.
    FitDelivery = Read Get "/customers/{customer_id}/containers/{container_id}/delivery" 200 for FRONT_OFFICE => {
        path: ContainerPath, query: DeliveryQuery, reply: DeliveryFit,
    }
}

/// Which container of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct ContainerPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The container's id.
    pub container_id: ContainerId,
}

/// What is to be delivered into a container.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DeliveryQuery {
    /// How much is to be delivered, in thousandths of a kilogram: 1 to 1,000,000,000.
    #[param(value_type = i64, minimum = 1, maximum = 1_000_000_000)]
    pub offered_kilograms_milli: Milli,
    /// How much is in it, in thousandths of a kilogram, 0 to 1,000,000,000; nothing when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<i64>, minimum = 0, maximum = 1_000_000_000)]
    pub stock_kilograms_milli: Option<Milli>,
}

/// How much of a delivery goes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryFit {
    /// What goes in, in thousandths of a kilogram.
    pub fits_kilograms_milli: Milli,
    /// What would be left over, in thousandths of a kilogram.
    pub left_kilograms_milli: Milli,
}

classified! { DeliveryFit { fits_kilograms_milli: plain, left_kilograms_milli: plain } }

/// The shape of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum ContainerShape {
    /// Round: its width is the diameter.
    Cylinder,
    /// With corners: width, depth and height.
    Box,
}

/// A container at a customer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Container {
    /// Its id.
    pub id: ContainerId,
    /// What it is filled with.
    pub sku: String,
    /// Its shape.
    pub shape: ContainerShape,
    /// The inner width, of a cylinder the diameter, in millimetres.
    pub width_mm: i32,
    /// The inner depth of a box, in millimetres.
    pub depth_mm: Option<i32>,
    /// The inner height, in millimetres.
    pub height_mm: i32,
    /// Kilograms to the litre of what it is filled with, in thousandths.
    pub density_milli: i32,
    /// What it holds in thousandths of a litre, rounded down.
    pub capacity_litres_milli: Milli,
    /// What it holds in thousandths of a kilogram, rounded down: more would not go in.
    pub capacity_kilograms_milli: Milli,
}

classified! { Container {
    id: plain, sku: plain, shape: plain, width_mm: plain, depth_mm: plain, height_mm: plain, density_milli: plain,
    capacity_litres_milli: plain, capacity_kilograms_milli: plain,
} }

/// A container to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewContainer {
    /// What it is filled with: 1 to 40 of a-z, 0-9 and hyphen.
    pub sku: String,
    /// Its shape.
    pub shape: ContainerShape,
    /// The inner width, of a cylinder the diameter: 1 to 10,000 millimetres.
    pub width_mm: i32,
    /// The inner depth of a box: 1 to 10,000 millimetres; a cylinder has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth_mm: Option<i32>,
    /// The inner height: 1 to 10,000 millimetres.
    pub height_mm: i32,
    /// Kilograms to the litre of what it is filled with, in thousandths: 1 to 30,000. Rice has 800.
    pub density_milli: i32,
}
