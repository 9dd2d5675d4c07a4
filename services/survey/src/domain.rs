//! Pure rules: what may be asked and answered, and what answers say, alone and together.
//!
//! Floats are used inside the statistics only; what comes in are exact counts, what goes out are integers.

pub(crate) mod answer;
pub(crate) mod gap;
pub(crate) mod instrument;
pub(crate) mod millionths;
pub(crate) mod normal;
pub(crate) mod nps;
pub(crate) mod questionnaire;
pub(crate) mod result;
pub(crate) mod sample;
pub(crate) mod wilson;
