//! Journeys and faults across services; the tests are in `tests/it`.
