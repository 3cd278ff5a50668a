//! Made-up rows, an app to feed, and what it draws as plain text.
use crate::api::articles::{ArticleHead, ArticleRow};
use crate::api::calls::{CallFigures, CallPage, CallRow, CallerCard, Matter};
use crate::api::events::{Change, Frame, Heartbeat};
use crate::api::session::Me;
use crate::api::settings::TablesView;
use crate::api::tickets::{Counts, RowClocks, TicketDetail, TicketPage, TicketRow, TimelineEntry};
use crate::client::{ClientError, Live};
use crate::console::app::App;
use crate::console::effect::{Ask, Effect};
use crate::console::keymap::Keymap;
use crate::console::look::{Ambiguous, Depth, Look};
use crate::console::model::knowledge::KnowledgeHit;
use crate::console::model::window::Want;
use crate::console::msg::{Answer, Msg};
use crate::console::screen;
use crate::domain::Timestamp;
use crate::domain::article::{ArticleText, GuideStep, PolicyLevel};
use crate::domain::call::CallState;
use crate::domain::clocks::Flag;
use crate::domain::ids::{ArticleId, CallId, CallerId, TicketId, UserId};
use crate::domain::calendar::Calendar;
use crate::domain::limits::{HandlerLevel, LimitTable, Line, TicketKind};
use crate::domain::rights::{Capability, Scope, shipped_roles};
use crate::domain::tables::{ClassRow, PhraseRow, ReasonRow, UnitRow, UrgentRow};
use crate::domain::ticket::{Act, Channel, Step};
use crate::words::{Language, switch_to};
use chrono::TimeDelta;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};
use uuid::Uuid;

static LANGUAGE: Mutex<()> = Mutex::new(());

