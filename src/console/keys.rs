//! Keys: first the keymap, then the text that is being typed.
use super::app::App;
use super::effect::{Effect, Secret};
use super::keymap::{Action, Chord, Fed, Key, Named};
use super::layout;
use super::model::Pane;
use super::panes::terms;
use super::model::draft::Field;
use super::model::prompt::Purpose;
use super::paste::LONGEST;
use crate::domain::limits::TicketKind;
use crate::words;
use crossterm::event::KeyEvent;

impl App {
    pub(super) fn key(&mut self, event: KeyEvent) {
        let Some(chord) = Chord::from_event(event) else { return };
        let contexts = self.contexts();
        // Nothing is changed that nobody can see.
        let blind = layout::shape(self.size) == layout::Shape::TooSmall;
        if !blind && self.counts(chord, &contexts) {
            return;
        }
        let fed = self.keymap.feed(&contexts, &self.chords, chord);
        if blind && !matches!(fed, Fed::Run(Action::AppQuit | Action::AppRedraw | Action::AppSuspend)) {
            return self.chords.clear();
        }
        let sequence = !self.chords.is_empty();
        self.follow.clear();
        if fed != Fed::Run(Action::AppQuit) {
            self.quit_asked = None;
        }
        self.by_letter = matches!(chord.key, Key::Char(_)) && !chord.ctrl && !chord.alt;
        match fed {
            Fed::Run(action) => {
                self.chords.clear();
                match self.count.take() {
                    Some(count) => self.run_counted(action, count),
                    None => self.run(action),
                }
            }
            Fed::Pending(follow) => {
                self.chords.push(chord);
                self.follow = follow;
            }
            Fed::Nothing if sequence => {
                self.chords.clear();
                self.count = None;
            }
            Fed::Nothing => {
                self.count = None;
                self.type_key(chord);
            }
        }
        self.settle_scroll();
    }

    pub(super) fn paste(&mut self, text: &str) {
        let kept = &text[..text.floor_char_boundary(LONGEST)];
        if kept.len() < text.len() {
            self.warn(words!("paste-cut", most = LONGEST.div_euclid(1024)));
        }
        let text = kept;
        if let Some(login) = &mut self.model.login {
            if login.in_password { &mut login.password } else { &mut login.login }.insert(text.trim_end_matches(['\n', '\r']));
        } else if let Some(prompt) = &mut self.model.prompt {
            if !matches!(prompt.purpose, Purpose::CallBack | Purpose::Conflict(_) | Purpose::Preview) {
                prompt.field.insert(text);
                prompt.typed();
                self.offer_moments();
            }
        } else {
            match self.model.focus() {
                Pane::Form => {
                    let focus = self.model.draft.focus;
                    if !self.may_edit() {
                        return;
                    }
                    if let Some(field) = self.model.draft.field_mut(focus) {
                        field.insert(text);
                        self.model.draft.edited();
                    } else {
                        self.warn(words!("paste-nowhere"));
                    }
                }
                Pane::Query => {
                    if std::mem::take(&mut self.model.knowledge.fresh) {
                        self.model.knowledge.query.set("");
                    }
                    self.model.knowledge.query.insert(text);
                    self.search();
                }
                Pane::Kinds | Pane::Rows | Pane::Fields if self.paste_admin(text) => {}
                _ => self.warn(words!("paste-nowhere")),
            }
        }
    }

