//! What may be typed. Help is in both languages, as it is read before a language is known.
use super::{audit, calendar, call, check, demo, events, import, knowledge, session, table, ticket};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// 12345 热线控制台与服务端。不带子命令时打开控制台。
/// Console and backend of the 12345 hotline; without a subcommand the console opens.
///
/// 退出码 exit codes: 0 完成 done · 1 被拒绝 refused · 2 用法或文件有错 usage, faulty files ·
/// 3 连不上 unreachable · 4 未登录或无权限 not allowed · 5 出错 broken · 6 服务端无法启动 cannot start · 130 被中断 interrupted
#[derive(Debug, Parser)]
#[command(name = "hotline", version, propagate_version = true, disable_help_subcommand = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do; none: open the console.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// What every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Globals {
    /// 服务器地址或设置里的名称 server address, or a profile of the settings
    #[arg(long, global = true, value_name = "URL", conflicts_with = "data_dir")]
    pub server: Option<String>,
    /// 设置里的服务器名称 a server of the settings, [profiles.NAME]; also HOTLINE_PROFILE
    #[arg(long, global = true, value_name = "NAME", conflicts_with_all = ["data_dir", "server"])]
    pub profile: Option<String>,
    /// 本机数据目录 data folder of the embedded server
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// 登录令牌 login token
    #[arg(long, global = true, env = "HOTLINE_TOKEN", hide_env_values = true, allow_hyphen_values = true)]
    pub token: Option<String>,
    /// 设置文件 settings file
    #[arg(long, global = true, env = "HOTLINE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 语言 language: zh-CN, en
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<String>,
    /// 输出 JSON print JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// 幂等键：同一键只生效一次 idempotency key: the same key takes effect once
    #[arg(long, global = true, hide = true)]
    pub key: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 打开示例城市 Open the console over a sample city
    #[command(after_help = demo::AFTER)]
    Demo(demo::Demo),
    /// 运行服务端 Run the server
    #[command(after_help = SERVE)]
    Serve(Serve),
    /// 登录并留存，密码从标准输入读 Log in and keep it; the password is read from standard input
    Login(session::Login),
    /// 退出登录 Log out: end the login on the server and forget it
    Logout,
    /// 工单 Tickets
    #[command(subcommand)]
    Ticket(ticket::Verb),
    /// 来电 Calls
    #[command(subcommand)]
    Call(call::Verb),
    /// 坐席状态 Seat state
    #[command(subcommand)]
    Seat(call::Seat),
    /// 跟随实时事件流 Follow the live stream
    Events(events::Events),
    /// 知识库 Knowledge base
    #[command(subcommand)]
    Kb(knowledge::Verb),
    /// 用户 Users
    #[command(subcommand)]
    User(session::User),
    /// 配置表：单位、事项、原因 Tables: units, classes, reasons
    #[command(subcommand)]
    Table(table::Verb),
    /// 工作日历 Working calendar
    #[command(subcommand)]
    Calendar(calendar::Verb),
    /// 导入 Import files of other systems
    #[command(subcommand, after_long_help = crate::import::MAPS)]
    Import(import::Verb),
    /// 检查设置、按键表、主题、映射，有错时退出码为 2 Check settings, keymaps, themes, maps; exits 2 on any fault
    Check(check::Check),
    /// 审计 Audit
    #[command(subcommand)]
    Audit(audit::Verb),
    /// 管理 Administration
    #[command(subcommand)]
    Admin(Admin),
    /// 命令补全脚本 Print a completion script
    Completions {
        /// 哪种命令行 shell
        shell: clap_complete::Shell,
    },
    /// 手册页 Print a manual page
    Man {
        /// 某个命令的手册 the page of this command
        #[arg(value_name = "VERB")]
        verbs: Vec<String>,
    },
}

/// What a flag cannot say.
const SERVE: &str = "\
首次启动建立用户 admin，密码取自环境变量 HOTLINE_ADMIN_PASSWORD；没有设置则随机生成，只显示一次。
The first start makes the user admin; its password is HOTLINE_ADMIN_PASSWORD, or a random one that is shown once.

默认 defaults: --listen 127.0.0.1:8345 · --database sqlite:数据目录 data folder/hotline.db · --key-file 数据库旁的 beside the database: vault.key
每个选项也可写入 hotline.toml，或用环境变量 also in hotline.toml, or as HOTLINE_LISTEN HOTLINE_DATABASE HOTLINE_KEY_FILE HOTLINE_TLS_CERT HOTLINE_TLS_KEY HOTLINE_AUDIT_EXPORT";

/// 运行服务端 (serve).
#[derive(Debug, Clone, Default, Args)]
pub struct Serve {
    /// 监听地址 address to listen on
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// sqlite:PATH | postgres://…
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// 证书 certificate chain, PEM
    #[arg(long, value_name = "FILE")]
    pub tls_cert: Option<String>,
    /// 私钥 private key, PEM
    #[arg(long, value_name = "FILE")]
    pub tls_key: Option<String>,
    /// 密钥文件 the file with the keys that seal names and numbers
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<String>,
    /// 每天把审计链首写入这个目录，应在另一台机器上 write the head of the audit chain into this folder daily; another machine's
    #[arg(long, value_name = "DIR")]
    pub audit_export: Option<String>,
    /// 试验时钟，只能往前拨 a test clock that can be advanced
    #[arg(long)]
    pub test_clock: bool,
    /// Started by a console on its own data folder.
    #[arg(long, hide = true)]
    pub embedded: bool,
    /// 空库填入示例城市的种子 fill an empty store with the sample city of this seed
    #[arg(long, value_name = "N")]
    pub sample_seed: Option<u64>,
    /// 示例城市的历史工单数 tickets of the sample city's past
    #[arg(long, value_name = "N")]
    pub sample_tickets: Option<u32>,
    /// 示例城市的知识条目数 articles of the sample city
    #[arg(long, value_name = "N")]
    pub sample_articles: Option<u32>,
    /// How fast the clock runs.
    #[arg(long, hide = true, default_value_t = 1.0)]
    pub speed: f64,
    /// Whether the sample city's calls come in.
    #[arg(long, hide = true)]
    pub traffic: bool,
}

/// 管理 (administration).
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// 由日志重建并与现有数据比较 Rebuild from the log and compare
    Rebuild {
        /// 只比较，不改动 compare only, change nothing
        #[arg(long, required = true)]
        check: bool,
        /// sqlite:PATH | postgres://…
        #[arg(long, value_name = "URL")]
        database: Option<String>,
    },
    /// 试验时钟 Test clock
    #[command(subcommand)]
    Clock(Clock),
}

/// 试验时钟 (test clock).
#[derive(Debug, Subcommand)]
pub enum Clock {
    /// 往前拨若干秒 Advance by seconds
    Advance {
        /// 秒 seconds
        seconds: u64,
    },
}

/// How much of a list.
#[derive(Debug, Clone, Args)]
pub struct Paging {
    /// 最多几条 at most this many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// 从上一页的 next 接着 go on from the last page's `next`
    #[arg(long, value_name = "NEXT")]
    pub after: Option<String>,
}
