//! When people call and how long they talk: the curve of a day, the weight of a weekday, lengths of talk, office hours.
//! Whole milliseconds and city time (+08:00). Public holidays are not here: the calendar belongs to the domain, and a
//! sample history may well have a reply on a holiday.
use super::random::Random;

/// One second, minute, hour and day in milliseconds.
pub(super) const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// City time is eight hours ahead of UTC.
const CITY_OFFSET: i64 = 8 * HOUR;

/// How busy the beginning of each hour is; between two of them the curve is a straight line. A morning peak at ten, a
/// dip at noon, a lower peak at three, a quiet evening, almost nothing at four at night.
pub const HOURLY: [u32; 24] =
    [14, 9, 6, 5, 5, 8, 18, 42, 86, 128, 132, 112, 78, 84, 112, 118, 106, 88, 66, 60, 56, 46, 34, 22];
/// The highest of them.
pub const PEAK: u32 = 132;

/// Out of 10, how busy Monday to Sunday are.
const WEEKDAY: [u64; 7] = [10, 9, 9, 9, 9, 6, 5];

/// Length of talk in seconds at every fiftieth of probability: lognormal, mean 150 s, median 109 s.
const TALK: [u32; 51] = [
    12, 21, 27, 31, 35, 39, 42, 46, 49, 52, 56, 59, 62, 65, 68, 72, 75, 78, 82, 85, 89, 93, 97, 101, 105, 109, 113,
    118, 123, 128, 133, 139, 145, 152, 158, 166, 174, 182, 192, 202, 214, 226, 241, 257, 277, 301, 332, 373, 434, 545,
    1_250,
];
/// The longest call on record in the sizing figures, in seconds.
const LONGEST_TALK: i64 = 4_751;

/// How busy the moment is, 0 to [`PEAK`] as in [`HOURLY`]; the argument is milliseconds since city midnight, any day.
pub fn busy(since_midnight_ms: i64) -> u32 {
    let within = since_midnight_ms.rem_euclid(DAY);
    let hour = (within / HOUR) as usize;
    let here = i64::from(HOURLY[hour % 24]);
    let next = i64::from(HOURLY[(hour + 1) % 24]);
    (here + (next - here) * (within % HOUR) / HOUR) as u32
}

/// A length of talk in seconds; one call in 2,000 is very long.
pub fn talk_s(random: &mut Random) -> u32 {
    if random.chance(1, 2_000) {
        return random.between(1_250, LONGEST_TALK) as u32;
    }
    random.quantile(&TALK) as u32
}

fn weekday(ms: i64) -> usize {
    // 1970-01-01 was a Thursday, 3 days after Monday.
    ((ms + CITY_OFFSET).div_euclid(DAY) + 3).rem_euclid(7) as usize
}

/// A moment in the `days` days before the end, by the curve of the day and the weight of the weekday.
pub(super) fn past_moment(end_ms: i64, days: i64, random: &mut Random) -> i64 {
    loop {
        let at = end_ms - random.between(MINUTE, days * DAY);
        let busy = u64::from(busy(at + CITY_OFFSET));
        if random.chance(busy * WEEKDAY[weekday(at)], u64::from(PEAK) * 10) {
            return at;
        }
    }
}

/// The moment itself within office hours (08:30 to 17:30, Monday to Friday), else some way into the next ones.
pub(super) fn in_office(ms: i64, random: &mut Random) -> i64 {
    let within = (ms + CITY_OFFSET).rem_euclid(DAY);
    let opens = 8 * HOUR + 30 * MINUTE;
    if weekday(ms) < 5 && (opens..=17 * HOUR + 30 * MINUTE).contains(&within) {
        return ms;
    }
    let midnight = ms - within;
    let mut day = if within < opens { midnight } else { midnight + DAY };
    while weekday(day) >= 5 {
        day += DAY;
    }
    day + opens + random.between(0, 100) * MINUTE + random.between(0, 59) * SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city(text: &str) -> i64 {
        chrono::DateTime::parse_from_rfc3339(&format!("{text}+08:00")).unwrap().timestamp_millis()
    }

    #[test]
    fn the_curve_of_the_day_has_its_peak_and_joins_at_midnight() {
        assert_eq!(HOURLY.iter().max(), Some(&PEAK));
        assert_eq!((busy(10 * HOUR), busy(DAY + 10 * HOUR), busy(DAY - 1)), (PEAK, PEAK, 15));
    }

    #[test]
    fn talk_is_about_150_seconds_and_never_beyond_the_longest() {
        let mut random = Random::new(2);
        let talks: Vec<u32> = (0..40_000).map(|_| talk_s(&mut random)).collect();
        let mean = talks.iter().sum::<u32>() / 40_000;
        assert!((144..=158).contains(&mean), "mean {mean}");
        assert!(talks.iter().all(|talk| (12..=4_751).contains(talk)));
        assert!(talks.iter().any(|talk| *talk > 1_250));
    }

    #[test]
    fn an_act_out_of_office_hours_waits_for_the_next_working_morning() {
        let mut random = Random::new(1);
        let noon = city("2026-11-20T12:00:00");
        assert_eq!(in_office(noon, &mut random), noon);
        for late in ["2026-11-20T19:00:00", "2026-11-21T10:00:00", "2026-11-22T23:59:00", "2026-11-23T06:00:00"] {
            let at = in_office(city(late), &mut random);
            assert!((city("2026-11-23T08:30:00")..city("2026-11-23T10:12:00")).contains(&at), "{late}");
        }
    }
}
