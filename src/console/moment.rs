//! Reads the clocks a [`Moment`] is made of. Rust's own clock stops while a machine sleeps; Linux tells one that does not.
use super::model::outbox::Moment;

/// Now.
pub fn now() -> Moment {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned();
    let uptime = std::fs::read_to_string("/proc/uptime").ok().and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    match uptime {
        Some(seconds) => Moment { wall: chrono::Utc::now(), boot, uptime: (seconds * 1000.0) as u64 },
        // Without one the wall is all there is.
        None => Moment { wall: chrono::Utc::now(), boot: String::new(), uptime: 0 },
    }
}
