//! The acts of a ticket's life, each as a verb of its own with what it must bring. Not here: those with manners of their
//! own (`close`, `reveal`), and `act`, which takes any of them by its code.
use super::args::{codes, moment, yes_or_no};
use crate::api::tickets::ActRequest;
use crate::cli::{Failure, coded, words_or_stdin};
use crate::domain::Timestamp;
use crate::domain::limits::{HandlerLevel, Tag};
use crate::domain::ticket::{Act, PromiseKind};
use clap::{Args, Subcommand};

/// A ticket, and words for it.
#[derive(Debug, Args)]
pub struct Worded {
    /// 工单 ticket
    ticket: String,
    /// 内容，可由标准输入给出 words; from standard input where none are given
    text: Option<String>,
}

/// A ticket, and why.
#[derive(Debug, Args)]
pub struct Reasoned {
    /// 工单 ticket
    ticket: String,
    /// 原因代码，见 table list reason; reason code
    #[arg(long)]
    reason: String,
    /// 说明 in words; - for standard input
    #[arg(long)]
    text: Option<String>,
}

/// A ticket.
#[derive(Debug, Args)]
pub struct Only {
    /// 工单 ticket
    ticket: String,
}

/// 动作 (acts).
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 直接解答 Answer directly
    Answer(Only),
    /// 转 110、119、120、122 Pass on to an emergency service
    PassOn {
        /// 工单 ticket
        ticket: String,
        /// 110 119 120 122
        service: String,
    },
    /// 不予受理 Do not accept
    NotAccept(Reasoned),
    /// 领取 Claim a ticket
    #[command(visible_alias = "claim")]
    Take(Only),
    /// 签收 Sign for it
    Sign(Only),
    /// 派单 Dispatch to a unit
    Dispatch {
        /// 工单 ticket
        ticket: String,
        /// 承办单位代码 unit code
        unit: String,
    },
    /// 改派 Dispatch to another unit
    Redispatch {
        /// 工单 ticket
        ticket: String,
        /// 承办单位代码 unit code
        unit: String,
    },
    /// 记一次联系，内容可由标准输入给出 Log a contact; words from standard input where none are given
    Contact {
        /// 工单 ticket
        ticket: String,
        /// 内容 words
        text: Option<String>,
        /// 没有联系上 the caller was not reached
        #[arg(long)]
        not_reached: bool,
    },
    /// 办理进展 Log progress
    Progress(Worded),
    /// 反馈办理结果，内容可由标准输入给出 Reply; words from standard input where none are given
    Reply(Worded),
    /// 退单 Ask to return it
    RequestReturn(Reasoned),
    /// 驳回退单 Refuse a return
    RefuseReturn(Worded),
    /// 申请延期 Ask for an extension
    RequestExtension {
        /// 工单 ticket
        ticket: String,
        /// 原因代码 reason code
        #[arg(long)]
        reason: String,
        /// 工作日 working days
        #[arg(long)]
        days: u32,
        /// 说明 in words; - for standard input
        #[arg(long)]
        text: Option<String>,
    },
    /// 同意延期 Grant an extension
    GrantExtension {
        /// 工单 ticket
        ticket: String,
        /// 工作日；不给则照申请 working days; those asked for where none are given
        #[arg(long)]
        days: Option<u32>,
    },
    /// 不同意延期 Refuse an extension
    RefuseExtension(Worded),
    /// 挂起 Suspend
    Suspend(Reasoned),
    /// 恢复 Resume
    Resume(Only),
    /// 审核通过 Review and pass
    Review(Only),
    /// 审核退回 Send the reply back
    SendBack(Worded),
    /// 回访 Call back
    CallBack {
        /// 工单 ticket
        ticket: String,
        /// 是否解决 solved: yes, no
        #[arg(long, action = clap::ArgAction::Set, value_name = "yes|no", value_parser = yes_or_no)]
        solved: bool,
        /// 满意度 rating
        #[arg(long, value_name = "1-5", value_parser = clap::value_parser!(i64).range(1..=5))]
        rating: Option<i64>,
    },
    /// 重办 Have it done again
    Rework(Only),
    /// 归档 Archive
    Archive(Only),
    /// 督办 Supervise
    Supervise {
        /// 工单 ticket
        ticket: String,
        /// 内容 words; - for standard input
        text: Option<String>,
    },
    /// 提级 Lift to a higher level
    Lift {
        /// 工单 ticket
        ticket: String,
        /// 承办层级 handler level
        #[arg(value_parser = |text: &str| coded(text, HandlerLevel::from_code, &codes(HandlerLevel::ALL, HandlerLevel::code)))]
        level: HandlerLevel,
        /// 依据，可由标准输入给出 why; from standard input where nothing is given
        text: Option<String>,
    },
    /// 并单 Merge into another
    Merge {
        /// 工单 ticket
        ticket: String,
        /// 并入的工单 ticket to merge into
        target: String,
    },
    /// 撤单 Cancel
    Cancel(Reasoned),
    /// 标记急难愁盼；不给代码则取消 Mark the urgent class; no code takes the mark away
    Flag {
        /// 工单 ticket
        ticket: String,
        /// 急难愁盼代码 urgent class
        class: Option<String>,
    },
    /// 优先；不给则取消 Priority tag; none takes it away
    Prioritise {
        /// 工单 ticket
        ticket: String,
        /// 优先 tag
        #[arg(value_parser = |text: &str| coded(text, Tag::from_code, &codes(Tag::ALL, Tag::code)))]
        tag: Option<Tag>,
    },
    /// 备注 Note
    Note(Worded),
    /// 承诺 Promise
    Promise {
        /// 工单 ticket
        ticket: String,
        /// 承诺 kind of promise
        #[arg(value_parser = |text: &str| coded(text, PromiseKind::from_code, &codes(PromiseKind::ALL, PromiseKind::code)))]
        kind: PromiseKind,
        /// 承诺的期限 by when: "2026-11-25 17:30" or RFC 3339
        #[arg(long, value_parser = moment)]
        due: Timestamp,
        /// 说明 in words; - for standard input
        #[arg(long)]
        text: Option<String>,
    },
    /// 兑现承诺 Say that a promise was kept
    KeepPromise {
        /// 工单 ticket
        ticket: String,
        /// 第几项 which, where several are open
        #[arg(long)]
        no: Option<u32>,
    },
    /// 撤销刚才的派单或直接解答，限十秒内 Undo the dispatch or answer of the last ten seconds
    Undo(Only),
}

