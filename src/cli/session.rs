//! Logging in, and users.
use super::{Exit, Failure, Session, kept};
use crate::api::MAX_LIMIT;
use crate::api::session::{NewUser, UserChange, UserQuery, UserRow};
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
    /// 用户列表 List users
    List {
        /// How many.
        #[command(flatten)]
        paging: super::Paging,
    },
    /// 一个用户 Show one user
    Show {
        /// 登录名 login
        login: String,
    },
    /// 当前用户及其权限 Who one is, and what one may do
    Me,
    /// 角色及其权限 Roles and what they may do
    Roles,
    /// 谁在何时改过这个用户 Who changed a user, from what to what
    History {
        /// 登录名 login
        login: String,
    },
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
        User::List { paging } => return list(session, paging).await,
        User::Show { login } => {
            let client = session.connect().await?;
            let users = every(&client, None, u32::MAX).await?.0;
            let user = users.into_iter().find(|user| user.login == login).ok_or_else(|| Failure::Refused(words!("refusal-not-found", what = login)))?;
            if session.out.json {
                session.out.value(&user)?;
            } else {
                session.out.columns(&[columns(&user)])?;
            }
            return Ok(Exit::Ok);
        }
        User::Me => return me(session).await,
        User::Roles => {
            let roles = session.connect().await?.tables().await?.roles;
            let rows = roles.iter().map(|role| vec![role.code.clone(), role.name.clone(), role.capabilities.iter().map(|one| one.code()).collect::<Vec<_>>().join(" ")]).collect();
            return super::ticket::listed(session, &roles, rows, None);
        }
        User::History { login } => return super::history::told(session, &session.connect().await?.user_history(&login).await?.items),
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

async fn list(session: &Session, paging: super::Paging) -> Result<Exit, Failure> {
    let (users, next) = every(&session.connect().await?, paging.after, paging.limit).await?;
    super::ticket::listed(session, &users, users.iter().map(columns).collect(), next)
}

/// Users by login, page by page, up to `wanted`, and where they go on.
async fn every(client: &Client, mut cursor: Option<String>, wanted: u32) -> Result<(Vec<UserRow>, Option<String>), Failure> {
    let mut users = Vec::new();
    loop {
        let limit = (wanted - users.len() as u32).min(MAX_LIMIT);
        let page = client.users(&UserQuery { cursor, limit: Some(limit) }).await?;
        users.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || users.len() >= wanted as usize {
            return Ok((users, cursor));
        }
    }
}

fn columns(user: &UserRow) -> Vec<String> {
    let state = if user.active { words!("user-active") } else { words!("user-disabled") };
    vec![user.login.clone(), state, user.roles.join(" "), user.unit.clone().unwrap_or_default()]
}

async fn me(session: &Session) -> Result<Exit, Failure> {
    let me = session.connect().await?.me().await?;
    if session.out.json {
        session.out.value(&me)?;
        return Ok(Exit::Ok);
    }
    session.out.line(format!("{}  {}  {}  {}", me.login, me.name, me.roles.join(" "), me.unit.unwrap_or_default()).trim_end())?;
    let may: Vec<&str> = me.grants.iter().map(|(capability, _)| capability.code()).collect();
    session.out.line(&may.join(" "))?;
    Ok(Exit::Ok)
}

fn told(session: &Session, row: &UserRow, words: String) -> Result<Exit, Failure> {
    if session.out.json {
        session.out.value(row)?;
    } else {
        session.out.line(&words)?;
    }
    Ok(Exit::Ok)
}
