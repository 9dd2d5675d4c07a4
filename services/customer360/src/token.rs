//! `token`: a bearer token of the development issuer.

use chrono::TimeDelta;
use kit::{Config, auth::DevelopmentIssuer, clock::Clock};
use schema::access::{Role, Viewer};

use crate::{cli::Outcome, serve::say};

/// Prints a token for a person.
pub(crate) fn print(config: &Config, roles: Vec<Role>, org: String, staff: String, hours: u8) -> Outcome {
    if config.auth.issuer.is_some() {
        return Err("an issuer is configured: ask it for tokens".into());
    }
    say(&mint(config, roles, &org, &staff, hours)?);
    Ok(())
}

/// A development token.
pub(crate) fn mint(
    config: &Config,
    roles: Vec<Role>,
    org: &str,
    staff: &str,
    hours: u8,
) -> Result<String, kit::auth::AuthError> {
    let viewer = Viewer {
        subject: format!("staff:{staff}"),
        staff: Some(staff.to_owned()),
        org_unit: Some(org.to_owned()),
        roles,
    };
    let issuer = DevelopmentIssuer::load_or_create(&config.data)?;
    issuer.mint(&viewer, &config.auth.audience, Clock::system().now(), TimeDelta::hours(i64::from(hours)))
}
