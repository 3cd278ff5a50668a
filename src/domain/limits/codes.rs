//! The closed sets that limit rows and tickets are keyed by. Each has stable snake_case codes, the same in JSON, in
//! tables and in the log. Not here: their words for people (locale files, by code).
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! coded {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {$(
            $(#[$variant_doc])*
            #[serde(rename = $code)]
            $variant,
        )*}
        impl $name {
            /// Every value, in its natural order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The stable code.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }
            /// The value a code stands for.
            pub fn from_code(code: &str) -> Option<Self> { Self::ALL.iter().copied().find(|value| value.code() == code) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.code()) }
        }
    )*};
}

coded! {
    /// 诉求类型 (kind of request).
    TicketKind {
        /// 咨询: asks for information.
        Consultation = "consultation",
        /// 求助: asks for help.
        HelpRequest = "help_request",
        /// 投诉: complains of a service or a unit.
        Complaint = "complaint",
        /// 举报: reports a breach of rules.
        Report = "report",
        /// 建议: proposes an improvement.
        Suggestion = "suggestion",
    }

    /// 承办层级 (handler level): how high the handling unit stands. Ordered, so that a lift goes up.
    HandlerLevel {
        /// 乡镇、街道.
        Township = "township",
        /// 县、区.
        County = "county",
        /// 市级.
        City = "city",
    }

    /// 优先 tags: what a priority enterprise matter is promised.
    Tag {
        /// 提速办: handled faster.
        SpeedUp = "speed_up",
        /// 提级办: handled a level higher.
        LiftLevel = "lift_level",
        /// 提质办: handled with a closer look at the outcome.
        RaiseQuality = "raise_quality",
    }

    /// 热线 (line) a ticket came in on.
    Line {
        /// 市民热线: the citizens' line.
        Citizen = "citizen",
        /// 亲清e线: the enterprise line.
        Enterprise = "enterprise",
    }

    /// What a limit counts.
    LimitUnit {
        /// 自然小时: sixty minutes each, nights and holidays included.
        NaturalHours = "natural_hours",
        /// 工作日.
        WorkingDays = "working_days",
        /// 自然日: every day.
        CalendarDays = "calendar_days",
    }

    /// Where a limit starts to count.
    CountFrom {
        /// 派单当日 / 派单时刻: hours run from the dispatch; the day of dispatch is day 1 if it is one that counts.
        Dispatch = "dispatch",
        /// 次日: the day after dispatch is the first that can count; hours run from its 00:00.
        NextDay = "next_day",
        /// 签收: as next day, but from the signing. A unit cannot stop the clock by not signing: the end of the sign
        /// limit stands in when signing is late.
        Signing = "signing",
    }
}

// A matter comes in on the citizens' line where nothing says otherwise.
#[allow(clippy::derivable_impls, reason = "the macro derives the same traits for every set")]
impl Default for Line {
    fn default() -> Self {
        Line::Citizen
    }
}
