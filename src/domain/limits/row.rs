//! One row of a limit table and the values in it. Not here: choosing among rows (`table`), reading files (`read`).
use super::codes::{CountFrom, HandlerLevel, LimitUnit, Line, Tag, TicketKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most days a row may give (ten years): keeps every computed date in range.
pub const MOST_DAYS: u32 = 3_650;
/// The most hours a row may give (ten years).
pub const MOST_HOURS: u32 = MOST_DAYS * 24;

/// A row at a version: what a ticket writes down about the limit it runs under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct LimitRef {
    /// The row's code.
    pub code: String,
    /// The row's version.
    pub version: u32,
}

/// An amount of time in a unit of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: LimitUnit,
}

impl Span {
    /// Hours of wall time the span takes at the least: orders spans of different units.
    pub(super) const fn least_hours(self) -> u32 {
        match self.unit {
            LimitUnit::NaturalHours => self.amount,
            LimitUnit::WorkingDays | LimitUnit::CalendarDays => self.amount.saturating_mul(24),
        }
    }
}

/// 赋色 (colour) limits, natural hours from dispatch without substantive handling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ColourLimit {
    /// Hours to orange.
    pub orange_hours: u32,
    /// Hours to red; more than `orange_hours`.
    pub red_hours: u32,
    /// False: only urgent classes (急难愁盼) are coloured. True: every ticket under this row.
    #[serde(default)]
    pub every_ticket: bool,
}

/// 日终: the minute of the city day at which a day inside a limit ends, 1 to 1,440 (24:00). Written `17:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayEnd(u16);

impl DayEnd {
    /// 24:00.
    pub const MIDNIGHT: Self = Self(24 * 60);

    /// Minutes after 00:00.
    pub const fn minutes(self) -> u16 { self.0 }

    /// Reads `HH:MM`, 00:01 to 24:00.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let two_digits = |part: &str| -> Option<u16> {
            if part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None }
        };
        let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
        let of_day = hours * 60 + minutes;
        (minutes < 60 && (1..=24 * 60).contains(&of_day)).then_some(Self(of_day))
    }
}

impl TryFrom<String> for DayEnd {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> { Self::parse(&text).ok_or_else(|| format!("not a day's end: {text}")) }
}

impl From<DayEnd> for String {
    fn from(end: DayEnd) -> Self { format!("{:02}:{:02}", end.0 / 60, end.0 % 60) }
}

impl JsonSchema for DayEnd {
    fn schema_name() -> std::borrow::Cow<'static, str> { "DayEnd".into() }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$" })
    }
}

/// 时限表的一行: for which tickets, and what limits. A condition that is absent holds for every ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LimitRow {
    /// The row's stable code.
    pub code: String,
    /// 1, 2, …: what the row said before is kept, for the tickets that run under it.
    pub version: u32,
    /// True: no new ticket takes this row.
    pub retired: bool,
    /// The rule it comes from; 示例 where no public rule fixes the figure.
    pub source: String,
    /// Condition: the line.
    pub line: Option<Line>,
    /// Condition: 诉求类型.
    pub kind: Option<TicketKind>,
    /// Condition: the code of a class (an urgent class or one of the enterprise classes).
    pub class: Option<String>,
    /// Condition: the ticket carries this 优先 tag.
    pub tag: Option<Tag>,
    /// Condition: 承办层级.
    pub level: Option<HandlerLevel>,
    /// 签收时限: dispatch to signing.
    pub sign_limit: Option<Span>,
    /// 首次联系时限: dispatch to the first contact with the caller.
    pub first_contact_limit: Option<Span>,
    /// 办结时限: how many units.
    pub amount: u32,
    /// 办结时限: the unit.
    pub unit: LimitUnit,
    /// 起算: where the limit starts to count.
    pub count_from: CountFrom,
    /// 日终: when a counted day ends.
    pub day_end: DayEnd,
    /// 延期次数: how many extensions may be granted in a round.
    pub extensions_allowed: u32,
    /// 延期上限: the most one extension may add.
    pub extension_cap: Option<Span>,
    /// 预警: percent of the counted time after which the flag turns yellow, 1 to 100; 100 never warns.
    pub warning_share: u8,
    /// 赋色: absent where tickets under this row are never coloured.
    pub colour: Option<ColourLimit>,
}

impl LimitRow {
    /// The row and version as a ticket writes them down.
    pub fn reference(&self) -> LimitRef { LimitRef { code: self.code.clone(), version: self.version } }

    /// 办结时限 as a span.
    pub const fn limit(&self) -> Span { Span { amount: self.amount, unit: self.unit } }
}
