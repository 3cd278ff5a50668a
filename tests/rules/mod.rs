//! Rules a centre lives by, each over both databases: whose call it is, what takes a ticket in, which limit it runs under,
//! what is shown of numbers in words, who may come in.
mod articles;
mod audit;
mod calls;
mod import;
mod lists;
mod people;
mod reveals;
mod tickets;
mod traces;

/// The test over each database.
macro_rules! on_both {
    ($($name:ident => $sqlite:ident, $postgres:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $sqlite() {
            $name(Kind::Sqlite).await;
        }
        #[tokio::test(flavor = "multi_thread")]
        async fn $postgres() {
            $name(Kind::Postgres).await;
        }
    )*};
}
pub(crate) use on_both;

use hotline::api::calls::Ring;
use hotline::client::ClientError;

/// Status and code of a refusal.
pub fn no<T: std::fmt::Debug>(answer: Result<T, ClientError>) -> (u16, String) {
    match answer {
        Err(ClientError::Problem(problem)) => (problem.status, problem.code.clone()),
        other => panic!("not refused: {other:?}"),
    }
}

pub fn ring(call: &str, name: Option<&str>) -> Ring {
    Ring { exchange: "test".into(), exchange_call: call.into(), line: Default::default(), number: "10000000421".into(), name: name.map(str::to_owned), district: None }
}
