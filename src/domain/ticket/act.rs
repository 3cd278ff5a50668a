//! The acts: what a person (or the sweep) may want to do to a ticket.
use serde::{Deserialize, Serialize};

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// 动作 (act).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum Act { $($(#[$doc])* #[serde(rename = $code)] $name),* }
        impl Act {
            /// Every act, in the order of this table, which is the order a screen offers them in.
            pub const ALL: &'static [Act] = &[$(Act::$name),*];
            /// The stable code: the last part of the route and of the command line's verb.
            pub const fn code(self) -> &'static str { match self { $(Act::$name => $code),* } }
            /// The act a code names.
            pub fn from_code(code: &str) -> Option<Act> { Act::ALL.iter().copied().find(|act| act.code() == code) }
        }
    };
}

acts! {
    /// 受理.
    Accept = "accept",
    /// 直接解答.
    Answer = "answer",
    /// 派单.
    Dispatch = "dispatch",
    /// 转 110/119/120/122.
    PassOn = "pass_on",
    /// 不予受理.
    NotAccept = "not_accept",
    /// 认领.
    Claim = "claim",
    /// 签收.
    Sign = "sign",
    /// 联系来电人.
    Contact = "contact",
    /// 办理进展.
    Progress = "progress",
    /// 反馈.
    Reply = "reply",
    /// 退单.
    RequestReturn = "request_return",
    /// 改派.
    Redispatch = "redispatch",
    /// 驳回退单.
    RefuseReturn = "refuse_return",
    /// 申请延期.
    RequestExtension = "request_extension",
    /// 同意延期.
    GrantExtension = "grant_extension",
    /// 不同意延期.
    RefuseExtension = "refuse_extension",
    /// 挂起.
    Suspend = "suspend",
    /// 恢复.
    Resume = "resume",
    /// 审核通过.
    Review = "review",
    /// 审核退回.
    SendBack = "send_back",
    /// 回访.
    CallBack = "call_back",
    /// 重办.
    Rework = "rework",
    /// 归档.
    Archive = "archive",
    /// 催办.
    Urge = "urge",
    /// 督办.
    Supervise = "supervise",
    /// 提级.
    Lift = "lift",
    /// 并单.
    Merge = "merge",
    /// 撤单.
    Cancel = "cancel",
    /// 标记急难愁盼.
    Flag = "flag",
    /// 优先.
    Prioritise = "prioritise",
    /// 备注.
    Note = "note",
    /// 承诺.
    Promise = "promise",
    /// 兑现承诺.
    KeepPromise = "keep_promise",
    /// 撤销 (undo): what was dispatched or answered a few seconds ago, by whoever did it.
    Undo = "undo",
    /// 修改登记内容.
    Edit = "edit",
    /// 标识变化 (the sweep raises the flags that are due).
    Turn = "turn",
}
