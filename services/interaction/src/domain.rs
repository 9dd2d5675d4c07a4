//! Pure rules: what may be recorded as a purchase, what may come back of it, and what it sums up to; what
//! becomes of a promise, how a case and a task move, when we work, who may give a gesture, whether a
//! customer may be reached, how steps stand on the
//! timeline, and what a section of the view holds.

pub(crate) mod calendar;
pub(crate) mod case;
pub(crate) mod gesture;
pub(crate) mod line;
pub(crate) mod outreach;
pub(crate) mod promise;
pub(crate) mod purchase;
pub(crate) mod purchase_return;
pub(crate) mod section;
pub(crate) mod standard;
pub(crate) mod task;
pub(crate) mod timeline;
pub(crate) mod turnover;
pub(crate) mod words;
pub(crate) mod working_time;

use schema::api::problem::FieldError;

/// A place that is wrong. Rules collect them, so that a caller learns everything at once.
fn mistake(pointer: impl Into<String>, detail: impl Into<String>) -> FieldError {
    FieldError { pointer: pointer.into(), detail: detail.into() }
}
