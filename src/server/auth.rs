//! Logging in, and knowing who asks: opaque tokens kept hashed, looked up once and checked again every five seconds, so
//! that a revoked one dies soon and no request pays for a password hash.
use super::fault::Fault;
use super::node::Node;
use super::store::users::{self, Known};
use super::work::Answer;
use crate::api::Problem;
use crate::api::session::{Login, Me, Session};
use crate::domain::rights::{Capability, Scope, Viewer};
use crate::domain::tables::Tables;
use crate::private::random;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use base64::Engine;
use chrono::TimeDelta;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// How long a session lasts at the most.
const ABSOLUTE_HOURS: i64 = 12;
/// How old a look-up may be.
const RECHECK: Duration = Duration::from_secs(5);
/// At most this many password hashes at once: each takes memory and a core.
static HASHING: Semaphore = Semaphore::const_new(4);

/// Sessions that were looked up lately, by token hash.
#[derive(Default)]
pub struct Sessions {
    seen: Mutex<HashMap<Vec<u8>, Seen>>,
    failed: Mutex<HashMap<String, (u32, Instant)>>,
}

/// So many wrong passwords in a row cost nothing; each one more doubles the wait for the next try.
const FREE_TRIES: u32 = 5;
/// The longest wait, seconds: who guesses is slowed, who is guessed at is not locked out.
const LONGEST_WAIT: u64 = 60;
/// Tries are forgotten after this long without one.
const FORGOTTEN: Duration = Duration::from_secs(900);

impl Sessions {
    /// # Errors
    /// 429 with the seconds to wait where this login was tried too often.
    fn slowed(&self, login: &str) -> Result<(), Fault> {
        let failed = self.failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some((count, last)) = failed.get(login) else { return Ok(()) };
        let wait = count.checked_sub(FREE_TRIES).map_or(0, |over| 1u64.checked_shl(over).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT));
        match Duration::from_secs(wait).checked_sub(last.elapsed()) {
            None => Ok(()),
            Some(left) => {
                let seconds = left.as_secs() + 1;
                let words = format!("密码连续输错，请 {seconds} 秒后再试。 Too many wrong passwords; try again in {seconds} s.");
                Err(Problem::new(429, "too_many", words).retry_after(seconds).into())
            }
        }
    }

    fn tried(&self, login: &str, right: bool) {
        let mut failed = self.failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if failed.len() > 10_000 {
            failed.retain(|_, (_, last)| last.elapsed() < FORGOTTEN);
        }
        if right {
            failed.remove(login);
        } else {
            let entry = failed.entry(login.to_owned()).or_insert((0, Instant::now()));
            let count = if entry.1.elapsed() < FORGOTTEN { entry.0 } else { 0 };
            *entry = (count + 1, Instant::now());
        }
    }

    /// Everybody is looked up again.
    pub fn forget(&self) {
        self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }
}

/// When it was looked up, and who it is.
type Seen = (Instant, Arc<Asking>);

/// Who asks.
pub struct Asking {
    /// Their rights.
    pub viewer: Arc<Viewer>,
    /// How they are shown to themselves.
    pub me: Me,
    /// The same as JSON, written once: every console asks for it.
    pub told: String,
}

/// The hash a token is kept under.
pub fn token_hash(token: &str) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, token.as_bytes()).as_ref().to_vec()
}

fn unauthorized() -> Fault {
    Problem::new(401, "unauthorized", "请重新登录。 Please log in again.").into()
}

/// The asker behind a bearer token.
///
/// # Errors
/// 401 where there is none.
pub async fn asking(node: &Node, token: Option<&str>) -> Result<Arc<Asking>, Fault> {
    let hash = token_hash(token.ok_or_else(unauthorized)?);
    if let Ok(seen) = node.sessions.seen.lock()
        && let Some((at, asking)) = seen.get(&hash)
        && at.elapsed() < RECHECK
    {
        return Ok(Arc::clone(asking));
    }
    let mut reader = node.store.reader().await?;
    let mut tx = reader.tx();
    let user = users::of_session(&mut tx, node.centre, &hash, node.clock.world()).await?;
    let tables = node.tables_in(&mut tx).await?;
    let mut seen = node.sessions.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let Some(user) = user else {
        seen.remove(&hash);
        return Err(unauthorized());
    };
    let asking = Arc::new(whole(node, &user, &tables)?);
    if seen.len() > 10_000 {
        seen.retain(|_, (at, _)| at.elapsed() < RECHECK);
    }
    seen.insert(hash, (Instant::now(), Arc::clone(&asking)));
    Ok(asking)
}

