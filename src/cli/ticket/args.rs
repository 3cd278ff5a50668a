//! What may be typed after `hotline ticket`.
use crate::cli::{Paging, coded};
use crate::domain::access::RevealReason;
use crate::domain::clocks::Flag;
use crate::domain::ids::ArticleId;
use crate::domain::limits::{HandlerLevel, Line, Tag, TicketKind};
use crate::domain::ticket::{Act, Pin, PromiseKind, Step};
use crate::domain::{Timestamp, city_offset, credit_code};
use crate::words::{self, Language};
use clap::{Args, Subcommand};

/// 工单 (tickets). A ticket is named by its id, its number `20261122-0188`, or short `1122-0188` of this year.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 工单列表 List tickets
    List(List),
    /// 工单详情 Show one ticket
    Show {
        /// 工单 ticket
        ticket: String,
    },
    /// 受理登记 File a ticket
    #[command(visible_alias = "accept")]
    Create(Box<Create>),
    /// 修改登记内容 Correct an intake
    Edit(Edit),
    /// 逐日说明办结时限怎么来的 How the limit came about, day by day
    Explain {
        /// 工单 ticket
        ticket: String,
    },
    /// 为这个坐席预留工单编号 Lease numbers for this seat
    Numbers {
        /// 几个 how many
        #[arg(value_parser = clap::value_parser!(u32).range(1..=50))]
        count: u32,
    },
    /// One act of a ticket's life.
    #[command(flatten)]
    Do(super::acts::Verb),
    /// 办结：回访并归档，或直接解答 Close: call back and archive, or answer directly
    Close {
        /// 工单 ticket
        ticket: String,
        /// 是否解决 solved: yes, no
        #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
        solved: Option<bool>,
        /// 满意度 rating
        #[arg(long, value_name = "1-5", value_parser = clap::value_parser!(i64).range(1..=5))]
        rating: Option<i64>,
    },
    /// 查看来电人明文，留痕 Show the caller in clear; it goes on record
    Reveal {
        /// 工单 ticket
        ticket: String,
        /// 事由 why
        #[arg(long, value_parser = reveal_reason)]
        reason: RevealReason,
        /// 说明，事由为 other 时必填 in words; needed with `other`
        #[arg(long)]
        note: Option<String>,
    },
    /// 查阅记录 Who has seen a ticket
    Looks {
        /// 工单 ticket
        ticket: String,
    },
    /// 催办，可以是几件 Urge one ticket or several
    Urge {
        /// 工单 tickets
        #[arg(required = true, value_name = "TICKET")]
        tickets: Vec<String>,
        /// 催办意见，- 表示标准输入 words; - for standard input
        #[arg(long)]
        text: Option<String>,
        /// 试运行，只说会怎样 say what would change, write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// 任一动作 Any act of a ticket's life
    Act(Box<AnyAct>),
}

/// How a list is narrowed and ordered.
#[derive(Debug, Args)]
pub struct List {
    /// 环节 step
    #[arg(long, value_parser = |text: &str| coded(text, Step::from_code, &codes(Step::ALL, Step::code)))]
    pub(super) step: Option<Step>,
    /// 承办单位及其下级 unit and those below it
    #[arg(long)]
    pub(super) unit: Option<String>,
    /// 标识 flag: yellow, orange, red, overdue
    #[arg(long, value_parser = flag)]
    pub(super) flag: Option<Flag>,
    /// 未办结的 open ones
    #[arg(long, conflicts_with = "closed")]
    pub(super) open: bool,
    /// 已办结的 closed ones
    #[arg(long)]
    pub(super) closed: bool,
    /// 最新的在前；否则最先变色的在前 newest first; else what turns next first
    #[arg(long)]
    pub(super) newest: bool,
    /// How much.
    #[command(flatten)]
    pub(super) paging: Paging,
}

