//! A centre whose every text is hostile: what the corpus is planted into, through the API alone.
use super::corpus::{corpus, cut, naughty, toml_text};
use crate::console::Server;
use hotline::api::articles::NewArticle;
use hotline::api::session::NewUser;
use hotline::api::settings::PutRow;
use hotline::api::tickets::{ActRequest, NewTicket, Then};
use hotline::client::{Client, new_key};
use hotline::domain::article::{ArticleText, GuideStep, PolicyLevel};
use hotline::domain::limits::{HandlerLevel, TicketKind};
use hotline::domain::tables::{ClassRow, UnitRow, UrgentRow};
use hotline::domain::ticket::Act;
use tempfile::TempDir;

/// The unit every ticket goes to.
pub const UNIT: &str = "city.dc.zjj";

pub struct Planted {
    pub server: Server,
    /// A token of a user with every right and a hostile name.
    pub token: String,
    /// Numbers of the tickets of the corpus.
    pub numbers: Vec<String>,
    pub titles: Vec<String>,
    pub articles: usize,
}

pub async fn plant() -> Planted {
    let folder = TempDir::new().unwrap();
    let settings = folder.path().join("config/hotline");
    std::fs::create_dir_all(&settings).unwrap();
    let centre = toml_text("中\u{1b}]0;x\u{7}\u{202e}心");
    std::fs::write(settings.join("hotline.toml"), format!("centre = {centre}\n")).unwrap();
    let database = format!("sqlite:{}", folder.path().join("hotline.db").display());
    let server = Server::over(folder, database, "127.0.0.1:0");
    let admin = server.client("admin01").await;
    let texts = corpus();
    put_rows(&admin, &texts).await;
    let hostile = |login: &str, name: &str, role: &str, unit: Option<&str>| NewUser {
        login: login.into(),
        name: name.into(),
        roles: vec![role.into()],
        unit: unit.map(str::to_owned),
        password: Some("demo".into()),
    };
    admin.add_user(&hostile("walker", "\u{202e}\u{1b}]0;x\u{7}甲", "admin", None), &new_key()).await.unwrap();
    admin.add_user(&hostile("h.hostile", "\u{200b}\u{1b}[2J乙", "handler_clerk", Some(UNIT)), &new_key()).await.unwrap();
    let (walker, handler) = (server.client("walker").await, server.client("h.hostile").await);
    let token = walker.token().unwrap().into();
    let mut planted = Planted { token, server, numbers: Vec::new(), titles: Vec::new(), articles: 0 };
    for (at, text) in texts.iter().enumerate() {
        let title = cut(&format!("H{at:03} {text}"), 200);
        let row = walker.create_ticket(&ticket(title.clone(), text, Then::Dispatch { unit: UNIT.into() }), &new_key()).await.unwrap();
        let words = ActRequest { text: Some(text.clone()), ..ActRequest::default() };
        walker.act(row.id, Act::Note, &words, &new_key()).await.unwrap();
        handler.act(row.id, Act::Sign, &ActRequest::default(), &new_key()).await.unwrap();
        handler.act(row.id, Act::Contact, &words, &new_key()).await.unwrap();
        if at % 2 == 0 {
            handler.act(row.id, Act::Reply, &words, &new_key()).await.unwrap();
        }
        planted.numbers.push(row.number);
        planted.titles.push(title);
    }
    for (at, text) in naughty().iter().enumerate() {
        walker.create_ticket(&ticket(cut(&format!("B{at:03} {text}"), 200), text, Then::Nothing), &new_key()).await.unwrap();
    }
    for (at, some) in texts.chunks(4).enumerate() {
        admin.publish(&article(at, some), &new_key()).await.unwrap();
        planted.articles += 1;
    }
    planted
}

/// The names of the tables.
async fn put_rows(admin: &Client, texts: &[String]) {
    let all = cut(&texts.concat(), 400);
    let unit = UnitRow {
        code: UNIT.into(),
        name: format!("恶单位{all}"),
        name_en: format!("Bad unit {all}"),
        kind: "bureau".into(),
        level: HandlerLevel::County,
        duty_phone: Some(cut(&all, 60)),
        office_close: None,
    };
    let mut tables = admin.tables().await.unwrap();
    let class = ClassRow { name: format!("恶事项{all}"), parent: all.clone(), ..tables.classes.remove(0) };
    let urgent = UrgentRow { name: format!("恶类别{all}"), name_en: format!("Bad class {all}"), ..tables.urgent.remove(0) };
    admin.put_tables(&[PutRow::Unit(unit), PutRow::Class(class), PutRow::Urgent(urgent)], &new_key()).await.unwrap();
}

fn ticket(title: String, text: &str, then: Then) -> NewTicket {
    NewTicket {
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: matches!(then, Then::Dispatch { .. }).then(|| "U1".into()),
        tag: None,
        green: false,
        line: Default::default(),
        title,
        body: text.to_owned(),
        place: Some(cut(text, 100)),
        call: None,
        pins: vec![],
        number: None,
        then,
        enterprise: None,
        promise: None,
    }
}

fn article(at: usize, some: &[String]) -> NewArticle {
    let text: String = some.iter().map(|text| cut(text, 1500)).collect();
    let step = GuideStep { what: text.clone(), who: text.clone(), materials: text.clone(), fee: text.clone(), time: text.clone() };
    NewArticle {
        code: Some(format!("E{at:03}{}", cut(&text, 8))),
        external_id: Some(format!("{at}{}", cut(&text, 8))),
        level: PolicyLevel::City,
        effective: None,
        expiry: None,
        owner: Some(UNIT.into()),
        successor: None,
        text: ArticleText {
            title: format!("恶条目{at:03}{text}"),
            document_number: text.clone(),
            issuer: text.clone(),
            keywords: vec![text.clone()],
            plain_answer: format!("答{at:03} {text}"),
            clause: text.clone(),
            steps: vec![step.clone(), step],
        },
    }
}
