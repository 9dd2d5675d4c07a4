//! What conditions mean and which are refused.
