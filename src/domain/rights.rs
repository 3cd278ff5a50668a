//! 权限 (rights): capabilities in scopes, and the roles that bundle them. Roles are rows: a centre may define others.
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// 权限项 (capability): one thing a person may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum Capability { $($(#[$doc])* #[serde(rename = $code)] $name),* }
        impl Capability {
            /// Every capability, in the order of this table.
            pub const ALL: &'static [Capability] = &[$(Capability::$name),*];
            /// The stable code, `ticket.dispatch`.
            pub const fn code(self) -> &'static str { match self { $(Capability::$name => $code),* } }
        }
    };
}

capabilities! {
    /// 查看工单.
    TicketRead = "ticket.read",
    /// 受理.
    TicketAccept = "ticket.accept",
    /// 直接解答.
    TicketAnswer = "ticket.answer",
    /// 派单, 改派.
    TicketDispatch = "ticket.dispatch",
    /// 签收, 联系, 办理, 反馈, 退单, 申请延期, 挂起.
    TicketHandle = "ticket.handle",
    /// 审核.
    TicketReview = "ticket.review",
    /// 回访, 重办.
    TicketCallBack = "ticket.call_back",
    /// 归档.
    TicketArchive = "ticket.archive",
    /// 催办.
    TicketUrge = "ticket.urge",
    /// 督办.
    TicketSupervise = "ticket.supervise",
    /// 提级.
    TicketLift = "ticket.lift",
    /// 撤单, 并单.
    TicketCancel = "ticket.cancel",
    /// 标记急难愁盼, 优先.
    TicketFlag = "ticket.flag",
    /// 备注.
    TicketNote = "ticket.note",
    /// 修改登记内容.
    TicketEdit = "ticket.edit",
    /// 延期审批.
    TicketExtend = "ticket.extend",
    /// 退单裁定.
    ReturnAdjudicate = "return.adjudicate",
    /// 查看来电队列.
    CallRead = "call.read",
    /// 明文查看: of what is in one's own hands.
    CallerReveal = "caller.reveal",
    /// 明文查看: of anything in scope.
    CallerRevealAny = "caller.reveal_any",
    /// 审计.
    AuditRead = "audit.read",
    /// 接听.
    CallTake = "call.take",
    /// 交换机上报来电.
    CallReport = "call.report",
    /// 查询知识库.
    KnowledgeRead = "kb.read",
    /// 发布知识.
    KnowledgePublish = "kb.publish",
    /// 查看配置表.
    TableRead = "table.read",
    /// 维护配置表与日历.
    TableManage = "table.manage",
    /// 用户管理.
    UserManage = "user.manage",
    /// 批量导入.
    ImportRun = "import.run",
    /// 拨动试验时钟.
    ClockAdvance = "clock.advance",
}

/// 范围 (scope) in which a role's capabilities hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// 全中心.
    Centre,
    /// 本单位及下属 (own unit and those below it).
    Unit,
}

/// 角色 (role): a named bundle of capabilities in one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Role {
    /// Stable code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Where it holds.
    pub scope: Scope,
    /// What it allows.
    pub capabilities: Vec<Capability>,
}

/// The roles every centre starts with (`spine` 13), shipped as data.
///
/// # Panics
/// Never: the embedded table is read by a test.
pub fn shipped_roles() -> Vec<Role> {
    #[derive(Deserialize)]
    struct File {
        role: Vec<Role>,
    }
    match toml::from_str::<File>(include_str!("roles.toml")) {
        Ok(file) => file.role,
        // invariant: the file is embedded, and the test below reads it.
        Err(error) => unreachable!("roles.toml: {error}"),
    }
}

/// Rights that came after some centres were made. Where nobody holds the last of them the centre is such a one: its roles as
/// they should be, what the centre changed about them left alone.
pub fn later_rights(standing: &BTreeMap<String, Role>) -> Vec<Role> {
    const LATER: [Capability; 3] = [Capability::CallerReveal, Capability::CallerRevealAny, Capability::AuditRead];
    if standing.values().any(|role| role.capabilities.contains(&Capability::AuditRead)) {
        return Vec::new();
    }
    let mut changed = Vec::new();
    for shipped in shipped_roles() {
        let Some(mut role) = standing.get(&shipped.code).cloned() else { continue };
        let before = role.capabilities.len();
        role.capabilities.extend(shipped.capabilities.into_iter().filter(|capability| LATER.contains(capability)));
        if role.capabilities.len() > before {
            changed.push(role);
        }
    }
    changed
}

/// 当事人的权限 (viewer): who asks, and what they may see and do. Built once per request from the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub user: super::ids::UserId,
    /// Their login, which is what a refusal names.
    pub login: String,
    /// Their unit's code path, `city.rsj`; `None` for staff of the hotline itself.
    pub unit: Option<String>,
    /// Capability and the scope it holds in.
    pub grants: Vec<(Capability, Scope)>,
}

impl Viewer {
    /// May this person do this anywhere at all?
    pub fn can(&self, capability: Capability) -> bool {
        self.grants.iter().any(|(held, _)| *held == capability)
    }

    /// May this person do this to a thing that belongs to `unit`?
    pub fn can_at(&self, capability: Capability, unit: Option<&str>) -> bool {
        self.grants.iter().any(|(held, scope)| {
            *held == capability
                && match scope {
                    Scope::Centre => true,
                    Scope::Unit => match (self.unit.as_deref(), unit) {
                        (Some(own), Some(unit)) => within(unit, own),
                        _ => false,
                    },
                }
        })
    }
}

/// Is `unit` the unit `root` or one below it? Codes are dotted paths, so this is a prefix at a dot.
pub fn within(unit: &str, root: &str) -> bool {
    unit == root || (unit.starts_with(root) && unit.as_bytes().get(root.len()) == Some(&b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_roles_load_and_are_named_once() {
        let roles = shipped_roles();
        assert_eq!(roles.len(), 15);
        let mut codes: Vec<_> = roles.iter().map(|role| role.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 15);
    }

    #[test]
    fn a_centre_of_before_gets_the_rights_that_came_later_once() {
        let strip = |mut role: Role| {
            role.capabilities.retain(|capability| !matches!(capability, Capability::CallerReveal | Capability::CallerRevealAny | Capability::AuditRead | Capability::TicketUrge));
            (role.code.clone(), role)
        };
        let mut standing: BTreeMap<String, Role> = shipped_roles().into_iter().map(strip).collect();
        let later = later_rights(&standing);
        assert_eq!(later.len(), 8, "{later:?}");
        standing.extend(later.into_iter().map(|role| (role.code.clone(), role)));
        let operator = &standing["operator"].capabilities;
        assert!(operator.contains(&Capability::CallerReveal) && !operator.contains(&Capability::TicketUrge), "what was taken away stays away");
        assert_eq!(later_rights(&standing), Vec::new());
    }

    #[test]
    fn a_unit_is_within_itself_and_its_parents_only() {
        assert!(within("east.zj", "east"));
        assert!(within("east", "east"));
        assert!(!within("eastern", "east"));
        assert!(!within("east", "east.zj"));
    }
}
