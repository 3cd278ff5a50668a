//! The link is cut while calls go on: five intakes are taken, the console itself is killed once, and when the link is back
//! exactly five tickets stand on the server, with the numbers their callers were told and the times they were given.
use super::*;
use crate::faults::node::soak;
use chrono::Utc;
use hotline::api::tickets::TicketQuery;

const INTAKES: usize = 5;

fn file(console: &mut Terminal, title: &str, waiting: usize) -> String {
    console.press("3");
    console.press("tab");
    console.type_text(title);
    console.wait_for_row(&["标题", title]);
    for _ in 0..4 {
        console.press("tab");
    }
    console.type_text("dcqzjj");
    console.wait_for_row(&["›", "东城区住建局"]);
    console.press("enter");
    console.press("alt-d");
    console.wait_gone(title);
    let row = console.wait_for_row(&[&format!("待送 {waiting}"), "暂存", "可接下一个来电"]);
    let number = row.split_once("暂存").unwrap().1.split('，').next().unwrap().trim().to_owned();
    assert_eq!(number.len(), "20261122-0001".len(), "{row}");
    number
}

async fn five_without_a_link(kind: Kind) {
    let Some(mut server) = Server::start(kind).await else { return };
    let home = TempDir::new().unwrap();
    let open = |server: &Server| {
        let mut console = Terminal::open(home.path(), &["--server", &server.url], &Start::default());
        console.wait_for("登录");
        log_in(&mut console, "op01");
        console
    };
    let mut console = open(&server);
    // Its numbers have been leased when the next one is behind them.
    let exchange = server.client("admin01").await;
    crate::support::until("the seat has its numbers", 20, || async {
        let next = exchange.lease_numbers(1, &hotline::client::new_key()).await.unwrap().numbers.remove(0);
        (next[next.len() - 4..].parse::<u32>().unwrap() > 30).then_some(())
    })
    .await;
    server.kill();
    console.wait_for("断线");
    let mut told = Vec::new();
    for intake in 0..INTAKES {
        if soak() {
            // Ten minutes in all; a gate's own time is as good for the rest.
            tokio::time::sleep(Duration::from_secs(600 / INTAKES as u64)).await;
        }
        let given = Utc::now();
        let title = format!("示例断网登记{intake}");
        let number = file(&mut console, &title, intake + 1);
        told.push((number, title, given, Utc::now()));
    }
    // The last of them is on the disk within a second: then not even the console's own end loses one.
    let drafts = home.path().join("state/hotline/drafts");
    crate::support::until("five on the disk", 60, || async { (super::drafts::kept_below(&drafts) == INTAKES).then_some(()) }).await;
    console.signal("KILL");
    console.wait_for_end();
    server.start_again();
    let console = open(&server);
    console.wait_for("已补交");
    console.wait_gone("待送");
    let client = server.client("sup01").await;
    let page = client.tickets(&TicketQuery { limit: Some(100), ..TicketQuery::default() }).await.unwrap();
    let mut filed: Vec<_> = page.items.iter().filter(|row| row.title.starts_with("示例断网登记")).collect();
    filed.sort_by(|one, other| one.title.cmp(&other.title));
    assert_eq!(filed.len(), INTAKES, "{filed:?}");
    for (row, (number, title, from, to)) in filed.iter().zip(&told) {
        assert_eq!((&row.number, &row.title), (number, title));
        let slack = chrono::TimeDelta::milliseconds(1500);
        assert!(row.accepted_at >= *from - slack && row.accepted_at <= *to + slack, "{number}: {} is not between {from} and {to}", row.accepted_at);
        assert!(row.dispatched_at.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_without_a_link_are_five_on_the_server_on_sqlite() {
    five_without_a_link(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_without_a_link_are_five_on_the_server_on_postgres() {
    five_without_a_link(Kind::Postgres).await;
}
