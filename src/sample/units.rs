//! The organisation tree's rows. Who works in a unit is in `people`; where a matter goes is in `tables`.
use serde::{Deserialize, Serialize};

/// What sort of body a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 热线中心 (the hotline centre itself), the root of the tree.
    Hotline,
    /// 市直部门 (city department).
    CityDepartment,
    /// 区县 (district or county).
    District,
    /// 区县部门 (bureau of a district).
    Bureau,
    /// 街道、乡镇 (subdistrict, town or township).
    Township,
    /// 公用事业单位 (utility), reached by 工单直派 (direct dispatch) through its industry.
    Utility,
    /// 12345直办点 (direct-handling point): may close on the spot.
    DirectPoint,
    /// 基层服务哨所 (service outpost): may raise tickets.
    Outpost,
}

/// 层级 (handler level).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitLevel {
    /// 市级 (city).
    City,
    /// 区县级 (county).
    County,
    /// 乡镇街道级 (township).
    Township,
}

/// 单位 (unit).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Stable ASCII path; the parent is everything before the last dot.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What sort of body it is.
    pub kind: UnitKind,
    /// Handler level.
    pub level: UnitLevel,
    /// 值班电话 (duty phone), a masked and fictional number.
    pub duty_phone: String,
    /// 行业 (industry) of a utility, the key of direct dispatch.
    #[serde(default)]
    pub industry: Option<String>,
}

impl Unit {
    /// The code of the unit above, or None for the root.
    pub fn parent(&self) -> Option<&str> {
        self.code.rsplit_once('.').map(|(parent, _)| parent)
    }
}
