//! Batches of answers.

use super::NewAnswer;
use crate::{
    access::{FRONT_OFFICE, SERVICES},
    api::batch::{Batch, BatchItem, BatchReply},
};

crate::api::endpoints! {
    /// Records several answers.
    RecordAnswers = Batch Post "/batches/answers" 200 for FRONT_OFFICE => {
        body: Batch<BatchItem<NewAnswer>>, reply: BatchReply,
    }
    /// Records several answers, for a service that has no person.
    RecordAnswersInternally = Batch Post "/internal/batches/answers" 200 for SERVICES => {
        body: Batch<BatchItem<NewAnswer>>, reply: BatchReply,
    }
}
