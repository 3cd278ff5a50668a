//! 导览 (tour): somebody who has never seen the console takes the ten steps of the sample city by keys alone.
use crate::support::terminal::{Start, Terminal};
use tempfile::TempDir;

#[test]
fn a_stranger_takes_the_ten_steps_of_the_sample_city() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("city").display().to_string();
    let mut console = Terminal::open(home.path(), &["demo", "--data-dir", &data, "--tickets", "60", "--articles", "20"], &Start::default());
    console.wait_for("第一次来？按 alt-0");
    // What is pressed is what the line says; each step is seen to be done before the next is asked for.
    console.press("alt-0");
    console.wait_for("导览 1/10");
    console.press("alt-x");
    console.wait_for("来电振铃");
    console.press("alt-a");
    console.wait_for("导览 3/10");
    console.press("alt-s");
    console.type_text("wgfh");
    console.wait_for("导览 4/10");
    console.press("alt-1");
    console.wait_for("导览 5/10");
    console.press("alt-r");
    console.wait_for("导览 6/10");
    console.press("alt-e");
    console.wait_for("来电振铃");
    console.press("alt-a");
    console.wait_for("导览 7/10");
    console.press("alt-i");
    console.type_text("3");
    console.wait_for_row(&["类型*", "投诉  "]);
    for (label, words) in [("标题", "路灯不亮"), ("诉求*", "夜里看不清路。"), ("承办", "rsj")] {
        to_field(&mut console, label);
        console.type_text(words);
        console.wait_for_row(&[label, words]);
    }
    console.wait_for("市人社局");
    console.press("enter");
    console.wait_for("导览 8/10");
    console.press("alt-d");
    console.wait_for("导览 9/10");
    console.press("alt-u");
    console.wait_for("导览 10/10");
    console.press("alt-t");
    console.press("enter");
    console.wait_for("办理经过");
    console.press("w");
    console.wait_for("十步都走过了");
    console.press("ctrl-q");
    console.press("ctrl-q");
    console.wait_for_end();
}

/// Presses tab until the caret stands in the row of this label.
fn to_field(console: &mut Terminal, label: &str) {
    for _ in 0..14 {
        let (at, _) = console.cursor();
        if console.screen().lines().nth(usize::from(at)).is_some_and(|row| row.contains(label)) {
            return;
        }
        console.press("tab");
        console.wait_until("the caret moves on", |screen| (screen.cursor_position().0 != at).then_some(()));
    }
    panic!("no field {label}\n{}", console.screen());
}
