//! What goes back: JSON answers, and problems in words.
use crate::api::Problem;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::{Act, Step};
use crate::server::fault::Fault;
use crate::server::store::StoreError;
use crate::server::work::Answer;
use crate::words::{self, Language};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let problem = self.status >= 400;
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = if problem { "application/problem+json" } else { "application/json" };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(version) = self.etag
            && let Ok(value) = HeaderValue::from_str(&format!("\"{version}\""))
        {
            response.headers_mut().insert(header::ETAG, value);
        }
        if self.replayed {
            response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        response
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let problem = match self {
            Fault::Refused(refusal) => problem_of(&refusal),
            Fault::Problem(problem) => *problem,
            Fault::Store(StoreError::Full) => Problem::new(507, "disk_full", "磁盘已满，本次未保存；请联系管理员。 The disk is full; this was not saved. Please tell the administrator."),
            Fault::Store(StoreError::Away(why)) => {
                tracing::warn!(why, "the store does not answer");
                Problem::new(503, "store_away", "数据库暂时不可用，请稍后重试。 The database is away for the moment; please try again.").retry_after(1)
            }
            Fault::Store(error) => {
                tracing::error!(error = %error, "the store failed");
                Problem::new(500, "store_failed", "保存失败，本次未生效；请重试，仍不行请联系管理员。 It was not saved. Please try again, then tell the administrator.")
            }
            Fault::Broken(why) => {
                tracing::error!(why, "a fault of ours");
                Problem::new(500, "broken", "程序出错，本次未生效；请联系管理员。 Something broke; nothing was changed. Please tell the administrator.")
            }
        };
        problem_response(&problem)
    }
}

/// A problem as a response.
pub fn problem_response(problem: &Problem) -> Response {
    let body = serde_json::to_string(problem).unwrap_or_default();
    let mut response = Answer { status: problem.status, body, etag: None, replayed: false }.into_response();
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(Refusal::Stale { current }) = problem.refusal
        && let Ok(value) = HeaderValue::from_str(&format!("\"{current}\""))
    {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// Words for a refusal, Chinese first: whoever reads the API raw sees what happened and what would be legal.
pub fn problem_of(refusal: &Refusal) -> Problem {
    let (code, title) = match refusal {
        Refusal::IllegalStep { act, step, legal } => {
            let zh: Vec<_> = legal.iter().map(|act| act_name(*act)).collect();
            let en: Vec<_> = legal.iter().map(|act| act.code()).collect();
            (
                "illegal_step",
                format!(
                    "当前环节“{}”不能{}；可以：{}。 At {} one cannot {}; legal: {}.",
                    step_name(*step),
                    act_name(*act),
                    if zh.is_empty() { "无".into() } else { zh.join("、") },
                    step.code(),
                    act.code(),
                    if en.is_empty() { "nothing".into() } else { en.join(", ") }
                ),
            )
        }
        Refusal::Forbidden { capability } => ("forbidden", format!("没有权限：{0}。 Not allowed: {0}.", capability.code())),
        Refusal::AlreadyClaimed { by } => ("already_claimed", format!("已由 {by} 先行接办。 {by} was first.")),
        Refusal::IllegalCall { act, state } => ("illegal_call", format!("通话状态 {state} 不能 {act}。 A call that is {state} cannot be asked to {act}.")),
        Refusal::NotYours { by } => ("not_yours", format!("这通来电由 {by} 接听，须由其本人操作。 {by} took this call; only they can do this.")),
        Refusal::CallInHand { number } => {
            ("call_in_hand", format!("您还在与 {number} 通话，请先结束那一通再接听。 You are still on a call with {number}; end it before you take another."))
        }
        Refusal::NotInHand => (
            "not_in_hand",
            "只能查看本人来电、本人受理的工单，或本单位已签收工单的来电人。 Only the caller of one's own call, of a ticket one took in, or of one the unit has signed for.".into(),
        ),
        Refusal::NotOneself => (
            "not_oneself",
            "不能停用本人或取消本人的用户管理权限，请由另一位管理员操作。 One cannot disable oneself or give up one's own user administration; another administrator has to.".into(),
        ),
        Refusal::TargetClosed { number, step } => (
            "target_closed",
            format!("工单 {number} 已是“{}”，不能并入；请选一件仍在办理的工单。 {number} is {}; choose a ticket that is still open to merge into.", step_name(*step), step.code()),
        ),
        Refusal::Missing { field } => ("missing", format!("缺少 {field}。 {field} is missing.")),
        Refusal::Unknown { field, value } => ("unknown", format!("{field} 的值无效：{value}。 {field} has no such value: {value}.")),
        Refusal::Exists { what } => ("exists", format!("{what} 已存在。 {what} exists already.")),
        Refusal::NotFound => ("not_found", "没有这一项，或您无权查看。 There is no such thing, or it is not yours to see.".into()),
        Refusal::Stale { current } => ("stale", format!("内容已被他人修改（现为第 {current} 版），您填写的仍保留，请核对后重新提交。 It was changed meanwhile (now version {current}); please check and send again.")),
        Refusal::MatchRequired => ("match_required", "修改须带 If-Match。 An edit needs If-Match.".into()),
    };
    let mut problem = Problem::new(refusal.status(), code, title);
    problem.refusal = Some(refusal.clone());
    problem
}

/// A problem is read before anybody's language is known: the names are in Chinese first, the codes beside them.
fn chinese(kind: &str, code: &str) -> String {
    let id = format!("{kind}-{}", code.replace('_', "-"));
    let words = words::loader_of(Language::Chinese);
    if words.has(&id) { words.get(&id) } else { code.to_owned() }
}

fn act_name(act: Act) -> String {
    chinese("act", act.code())
}

fn step_name(step: Step) -> String {
    chinese("step", step.code())
}

pub(super) async fn no_such_page() -> Response {
    problem_response(&Problem::new(404, "no_such_page", "没有这个地址。 No such address."))
}

pub(super) async fn no_such_method() -> Response {
    problem_response(&Problem::new(405, "no_such_method", "此地址不支持这种方法。 This address has no such method."))
}

/// A handler that panicked: logged once, told in words, the server goes on.
#[allow(clippy::needless_pass_by_value, reason = "the layer's signature")]
pub(super) fn panicked(_what: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Fault::broken("a handler panicked").into_response()
}