    fn type_key(&mut self, chord: Chord) {
        if self.model.login.is_some() {
            return self.type_login(chord);
        }
        if let Some(prompt) = &mut self.model.prompt {
            match chord.key {
                Key::Char(key) if prompt.purpose == Purpose::CallBack && !chord.ctrl && !chord.alt => {
                    if !prompt.press_call_back(key) {
                        self.unknown(chord);
                    }
                }
                _ if prompt.purpose == Purpose::CallBack => {}
                key if matches!(prompt.purpose, Purpose::Conflict(_)) => {
                    if let Purpose::Conflict(conflict) = &mut prompt.purpose {
                        prompt.fault = None;
                        match key {
                            Key::Named(Named::Up) => conflict.step(-1),
                            Key::Named(Named::Down) => conflict.step(1),
                            Key::Char(key) if !chord.ctrl && !chord.alt && conflict.press(key) => {}
                            _ => self.unknown(chord),
                        }
                    }
                }
                _ if prompt.purpose == Purpose::Preview => prompt.scroll_plan(chord),
                Key::Char('j') if chord.ctrl && prompt.purpose == Purpose::Text => {
                    prompt.field.insert("\n");
                    prompt.typed();
                }
                Key::Named(Named::Up) if prompt.purpose.is_choice() => prompt.step(-1),
                Key::Named(Named::Down) if prompt.purpose.is_choice() => prompt.step(1),
                Key::Named(Named::PageUp) if prompt.purpose.is_choice() => prompt.step(-8),
                Key::Named(Named::PageDown) if prompt.purpose.is_choice() => prompt.step(8),
                Key::Named(Named::Up | Named::Down) => {
                    let by = if chord.key == Key::Named(Named::Up) { -1 } else { 1 };
                    prompt.field.move_lines(by, layout::prompt_cells(self.size), self.look.ambiguous());
                }
                _ => {
                    if prompt.field.press(chord) {
                        prompt.typed();
                        self.offer_moments();
                    }
                }
            }
            return;
        }
        match self.model.focus() {
            Pane::Kinds | Pane::Rows | Pane::Fields => {
                if !self.type_admin(chord) {
                    self.unknown(chord);
                }
            }
            Pane::Form => self.type_form(chord),
            Pane::Query => {
                let knowledge = &mut self.model.knowledge;
                if std::mem::take(&mut knowledge.fresh) && chord.types_text() && matches!(chord.key, Key::Char(_)) {
                    knowledge.query.set("");
                }
                if knowledge.query.press(chord) {
                    self.search();
                } else {
                    self.unknown(chord);
                }
            }
            Pane::Article => match chord.key {
                Key::Char(digit @ '1'..='9') if !chord.alt && !chord.ctrl => {
                    let at = self.model.knowledge.top + digit as usize - '1' as usize;
                    if at < self.model.knowledge.hits.len() {
                        self.model.knowledge.selected = at;
                        self.open_article();
                    }
                }
                _ => self.unknown(chord),
            },
            _ => self.unknown(chord),
        }
    }

    fn unknown(&mut self, chord: Chord) {
        // An arrow that has nowhere to go is no mistake.
        if !matches!(chord.key, Key::Named(_)) {
            self.warn(words!("error-unknown-key", key = chord.to_string()));
        }
    }

    fn type_login(&mut self, chord: Chord) {
        let Some(login) = &mut self.model.login else { return };
        if login.sending {
            return;
        }
        match chord.key {
            Key::Named(Named::Up | Named::Down | Named::Tab) if login.locked => {}
            Key::Named(Named::Up | Named::Down | Named::Tab) => login.in_password = !login.in_password,
            _ => {
                let field = if login.in_password { &mut login.password } else { &mut login.login };
                if field.press(chord) {
                    login.fault = None;
                }
            }
        }
    }

    pub(super) fn submit_login(&mut self) {
        if self.unlocks_by_key() {
            return self.unlock();
        }
        let Some(login) = &mut self.model.login else { return };
        if login.sending {
            return;
        }
        if !login.in_password && !login.login.is_blank() && login.password.text().is_empty() {
            login.in_password = true;
            return;
        }
        if login.login.is_blank() {
            login.in_password = false;
            return;
        }
        login.sending = true;
        login.fault = None;
        let effect = Effect::LogIn { login: login.login.text().trim().to_owned(), password: Secret(login.password.text().to_owned()) };
        self.effects.push(effect);
    }

