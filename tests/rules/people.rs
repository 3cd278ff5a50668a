//! Who comes in: users are whole when they are made, a leaver is out at once, guessing is slowed.
use super::{no, on_both};
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use crate::store::raw::Raw;
use hotline::api::session::{Login, NewUser, UserChange};
use hotline::client::{ClientError, new_key};
use hotline::domain::rights::Capability;

fn user(login: &str) -> NewUser {
    NewUser { login: login.into(), name: "李示例".into(), roles: vec!["operator".into()], unit: None, password: Some("示例 password".into()) }
}

fn login(name: &str, password: &str) -> Login {
    Login { login: name.into(), password: password.into() }
}

async fn a_user_is_whole(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    for (wrong, code) in [
        (NewUser { password: Some(String::new()), ..user("a") }, "missing"),
        (NewUser { password: Some("   ".into()), ..user("a") }, "missing"),
        (NewUser { password: Some("长".repeat(1000)), ..user("a") }, "unknown"),
        (NewUser { name: " ".into(), ..user("a") }, "missing"),
        (NewUser { roles: vec![], ..user("a") }, "missing"),
        (NewUser { roles: vec!["nobody".into()], ..user("a") }, "unknown"),
    ] {
        assert_eq!(no(backend.admin.add_user(&wrong, &new_key()).await), (422, code.into()));
    }
    backend.admin.add_user(&user("a"), &new_key()).await.unwrap();
}

async fn a_leaver_is_out_at_once(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let leaver = backend.with_roles("leaver", &["operator"], None).await;
    let change = |act: &'static str, change: UserChange| async move { admin.change_user("leaver", act, &change, &new_key()).await };
    let none = UserChange::default;
    // Other roles, other rights.
    let roles = |roles: &[&str], unit: Option<&str>| UserChange { roles: Some(roles.iter().map(|role| (*role).into()).collect()), unit: unit.map(str::to_owned), password: None };
    assert_eq!(change("role", roles(&["handler_clerk"], Some("city.dc.zjj"))).await.unwrap().unit.as_deref(), Some("city.dc.zjj"));
    let me = leaver.me().await.unwrap();
    assert!(me.grants.iter().all(|(held, _)| *held != Capability::CallTake), "{me:?}");
    for (act, wrong, code) in [("role", none(), "missing"), ("role", roles(&["nobody"], None), "unknown"), ("role", roles(&["operator"], Some("nowhere")), "unknown"), ("password", none(), "missing")] {
        assert_eq!(no(change(act, wrong).await), (422, code.into()), "{act}");
    }
    // Another password: the old one is none, and who was in under it is out.
    change("password", UserChange { password: Some("another".into()), ..none() }).await.unwrap();
    assert_eq!(no(leaver.me().await).0, 401);
    assert_eq!(no(admin.login(&login("leaver", "demo")).await.map(|_| ())).0, 401);
    let session = admin.login(&login("leaver", "another")).await.unwrap();
    let leaver = admin.with_token(session.token);
    assert!(!change("disable", none()).await.unwrap().active);
    assert_eq!(no(leaver.me().await).0, 401);
    assert_eq!(no(admin.login(&login("leaver", "another")).await.map(|_| ())).0, 401);
    assert!(change("enable", none()).await.unwrap().active);
    assert_eq!(no(leaver.me().await).0, 401, "a session that was ended stays so");
    admin.login(&login("leaver", "another")).await.unwrap();
    // Nobody shuts themselves out.
    assert_eq!(no(admin.change_user("admin01", "disable", &none(), &new_key()).await), (409, "not_oneself".into()));
    assert_eq!(no(admin.change_user("admin01", "role", &roles(&["operator"], None), &new_key()).await), (409, "not_oneself".into()));
    admin.change_user("admin01", "role", &roles(&["admin", "operator"], None), &new_key()).await.unwrap();
    assert_eq!(no(admin.change_user("nobody", "disable", &none(), &new_key()).await), (404, "not_found".into()));
    // No password, hashed or not, is in the log.
    let raw = Raw::open(&backend.settings.database).await;
    let told = raw.texts("event").await.join("\n");
    assert!(told.contains("user.password_set") && !told.contains("argon2"));
}

async fn guessing_is_slowed(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    admin.add_user(&user("guessed"), &new_key()).await.unwrap();
    for _ in 0..5 {
        assert_eq!(no(admin.login(&login("guessed", "wrong")).await.map(|_| ())), (401, "login_failed".into()));
    }
    let Err(ClientError::Problem(problem)) = admin.login(&login("guessed", "wrong")).await.map(|_| ()) else { panic!("not slowed") };
    assert_eq!((problem.status, problem.code.as_str()), (429, "too_many"));
    assert!(problem.retry_after.is_some_and(|seconds| (1..=60).contains(&seconds)), "{problem:?}");
    // Others come in, and so does the owner once the wait is over.
    admin.login(&login("op01", "demo")).await.unwrap();
    until("the owner comes in", 60, || async { admin.login(&login("guessed", "示例 password")).await.ok() }).await;
    for _ in 0..4 {
        assert_eq!(no(admin.login(&login("guessed", "wrong")).await.map(|_| ())).0, 401, "counted from the start again");
    }
}

on_both! {
    a_user_is_whole => a_user_is_whole_on_sqlite, a_user_is_whole_on_postgres;
    a_leaver_is_out_at_once => a_leaver_is_out_at_once_on_sqlite, a_leaver_is_out_at_once_on_postgres;
    guessing_is_slowed => guessing_is_slowed_on_sqlite, guessing_is_slowed_on_postgres;
}
