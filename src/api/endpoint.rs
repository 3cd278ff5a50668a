//! THE table of endpoints: one row each. The router, the OpenAPI document and the authorization matrix are made of it.
use crate::domain::rights::Capability;
use Capability as C;

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "HTTP's own names")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// Which endpoint; a handler is bound to each by an exhaustive match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each row of ENDPOINTS says what it is")]
pub enum Name {
    Login,
    Logout,
    Me,
    SeatPut,
    TablesGet,
    TablesPut,
    TableHistory,
    TicketList,
    TicketCreate,
    TicketNumbers,
    TicketShow,
    TicketEdit,
    TicketAct,
    TicketReveal,
    TicketLooks,
    CallList,
    CallRing,
    CallAct,
    CallReveal,
    CallerCard,
    ArticleHeads,
    ArticleShow,
    ArticlePublish,
    KnowledgeSearch,
    Events,
    UserAdd,
    UserList,
    UserAct,
    UserHistory,
    CalendarDue,
    CalendarImport,
    ImportTickets,
    ImportArticles,
    ClockAdvance,
    AuditList,
    AuditHead,
    AuditChain,
}

/// One endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// Which.
    pub name: Name,
    /// Method.
    pub method: Method,
    /// Path, `{ticket}` for a parameter.
    pub path: &'static str,
    /// What one must hold at all; `None`: anybody who is logged in (or, for logging in, anybody).
    pub capability: Option<Capability>,
    /// Whether a write wants an `Idempotency-Key`.
    pub keyed: bool,
    /// One line for the document.
    pub summary: &'static str,
}

const fn row(name: Name, method: Method, path: &'static str, capability: Option<Capability>, keyed: bool, summary: &'static str) -> Endpoint {
    Endpoint { name, method, path, capability, keyed, summary }
}

/// The table.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Name::Login, Method::Post, "/api/v1/sessions", None, false, "登录 Log in"),
    row(Name::Logout, Method::Delete, "/api/v1/sessions/current", None, false, "退出 Log out"),
    row(Name::Me, Method::Get, "/api/v1/me", None, false, "当前用户 Who one is"),
    row(Name::SeatPut, Method::Put, "/api/v1/seat", Some(C::CallTake), false, "坐席状态 Seat state"),
    row(Name::TablesGet, Method::Get, "/api/v1/tables", Some(C::TableRead), false, "配置表 Configuration tables"),
    row(Name::TablesPut, Method::Post, "/api/v1/tables", Some(C::TableManage), true, "维护配置表 Put rows of a table"),
    row(Name::TableHistory, Method::Get, "/api/v1/tables/history", Some(C::TableManage), false, "配置历史 Who changed a row, from what to what"),
    row(Name::TicketList, Method::Get, "/api/v1/tickets", Some(C::TicketRead), false, "工单列表 Tickets"),
    row(Name::TicketCreate, Method::Post, "/api/v1/tickets", Some(C::TicketAccept), true, "受理 Accept a matter"),
    row(Name::TicketNumbers, Method::Post, "/api/v1/ticket-numbers", Some(C::TicketAccept), true, "预留工单编号 Lease numbers for a seat"),
    row(Name::TicketShow, Method::Get, "/api/v1/tickets/{ticket}", Some(C::TicketRead), false, "工单详情 One ticket"),
    row(Name::TicketEdit, Method::Patch, "/api/v1/tickets/{ticket}", Some(C::TicketEdit), true, "修改登记内容 Correct an intake"),
    row(Name::TicketAct, Method::Post, "/api/v1/tickets/{ticket}/{act}", Some(C::TicketRead), true, "工单动作 Act on a ticket"),
    row(Name::TicketReveal, Method::Post, "/api/v1/tickets/{ticket}/reveal", Some(C::TicketRead), true, "明文查看 Show a ticket's caller in clear"),
    row(Name::TicketLooks, Method::Get, "/api/v1/tickets/{ticket}/looks", Some(C::TicketRead), false, "查阅记录 Who saw a ticket or its caller"),
    row(Name::CallList, Method::Get, "/api/v1/calls", Some(C::CallRead), false, "来电 Calls"),
    row(Name::CallRing, Method::Post, "/api/v1/calls", Some(C::CallReport), true, "来电上报 An exchange reports a call"),
    row(Name::CallAct, Method::Post, "/api/v1/calls/{call}/{act}", Some(C::CallRead), true, "通话动作 Act on a call"),
    row(Name::CallReveal, Method::Post, "/api/v1/calls/{call}/reveal", Some(C::CallRead), true, "明文查看 Show who calls in clear"),
    row(Name::CallerCard, Method::Get, "/api/v1/calls/{call}/caller", Some(C::CallRead), false, "来电人卡片 Caller card"),
    row(Name::ArticleHeads, Method::Get, "/api/v1/articles", Some(C::KnowledgeRead), false, "知识目录 Article heads, by position"),
    row(Name::ArticleShow, Method::Get, "/api/v1/articles/{article}", Some(C::KnowledgeRead), false, "知识条目 One article"),
    row(Name::ArticlePublish, Method::Post, "/api/v1/articles", Some(C::KnowledgePublish), true, "发布 Publish an article or a revision"),
    row(Name::KnowledgeSearch, Method::Get, "/api/v1/kb", Some(C::KnowledgeRead), false, "检索 Search the knowledge base"),
    row(Name::Events, Method::Get, "/api/v1/events", None, false, "实时事件流 Live frames (SSE)"),
    row(Name::UserAdd, Method::Post, "/api/v1/users", Some(C::UserManage), true, "新增用户 Add a user"),
    row(Name::UserList, Method::Get, "/api/v1/users", Some(C::UserManage), false, "用户 Users"),
    row(Name::UserAct, Method::Post, "/api/v1/users/{user}/{act}", Some(C::UserManage), true, "停用、启用、密码、角色 Disable, enable, password, role"),
    row(Name::UserHistory, Method::Get, "/api/v1/users/{user}/history", Some(C::UserManage), false, "用户历史 Who changed a user, from what to what"),
    row(Name::CalendarDue, Method::Get, "/api/v1/calendar/due", Some(C::TableRead), false, "工作日推算 Working-day arithmetic"),
    row(Name::CalendarImport, Method::Post, "/api/v1/calendar", Some(C::TableManage), true, "导入日历 Import a calendar year"),
    row(Name::ImportTickets, Method::Post, "/api/v1/import/tickets", Some(C::ImportRun), true, "导入工单 Import tickets"),
    row(Name::ImportArticles, Method::Post, "/api/v1/import/articles", Some(C::ImportRun), true, "导入知识 Import articles"),
    row(Name::ClockAdvance, Method::Post, "/api/v1/clock", Some(C::ClockAdvance), false, "拨动试验时钟 Advance a test clock"),
    row(Name::AuditList, Method::Get, "/api/v1/audit", Some(C::AuditRead), false, "审计 Who did, saw and revealed what"),
    row(Name::AuditHead, Method::Get, "/api/v1/audit/head", Some(C::AuditRead), false, "审计链首 Head of the audit chain"),
    row(Name::AuditChain, Method::Get, "/api/v1/audit/chain", Some(C::AuditRead), false, "审计链核验 Verify a stretch of the audit chain"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_stands_once_under_its_method_and_path() {
        for (index, one) in ENDPOINTS.iter().enumerate() {
            for other in &ENDPOINTS[index + 1..] {
                assert!(one.name != other.name && (one.method != other.method || one.path != other.path), "{}", one.path);
            }
        }
    }
}
