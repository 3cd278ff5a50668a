//! One method per endpoint.
use super::{Client, ClientError};
use crate::api::Page;
use crate::api::articles::{ArticleHead, ArticleQuery, ArticleRow, Hit, NewArticle, SearchQuery};
use crate::api::audit::{AuditQuery, AuditRow, ChainHead, ChainQuery, ChainStretch, Look, RevealRequest, Revealed};
use crate::api::calls::{CallPage, CallQuery, CallRow, CallerCard, Ring};
use crate::api::import::{ArticleBatch, ImportOutcome, TicketBatch};
use crate::api::session::{Login, Me, NewUser, Seat, SeatState, Session, UserChange, UserQuery, UserRow};
use crate::api::settings::{Advance, ClockView, DueAnswer, DueQuery, HistoryQuery, HistoryRow, PutRow, TablesPreview, TablesView, YearPreview};
use crate::api::tickets::{ActRequest, EditRequest, LeaseNumbers, LeasedNumbers, NewTicket, PinRequest, TicketDetail, TicketPage, TicketQuery, TicketRow};
use crate::domain::ids::{ArticleId, CallId, TicketId};
use crate::domain::ticket::Act;
use reqwest::Method;
use reqwest::header::IF_MATCH;
use std::time::Duration;

/// What every method fails with.
type Answer<T> = Result<T, ClientError>;

