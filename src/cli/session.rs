//! Logging in, and users.
use super::{Exit, Failure, Session, kept};
use crate::api::session::{NewUser, UserChange, UserRow};
use crate::client::Client;
use crate::words;
use clap::{Args, Subcommand};
use std::io::BufRead;

/// 登录 (log in).
#[derive(Debug, Args)]
pub struct Login {
    /// 登录名 login
    login: String,
    /// 打印令牌，不留存 print the token and keep nothing
    #[arg(long)]
    print: bool,
}

/// 用户 (users).
#[derive(Debug, Subcommand)]
pub enum User {
    /// 新增用户 Add a user
    Add {
        /// 登录名 login
        login: String,
        /// 姓名 name
        #[arg(long)]
        name: String,
        /// 角色，可多次 role, may be given several times
        #[arg(long = "role", required = true, value_name = "ROLE")]
        roles: Vec<String>,
        /// 所属单位 unit
        #[arg(long)]
        unit: Option<String>,
        /// 从标准输入读初始密码 read a first password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// 停用，立即退出其所有登录 Disable; every login of theirs ends at once
    Disable {
        /// 登录名 login
        login: String,
    },
    /// 重新启用 Enable again
    Enable {
        /// 登录名 login
        login: String,
    },
    /// 重设密码，从标准输入读 Set a new password, read from standard input
    Password {
        /// 登录名 login
        login: String,
    },
    /// 调整角色与单位 Give other roles, and a unit where they have one
    Role {
        /// 登录名 login
        login: String,
        /// 角色，可多次 role, may be given several times
        #[arg(long = "role", required = true, value_name = "ROLE")]
        roles: Vec<String>,
        /// 所属单位 unit
        #[arg(long)]
        unit: Option<String>,
    },
}

/// A password is never an argument: arguments are seen by everybody on the machine.
fn password() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::Broken(error.to_string()))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() { Err(Failure::Usage(words!("cli-password-needed"))) } else { Ok(password) }
}

pub(super) async fn login(session: &Session, login: Login) -> Result<Exit, Failure> {
    let elsewhere = session.elsewhere()?;
    // An embedded server lets its owner in by itself, and has another address each time: its logins are only printed.
    let keep = elsewhere.is_some() && !login.print;
    let client = match &elsewhere {
        Some(target) => Client::new(target)?,
        None => session.connect().await?,
    };
    let answer = client.login(&crate::api::session::Login { login: login.login, password: password()? }).await?;
    if keep && let Err(failure) = kept::write(client.server(), &answer.token, &session.out) {
        // Nobody holds the token now: it shall not go on.
        let _ = client.with_token(answer.token).logout().await;
        return Err(failure);
    }
    match (keep, session.out.json) {
        (true, true) => session.out.value(&serde_json::json!({ "server": client.server(), "expires_at": answer.expires_at, "me": answer.me }))?,
        (true, false) => session.out.line(&words!("cli-logged-in", user = answer.me.login.as_str(), server = client.server()))?,
        (false, true) => session.out.value(&answer)?,
        (false, false) => session.out.line(&answer.token)?,
    }
    Ok(Exit::Ok)
}

/// Ends the login that was given or kept. A server that cannot be reached leaves it kept: it can still be ended later.
pub(super) async fn logout(session: &Session) -> Result<Exit, Failure> {
    let none = || Failure::Refused(words!("cli-not-logged-in"));
    let target = session.elsewhere()?.ok_or_else(none)?;
    let kept = match &target.token {
        Some(_) => None,
        None => session.kept(&target.server)?,
    };
    let token = kept.as_ref().or(target.token.as_ref()).ok_or_else(none)?;
    let client = Client::new(&target)?.with_token(token);
    match client.logout().await {
        Err(error) if !error.is_unauthorized() => return Err(error.into()),
        _ => {}
    }
    if kept.is_some() {
        kept::remove(&target.server)?;
    }
    if session.out.json {
        session.out.value(&serde_json::json!({ "server": client.server() }))?;
    } else {
        session.out.line(&words!("cli-logged-out", server = client.server()))?;
    }
    Ok(Exit::Ok)
}

pub(super) async fn user(session: &Session, verb: User) -> Result<Exit, Failure> {
    let (login, act, change) = match verb {
        User::Add { login, name, roles, unit, password_stdin } => {
            let password = if password_stdin { Some(password()?) } else { None };
            let row = session.connect_or_new().await?.add_user(&NewUser { login, name, roles, unit, password }, &session.key()).await?;
            return told(session, &row, words!("command-user-added", user = row.login.as_str()));
        }
        User::Disable { login } => (login, "disable", UserChange::default()),
        User::Enable { login } => (login, "enable", UserChange::default()),
        User::Password { login } => (login, "password", UserChange { password: Some(password()?), ..UserChange::default() }),
        User::Role { login, roles, unit } => (login, "role", UserChange { roles: Some(roles), unit, password: None }),
    };
    let row = session.connect().await?.change_user(&login, act, &change, &session.key()).await?;
    told(session, &row, words!("command-user-changed", user = row.login.as_str()))
}

fn told(session: &Session, row: &UserRow, words: String) -> Result<Exit, Failure> {
    if session.out.json {
        session.out.value(row)?;
    } else {
        session.out.line(&words)?;
    }
    Ok(Exit::Ok)
}
