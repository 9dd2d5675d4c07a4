//! `token`: a bearer token of the development issuer; and the one with which the command line itself asks.

use chrono::TimeDelta;
use kit::{Config, auth::DevelopmentIssuer, clock::Clock};
use schema::access::{Role, Viewer};

use crate::{cli::Outcome, door::Failed, serve::say};

/// Prints a token for a person.
pub(crate) fn print(config: &Config, roles: Vec<Role>, org: String, staff: String, hours: u8) -> Outcome {
    if config.auth.issuer.is_some() {
        return Err("an issuer is configured: ask it for tokens".into());
    }
    say(&mint(config, roles, &org, &staff, hours)?);
    Ok(())
}

/// The token that was given; else, without an issuer, a development token of a manager of the root unit.
pub(crate) fn given_or_minted(config: &Config, given: Option<String>, staff: &str) -> Result<String, Failed> {
    match given {
        Some(token) => Ok(token),
        None if config.auth.issuer.is_some() => {
            Err("an issuer is configured: give one of its tokens by --token or C360_TOKEN".into())
        }
        None => Ok(mint(config, vec![Role::Manager], "hq", staff, 24)?),
    }
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
