//! `healthcheck`: a probe for containers, which have no HTTP client of their own.

use std::time::Duration;

use kit::Config;
use schema::topology::Service;

use crate::cli::Outcome;

/// Asks `/readyz`. Without a service, at least one must answer and all that answer must be ready.
pub(crate) async fn check(config: Config, service: Option<Service>) -> Outcome {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(3)).build()?;
    let mut answered = 0;
    for one in service.map_or_else(|| Service::ALL.to_vec(), |service| vec![service]) {
        let mut address = config.address(one);
        if address.ip().is_unspecified() {
            address.set_ip([127, 0, 0, 1].into());
        }
        match http.get(format!("http://{address}/readyz")).send().await {
            Ok(response) if response.status().is_success() => answered += 1,
            Ok(response) => return Err(format!("{one} is not ready: {}", response.status()).into()),
            Err(error) if service.is_some() => return Err(Box::new(error)),
            Err(_) => {}
        }
    }
    if answered == 0 { Err("no service answers on this machine".into()) } else { Ok(()) }
}
