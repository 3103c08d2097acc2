//! The pace: one request at a time to an origin, a pause between two, and a cap over all.
//!
//! A lane belongs to an origin (RFC 9309 asks for robots.txt by origin too, so both are kept here).
//! Whoever wants to ask takes a [`Turn`]; giving it back, also by being cancelled, starts the pause.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use url::Url;

use super::robots::Known;

/// Longest time that one request waits for a resting site; beyond it the caller is told instead.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest rest that a site can ask for, so that no header mutes it for good.
const LONGEST_REST: Duration = Duration::from_secs(24 * 60 * 60);
/// Failed connections in a row after which a site is left alone for a while.
const FAILED_CONNECTIONS: u32 = 3;
/// That while.
const REST_OF_THE_DEAD: Duration = Duration::from_secs(5 * 60);
/// Lanes remembered before those long unused are forgotten.
const LANES: usize = 2048;
/// What counts as long.
const LONG_UNUSED: Duration = Duration::from_secs(60 * 60);

/// All lanes, and the permits they share.
pub(super) struct Lanes {
    lanes: Mutex<BTreeMap<String, Arc<Lane>>>,
    pause: Duration,
    permits: Semaphore,
}

/// One origin.
pub(super) struct Lane {
    gate: tokio::sync::Mutex<Gate>,
    /// What its robots.txt said, by the proxy that it was asked through (empty: none), since what one way
    /// cannot reach another may; locked while it is fetched, so that it is fetched once.
    pub(super) robots: tokio::sync::Mutex<BTreeMap<String, Known>>,
    used: Mutex<Instant>,
}

/// What only the holder of a turn may change.
struct Gate {
    /// The next request may begin.
    free_at: Instant,
    /// The site asked to be left in peace until then.
    rests_until: Instant,
    pause: Duration,
    failed: u32,
}

/// The right to send one request to an origin now.
pub(super) struct Turn<'a> {
    gate: tokio::sync::MutexGuard<'a, Gate>,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Lanes {
    /// `pause` between the end of one request and the begin of the next; `at_once` over all origins.
    pub(super) fn new(pause: Duration, at_once: usize) -> Self {
        Self { lanes: Mutex::default(), pause, permits: Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS)) }
    }

    /// The lane of an address's origin.
    pub(super) fn lane(&self, url: &Url) -> Arc<Lane> {
        let now = Instant::now();
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() >= LANES {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || now < lane.last_used() + LONG_UNUSED);
        }
        let lane = lanes.entry(url.origin().ascii_serialization()).or_insert_with(|| {
            let gate = Gate { free_at: now, rests_until: now, pause: self.pause, failed: 0 };
            Arc::new(Lane { gate: gate.into(), robots: BTreeMap::new().into(), used: now.into() })
        });
        *lane.used.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Arc::clone(lane)
    }

    /// Waits for the origin and then for one of the permits.
    ///
    /// # Errors
    /// How long the site still rests, where that is longer than a request should wait.
    pub(super) async fn turn<'a>(&'a self, lane: &'a Lane) -> Result<Turn<'a>, Duration> {
        let gate = lane.gate.lock().await;
        let rest = gate.rests_until.saturating_duration_since(Instant::now());
        if rest > PATIENCE {
            return Err(rest);
        }
        tokio::time::sleep_until(gate.free_at.max(gate.rests_until)).await;
        // Only a closed semaphore refuses, and this one is never closed.
        let permit = self.permits.acquire().await.ok();
        Ok(Turn { gate, _permit: permit })
    }
}

impl Lane {
    fn last_used(&self) -> Instant {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pause that the site asks for, where it is longer than ours.
    pub(super) async fn slow_down(&self, pause: Duration) {
        let mut gate = self.gate.lock().await;
        gate.pause = gate.pause.max(pause);
    }
}

impl Turn<'_> {
    /// The site asked to be left in peace.
    pub(super) fn rest(&mut self, rest: Duration) {
        let until = Instant::now() + rest.min(LONGEST_REST);
        self.gate.rests_until = self.gate.rests_until.max(until);
    }

    /// Nobody took the connection; after several times in a row the site is left alone.
    pub(super) fn no_connection(&mut self) {
        self.gate.failed += 1;
        if self.gate.failed >= FAILED_CONNECTIONS {
            self.gate.failed = 0;
            self.rest(REST_OF_THE_DEAD);
        }
    }

    /// Somebody answered, whatever it was.
    pub(super) fn answered(&mut self) {
        self.gate.failed = 0;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.gate.free_at = Instant::now() + self.gate.pause;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_turn_comes_a_pause_after_the_last_one_ended() {
        let pause = Duration::from_millis(60);
        let lanes = Lanes::new(pause, 8);
        let lane = lanes.lane(&url("http://a.example/1"));
        drop(lanes.turn(&lane).await.unwrap());
        let ended = Instant::now();
        let _turn = lanes.turn(&lane).await.unwrap();
        assert!(Instant::now() - ended >= pause - Duration::from_millis(5));
    }

    #[tokio::test]
    async fn origins_do_not_wait_for_each_other_and_share_the_permits() {
        let lanes = Lanes::new(Duration::from_secs(3600), 2);
        let [a, b, c] =
            ["http://a.example/", "https://a.example/", "http://a.example:8080/"].map(|at| lanes.lane(&url(at)));
        let first = lanes.turn(&a).await.unwrap();
        let _second = lanes.turn(&b).await.unwrap();
        assert!(lanes.permits.try_acquire().is_err());
        drop(first);
        assert!(lanes.turn(&c).await.is_ok());
        assert!(Arc::ptr_eq(&a, &lanes.lane(&url("http://a.example:80/other"))));
    }

    #[tokio::test]
    async fn a_long_rest_is_told_instead_of_waited_for() {
        let lanes = Lanes::new(Duration::ZERO, 1);
        let lane = lanes.lane(&url("http://a.example/"));
        lanes.turn(&lane).await.unwrap().rest(Duration::from_secs(600));
        let rest = lanes.turn(&lane).await.err().unwrap();
        assert!(rest > Duration::from_secs(590) && rest <= Duration::from_secs(600));
        let other = lanes.lane(&url("http://b.example/"));
        lanes.turn(&other).await.unwrap().rest(Duration::MAX);
        assert!(lanes.turn(&other).await.err().unwrap() <= LONGEST_REST);
    }

    #[tokio::test]
    async fn a_dead_site_is_left_alone_and_an_answer_wakes_it() {
        let lanes = Lanes::new(Duration::ZERO, 1);
        let lane = lanes.lane(&url("http://a.example/"));
        for _ in 1..FAILED_CONNECTIONS {
            lanes.turn(&lane).await.unwrap().no_connection();
        }
        lanes.turn(&lane).await.unwrap().answered();
        for _ in 0..FAILED_CONNECTIONS {
            lanes.turn(&lane).await.unwrap().no_connection();
        }
        assert!(lanes.turn(&lane).await.is_err());
    }

    #[tokio::test]
    async fn lanes_in_use_are_never_forgotten() {
        let lanes = Lanes::new(Duration::ZERO, 1);
        let held = lanes.lane(&url("http://held.example/"));
        for n in 0..LANES + 10 {
            lanes.lane(&url(&format!("http://n{n}.example/")));
        }
        assert!(Arc::ptr_eq(&held, &lanes.lane(&url("http://held.example/"))));
    }
}