fn whole(node: &Node, user: &Known, tables: &Tables) -> Result<Asking, Fault> {
    let mut grants: Vec<(Capability, Scope)> = Vec::new();
    for role in user.roles.iter().filter_map(|role| tables.roles.get(role)) {
        for capability in &role.capabilities {
            if !grants.contains(&(*capability, role.scope)) {
                grants.push((*capability, role.scope));
            }
        }
    }
    let viewer = Viewer { user: user.id, login: user.login.clone(), unit: user.unit.clone(), grants: grants.clone() };
    let me = Me {
        user: user.id,
        login: user.login.clone(),
        name: crate::text::mask::mask_name(&user.name),
        roles: user.roles.clone(),
        unit: user.unit.clone(),
        grants,
        centre: node.centre_name.clone(),
    };
    let told = serde_json::to_string(&me)?;
    Ok(Asking { viewer: Arc::new(viewer), me, told })
}

/// 登录. A name that does not exist costs what a wrong password costs.
///
/// # Errors
/// 401 in the same words for both; 429 after many of them.
pub async fn login(node: &Arc<Node>, login: Login) -> Result<Session, Fault> {
    let name: String = login.login.chars().take(64).collect();
    node.sessions.slowed(&name)?;
    let (user, hash) = {
        let mut reader = node.store.reader().await?;
        let mut tx = reader.tx();
        let user = users::by_login(&mut tx, node.centre, &login.login).await?.filter(|user| user.active);
        let hash = match &user {
            Some(user) => users::credential(&mut tx, node.centre, user.id.0).await?,
            None => None,
        };
        (user, hash)
    };
    static NOBODY: LazyLock<String> = LazyLock::new(|| hashed("nobody").unwrap_or_default());
    let (password, stored) = (login.password, hash.clone().unwrap_or_else(|| NOBODY.clone()));
    let permit = HASHING.acquire().await.map_err(|_| Fault::broken("the hashing gate is closed"))?;
    let right = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        PasswordHash::new(&stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
    .map_err(|error| Fault::broken(error.to_string()))?;
    node.sessions.tried(&name, right && hash.is_some() && user.is_some());
    match user {
        Some(user) if right && hash.is_some() => open(node, &user).await,
        _ => Err(Problem::new(401, "login_failed", "登录名或密码不正确。 The login name or the password is not right.").into()),
    }
}

/// Opens a session for a user.
///
/// # Errors
/// The store's.
pub async fn open(node: &Arc<Node>, user: &Known) -> Result<Session, Fault> {
    let token = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random::<32>());
    let hash = token_hash(&token);
    // The store's clock may run fast or be advanced: a shift still lasts twelve hours of the world.
    let now = node.clock.world();
    let expires_at = now + TimeDelta::hours(ABSOLUTE_HOURS);
    let (centre, id) = (node.centre, user.id.0);
    node.store
        .write(Arc::new(move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                users::open_session(tx, centre, &hash, id, now, expires_at).await?;
                Answer::json(200, &())
            })
        }))
        .await?;
    let asking = asking(node, Some(&token)).await?;
    Ok(Session { token, expires_at, me: asking.me.clone() })
}

/// 退出.
///
/// # Errors
/// The store's.
pub async fn logout(node: &Arc<Node>, token: &str) -> Result<(), Fault> {
    let hash = token_hash(token);
    if let Ok(mut seen) = node.sessions.seen.lock() {
        seen.remove(&hash);
    }
    let centre = node.centre;
    node.store
        .write(Arc::new(move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                users::close_session(tx, centre, &hash).await?;
                Answer::json(200, &())
            })
        }))
        .await?;
    Ok(())
}

/// Argon2id of a password.
///
/// # Errors
/// When the hasher says no.
pub fn hashed(password: &str) -> Result<String, Fault> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(|error| Fault::broken(error.to_string()))?.to_string())
}

/// [`hashed`] off the request's thread, a few at a time.
///
/// # Errors
/// As there.
pub async fn hash_aside(password: String) -> Result<String, Fault> {
    let permit = HASHING.acquire().await.map_err(|_| Fault::broken("the hashing gate is closed"))?;
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        hashed(&password)
    })
    .await
    .map_err(|error| Fault::broken(error.to_string()))?
}
