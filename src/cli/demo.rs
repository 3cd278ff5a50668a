//! The sample city's options. Not here: the city (`sample`), and opening it (`run`).
use clap::Args;

/// 示例城市 (demo).
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// 种子，同一种子同一天 the same seed gives the same day
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// 时间快慢，1 为真实速度 how fast time passes, 1 is real time
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// 角色 role to log in as
    #[arg(long = "as", value_name = "ROLE")]
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
