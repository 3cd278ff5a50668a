//! The flow, by keys alone: a call rings while a form is half written, is taken, answered from the knowledge base; a second
//! one becomes a ticket that another console signs and answers, that a third reviews and closes; the first console follows
//! within a second, and the flags turn when the store's clock is advanced.
use super::*;
use hotline::client::new_key;

/// What another console did must stand on this one by then.
const FOLLOWS: Duration = Duration::from_secs(1);

/// Does something on one console and waits for it on another.
fn follows(from: &mut Terminal, on: &Terminal, act: impl FnOnce(&mut Terminal), texts: &[&str]) {
    let start = Instant::now();
    act(from);
    on.wait_for_row(texts);
    let took = start.elapsed();
    assert!(took <= FOLLOWS, "{texts:?} stood on the other console after {took:?}");
}

/// Goes to the tickets and waits for a row there.
fn find_ticket(console: &mut Terminal, texts: &[&str]) {
    console.press("f4");
    // The board of the desk shows rows as well: first the filters of the other screen.
    console.wait_for_row(&["未办结", "超期", "已办结"]);
    console.wait_for_row(texts);
}

/// Gives an act that asks for words.
fn with_words(console: &mut Terminal, key: &str, asks: &str, words: &str) {
    console.press(key);
    console.wait_for(asks);
    console.type_text(words);
    console.press("enter");
}

/// Fills a short form in, from the kind on, and dispatches it.
fn file_and_dispatch(operator: &mut Terminal, title: &str) -> String {
    operator.press("3");
    operator.press("tab");
    operator.type_text(title);
    for text in ["", "", "示例路 1 号"] {
        operator.type_text(text);
        operator.press("tab");
    }
    operator.type_text("夜里十一点还在打桩。");
    operator.press("tab");
    operator.type_text("dcqzjj");
    operator.wait_for_row(&["›", "东城区住建局"]);
    operator.press("enter");
    operator.press("alt-c");
    operator.wait_for_row(&["急难愁盼", "群众利益受损"]);
    operator.press("alt-d");
    operator.wait_for_row(&["受理登记", "0/7"]);
    number_before(&operator.wait_for_row(&["已派单"]), "已派单")
}

/// The ticket's number as the status line says it.
fn number_before(row: &str, word: &str) -> String {
    let (before, _) = row.split_once(word).expect("the word stands there");
    let number = before.split_whitespace().last().expect("the number stands before it");
    // Lists say a number of this year without the year.
    number.split_at_checked(4).filter(|(_, rest)| rest.len() >= 9).map_or(number, |(_, rest)| rest).to_owned()
}

