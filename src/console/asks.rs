//! What 管理 and 审计 ask of the world, and how it is carried out: a family of effects and answers of their own, so that the
//! great tables of both stay those of the daily work.
use super::effect::Secret;
use super::msg::Outcome;
use crate::api::audit::{AuditQuery, AuditRow, ChainHead, ChainQuery, ChainStretch};
use crate::api::session::{NewUser, UserChange, UserQuery, UserRow};
use crate::api::settings::{HistoryQuery, HistoryRow, PutRow, TablesPreview};
use crate::api::{MAX_LIMIT, Page};
use crate::client::{Client, ClientError};
use crate::console::model::admin::Kind;
use crate::domain::tables::TableName;

/// Entries of the audit a page.
const PAGE: u32 = 100;
/// Positions of the chain that are walked at a time.
const STRETCH: u32 = 2_000;

/// A question, or a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// 用户.
    Users,
    /// The history of a row.
    History(Kind, String),
    /// What putting a row would move.
    Preview(Box<PutRow>),
    /// Puts it.
    Put(Box<PutRow>, String),
    /// 新增用户.
    AddUser {
        /// Login, name, roles, unit.
        user: Box<NewName>,
        /// 初始密码.
        password: Option<Secret>,
        /// Its key.
        key: String,
    },
    /// Changes a user.
    ChangeUser {
        /// Who.
        login: String,
        /// disable, enable, password, role.
        act: &'static str,
        /// 角色.
        roles: Option<Vec<String>>,
        /// 单位.
        unit: Option<String>,
        /// 密码.
        password: Option<Secret>,
        /// Its key.
        key: String,
    },
    /// A page of the audit.
    Entries {
        /// Which.
        query: Box<AuditQuery>,
        /// The question it belongs to.
        generation: u64,
    },
    /// 链首.
    Head,
    /// The next stretch of the chain.
    Walk(i64),
}

/// A new user without the password.
#[derive(Debug, Clone, PartialEq)]
pub struct NewName {
    /// 登录名.
    pub login: String,
    /// 姓名.
    pub name: String,
    /// 角色.
    pub roles: Vec<String>,
    /// 单位.
    pub unit: Option<String>,
}

/// How it ended.
#[derive(Debug)]
pub enum Told {
    /// 用户.
    Users(Outcome<Vec<UserRow>>),
    /// A history.
    History(Kind, String, Outcome<Page<HistoryRow>>),
    /// What would move.
    Preview(Outcome<TablesPreview>),
    /// Rows were put, or not; under which key.
    Put(String, Outcome<()>),
    /// A page of the audit.
    Entries(u64, Outcome<Page<AuditRow>>),
    /// 链首.
    Head(Outcome<ChainHead>),
    /// A stretch of the chain.
    Walk(Outcome<ChainStretch>),
}

/// Carries a question out.
pub async fn carry(client: &Client, ask: Ask) -> Told {
    match ask {
        Ask::Users => Told::Users(users(client).await),
        Ask::History(kind, code) => {
            let result = match kind {
                Kind::Users => client.user_history(&code).await,
                Kind::Table(table) => client.table_history(&HistoryQuery { table: TableName::code(table).to_owned(), code: code.clone() }).await,
                Kind::Audit => Ok(Page { items: Vec::new(), next: None }),
            };
            Told::History(kind, code, result)
        }
        Ask::Preview(row) => Told::Preview(client.preview_tables(&[*row]).await),
        Ask::Put(row, key) => {
            let result = client.put_tables(&[*row], &key).await.map(drop);
            Told::Put(key, result)
        }
        Ask::AddUser { user, password, key } => {
            let NewName { login, name, roles, unit } = *user;
            let user = NewUser { login, name, roles, unit, password: password.map(|password| password.0) };
            let result = client.add_user(&user, &key).await.map(drop);
            Told::Put(key, result)
        }
        Ask::ChangeUser { login, act, roles, unit, password, key } => {
            let change = UserChange { roles, unit, password: password.map(|password| password.0) };
            let result = client.change_user(&login, act, &change, &key).await.map(drop);
            Told::Put(key, result)
        }
        Ask::Entries { query, generation } => Told::Entries(generation, client.audit(&AuditQuery { limit: Some(PAGE), ..*query }).await),
        Ask::Head => Told::Head(client.audit_head().await),
        Ask::Walk(after) => Told::Walk(client.audit_chain(&ChainQuery { after, limit: Some(STRETCH) }).await),
    }
}

async fn users(client: &Client) -> Result<Vec<UserRow>, ClientError> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = client.users(&UserQuery { cursor, limit: Some(MAX_LIMIT) }).await?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}