#[allow(missing_docs, reason = "one per endpoint; the endpoint table says what each is, ClientError what can go wrong")]
#[allow(clippy::missing_errors_doc)]
impl Client {
    pub async fn login(&self, login: &Login) -> Answer<Session> {
        self.send(Method::POST, "/api/v1/sessions", login, None).await
    }
    pub async fn logout(&self) -> Answer<()> {
        self.send(Method::DELETE, "/api/v1/sessions/current", &(), None).await
    }
    pub async fn me(&self) -> Answer<Me> {
        self.get("/api/v1/me", &()).await
    }
    pub async fn seat(&self, state: SeatState) -> Answer<Seat> {
        self.send(Method::PUT, "/api/v1/seat", &Seat { state }, None).await
    }
    pub async fn tables(&self) -> Answer<TablesView> {
        self.get("/api/v1/tables", &()).await
    }
    pub async fn put_tables(&self, rows: &[PutRow], key: &str) -> Answer<serde_json::Value> {
        self.send(Method::POST, "/api/v1/tables", &rows, Some(key)).await
    }
    /// What putting these rows would move; nothing is kept.
    pub async fn preview_tables(&self, rows: &[PutRow]) -> Answer<TablesPreview> {
        self.send(Method::POST, "/api/v1/tables?dry_run=true", &rows, Some(&super::new_key())).await
    }
    pub async fn table_history(&self, query: &HistoryQuery) -> Answer<Page<HistoryRow>> {
        self.get("/api/v1/tables/history", query).await
    }
    pub async fn tickets(&self, query: &TicketQuery) -> Answer<TicketPage> {
        self.get("/api/v1/tickets", query).await
    }
    pub async fn ticket(&self, id: TicketId) -> Answer<TicketDetail> {
        self.get(&format!("/api/v1/tickets/{id}"), &()).await
    }
    pub async fn create_ticket(&self, ticket: &NewTicket, key: &str) -> Answer<TicketRow> {
        self.send(Method::POST, "/api/v1/tickets", ticket, Some(key)).await
    }
    /// `age`: how long ago it was given, where that was while nobody answered.
    pub async fn create_ticket_of(&self, ticket: &NewTicket, key: &str, age: Duration) -> Answer<TicketRow> {
        let request = self.request(Method::POST, "/api/v1/tickets").json(ticket).header(crate::api::IDEMPOTENCY_KEY, key);
        super::answered(request.header(crate::api::ACT_AGE, age.as_millis().to_string())).await
    }
    pub async fn lease_numbers(&self, count: u32, key: &str) -> Answer<LeasedNumbers> {
        self.send(Method::POST, "/api/v1/ticket-numbers", &LeaseNumbers { count }, Some(key)).await
    }
    pub async fn act(&self, id: TicketId, act: Act, request: &ActRequest, key: &str) -> Answer<TicketRow> {
        self.send(Method::POST, &format!("/api/v1/tickets/{id}/{}", act.code()), request, Some(key)).await
    }
    /// `from`: the version the edit was made from.
    pub async fn edit(&self, id: TicketId, request: &EditRequest, from: i64, key: &str) -> Answer<TicketRow> {
        let request = self.request(Method::PATCH, &format!("/api/v1/tickets/{id}")).json(request);
        super::answered(request.header(IF_MATCH, format!("\"{from}\"")).header(crate::api::IDEMPOTENCY_KEY, key)).await
    }
    pub async fn calls(&self, query: &CallQuery) -> Answer<CallPage> {
        self.get("/api/v1/calls", query).await
    }
    pub async fn ring(&self, ring: &Ring, key: &str) -> Answer<CallRow> {
        self.send(Method::POST, "/api/v1/calls", ring, Some(key)).await
    }
    /// `act`: take, hold, retrieve, hang_up, wrap_up, abandon.
    pub async fn act_on_call(&self, id: CallId, act: &str, key: &str) -> Answer<CallRow> {
        self.send(Method::POST, &format!("/api/v1/calls/{id}/{act}"), &serde_json::json!({}), Some(key)).await
    }
    pub async fn pin(&self, id: CallId, pin: &PinRequest, key: &str) -> Answer<CallRow> {
        self.send(Method::POST, &format!("/api/v1/calls/{id}/pin"), pin, Some(key)).await
    }
    pub async fn unpin(&self, id: CallId, pin: &PinRequest, key: &str) -> Answer<CallRow> {
        self.send(Method::POST, &format!("/api/v1/calls/{id}/unpin"), pin, Some(key)).await
    }
    pub async fn caller_card(&self, id: CallId) -> Answer<CallerCard> {
        self.get(&format!("/api/v1/calls/{id}/caller"), &()).await
    }
    pub async fn reveal_ticket(&self, id: TicketId, request: &RevealRequest, key: &str) -> Answer<Revealed> {
        self.send(Method::POST, &format!("/api/v1/tickets/{id}/reveal"), request, Some(key)).await
    }
    pub async fn reveal_call(&self, id: CallId, request: &RevealRequest, key: &str) -> Answer<Revealed> {
        self.send(Method::POST, &format!("/api/v1/calls/{id}/reveal"), request, Some(key)).await
    }
    pub async fn looks(&self, id: TicketId) -> Answer<Page<Look>> {
        self.get(&format!("/api/v1/tickets/{id}/looks"), &()).await
    }
    pub async fn audit(&self, query: &AuditQuery) -> Answer<Page<AuditRow>> {
        self.get("/api/v1/audit", query).await
    }
    pub async fn audit_head(&self) -> Answer<ChainHead> {
        self.get("/api/v1/audit/head", &()).await
    }
    pub async fn audit_chain(&self, query: &ChainQuery) -> Answer<ChainStretch> {
        self.get("/api/v1/audit/chain", query).await
    }
    pub async fn article_heads(&self, query: &ArticleQuery) -> Answer<Page<ArticleHead>> {
        self.get("/api/v1/articles", query).await
    }
    pub async fn article(&self, id: ArticleId) -> Answer<ArticleRow> {
        self.get(&format!("/api/v1/articles/{id}"), &()).await
    }
    pub async fn publish(&self, article: &NewArticle, key: &str) -> Answer<ArticleRow> {
        self.send(Method::POST, "/api/v1/articles", article, Some(key)).await
    }
    pub async fn search(&self, query: &SearchQuery) -> Answer<Page<Hit>> {
        self.get("/api/v1/kb", query).await
    }
    pub async fn add_user(&self, user: &NewUser, key: &str) -> Answer<UserRow> {
        self.send(Method::POST, "/api/v1/users", user, Some(key)).await
    }
    /// `act`: disable, enable, password, role.
    pub async fn change_user(&self, login: &str, act: &str, change: &UserChange, key: &str) -> Answer<UserRow> {
        self.send(Method::POST, &format!("/api/v1/users/{login}/{act}"), change, Some(key)).await
    }
    pub async fn users(&self, query: &UserQuery) -> Answer<Page<UserRow>> {
        self.get("/api/v1/users", query).await
    }
    pub async fn user_history(&self, login: &str) -> Answer<Page<HistoryRow>> {
        self.get(&format!("/api/v1/users/{login}/history"), &()).await
    }
    pub async fn calendar_due(&self, query: &DueQuery) -> Answer<DueAnswer> {
        self.get("/api/v1/calendar/due", query).await
    }
    /// `year`: a holiday-cn file, unmodified.
    pub async fn import_calendar(&self, year: &serde_json::Value, key: &str) -> Answer<serde_json::Value> {
        self.send(Method::POST, "/api/v1/calendar", year, Some(key)).await
    }
    /// What taking this year in would move; nothing is kept.
    pub async fn preview_calendar(&self, year: &serde_json::Value) -> Answer<YearPreview> {
        self.send(Method::POST, "/api/v1/calendar?dry_run=true", year, Some(&super::new_key())).await
    }
    pub async fn import_tickets(&self, batch: &TicketBatch, key: &str) -> Answer<ImportOutcome> {
        self.send(Method::POST, "/api/v1/import/tickets", batch, Some(key)).await
    }
    pub async fn import_articles(&self, batch: &ArticleBatch, key: &str) -> Answer<ImportOutcome> {
        self.send(Method::POST, "/api/v1/import/articles", batch, Some(key)).await
    }
    /// What an import of this batch would be answered with; nothing is kept.
    pub async fn judge_tickets(&self, batch: &TicketBatch) -> Answer<ImportOutcome> {
        self.send(Method::POST, "/api/v1/import/tickets?dry_run=true", batch, Some(&super::new_key())).await
    }
    /// What an import of this batch would be answered with; nothing is kept.
    pub async fn judge_articles(&self, batch: &ArticleBatch) -> Answer<ImportOutcome> {
        self.send(Method::POST, "/api/v1/import/articles?dry_run=true", batch, Some(&super::new_key())).await
    }
    pub async fn advance_clock(&self, seconds: u64) -> Answer<ClockView> {
        self.send(Method::POST, "/api/v1/clock", &Advance { seconds }, None).await
    }
}
