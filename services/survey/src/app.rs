//! Commands, one a file: the decision, seen whole.

pub(crate) mod record_answer;
