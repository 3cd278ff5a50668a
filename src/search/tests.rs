//! The order of the tiers, sounds, highlights, and that remembering changes nothing but the time.
use super::*;
use proptest::prelude::*;

fn entry(id: u32, title: &str) -> Entry {
    Entry { id, title: title.into(), code: format!("K{id:04}"), ..Entry::default() }
}

fn index(titles: &[&str]) -> Index {
    Index::build((0..).zip(titles).map(|(id, title)| entry(id, title)))
}

fn ask(index: &Index, query: &str) -> Results {
    index.search(query, 50, &mut Session::new(), &|| false).unwrap()
}

fn ids(index: &Index, query: &str) -> Vec<u32> {
    ask(index, query).hits.iter().map(|hit| hit.id).collect()
}

#[test]
fn initials_find_the_policy_first() {
    let index = index(&["关于稳岗返还的通知", "无关父皇一事", "稳岗返还申领", "返还稳岗", "稳岗返还", "我国发货"]);
    assert_eq!(ids(&index, "wgfh")[0], 4);
    let hit = &ask(&index, "wgfh").hits[0];
    assert_eq!((hit.tier, hit.reason, &hit.matched[..]), (Tier::Initials, Reason::Pinyin, &[0, 1, 2, 3][..]));
}

#[test]
fn tiers_in_their_order() {
    let mut entries = vec![
        entry(0, "稳定就业岗位的返利与交还"),
        Entry { keywords: "失业 k9".into(), ..entry(1, "甲") },
        entry(2, "返还政策：稳岗"),
        entry(3, "企业稳岗 返还"),
        entry(4, "稳岗 返还指南"),
        Entry { document_number: "某人社发〔2031〕9号".into(), ..entry(5, "乙") },
    ];
    entries.push(Entry { code: "稳岗 返还".into(), ..entry(6, "丙") });
    entries.push(Entry { keywords: "返还、稳岗".into(), ..entry(7, "丁") });
    let index = Index::build(entries.into_iter());
    let tiers: Vec<(u32, Tier)> = ask(&index, "稳岗 返还").hits.iter().map(|hit| (hit.id, hit.tier)).collect();
    assert_eq!(
        tiers,
        [(6, Tier::Code), (4, Tier::Title), (3, Tier::Title), (2, Tier::Terms), (7, Tier::Elsewhere), (0, Tier::Scattered)]
    );
    assert_eq!(ask(&index, "2031").hits[0].reason, Reason::DocumentNumber);
    assert_eq!(ask(&index, "失业").hits[0].reason, Reason::Keywords);
    assert_eq!(ask(&index, "ｋ０００５").hits[0].tier, Tier::Code);
    assert_eq!(ids(&index, "k000").len(), 7);
}

#[test]
fn pinyin_mixed_and_scattered_rank_below() {
    let index = index(&["稳岗返还", "吻刚饭环", "稳岗补贴", "小微企业社会保险", "返岗"]);
    for query in ["wengang", "wengangfanhuan", "稳gfh", "wgfanhuan", "wengfh", "wgfhuan", "wengangfh", "稳岗fanh", "weng"] {
        assert_eq!(ids(&index, query)[0], 0, "{query}");
        assert!(ask(&index, query).hits[0].tier <= Tier::Pinyin);
    }
    for query in ["shehui", "shbx", "shhbx", "shehbx", "社会bx", "xw sh", "bx xiaowei", "she'hui", "SHBX"] {
        assert_eq!(ids(&index, query), [3], "{query}");
    }
    assert_eq!(ask(&index, "shehui").hits[0].matched, [4, 5]);
    assert_eq!(ask(&index, "bx xiaowei").hits[0].matched, [0, 1, 6, 7]);
    assert_eq!(ask(&index, "稳返").hits[0].matched, [0, 2]);
    assert!(ids(&index, "wengx").is_empty());
}

#[test]
fn every_reading_is_heard() {
    let index = index(&["重庆落户", "银行开户", "长沙公积金", "重大事项", "行政复议", "长辈补贴", "绿化"]);
    for (query, id) in
        [("cq", 0), ("chongqing", 0), ("yh", 1), ("yinhang", 1), ("cs", 2), ("changsha", 2), ("zdsx", 3), ("xzfy", 4), ("zbbt", 5), ("lvhua", 6)]
    {
        assert_eq!(ids(&index, query)[0], id, "{query}");
    }
}

#[test]
fn any_writing_finds_the_same() {
    let index = index(&["社会保险补贴", "ＡＢＣ證書辦理", "2031年高龄津贴"]);
    for (query, id) in [("社會保險", 0), ("　社会保险　", 0), ("abc证书", 1), ("ＡＢＣ", 1), ("證書", 1), ("２０３１", 2), ("2031", 2), ("2031ngl", 2)] {
        assert_eq!(ids(&index, query), [id], "{query}");
    }
    assert_eq!(ask(&index, "证书").hits[0].matched, [3, 4]);
}

#[test]
fn highlights_point_into_the_title_as_given() {
    let index = index(&["面积㎡e\u{301}稳岗"]);
    for query in ["稳岗", "wg", "wengang"] {
        assert_eq!(ask(&index, query).hits[0].matched, [5, 6], "{query}");
    }
}