/// A ticket to be filed.
#[derive(Debug, Args)]
pub struct Create {
    /// 标题 title
    #[arg(long)]
    pub(super) title: String,
    /// 类型 kind: consultation 咨询, help_request 求助, complaint 投诉, report 举报, suggestion 建议
    #[arg(long, value_parser = kind)]
    pub(super) kind: TicketKind,
    /// 诉求，- 表示标准输入 what is asked; - for standard input
    #[arg(long)]
    pub(super) body: Option<String>,
    /// 地点 place
    #[arg(long)]
    pub(super) place: Option<String>,
    /// 事项代码 class of matter
    #[arg(long)]
    pub(super) class: Option<String>,
    /// 急难愁盼代码 urgent class
    #[arg(long)]
    pub(super) urgent_class: Option<String>,
    /// 热线 line
    #[arg(long, value_parser = line)]
    pub(super) line: Option<Line>,
    /// 通话编号 the call it came from
    #[arg(long)]
    pub(super) call: Option<crate::domain::ids::CallId>,
    /// 立即派给 dispatch at once to this unit
    #[arg(long, value_name = "UNIT", conflicts_with = "answer")]
    pub(super) dispatch: Option<String>,
    /// 直接解答 answered directly
    #[arg(long)]
    pub(super) answer: bool,
    /// 优先 priority tag
    #[arg(long, value_parser = |text: &str| coded(text, Tag::from_code, &codes(Tag::ALL, Tag::code)))]
    pub(super) tag: Option<Tag>,
    /// 绿色通道 green channel: due the same day
    #[arg(long)]
    pub(super) green: bool,
    /// 统一社会信用代码 unified social credit code
    #[arg(long, value_parser = credit_code)]
    pub(super) credit_code: Option<String>,
    /// 行业 industry
    #[arg(long)]
    pub(super) industry: Option<String>,
    /// 园区 park
    #[arg(long)]
    pub(super) park: Option<String>,
    /// 答复依据 条目编号@版次 article id@revision
    #[arg(long = "pin", value_parser = pin)]
    pub(super) pins: Vec<Pin>,
    /// 承诺 promise to the caller
    #[arg(long, value_parser = |text: &str| coded(text, PromiseKind::from_code, &codes(PromiseKind::ALL, PromiseKind::code)))]
    pub(super) promise: Option<PromiseKind>,
    /// 承诺的期限 by when: "2026-11-25 17:30" or RFC 3339
    #[arg(long, value_parser = moment, requires = "promise")]
    pub(super) due: Option<Timestamp>,
}

/// What is corrected; what is not named stays.
#[derive(Debug, Args)]
pub struct Edit {
    /// 工单 ticket
    pub(super) ticket: String,
    /// 类型 kind
    #[arg(long, value_parser = kind)]
    pub(super) kind: Option<TicketKind>,
    /// 事项代码 class of matter
    #[arg(long)]
    pub(super) class: Option<String>,
    /// 标题 title
    #[arg(long)]
    pub(super) title: Option<String>,
    /// 诉求，- 表示标准输入 what is asked; - for standard input
    #[arg(long)]
    pub(super) body: Option<String>,
    /// 地点 place
    #[arg(long)]
    pub(super) place: Option<String>,
    /// 依据的版本，默认最新 the version it is made from; the present one where none is given
    #[arg(long, value_name = "N")]
    pub(super) from: Option<i64>,
}