async fn the_flow(kind: Kind) {
    let Some(server) = Server::start(kind).await else { return };
    let exchange = server.client("admin01").await;
    let mut operator = server.console("op01", (160, 45));
    operator.wait_for("还未示闲");
    operator.press("alt-x");
    operator.wait_for("已示闲，等待来电");

    // A call rings into a half-written form: the strip says so, the caret stays, the letters still go into the title.
    operator.press("1");
    operator.press("tab");
    operator.type_text("想问");
    operator.wait_for_row(&["标题", "想问"]);
    let caret = operator.cursor();
    let first = exchange.ring(&ring("1"), &new_key()).await.unwrap();
    operator.wait_for_row(&["来电振铃", "100****0421", "alt-a 接听"]);
    assert_eq!(operator.cursor(), caret, "the caret stays in the form while it rings");
    operator.type_text("稳岗返还");
    operator.wait_for_row(&["标题", "想问稳岗返还"]);
    operator.press("alt-a");
    operator.wait_for_row(&["来电人", "通话"]);
    operator.wait_for_row(&["张*", "100****0421", "东城区"]);
    operator.wait_gone("来电振铃");
    operator.wait_for_row(&["标题", "想问稳岗返还"]);

    // By initials; the first of the hits is the one.
    operator.press("alt-s");
    operator.type_text("wgfh");
    operator.wait_for_row(&["› 1 ", "稳岗返还怎么申请", "K0001"]);
    operator.press("alt-1");
    operator.wait_for("已钉 K0001");
    operator.wait_for_row(&["K0001", "稳岗返还怎么申请"]);
    operator.press("alt-r");
    let answered = number_before(&operator.wait_for_row(&["已直接解答"]), "已直接解答");
    exchange.act_on_call(first.id, "hang_up", &new_key()).await.unwrap();
    operator.wait_for_row(&["来电人", "整理"]);
    operator.press("alt-e");
    operator.wait_for("已示闲，等待来电");

    // The second call becomes a ticket. What is written before it is taken belongs to it.
    exchange.ring(&ring("2"), &new_key()).await.unwrap();
    operator.wait_for_row(&["来电振铃", "再次来电"]);
    operator.press("alt-i");
    operator.press("alt-a");
    operator.wait_for_row(&["来电人", "通话"]);
    operator.wait_for_row(&["想问稳岗返还", "直答"]);
    let number = file_and_dispatch(&mut operator, "示例路夜间施工噪声");
    assert_ne!(number, answered);
    operator.press("alt-e");
    operator.wait_for("已示闲，等待来电");
    find_ticket(&mut operator, &[&number, "示例路夜间施工噪声", "东城区住建局", "待签收"]);
    operator.press("enter");
    operator.wait_for_row(&["来电人", "张* 100****0421"]);

    // The unit's console, small as over a slow line.
    let mut handler = server.console("h.dc.zjj", (80, 24));
    find_ticket(&mut handler, &[&number, "示例路夜间施工噪声"]);
    follows(&mut handler, &operator, |console| console.press("s"), &[&number, "待办理"]);
    handler.wait_for_row(&[&number, "已签收"]);
    follows(&mut handler, &operator, |console| with_words(console, "t", "联系内容", "已电话联系来电人。"), &[&number, "办理中"]);
    handler.wait_for_row(&[&number, "已记联系"]);
    follows(&mut handler, &operator, |console| with_words(console, "r", "办理反馈", "已责令夜间停工。"), &[&number, "待审核"]);
    handler.wait_for_row(&[&number, "已反馈"]);
    operator.wait_for_row(&["反馈", "已责令夜间停工。"]);

    let mut supervisor = server.console("sup01", (120, 35));
    find_ticket(&mut supervisor, &[&number, "示例路夜间施工噪声"]);
    supervisor.press("enter");
    supervisor.wait_for_row(&["反馈", "戴*", "已责令"]);
    // What passes the review is closed: the row leaves the open ones, the open detail tells.
    follows(&mut supervisor, &operator, |console| console.press("v"), &["审核", "何*"]);
    supervisor.wait_for_row(&[&number, "审核通过"]);
    operator.wait_for("没有符合条件的工单");
    operator.wait_for("未办结 0");
    follows(&mut supervisor, &operator, |console| {
        console.press("y");
        console.wait_for("[y 已解决]");
        console.press("5");
        console.press("enter");
    }, &["回访", "何*", "已解决"]);
    supervisor.wait_for_row(&[&number, "已回访"]);
    follows(&mut supervisor, &operator, |console| console.press("A"), &["归档", "何*"]);
    supervisor.wait_for_row(&[&number, "已归档"]);

    // Another one, and the store's clock goes on: nobody sleeps.
    operator.press("f1");
    exchange.ring(&ring("3"), &new_key()).await.unwrap();
    operator.wait_for("来电振铃");
    operator.press("alt-a");
    operator.wait_for_row(&["来电人", "通话"]);
    operator.press("alt-i");
    let second = file_and_dispatch(&mut operator, "示例桥下积水");
    operator.press("alt-e");
    operator.wait_for("已示闲，等待来电");
    operator.press("2");
    operator.press("tab");
    operator.type_text("写了一半");
    for (hours, flag) in [(25, "▲橙"), (24, "◆红")] {
        server.client("admin01").await.advance_clock(hours * 3600).await.unwrap();
        // What was half written is still there.
        operator.wait_for_row(&[flag, &second, "示例桥下积水"]);
        operator.wait_for_row(&["标题", "写了一半"]);
    }
    operator.press("ctrl-q");
    operator.press("ctrl-q");
    assert_eq!(operator.wait_for_end(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flow_by_keys_alone_on_sqlite() {
    the_flow(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flow_by_keys_alone_on_postgres() {
    the_flow(Kind::Postgres).await;
}
