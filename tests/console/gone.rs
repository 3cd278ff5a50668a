//! The server dies under a console and comes back: the screen stays readable, what is typed is kept, it heals by itself,
//! and what waited is sent, once.
use super::*;
use hotline::api::tickets::TicketQuery;
use hotline::client::new_key;

#[tokio::test(flavor = "multi_thread")]
async fn a_console_survives_its_server() {
    let mut server = Server::start(Kind::Sqlite).await.expect("SQLite is always there");
    let exchange = server.client("admin01").await;
    let mut console = server.console("op01", (160, 45));
    console.press("alt-x");
    console.wait_for("已示闲，等待来电");
    exchange.ring(&ring("1"), &new_key()).await.unwrap();
    console.wait_for("来电振铃");
    console.press("alt-a");
    console.wait_for_row(&["来电人", "通话"]);
    console.wait_for_row(&["张*", "100****0421", "东城区"]);
    console.press("3");
    console.press("tab");
    console.type_text("示例桥下");

    server.kill();
    // Any wait here ends before the 25 s that P8 gives even to a silent line.
    console.wait_for("断线");
    console.wait_for_row(&["断线", "数据停在", "仍可登记和检索"]);
    // Still readable, still a place to work: the form takes letters, the knowledge base is on this machine.
    console.wait_for_row(&["张*", "100****0421", "东城区"]);
    console.type_text("积水");
    console.press("tab");
    console.press("tab");
    console.press("tab");
    console.type_text("水深半米。");
    console.press("tab");
    console.type_text("dcqzjj");
    console.wait_for_row(&["›", "东城区住建局"]);
    console.press("enter");
    console.press("alt-s");
    console.type_text("wgfh");
    console.wait_for_row(&["› 1 ", "稳岗返还怎么申请"]);
    // Given into the void: the caller gets a number, the form is free, and nothing is lost.
    console.press("alt-d");
    console.wait_for_row(&["待送 1", "暂存"]);
    console.wait_gone("水深半米。");

    server.start_again();
    console.wait_gone("断线");
    console.wait_for("连接正常");
    console.wait_for("已补交");
    console.wait_gone("待送");
    console.wait_for_row(&["示例桥下积水", "东城区住建局"]);
    let tickets = server.client("sup01").await.tickets(&TicketQuery::default()).await.unwrap();
    assert_eq!(tickets.items.iter().filter(|row| row.title == "示例桥下积水").count(), 1);
}
