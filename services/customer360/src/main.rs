//! customer360
fn main() {}
