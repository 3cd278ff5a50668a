//! 离席锁屏 (idle lock): nobody has touched the console for some minutes, or somebody locked it: what is on it is covered
//! until they are back. Never during a call; everything typed stays as it is, and what waits to be sent is sent.
use super::app::App;
use super::model::LoginForm;
use std::time::{Duration, Instant};

impl App {
    /// Somebody is here.
    pub(super) fn touch(&mut self) {
        self.touched = self.at;
    }

    /// When it is to be locked, as things stand.
    pub(super) fn lock_due(&self) -> Option<Instant> {
        let here = self.model.login.is_none() && self.model.me.is_some() && self.model.current_call().is_none();
        self.lock_after.filter(|after| here && *after > Duration::ZERO).map(|after| self.touched + after)
    }

    pub(super) fn lock_in_time(&mut self) {
        if self.lock_due().is_some_and(|due| due <= self.at) {
            self.lock();
        }
    }

    /// The key, or the time.
    pub(super) fn lock(&mut self) {
        // Whoever is on a call has not left.
        let Some(me) = self.model.me.as_ref().filter(|_| self.model.current_call().is_none()) else {
            return self.warn(crate::words!("lock-not-in-a-call"));
        };
        let mut form = LoginForm { locked: true, in_password: true, ..LoginForm::default() };
        form.login.set(&me.login);
        self.hide_reveal();
        self.model.login = Some(form);
        self.dirty = true;
    }

    /// Where the backend is this machine's own nobody has a password: the key alone unlocks.
    pub(super) fn unlocks_by_key(&self) -> bool {
        self.reattaches && self.model.login.as_ref().is_some_and(|login| login.locked)
    }

    pub(super) fn unlock(&mut self) {
        self.model.login = None;
        self.touch();
        self.ask_again();
    }
}
