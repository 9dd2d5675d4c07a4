//! How often a client may miss: a budget for each client and kind of miss, which fills up again with time.
//!
//! The generic cell rate algorithm (ITU-T I.371): what is kept of a client is one instant, that at which its budget
//! will be full again. Clients are kept by a hash with a random key, so that no address is; of at most
//! [`CLIENTS`], and no longer than it takes to fill up. Each process counts for itself.

use std::{
    hash::{BuildHasher as _, RandomState},
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use actix_web::HttpRequest;
use chrono::{DateTime, TimeDelta, Utc};
use moka::{ops::compute::Op, sync::Cache};

/// The most clients that are kept.
pub const CLIENTS: u64 = 20_000;

/// Budgets of misses.
#[derive(Debug)]
pub struct Throttle {
    /// When the budget of a client is full again.
    full_at: Cache<u64, DateTime<Utc>>,
    keys: RandomState,
    /// What one miss takes to be forgotten.
    each: TimeDelta,
    /// What a whole budget takes to fill up.
    whole: TimeDelta,
}

impl Throttle {
    /// Budgets of so many misses at once, and so many a minute after that; both at least 1.
    pub fn new(most: u32, per_minute: u32) -> Self {
        let each = TimeDelta::microseconds(60_000_000 / i64::from(per_minute.max(1)));
        let whole = each * i32::try_from(most.max(1)).unwrap_or(i32::MAX);
        let kept = whole.to_std().unwrap_or(Duration::from_secs(3_600));
        let full_at = Cache::builder().max_capacity(CLIENTS).time_to_live(kept).build();
        Self { full_at, keys: RandomState::new(), each, whole }
    }

    /// How long the client must wait before it is looked at again; none when it need not.
    pub fn wait(&self, client: IpAddr, kind: &'static str, now: DateTime<Utc>) -> Option<Duration> {
        let full_at = self.full_at.get(&self.key(client, kind))?;
        let over = full_at - now + self.each - self.whole;
        over.to_std().ok().filter(|over| !over.is_zero())
    }

    /// Takes one miss from the client's budget.
    pub fn miss(&self, client: IpAddr, kind: &'static str, now: DateTime<Utc>) {
        self.full_at.entry(self.key(client, kind)).and_compute_with(|held| {
            let full_at = held.map_or(now, |held| held.into_value().max(now));
            Op::Put(full_at + self.each)
        });
    }

    fn key(&self, client: IpAddr, kind: &'static str) -> u64 {
        self.keys.hash_one((network(client), kind))
    }
}

/// Who is one client: an address of IPv4, a network of IPv6, which one subscriber has to themselves.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address @ IpAddr::V4(_) => address,
    }
}

/// The address of whoever asks: behind so many proxies, what the outermost of them wrote into `X-Forwarded-For`.
/// What stands left of that anybody may have written.
pub fn client(request: &HttpRequest, trusted_proxies: usize) -> Option<IpAddr> {
    let forwarded: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .collect();
    let outermost = forwarded.len().checked_sub(trusted_proxies).filter(|_| trusted_proxies > 0);
    let told = outermost.and_then(|at| forwarded.get(at)?.trim().parse().ok());
    told.or_else(|| request.peer_addr().map(|peer| peer.ip()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_budget_is_used_up_and_fills_up_again() {
        let (throttle, start) = (Throttle::new(3, 6), DateTime::UNIX_EPOCH);
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        for _ in 0..3 {
            assert_eq!(throttle.wait(one, "guess", start), None);
            throttle.miss(one, "guess", start);
        }
        assert_eq!(throttle.wait(one, "guess", start), Some(Duration::from_secs(10)));
        assert_eq!(throttle.wait(one, "scan", start), None, "each kind has its own");
        assert_eq!(throttle.wait(other, "guess", start), None, "and each client");
        let later = start + TimeDelta::seconds(4);
        assert_eq!(throttle.wait(one, "guess", later), Some(Duration::from_secs(6)));
        let ten = start + TimeDelta::seconds(10);
        assert_eq!(throttle.wait(one, "guess", ten), None);
        throttle.miss(one, "guess", ten);
        assert!(throttle.wait(one, "guess", ten).is_some(), "one is back, not all");
        let minute = start + TimeDelta::seconds(60);
        for _ in 0..3 {
            assert_eq!(throttle.wait(one, "guess", minute), None);
            throttle.miss(one, "guess", minute);
        }
    }

    #[test]
    fn no_more_clients_are_kept_than_there_is_room_for() {
        let (throttle, now) = (Throttle::new(2, 2), DateTime::UNIX_EPOCH);
        for number in 0..60_000_u32 {
            throttle.miss(IpAddr::V4(number.into()), "guess", now);
        }
        throttle.full_at.run_pending_tasks();
        assert!(throttle.full_at.entry_count() <= CLIENTS, "{}", throttle.full_at.entry_count());
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        assert_eq!(network(address("2001:db8:1:2::9")), network(address("2001:db8:1:2:ffff::1")));
        assert_ne!(network(address("2001:db8:1:2::9")), network(address("2001:db8:1:3::9")));
        assert_eq!(network(address("::ffff:192.0.2.1")), address("192.0.2.1"));
    }

    #[test]
    fn only_what_trusted_proxies_say_counts() {
        let request = |told: &str| {
            let peer = "10.0.0.9:4711".parse().expect("an address");
            TestRequest::default().peer_addr(peer).insert_header(("x-forwarded-for", told)).to_http_request()
        };
        let told = "198.51.100.7, 203.0.113.5, 10.0.0.1";
        assert_eq!(client(&request(told), 0), Some(address("10.0.0.9")));
        assert_eq!(client(&request(told), 1), Some(address("10.0.0.1")));
        assert_eq!(client(&request(told), 2), Some(address("203.0.113.5")));
        assert_eq!(client(&request(told), 4), Some(address("10.0.0.9")), "fewer than there should be");
        assert_eq!(client(&request("unknown"), 1), Some(address("10.0.0.9")));
    }
}
