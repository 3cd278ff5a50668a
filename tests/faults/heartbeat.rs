//! P8: a line that has died without a word is noticed.
use super::node::City;
use crate::support::backend::Kind;
use crate::support::dice::Dice;
use crate::support::proxy::Proxy;
use hotline::client::{Live, live};
use std::time::{Duration, Instant};

/// The next of what the stream tells that `wanted` takes, and how long it took.
async fn next(stream: &mut tokio::sync::mpsc::Receiver<Live>, seconds: u64, wanted: impl Fn(&Live) -> bool) -> Duration {
    let start = Instant::now();
    let came = tokio::time::timeout(Duration::from_secs(seconds), async {
        while !wanted(&stream.recv().await.expect("the stream goes on")) {}
    });
    came.await.unwrap_or_else(|_| panic!("it did not come within {seconds} s"));
    start.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_line_is_noticed() {
    let Some(mut city) = City::new(Kind::Sqlite).await else { return };
    let node = city.node(&["sup01"]).await;
    let proxy = Proxy::before(&[node.address], Dice::of_the_run("heartbeat").next()).await;
    let mut stream = live(city.client(&proxy.url(), "sup01"), 0);
    let beat = |told: &Live| matches!(told, Live::Heartbeat(beat) if beat.rate == 1.0);
    let first = next(&mut stream, 3, beat).await;
    let second = next(&mut stream, 12, beat).await;
    proxy.freeze(true);
    let lost = next(&mut stream, 26, |told| matches!(told, Live::Lost(_))).await;
    proxy.freeze(false);
    let back = next(&mut stream, 10, |told| matches!(told, Live::Connected(_))).await;
    println!("first heartbeat after {first:?}, the next after {second:?}; frozen line noticed after {lost:?}, back after {back:?}");
    // A line that is dead from the start is noticed as well.
    proxy.freeze(true);
    let mut stream = live(city.client(&proxy.url(), "sup01"), 0);
    next(&mut stream, 26, |told| matches!(told, Live::Lost(_))).await;
}
