//! The sample city 示例市: an org tree, tables, knowledge articles, people, a past and a day of calls, all made up.
//! Data in `data/*.toml`, embedded; everything drawn comes from a seed through [`random`]. Deliberately not here: IO, a
//! clock, the server. These are plain structs; whoever seeds a demo turns them into the same commands a real city sends.
//!
//! To add a matter, an article or a unit: a block in the data file. [`City::faults`] says what does not fit.
pub mod articles;
pub mod city;
pub mod faults;
pub mod life;
pub mod matters;
pub mod notes;
pub mod past;
pub mod people;
pub mod places;
pub mod random;
pub mod rhythm;
pub mod staged;
pub mod tables;
pub mod tickets;
pub mod traffic;
pub mod units;

pub use articles::{Article, Audience, Step};
pub use city::City;
pub use matters::{Intent, Kind, Line, Matter};
pub use past::{Channel, Outcome, PastAct, PastStep, PastTicket};
pub use people::{EXCHANGE, Person, SEATS, people, seat};
pub use places::{Caller, Enterprise};
pub use random::Random;
pub use tables::{EnterpriseClass, MatterClass, Reason, UrgentClass};
pub use tickets::history;
pub use traffic::{Act, Ring, Traffic, TrafficAct};
pub use units::{Unit, UnitKind, UnitLevel};

/// The password every user of the sample city has: it is a sample, and says so.
pub const PASSWORD: &str = "demo";
