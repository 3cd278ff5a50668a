//! 管理 in a real terminal: a unit is found, edited, previewed and put by keys alone, its history names who did it, and the
//! audit shows the same act and walks its chain to the end.
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_edited_by_keys_and_the_audit_shows_it() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    let mut console = server.console("admin01", (160, 45));
    console.press("f9");
    console.wait_for("角色权限");
    console.press("down");
    console.wait_for_row(&["city.bc.zjj", "北城区住建局"]);
    console.press("enter");
    console.type_text("/");
    console.type_text("city.zjj");
    console.wait_for_row(&["›", "city.zjj"]);
    console.press("enter");
    console.press("enter");
    console.wait_for("修改 city.zjj");
    // The code says which row it is; the first field to type into is the name.
    console.type_text("甲");
    console.press("enter");
    console.wait_for("将会改动");
    console.wait_for("市住建局 → 市住建局甲");
    console.press("enter");
    console.wait_for("已写入");
    console.wait_for_row(&["admin01", "单位"]);
    console.wait_for("市住建局 → 市住建局甲");
    let units = server.client("admin01").await.tables().await.unwrap().units;
    assert!(units.iter().any(|unit| unit.code == "city.zjj" && unit.name == "市住建局甲"));
    // The audit: the same act by the same hand, and the chain that holds it.
    console.press("g");
    console.press("u");
    console.wait_for_row(&["admin01", "单位"]);
    console.wait_for("链首");
    console.press("c");
    console.wait_for("审计链完整");
    // Somebody else has none of it.
    let mut operator = server.console("op01", (160, 45));
    operator.press("f9");
    operator.wait_for("维护配置表的权限");
    assert!(!operator.screen().contains("F9"));
}