#[test]
fn strange_queries_are_answered_at_once() {
    let index = Index::build((0..3000).map(|id| entry(id, "稳岗返还a1 和其他事项")));
    let long = "稳岗".repeat(5000);
    let letters = "a".repeat(10_000);
    let marks = format!("e{}", "\u{301}".repeat(10_000));
    for query in ["", " ", "　\t\n", "😀", "'", "''", "\0", "\u{202e}", "〔", "%", "a b c d e f g h i j k", &long, &letters, &marks] {
        let answer = ask(&index, query);
        assert!(answer.hits.len() <= answer.total.max(50));
    }
    assert_eq!(ask(&index, "   ").total, 0);
    assert_eq!(ask(&Index::default(), "wgfh").total, 0);
    let full = index.search("稳", 0, &mut Session::new(), &|| false).unwrap();
    assert_eq!((full.hits.len(), full.total), (0, 3000));
}

#[test]
fn one_character_is_remembered_until_something_changes() {
    let mut index = index(&["稳岗返还", "微企"]);
    assert_eq!(ids(&index, "w"), [1, 0]);
    assert_eq!(ids(&index, "w"), [1, 0]);
    index.add(&entry(2, "文"));
    assert_eq!(ids(&index, "w"), [2, 1, 0]);
    index.remove(1);
    assert_eq!(ids(&index, "w"), [2, 0]);
    index.add(&entry(0, "改名"));
    assert_eq!((ids(&index, "w"), ids(&index, "wgfh").len(), index.len()), (vec![2], 0, 2));
}

#[test]
fn gaps_are_closed_and_nothing_is_lost() {
    let mut index = Index::build((0..4000).map(|id| entry(id, "稳岗㎡返还")));
    (0..3000).for_each(|id| index.remove(id));
    assert!(index.store.slots() < 3000);
    let answer = ask(&index, "返还");
    assert_eq!((answer.total, answer.hits[0].id, &answer.hits[0].matched[..]), (1000, 3000, &[3, 4][..]));
}

#[test]
fn a_session_meets_a_changed_index() {
    let mut index = index(&["稳岗返还"]);
    let mut session = Session::new();
    index.search("稳岗", 9, &mut session, &|| false);
    index.add(&entry(7, "稳岗返还二"));
    assert_eq!(index.search("稳岗返", 9, &mut session, &|| false).unwrap().total, 2);
}

#[test]
fn stop_is_obeyed_between_slices() {
    let index = Index::build((0..20_000).map(|id| entry(id, "稳岗返还")));
    let asked = std::cell::Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() == 3
    };
    assert_eq!(index.search("返还", 9, &mut Session::new(), &stop), None);
    assert_eq!(asked.get(), 3);
    assert_eq!(ask(&index, "返还").total, 20_000);
}

fn some_titles() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[稳岗返还重庆长行a1 k'㎡證]{0,10}", 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn narrowing_equals_a_fresh_search(titles in some_titles(), query in "[稳岗返还重庆wengafhcqxk01 'a證Ｗ]{1,8}", limit in 0usize..6) {
        let index = Index::build((0..).zip(&titles).map(|(id, title)| Entry { keywords: title.chars().rev().take(3).collect(), ..entry(id, title) }));
        let mut session = Session::new();
        // Typed letter by letter, then deleted from the front, so that not every query continues the last.
        let ends: Vec<usize> = query.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        for typed in ends.iter().map(|end| &query[..*end]).chain(ends.iter().map(|start| &query[*start..])) {
            let narrowed = index.search(typed, limit, &mut session, &|| false);
            prop_assert_eq!(narrowed, index.search(typed, limit, &mut Session::new(), &|| false), "{}", typed);
        }
    }

    #[test]
    fn an_index_changed_step_by_step_answers_like_a_new_one(titles in some_titles(), again in some_titles(), query in "[稳岗返还wgfhcqk0a1 ]{1,4}") {
        let mut changed = Index::build((0..).zip(&titles).map(|(id, title)| entry(id, title)));
        for (id, title) in (0..).zip(&again) {
            changed.remove(id + 1);
            changed.add(&entry(id, title));
        }
        let mut last: std::collections::BTreeMap<u32, &String> = (0..).zip(&titles).collect();
        for (id, title) in (0..).zip(&again) {
            last.remove(&(id + 1));
            last.insert(id, title);
        }
        let fresh = Index::build(last.into_iter().map(|(id, title)| entry(id, title)));
        prop_assert_eq!(ask(&changed, &query), ask(&fresh, &query));
    }

    #[test]
    fn the_sets_rule_out_nothing_that_matches(titles in some_titles(), query in "[稳岗返还重庆wengafhcqxk01 'a]{1,8}") {
        let index = Index::build((0..).zip(&titles).map(|(id, title)| Entry { keywords: title.chars().rev().collect(), ..entry(id, title) }));
        let Some(query) = Query::read(&query) else { return Ok(()) };
        let judge = Judge::new(&index.store, &query);
        for slot in 0..index.store.slots() {
            let title = index.store.title(slot);
            let by_writing = query.terms.iter().all(|term| term.needle.find(title.as_bytes()).is_some());
            let by_sound = query.terms.iter().all(|term| term.listener.as_ref().is_some_and(|l| l.mixed(title, index.store.sounds(slot)).is_some()));
            let extra = index.store.extra(slot).as_bytes();
            let elsewhere = query.terms.iter().all(|term| term.needle.find(extra).is_some());
            if by_writing || by_sound || elsewhere {
                prop_assert!(judge.may_match(slot) && judge.rank(slot).is_some());
            }
        }
    }
}
