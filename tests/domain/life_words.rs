//! 工单全流程, written down by hand from the domain's account of a ticket's life, in codes only, and the ways into each
//! step. Nothing here is read from the product's own table: the two are held against each other in `life`.

/// One act as the account has it: `act | steps | leads to | event | capability | brings`. A step with `?` depends on the
/// ticket's own history (see [`State::holds`]); `=` stays, `<` goes back to where it was set aside, `*` is every step.
pub const ACCOUNT: &str = "
answer            | accepted                                                             | answered         | answered            | ticket.answer     |
dispatch          | accepted                                                             | dispatched       | dispatched          | ticket.dispatch   | unit
pass_on           | accepted                                                             | passed_on        | passed_on           | ticket.dispatch   | service
not_accept        | accepted                                                             | not_accepted     | not_accepted        | ticket.accept     | reason
claim             | dispatched? signed? in_progress?                                     | =                | claimed             | ticket.handle     |
sign              | dispatched                                                           | signed           | signed              | ticket.handle     |
contact           | signed in_progress                                                   | in_progress      | contacted           | ticket.handle     | text
progress          | signed in_progress                                                   | in_progress      | progressed          | ticket.handle     | text
reply             | signed in_progress                                                   | replied          | replied             | ticket.handle     | text
request_return    | dispatched? signed?                                                  | return_requested | return_requested    | ticket.handle     | reason text
redispatch        | return_requested dispatched signed in_progress                       | dispatched       | redispatched        | ticket.dispatch   | unit
refuse_return     | return_requested                                                     | <                | return_refused      | return.adjudicate | text
request_extension | signed? in_progress?                                                 | =                | extension_requested | ticket.handle     | reason days
grant_extension   | signed? in_progress?                                                 | =                | extension_granted   | ticket.extend     |
refuse_extension  | signed? in_progress?                                                 | =                | extension_refused   | ticket.extend     | text
suspend           | signed in_progress                                                   | suspended        | suspended           | ticket.handle     | reason
resume            | suspended                                                            | <                | resumed             | ticket.handle     |
review            | replied                                                              | reviewed         | reviewed            | ticket.review     |
send_back         | replied                                                              | in_progress      | sent_back           | ticket.review     | text
call_back         | reviewed                                                             | called_back      | called_back         | ticket.call_back  | solved
rework            | called_back?                                                         | dispatched       | reworked            | ticket.call_back  |
archive           | answered called_back                                                 | archived         | archived            | ticket.archive    |
urge              | dispatched signed in_progress return_requested suspended             | =                | urged               | ticket.urge       |
supervise         | dispatched signed in_progress return_requested suspended             | =                | supervised          | ticket.supervise  |
lift              | dispatched signed in_progress return_requested suspended             | =                | lifted              | ticket.lift       | text
merge             | accepted dispatched signed in_progress                               | merged           | merged              | ticket.cancel     | target
cancel            | accepted dispatched signed in_progress return_requested suspended    | cancelled        | cancelled           | ticket.cancel     | reason
flag              | accepted dispatched signed in_progress return_requested suspended replied | =           | flagged             | ticket.flag       |
prioritise        | accepted dispatched signed in_progress return_requested suspended replied | =           | prioritised         | ticket.flag       |
note              | *                                                                    | =                | noted               | ticket.note       | text
promise           | accepted dispatched signed in_progress return_requested suspended replied reviewed called_back answered | = | promised | ticket.note | due
keep_promise      | accepted? dispatched? signed? in_progress? return_requested? suspended? replied? reviewed? called_back? answered? archived? merged? cancelled? not_accepted? passed_on? | =                | promise_kept        | ticket.note       |
undo              | dispatched? answered?                                                | <                | undone              | ticket.dispatch   |
edit              | accepted dispatched signed in_progress return_requested suspended replied | =           | edited              | ticket.edit       |
";

/// Every step there is.
pub const STEPS: &str = "accepted dispatched signed in_progress return_requested suspended replied reviewed called_back answered archived merged cancelled not_accepted passed_on";

/// A way into a step, by commands alone.
pub struct State {
    /// What the acts so far come to.
    pub name: &'static str,
    pub step: &'static str,
    /// The commands after the acceptance; `call_back+` solved, `call_back-` not, `call_back2` solved and 不满意.
    pub way: &'static str,
    /// Which of the acts that depend on history are open.
    pub holds: &'static str,
    /// Where `<` leads.
    pub back: &'static str,
    /// 改派 is an adjudicator's.
    pub adjudicated: bool,
    /// Asked by whoever did the last thing, seconds after it; else by another, later.
    pub fresh: bool,
}

