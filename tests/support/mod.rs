//! What the tests stand on: a backend over either database, clients with each role, waiting for a condition with a bound.
pub mod backend;
pub mod dice;
pub mod postgres;
pub mod proxy;
pub mod served;
pub mod source;
pub mod terminal;

use std::future::Future;
use std::time::{Duration, Instant};

/// Waits until `probe` gives something, at most `seconds`; the bound is for broken code, not for slow machines.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, seconds: u64, mut probe: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(seconds), "waited {seconds} s for: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The folder of real inputs, where there is one; a test that needs it says SKIPPED otherwise.
pub fn real_data() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("HOTLINE_TEST_DATA").map(std::path::PathBuf::from);
    if folder.is_none() {
        println!("SKIPPED: HOTLINE_TEST_DATA is not set, so there is no real input to run on");
    }
    folder
}