    fn type_form(&mut self, chord: Chord) {
        let focus = self.model.draft.focus;
        let offered = self.model.draft.proposals(&self.model.names, 8).len();
        if !self.may_edit() {
            return;
        }
        let draft = &mut self.model.draft;
        let plain = !chord.ctrl && !chord.alt;
        match chord.key {
            Key::Char(digit @ '1'..='5') if focus == Field::Kind && plain => {
                draft.kind = TicketKind::ALL.get(digit as usize - '1' as usize).copied();
                draft.fault = None;
            }
            Key::Named(Named::Left | Named::Right) if focus == Field::Kind && plain => {
                let by = if chord.key == Key::Named(Named::Left) { -1 } else { 1 };
                let at = draft.kind.and_then(|kind| TicketKind::ALL.iter().position(|one| *one == kind));
                let to = at.map_or(0, |at| at.saturating_add_signed(by).min(TicketKind::ALL.len() - 1));
                draft.kind = Some(TicketKind::ALL[to]);
            }
            Key::Named(Named::Up) if plain && offered > 0 => draft.proposal = draft.proposal.saturating_sub(1),
            Key::Named(Named::Down) if plain && offered > 0 => draft.proposal = (draft.proposal + 1).min(offered - 1),
            Key::Named(Named::Home | Named::End) if plain && focus == Field::Body => {
                let cells = layout::form_cells(self.size, self.model.zoom);
                draft.body.line_edge(chord.key == Key::Named(Named::End), cells, self.look.ambiguous());
            }
            Key::Named(Named::Enter) if plain && focus != Field::Body => self.next_field(),
            Key::Named(Named::Up | Named::Down) if plain => {
                let by: isize = if chord.key == Key::Named(Named::Up) { -1 } else { 1 };
                let cells = layout::form_cells(self.size, self.model.zoom);
                let ambiguous = self.look.ambiguous();
                if focus != Field::Body || !draft.body.move_lines(by, cells, ambiguous) {
                    draft.go(by);
                }
            }
            _ => match draft.field_mut(focus) {
                Some(field) => {
                    let before = field.text().len();
                    if !field.press(chord) {
                        self.unknown(chord);
                    } else if field.text().len() != before {
                        self.model.draft.edited();
                    }
                }
                None if chord.types_text() => self.warn(words!("prompt-kind")),
                None => self.unknown(chord),
            },
        }
    }

    /// May the intake be changed? While it is on its way it may not: what is added then would not arrive.
    pub(super) fn may_edit(&mut self) -> bool {
        if self.model.draft.sending {
            self.warn(words!("refusal-form-sending"));
        }
        !self.model.draft.sending
    }

    /// The next 急难愁盼 class.
    pub(super) fn next_urgent(&mut self) {
        if self.may_mark() {
            self.model.draft.cycle_urgent(&self.model.names);
        }
    }

    /// Takes the proposal that stands under the field, and goes on.
    pub(super) fn next_field(&mut self) {
        if !self.may_edit() {
            return;
        }
        let draft = &mut self.model.draft;
        let told = matches!(draft.fault, Some((Some(Field::Matter), _)));
        if !draft.adopt(&self.model.names) && draft.focus == Field::Matter && draft.uncoded_matter() && !told {
            draft.fault = Some((Some(Field::Matter), terms::lacking(draft, &self.model.names, Field::Matter)));
            return;
        }
        // One look at what is wrong; whoever goes on all the same may.
        draft.go(1);
    }

    pub(super) fn search(&mut self) {
        let knowledge = &mut self.model.knowledge;
        knowledge.serial += 1;
        (knowledge.selected, knowledge.top) = (0, 0);
        let query = knowledge.query.text().trim().to_owned();
        if query.is_empty() {
            knowledge.hits.clear();
            knowledge.total = 0;
            knowledge.answered.clear();
        }
        self.effects.push(Effect::Search { serial: knowledge.serial, query });
    }

    pub(super) fn open_article(&mut self) {
        if let Some(id) = self.model.knowledge.current().map(|hit| hit.head.id) {
            self.model.knowledge.opening = Some(id);
            self.model.knowledge.scroll = 0;
            self.focus_on(Pane::Article);
            self.effects.push(Effect::LoadArticle(id));
        }
    }

    /// Runs an action by name: a key and the palette come here alike.
    pub fn run(&mut self, action: Action) {
        self.command(action);
    }
}