const fn state(name: &'static str, step: &'static str, way: &'static str, holds: &'static str, back: &'static str) -> State {
    State { name, step, way, holds, back, adjudicated: false, fresh: false }
}
const fn adjudicated(name: &'static str, step: &'static str, way: &'static str, holds: &'static str, back: &'static str) -> State {
    State { name, step, way, holds, back, adjudicated: true, fresh: false }
}

const fn fresh(name: &'static str, step: &'static str, way: &'static str, holds: &'static str, back: &'static str) -> State {
    State { name, step, way, holds, back, adjudicated: false, fresh: true }
}

/// Each step by every way that matters to what may follow.
pub const STATES: &[State] = &[
    state("受理", "accepted", "", "", ""),
    state("派单", "dispatched", "dispatch", "claim request_return", ""),
    state("派单, 已认领", "dispatched", "dispatch claim", "request_return", ""),
    state("改派", "dispatched", "dispatch sign request_extension redispatch", "claim request_return", ""),
    state("签收", "signed", "dispatch sign", "request_return request_extension", ""),
    state("签收, 延期待批", "signed", "dispatch sign request_extension", "request_return grant_extension refuse_extension", ""),
    state("签收, 延期未准", "signed", "dispatch sign request_extension refuse_extension", "request_return request_extension", ""),
    state("办理", "in_progress", "dispatch sign contact", "request_extension", ""),
    state("办理, 延期待批", "in_progress", "dispatch sign progress request_extension", "grant_extension refuse_extension", ""),
    state("审核退回", "in_progress", "dispatch sign reply send_back", "request_extension", ""),
    state("退单, 未签收", "return_requested", "dispatch request_return", "", "dispatched"),
    state("退单, 已签收", "return_requested", "dispatch sign request_return", "", "signed"),
    state("第二次退单", "return_requested", "dispatch request_return refuse_return request_return", "", "dispatched"),
    adjudicated("第三次退单", "return_requested", "dispatch request_return refuse_return request_return redispatch request_return", "", "dispatched"),
    adjudicated(
        "裁定驳回",
        "signed",
        "dispatch sign request_return refuse_return request_return refuse_return request_return refuse_return",
        "request_extension",
        "",
    ),
    adjudicated(
        "裁定改派",
        "dispatched",
        "dispatch request_return refuse_return request_return refuse_return request_return redispatch",
        "claim",
        "",
    ),
    state("挂起, 签收后", "suspended", "dispatch sign suspend", "", "signed"),
    state("挂起, 办理中", "suspended", "dispatch sign contact suspend", "", "in_progress"),
    state("恢复", "in_progress", "dispatch sign contact suspend resume", "request_extension", ""),
    state("反馈, 签收后直接", "replied", "dispatch sign reply", "", ""),
    state("反馈", "replied", "dispatch sign contact progress reply", "", ""),
    state("审核", "reviewed", "dispatch sign reply review", "", ""),
    state("回访, 已解决", "called_back", "dispatch sign reply review call_back+", "", ""),
    state("回访, 未解决", "called_back", "dispatch sign reply review call_back-", "rework", ""),
    state("回访, 不满意", "called_back", "dispatch sign reply review call_back2", "rework", ""),
    state("重办", "dispatched", "dispatch sign request_extension reply review call_back- rework", "claim request_return", ""),
    state("重办后已解决", "called_back", "dispatch sign reply review call_back- rework sign reply review call_back+", "", ""),
    state("直接解答", "answered", "answer", "", ""),
    state("归档", "archived", "dispatch sign reply review call_back+ archive", "", ""),
    state("归档, 未解决", "archived", "dispatch sign reply review call_back- archive", "", ""),
    state("直接解答归档", "archived", "answer archive", "", ""),
    state("并单", "merged", "dispatch merge", "", ""),
    state("撤单", "cancelled", "dispatch sign suspend cancel", "", ""),
    state("不予受理", "not_accepted", "not_accept", "", ""),
    state("转接", "passed_on", "pass_on", "", ""),
    fresh("刚派单", "dispatched", "dispatch", "claim request_return undo", "accepted"),
    fresh("刚派单, 有备注", "dispatched", "dispatch note", "claim request_return undo", "accepted"),
    fresh("刚派单, 已催办", "dispatched", "dispatch urge", "claim request_return", ""),
    fresh("刚改派", "dispatched", "dispatch redispatch", "claim request_return", ""),
    fresh("刚直接解答", "answered", "answer", "undo", "accepted"),
    state("受理, 有承诺", "accepted", "promise", "keep_promise", ""),
    state("派单, 有承诺", "dispatched", "dispatch promise", "claim request_return keep_promise", ""),
    state("派单, 承诺已兑现", "dispatched", "dispatch promise keep_promise", "claim request_return", ""),
];