/// One test at a time speaks; Chinese again when it is done.
pub struct Speaking(#[allow(dead_code)] MutexGuard<'static, ()>);

impl Drop for Speaking {
    fn drop(&mut self) {
        switch_to(Language::Chinese);
    }
}

pub fn speak(language: Language) -> Speaking {
    let guard = LANGUAGE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    switch_to(language);
    Speaking(guard)
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn now() -> Timestamp {
    at("2026-11-22T06:05:31Z")
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn me(role: &str, unit: Option<&str>) -> Me {
    let role = shipped_roles().into_iter().find(|one| one.code == role).unwrap();
    let grants: Vec<(Capability, Scope)> = role.capabilities.iter().map(|capability| (*capability, role.scope)).collect();
    Me { user: UserId(id(1)), login: "op01".into(), name: "李*".into(), roles: vec![role.code], unit: unit.map(str::to_owned), grants, centre: "示例市 12345".into() }
}

pub fn row(number: u128, title: &str, minutes_to_red: i64) -> TicketRow {
    let red = now() + TimeDelta::minutes(minutes_to_red);
    let dispatched = red - TimeDelta::hours(48);
    TicketRow {
        id: TicketId(id(number)),
        number: format!("1120-{number:04}"),
        version: 3,
        step: Step::Signed,
        round: 1,
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: Some("U1".into()),
        tag: None,
        green: false,
        line: Line::Citizen,
        title: title.into(),
        unit: Some("city.rsj".into()),
        unit_name: Some("市人社局".into()),
        assignee: None,
        accepted_at: dispatched,
        dispatched_at: Some(dispatched),
        clocks: RowClocks { orange_at: Some(red - TimeDelta::hours(24)), red_at: Some(red), due: Some(red + TimeDelta::days(9)), ..RowClocks::default() },
        flag: Default::default(),
        hops: 0,
        urges: 0,
        supervised: false,
        solved: None,
    }
}

pub fn overdue(number: u128, title: &str) -> TicketRow {
    let mut row = row(number, title, -3000);
    row.clocks.due = Some(now() - TimeDelta::hours(51));
    row
}

pub fn page(items: Vec<TicketRow>, next: Option<&str>) -> TicketPage {
    TicketPage { items, next: next.map(str::to_owned), counts: Counts { open: 640, overdue: 1, red: 1, orange: 2, yellow: 0, soon: 3 }, position: 100 }
}

pub fn call(number: u128, state: CallState) -> CallRow {
    CallRow {
        id: CallId(id(number)),
        version: if state == CallState::Ringing { 1 } else { 2 },
        state,
        line: Line::Enterprise,
        number: format!("100****{number:04}"),
        name: "张*".into(),
        district: Some("东城区".into()),
        repeat: true,
        rang_at: now() - TimeDelta::seconds(6),
        taken_at: (state != CallState::Ringing).then(|| now() - TimeDelta::seconds(2)),
        ended_at: None,
        taken_by: (state != CallState::Ringing).then(|| "op01".into()),
        pins: Vec::new(),
    }
}

pub fn calls(items: Vec<CallRow>) -> CallPage {
    CallPage { items, next: None, position: 101, figures: CallFigures { offered: 1244, answered: 1204, within_15s: 1158 } }
}

pub fn card() -> CallerCard {
    let matter = Matter {
        ticket: TicketId(id(901)),
        number: "1109-0901".into(),
        kind: TicketKind::Complaint,
        title: "网购电动车一直未发货".into(),
        step: Step::Archived,
        solved: Some(false),
        accepted_at: at("2026-11-09T02:00:00Z"),
    };
    CallerCard { caller: CallerId(id(900)), name: "张*".into(), number: "100****0007".into(), calls: 7, matters: 4, matters_90_days: 3, same_class: 2, last: vec![matter], promises: Vec::new() }
}

pub fn tables() -> TablesView {
    let unit = |code: &str, name: &str, en: &str| UnitRow { code: code.into(), name: name.into(), name_en: en.into(), kind: "bureau".into(), level: HandlerLevel::City, duty_phone: None, office_close: None };
    let class = ClassRow { code: "labour.wages".into(), parent: "劳动就业".into(), name: "拖欠工资".into(), units: vec!["city.rsj".into()], keywords: vec!["欠薪".into()] };
    TablesView {
        version: 1,
        units: vec![unit("city.scj", "市市场监管局", "Market bureau"), unit("city.rsj", "市人社局", "Labour bureau"), unit("city.gjj", "市公积金中心", "Housing fund")],
        classes: vec![class],
        urgent: vec![UrgentRow { code: "U1".into(), name: "群众利益受损".into(), name_en: "Harm".into() }, UrgentRow { code: "U2".into(), name: "效能".into(), name_en: "Conduct".into() }],
        enterprise: Vec::new(),
        reasons: vec![ReasonRow { table: "return".into(), code: "not_ours".into(), name: "职责不符".into(), name_en: "Not ours".into() }, ReasonRow { table: "extension".into(), code: "outside".into(), name: "需外单位配合".into(), name_en: "Others must help".into() }],
        phrases: vec![PhraseRow { code: "secret".into(), name: "要求保密".into(), text: "来电人要求保密。".into(), unit: None }],
        roles: shipped_roles(),
        limits: LimitTable::shipped("sichuan").unwrap().current().cloned().collect(),
        years: Calendar::shipped().years().cloned().collect(),
    }
}

pub fn head(number: u128, title: &str, expired: bool) -> ArticleHead {
    ArticleHead {
        external_id: None,
        id: ArticleId(id(number)),
        revision: 4,
        code: format!("K{number:04}"),
        level: PolicyLevel::City,
        title: title.into(),
        keywords: Vec::new(),
        document_number: String::new(),
        expiry: expired.then(|| "2025-01-01".parse().unwrap()),
        published_at: at("2026-11-18T01:00:00Z"),
    }
}

pub fn hit(number: u128, title: &str, matched: &[usize], expired: bool) -> KnowledgeHit {
    KnowledgeHit { head: head(number, title, expired).into(), matched: matched.to_vec() }
}

pub fn article(number: u128, title: &str, expired: bool) -> ArticleRow {
    let head = head(number, title, expired);
    ArticleRow {
        id: head.id,
        revision: head.revision,
        code: head.code,
        external_id: None,
        level: head.level,
        effective: Some("2025-07-01".parse().unwrap()),
        expiry: head.expiry,
        owner: Some("city.rsj".into()),
        successor: expired.then(|| "K0600".into()),
        published_at: head.published_at,
        text: ArticleText {
            title: title.into(),
            document_number: "示人社〔2025〕17 号".into(),
            issuer: "市人社局".into(),
            keywords: Vec::new(),
            plain_answer: "您好，稳岗返还不用您申请，系统比对后直接发到对公账户。".into(),
            clause: "第三条 上年度未裁员的参保单位，按比例返还失业保险费。".into(),
            steps: vec![GuideStep { what: "核对单位账户".into(), who: "企业".into(), materials: "营业执照".into(), fee: "无".into(), time: "当天".into() }],
        },
    }
}

pub fn detail(row: TicketRow, acts: Vec<Act>) -> TicketDetail {
    let entry = TimelineEntry {
        at: now() - TimeDelta::hours(5),
        kind: "ticket.dispatched".into(),
        actor: "op02".into(),
        note: None,
        fields: serde_json::json!({ "unit": "city.rsj" }),
        round: 1,
    };
    TicketDetail {
        row,
        body: "来电人称在示例大道工地务工，工资未发。".into(),
        place: Some("东城区示例路".into()),
        channel: Channel::Phone,
        level: HandlerLevel::City,
        caller: Some("周* 100****0871".into()),
        limit: Some("C-03/1".into()),
        days: Vec::new(),
        pins: Vec::new(),
        rating: None,
        extension_pending: false,
        enterprise: None,
        promises: Vec::new(),
        acts,
        timeline: vec![entry],
    }
}

/// The console with a stand-in for the worker: what it asks is kept.
pub struct Desk {
    pub app: App,
    pub asked: Vec<Effect>,
    pub clock: Instant,
}

impl Desk {
    pub fn new(role: &str, unit: Option<&str>, size: (u16, u16)) -> Desk {
        let look = Look::shipped("dark", Depth::Full, Ambiguous::One).unwrap();
        let clock = Instant::now();
        let mut app = App::new(Keymap::built_in().clone(), look, now(), clock);
        app.size = size;
        app.model.me = Some(me(role, unit));
        let asked = app.start(true);
        let mut desk = Desk { app, asked, clock };
        desk.answer(Answer::Tables(Ok(tables())));
        desk
    }

    /// An operator's desk with everything loaded and the stream running.
    pub fn loaded(size: (u16, u16), queue: Vec<CallRow>) -> Desk {
        let mut desk = Desk::new("operator", None, size);
        let rows = vec![overdue(93, "小区电梯停运五天，住户多为老人"), row(147, "夜间工地施工扰民，第三次来电", 18), row(163, "拖欠农民工工资，涉及十一人", 24 * 60 + 38), row(288, "窗口办证推诿，要求一次性告知", 411)];
        desk.page(Ask::Board, rows);
        desk.answer(Answer::Calls(Ok(calls(queue))));
        desk.answer(Answer::Indexed(Ok(52)));
        desk.live(Live::Connected(100));
        desk.live(Live::Heartbeat(Heartbeat { now: now(), rate: 1.0, position: 184_202 }));
        desk.asked.clear();
        desk
    }

    pub fn page(&mut self, ask: Ask, rows: Vec<TicketRow>) {
        let window = if ask == Ask::Board { &self.app.model.board } else { &self.app.model.list };
        let generation = window.generation;
        self.answer(Answer::Tickets { ask, want: Want::First, generation, result: Ok(page(rows, None)) });
    }

    pub fn msg(&mut self, msg: Msg) {
        self.asked.extend(self.app.update(msg, self.clock));
    }

    pub fn answer(&mut self, answer: Answer) {
        self.msg(Msg::Answer(Box::new(answer)));
    }

    pub fn live(&mut self, live: Live) {
        self.msg(Msg::Live(Box::new(live)));
    }

    pub fn frame(&mut self, position: i64, change: Change) {
        self.live(Live::Frame(Frame { position, prev: position - 1, at: now(), changes: vec![change] }));
    }

    pub fn wait(&mut self, seconds: u64) {
        self.clock += Duration::from_secs(seconds);
        self.msg(Msg::Tick);
    }

    /// Chords, with spaces between: `alt-x`, `enter`, `g d`.
    pub fn keys(&mut self, chords: &str) -> &mut Desk {
        for chord in chords.split_whitespace() {
            self.msg(Msg::Key(event(chord)));
        }
        self
    }

    /// Types characters.
    pub fn types(&mut self, text: &str) -> &mut Desk {
        for character in text.chars() {
            self.msg(Msg::Key(KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE)));
        }
        self
    }

    /// The effects since the last look that this picks.
    pub fn taken<T>(&mut self, pick: impl Fn(&Effect) -> Option<T>) -> Vec<T> {
        let found = self.asked.iter().filter_map(pick).collect();
        self.asked.clear();
        found
    }

    pub fn draw(&self) -> Terminal<TestBackend> {
        let (columns, rows) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| screen::draw(&self.app, frame)).unwrap();
        terminal
    }

    /// The cells as they were put, before anything was left out for the terminal's sake.
    pub fn cells(&self) -> ratatui::buffer::Buffer {
        let (columns, rows) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| screen::draw(&self.app, frame)).unwrap().buffer.clone()
    }

    /// The screen as text: wide characters once, no spaces at the ends of rows.
    pub fn text(&self) -> String {
        let terminal = self.draw();
        let buffer = terminal.backend().buffer();
        let mut lines = Vec::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).unwrap().max(1);
            }
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n")
    }

    pub fn shows(&self, words: &str) -> bool {
        self.text().contains(words)
    }
}

