//! Pure rules: what may be asked and answered, and what answers say, alone and together.
//!
//! Floats are used inside the statistics only; what comes in are exact counts, what goes out are integers.

pub(crate) mod answer;
pub(crate) mod draw;
pub(crate) mod form;
pub(crate) mod gap;
pub(crate) mod instrument;
pub(crate) mod invitation;
pub(crate) mod low;
pub(crate) mod millionths;
pub(crate) mod normal;
pub(crate) mod nps;
pub(crate) mod questionnaire;
pub(crate) mod result;
pub(crate) mod rule;
pub(crate) mod sample;
pub(crate) mod token;
pub(crate) mod wave;
pub(crate) mod wilson;
