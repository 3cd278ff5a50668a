//! The sample city's options. Not here: the city (`sample`), and opening it (`run`).
use crate::sample;
use clap::Args;
use clap::builder::PossibleValuesParser;

/// Who can be logged in as, and with what.
pub(super) const AFTER: &str = "\
示例城市的用户密码都是 demo；每个种子和规模有自己的数据目录，管理员密码不取自 HOTLINE_ADMIN_PASSWORD。
Everybody in the sample city has the password demo; each seed and size has a data folder of its own. HOTLINE_ADMIN_PASSWORD is for serve.";

/// Every role somebody of the sample city sits in.
fn roles() -> PossibleValuesParser {
    PossibleValuesParser::new(sample::SEATS.iter().map(|(role, _)| *role))
}

/// 示例城市 (demo).
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// 种子，同一种子同一天 the same seed gives the same day
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// 时间快慢，1 为真实速度 how fast time passes, 1 is real time
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// 角色，默认话务员 role to log in as; an operator where none is given
    #[arg(long = "as", value_name = "ROLE", value_parser = roles())]
    pub role: Option<String>,
    /// 历史工单数 tickets of the past
    #[arg(long, value_name = "N")]
    pub tickets: Option<u32>,
    /// 知识条目数 knowledge articles
    #[arg(long, value_name = "N")]
    pub articles: Option<u32>,
    /// 没有来电 no traffic
    #[arg(long)]
    pub no_traffic: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|error: std::num::ParseFloatError| error.to_string())?;
    if speed.is_finite() && speed > 0.0 && speed <= 10_000.0 { Ok(speed) } else { Err("0 < X ≤ 10000".to_owned()) }
}