pub fn event(chord: &str) -> KeyEvent {
    let (mut modifiers, mut rest) = (KeyModifiers::NONE, chord);
    for (name, modifier) in [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)] {
        if let Some(after) = rest.strip_prefix(name) {
            modifiers |= modifier;
            rest = after;
        }
    }
    let code = match rest {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        "tab" => KeyCode::Tab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "end" => KeyCode::End,
        "home" => KeyCode::Home,
        "pgdn" => KeyCode::PageDown,
        "backspace" => KeyCode::Backspace,
        "space" => KeyCode::Char(' '),
        name if name.len() > 1 && name.starts_with('f') && name[1..].parse::<u8>().is_ok() => KeyCode::F(name[1..].parse().unwrap()),
        one => KeyCode::Char(one.chars().next().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}

pub fn refused(refusal: crate::domain::refusal::Refusal) -> ClientError {
    let mut problem = crate::api::Problem::new(refusal.status(), "refused", "no");
    problem.refusal = Some(refusal);
    ClientError::Problem(Box::new(problem))
}

pub fn flag_of(row: &TicketRow) -> Flag {
    row.clocks.flag(now())
}

/// The moment an intake was given, wherever a test does not look at it.
pub fn given() -> crate::console::model::outbox::Moment {
    crate::console::model::outbox::Moment { wall: now(), boot: "b".into(), uptime: 1_000 }
}