/// Any act with whatever it brings; the ticket's life says what it must bring.
#[derive(Debug, Args)]
pub struct AnyAct {
    /// 工单，可以是几件 ticket, or several
    #[arg(required = true, value_name = "TICKET")]
    pub(super) tickets: Vec<String>,
    /// 试运行，只说会怎样 say what would change, write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// 动作代码 act
    #[arg(value_parser = |text: &str| coded(text, Act::from_code, &codes(Act::ALL, Act::code)))]
    pub(super) act: Act,
    /// 承办单位 unit
    #[arg(long)]
    pub(super) unit: Option<String>,
    /// 承办层级 handler level
    #[arg(long, value_parser = |text: &str| coded(text, HandlerLevel::from_code, &codes(HandlerLevel::ALL, HandlerLevel::code)))]
    pub(super) level: Option<HandlerLevel>,
    /// 原因代码 reason code
    #[arg(long)]
    pub(super) reason: Option<String>,
    /// 内容，- 表示标准输入 words; - for standard input
    #[arg(long)]
    pub(super) text: Option<String>,
    /// 是否解决 solved
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    pub(super) solved: Option<bool>,
    /// 满意度 rating
    #[arg(long, value_name = "1-5", value_parser = clap::value_parser!(i64).range(1..=5))]
    pub(super) rating: Option<i64>,
    /// 并入的工单 ticket to merge into
    #[arg(long)]
    pub(super) target: Option<String>,
    /// 110 119 120 122
    #[arg(long)]
    pub(super) service: Option<String>,
    /// 急难愁盼代码 urgent class
    #[arg(long)]
    pub(super) urgent_class: Option<String>,
    /// 优先 priority tag
    #[arg(long, value_parser = |text: &str| coded(text, Tag::from_code, &codes(Tag::ALL, Tag::code)))]
    pub(super) tag: Option<Tag>,
    /// 工作日 working days
    #[arg(long)]
    pub(super) days: Option<u32>,
    /// 联系上了 the caller was reached
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    pub(super) reached: Option<bool>,
    /// 承诺 kind of promise
    #[arg(long, value_parser = |text: &str| coded(text, PromiseKind::from_code, &codes(PromiseKind::ALL, PromiseKind::code)))]
    pub(super) promise: Option<PromiseKind>,
    /// 承诺的期限 by when: "2026-11-25 17:30" or RFC 3339
    #[arg(long, value_parser = moment)]
    pub(super) due: Option<Timestamp>,
    /// 第几项承诺已兑现 which promise was kept
    #[arg(long)]
    pub(super) promise_no: Option<u32>,
    /// 答复依据 条目编号@版次 article id@revision
    #[arg(long = "pin", value_parser = pin)]
    pub(super) pins: Vec<Pin>,
}

pub(super) fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| code(*one)).collect()
}

/// A kind by its code, or as it is called in either language.
pub(super) fn kind(text: &str) -> Result<TicketKind, String> {
    let called = |kind: &TicketKind| {
        let id = format!("kind-{}", if *kind == TicketKind::HelpRequest { "help" } else { kind.code() });
        Language::ALL.iter().any(|language| words::loader_of(*language).get(&id).eq_ignore_ascii_case(text.trim()))
    };
    match TicketKind::ALL.iter().find(|kind| called(kind)) {
        Some(kind) => Ok(*kind),
        None => coded(text, TicketKind::from_code, &codes(TicketKind::ALL, TicketKind::code)),
    }
}

pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" | "true" | "是" => Ok(true),
        "no" | "false" | "否" => Ok(false),
        _ => Err("yes | no".to_owned()),
    }
}

/// A moment: city time to the minute, or RFC 3339.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    let city = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok().and_then(|local| local.and_local_timezone(city_offset()).single());
    city.map(|at| at.to_utc()).or_else(|| text.parse().ok()).ok_or_else(|| "2026-11-25 17:30".to_owned())
}

fn credit_code(text: &str) -> Result<String, String> {
    credit_code::check(text).map_err(crate::words::credit_code::wrong)
}

fn flag(text: &str) -> Result<Flag, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|_| "yellow | orange | red | overdue | none".to_owned())
}

/// 事由, by its code.
pub(in crate::cli) fn reveal_reason(text: &str) -> Result<RevealReason, String> {
    coded(text, RevealReason::from_code, &codes(RevealReason::ALL, RevealReason::code))
}

/// 热线, by its code.
pub(in crate::cli) fn line(text: &str) -> Result<Line, String> {
    coded(text, Line::from_code, &codes(Line::ALL, Line::code))
}

pub(in crate::cli) fn pin(text: &str) -> Result<Pin, String> {
    let (article, revision) = text.split_once('@').ok_or("ID@N")?;
    let article: ArticleId = article.parse().map_err(|_| "ID@N".to_owned())?;
    Ok(Pin { article, revision: revision.parse().map_err(|_| "ID@N".to_owned())? })
}