/// An act as it was typed.
pub(super) struct Typed {
    /// The ticket, as a person names it.
    pub ticket: String,
    /// The act.
    pub act: Act,
    /// What it brings.
    pub request: ActRequest,
    /// The ticket it is merged into, as a person names it.
    pub target: Option<String>,
}

fn plain(ticket: String, act: Act, request: ActRequest) -> Typed {
    Typed { ticket, act, request, target: None }
}

fn maybe(text: Option<String>) -> Result<Option<String>, Failure> {
    text.map(|text| words_or_stdin(Some(text))).transpose()
}

fn worded(Worded { ticket, text }: Worded, act: Act) -> Result<Typed, Failure> {
    Ok(plain(ticket, act, ActRequest { text: Some(words_or_stdin(text)?), ..ActRequest::default() }))
}

fn reasoned(Reasoned { ticket, reason, text }: Reasoned, act: Act) -> Result<Typed, Failure> {
    Ok(plain(ticket, act, ActRequest { reason: Some(reason), text: maybe(text)?, ..ActRequest::default() }))
}

impl Verb {
    /// The ticket, the act, and what it brings; words are taken in here.
    pub(super) fn typed(self) -> Result<Typed, Failure> {
        let none = ActRequest::default;
        let only = |Only { ticket }: Only, act| Ok(plain(ticket, act, none()));
        match self {
            Verb::Answer(one) => only(one, Act::Answer),
            Verb::PassOn { ticket, service } => Ok(plain(ticket, Act::PassOn, ActRequest { service: Some(service), ..none() })),
            Verb::NotAccept(one) => reasoned(one, Act::NotAccept),
            Verb::Take(one) => only(one, Act::Claim),
            Verb::Sign(one) => only(one, Act::Sign),
            Verb::Dispatch { ticket, unit } => Ok(plain(ticket, Act::Dispatch, ActRequest { unit: Some(unit), ..none() })),
            Verb::Redispatch { ticket, unit } => Ok(plain(ticket, Act::Redispatch, ActRequest { unit: Some(unit), ..none() })),
            Verb::Contact { ticket, text, not_reached } => {
                Ok(plain(ticket, Act::Contact, ActRequest { text: Some(words_or_stdin(text)?), reached: Some(!not_reached), ..none() }))
            }
            Verb::Progress(one) => worded(one, Act::Progress),
            Verb::Reply(one) => worded(one, Act::Reply),
            Verb::RequestReturn(one) => reasoned(one, Act::RequestReturn),
            Verb::RefuseReturn(one) => worded(one, Act::RefuseReturn),
            Verb::RequestExtension { ticket, reason, days, text } => {
                Ok(plain(ticket, Act::RequestExtension, ActRequest { reason: Some(reason), days: Some(days), text: maybe(text)?, ..none() }))
            }
            Verb::GrantExtension { ticket, days } => Ok(plain(ticket, Act::GrantExtension, ActRequest { days, ..none() })),
            Verb::RefuseExtension(one) => worded(one, Act::RefuseExtension),
            Verb::Suspend(one) => reasoned(one, Act::Suspend),
            Verb::Resume(one) => only(one, Act::Resume),
            Verb::Review(one) => only(one, Act::Review),
            Verb::SendBack(one) => worded(one, Act::SendBack),
            Verb::CallBack { ticket, solved, rating } => Ok(plain(ticket, Act::CallBack, ActRequest { solved: Some(solved), rating, ..none() })),
            Verb::Rework(one) => only(one, Act::Rework),
            Verb::Archive(one) => only(one, Act::Archive),
            Verb::Supervise { ticket, text } => Ok(plain(ticket, Act::Supervise, ActRequest { text: maybe(text)?, ..none() })),
            Verb::Lift { ticket, level, text } => Ok(plain(ticket, Act::Lift, ActRequest { level: Some(level), text: Some(words_or_stdin(text)?), ..none() })),
            Verb::Merge { ticket, target } => Ok(Typed { target: Some(target), ..plain(ticket, Act::Merge, none()) }),
            Verb::Cancel(one) => reasoned(one, Act::Cancel),
            Verb::Flag { ticket, class } => Ok(plain(ticket, Act::Flag, ActRequest { urgent_class: class, ..none() })),
            Verb::Prioritise { ticket, tag } => Ok(plain(ticket, Act::Prioritise, ActRequest { tag, ..none() })),
            Verb::Note(one) => worded(one, Act::Note),
            Verb::Promise { ticket, kind, due, text } => {
                Ok(plain(ticket, Act::Promise, ActRequest { promise: Some(kind), due: Some(due), text: maybe(text)?, ..none() }))
            }
            Verb::KeepPromise { ticket, no } => Ok(plain(ticket, Act::KeepPromise, ActRequest { promise_no: no, ..none() })),
            Verb::Undo(one) => only(one, Act::Undo),
        }
    }
}
