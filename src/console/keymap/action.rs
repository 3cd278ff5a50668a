//! THE ordered table of actions: everything a key, the palette or the help can name.
//!
//! Here: the name, the words and the command-line verb of each action.
//! Not here: what an action does (the console's `update`), and which key runs it (`keymaps/*.toml`).
//! To add one: a row in the table below, a row in a keymap, words in both languages.

use crate::words;

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident $name:literal $verb:expr;)+) => {
        /// What a person wants, by whichever key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($(#[$doc])* $variant,)+ }

        impl Action {
            /// Every action, in the order of the help and the palette.
            pub const ALL: &'static [Action] = &[$(Action::$variant,)+];

            /// The name used in keymap files and the palette, such as `ticket.urge`.
            pub const fn name(self) -> &'static str {
                match self { $(Action::$variant => $name,)+ }
            }

            /// The command that does the same from a shell (after `hotline`), where there is one; what stands in capitals is
            /// put in by whoever types it.
            pub const fn command_line_verb(self) -> Option<&'static str> {
                match self { $(Action::$variant => $verb,)+ }
            }
        }
    };
}

actions! {
    /// Leave the console.
    AppQuit "app.quit" None;
    /// Show the keys of the live keymap.
    AppHelp "app.help" None;
    /// 导览 (tour): begin or end it.
    AppTour "app.tour" None;
    /// The next step of the tour.
    TourSkip "tour.skip" None;
    /// Open the palette.
    AppPalette "app.palette" None;
    /// Switch the language.
    AppLanguage "app.language" None;
    /// The command lines of what one has just done.
    AppCommands "app.commands" None;
    /// Choose a theme, seen at once.
    AppTheme "app.theme" None;
    /// Read keymap and theme files again.
    AppReload "app.reload" Some("check");
    /// The mouse for the console, or for the terminal's own selection.
    AppMouse "app.mouse" None;
    /// Redraw everything.
    AppRedraw "app.redraw" None;
    /// 撤销 (undo) what one dispatched or answered within ten seconds.
    AppUndo "app.undo" Some("ticket undo TICKET");
    /// 锁屏 (lock) before one leaves the seat.
    AppLock "app.lock" None;
    /// Stop to the shell, as Ctrl-Z does.
    AppSuspend "app.suspend" None;
    /// Go to the desk.
    ScreenDesk "screen.desk" None;
    /// Go to the list of tickets.
    ScreenTickets "screen.tickets" Some("ticket list");
    /// Go to the knowledge base.
    ScreenKnowledge "screen.knowledge" Some("kb search WORDS");
    /// Go to 管理 (administration).
    ScreenAdmin "screen.admin" Some("table list");
    /// Go to 审计 (audit).
    ScreenAudit "screen.audit" Some("audit list");
    /// Focus the call queue.
    FocusQueue "focus.queue" None;
    /// Focus the caller card.
    FocusCaller "focus.caller" None;
    /// Focus the intake form.
    FocusForm "focus.form" None;
    /// Focus the knowledge search.
    FocusKnowledge "focus.knowledge" None;
    /// Focus the colour-flagged tickets.
    FocusTickets "focus.tickets" None;
    /// The next pane.
    PaneNext "pane.next" None;
    /// The pane before.
    PanePrevious "pane.previous" None;
    /// One row up.
    SelectUp "select.up" None;
    /// One row down.
    SelectDown "select.down" None;
    /// One page up.
    SelectPageUp "select.page_up" None;
    /// One page down.
    SelectPageDown "select.page_down" None;
    /// The first row.
    SelectFirst "select.first" None;
    /// The last row.
    SelectLast "select.last" None;
    /// Open the selection.
    Open "open" Some("ticket show TICKET");
    /// Go back.
    Back "back" None;
    /// Zoom the pane.
    Zoom "zoom" None;
    /// Start a search.
    SearchStart "search.start" Some("kb search WORDS");
    /// 示闲 (ready).
    SeatReady "seat.ready" Some("seat ready");
    /// 示忙 (pause).
    SeatPause "seat.pause" Some("seat pause");
    /// 接听 (take the ringing call).
    CallTake "call.take" Some("call take CALL");
    /// 保持 (hold).
    CallHold "call.hold" Some("call hold CALL");
    /// 结束整理 (finish wrap-up).
    CallWrapUp "call.wrap_up" Some("call wrap-up CALL");
    /// Pin hit 1 to the call.
    AnswerPin1 "answer.pin_1" Some("call pin CALL ARTICLE");
    /// Pin hit 2 to the call.
    AnswerPin2 "answer.pin_2" Some("call pin CALL ARTICLE");
    /// Pin hit 3 to the call.
    AnswerPin3 "answer.pin_3" Some("call pin CALL ARTICLE");
    /// Pin hit 4 to the call.
    AnswerPin4 "answer.pin_4" Some("call pin CALL ARTICLE");
    /// Pin hit 5 to the call.
    AnswerPin5 "answer.pin_5" Some("call pin CALL ARTICLE");
    /// Pin hit 6 to the call.
    AnswerPin6 "answer.pin_6" Some("call pin CALL ARTICLE");
    /// Pin hit 7 to the call.
    AnswerPin7 "answer.pin_7" Some("call pin CALL ARTICLE");
    /// Pin hit 8 to the call.
    AnswerPin8 "answer.pin_8" Some("call pin CALL ARTICLE");
    /// Pin hit 9 to the call.
    AnswerPin9 "answer.pin_9" Some("call pin CALL ARTICLE");
    /// 直接解答 (answered on the call).
    FormAnswerDirectly "form.answer_directly" Some("ticket create --kind KIND --title TITLE --answer");
    /// 派单 (file and dispatch).
    FormDispatch "form.dispatch" Some("ticket create --kind KIND --title TITLE --dispatch UNIT");
    /// 急难愁盼 (urgent class), one press per class.
    FormUrgent "form.urgent" Some("ticket create --kind KIND --title WORDS --urgent-class CLASS");
    /// 优先 (priority tag), one press per tag.
    FormTag "form.tag" Some("ticket create --kind KIND --title WORDS --tag TAG");
    /// 绿色通道 (green channel), on or off.
    FormGreen "form.green" Some("ticket create --kind KIND --title WORDS --green");
    /// 承诺 (promise) by when.
    FormPromise "form.promise" Some("ticket create --kind KIND --title WORDS --promise PROMISE --due TIME");
    /// 常用语 (standard text).
    FormPhrase "form.phrase" Some("table list phrase");
    /// Take back a step of typing.
    FormUndoTyping "form.undo_typing" None;
    /// Do it again.
    FormRedoTyping "form.redo_typing" None;
    /// The next field.
    FormNextField "form.next_field" None;
    /// The field before.
    FormPreviousField "form.previous_field" None;
    /// The next of several drafts.
    FormNextDraft "form.next_draft" None;
    /// 领取 (claim).
    TicketClaim "ticket.claim" Some("ticket take TICKET");
    /// 签收 (sign).
    TicketSign "ticket.sign" Some("ticket sign TICKET");
    /// 联系 (log a contact).
    TicketContact "ticket.contact" Some("ticket contact TICKET");
    /// 反馈 (reply).
    TicketReply "ticket.reply" Some("ticket reply TICKET");
    /// 审核 (pass the reply).
    TicketReview "ticket.review" Some("ticket review TICKET");
    /// 退回补正 (send the reply back).
    TicketSendBack "ticket.send_back" Some("ticket act TICKET send_back --text -");
    /// 回访 已解决 (call-back: solved).
    TicketCallBackSolved "ticket.call_back_solved" Some("ticket act TICKET call_back --solved yes");
    /// 回访 未解决 (call-back: not solved).
    TicketCallBackUnsolved "ticket.call_back_unsolved" Some("ticket act TICKET call_back --solved no");
    /// 重办 (rework).
    TicketRework "ticket.rework" Some("ticket act TICKET rework");
    /// 归档 (archive).
    TicketArchive "ticket.archive" Some("ticket act TICKET archive");
    /// 催办 (urge).
    TicketUrge "ticket.urge" Some("ticket urge TICKET");
    /// 备注 (note).
    TicketNote "ticket.note" Some("ticket act TICKET note --text -");
    /// 派单 (dispatch an accepted ticket).
    TicketDispatch "ticket.dispatch" Some("ticket dispatch TICKET UNIT");
    /// 办理进展 (log progress).
    TicketProgress "ticket.progress" Some("ticket act TICKET progress --text -");
    /// 急难愁盼 (mark the urgent class).
    TicketFlag "ticket.flag" Some("ticket act TICKET flag --urgent-class CLASS");
    /// 修改登记内容 (correct what was registered).
    TicketEdit "ticket.edit" Some("ticket edit TICKET --title TITLE");
    /// 承诺 (promise the caller something) on an open ticket.
    TicketPromise "ticket.promise" Some("ticket promise TICKET WHEN");
    /// 预约上门 (appointment for a site visit).
    TicketVisit "ticket.visit" Some("ticket visit TICKET WHEN");
    /// 兑现承诺 (keep a promise).
    TicketKeepPromise "ticket.keep_promise" Some("ticket keep TICKET");
    /// 到期的承诺 (open the ticket whose promise is due first).
    PromiseOpen "promise.open" Some("ticket promises");
    /// 语言 (note the caller's language).
    CallerLanguage "caller.language" Some("call note CALL --language LANGUAGE");
    /// 来电情形 (note how the caller was on the line).
    CallerTone "caller.tone" Some("call note CALL --tone TONE");
    /// 退单 (ask to return it).
    TicketRequestReturn "ticket.request_return" Some("ticket request-return TICKET --reason REASON");
    /// 驳回退单 (refuse the return).
    TicketRefuseReturn "ticket.refuse_return" Some("ticket refuse-return TICKET WORDS");
    /// 申请延期 (ask to extend).
    TicketRequestExtension "ticket.request_extension" Some("ticket request-extension TICKET --reason REASON --days N");
    /// 同意延期 (grant the extension).
    TicketGrantExtension "ticket.grant_extension" Some("ticket grant-extension TICKET");
    /// 驳回延期 (refuse the extension).
    TicketRefuseExtension "ticket.refuse_extension" Some("ticket refuse-extension TICKET WORDS");
    /// 挂起 (suspend).
    TicketSuspend "ticket.suspend" Some("ticket suspend TICKET --reason REASON");
    /// 恢复 (resume).
    TicketResume "ticket.resume" Some("ticket resume TICKET");
    /// 督办 (supervise).
    TicketSupervise "ticket.supervise" Some("ticket supervise TICKET");
    /// 提级 (lift).
    TicketLift "ticket.lift" Some("ticket lift TICKET LEVEL");
    /// 撤单 (cancel).
    TicketCancel "ticket.cancel" Some("ticket cancel TICKET --reason REASON");
    /// 优先 (priority tag) of a registered ticket.
    TicketPrioritise "ticket.prioritise" Some("ticket prioritise TICKET TAG");
    /// 不予受理 (decline).
    TicketNotAccept "ticket.not_accept" Some("ticket not-accept TICKET --reason REASON");
    /// 转 110/119/120/122 (pass on).
    TicketPassOn "ticket.pass_on" Some("ticket pass-on TICKET SERVICE");
    /// 明文查看 (show who called in clear, with a reason).
    CallerReveal "caller.reveal" Some("ticket reveal TICKET --reason REASON");
    /// 查阅记录 (who saw this ticket).
    TicketLooks "ticket.looks" Some("ticket looks TICKET");
    /// 知道了 (take note of an alarm).
    AlarmSeen "alarm.seen" Some("audit list --kind access.overused");
    /// 新增 a row, or a user.
    AdminNew "admin.new" Some("user add LOGIN --name NAME --role ROLE");
    /// 停用 or 启用 the user.
    AdminSwitch "admin.switch" Some("user disable LOGIN");
    /// 重设密码 of the user.
    AdminPassword "admin.password" Some("user password LOGIN");
    /// 核验 (walk) the audit chain; again: stop.
    AuditVerify "audit.verify" Some("audit verify");
    /// Every act that is legal now.
    TicketActs "ticket.acts" Some("ticket show TICKET");
    /// Narrow the list.
    ListFilter "list.filter" Some("ticket list --flag FLAG");
    /// Mark the row, or take its mark away.
    ListMark "list.mark" None;
    /// Mark every row on the screen.
    ListMarkShown "list.mark_shown" None;
    /// Explain a date.
    ClockExplain "clock.explain" Some("ticket explain TICKET");
    /// Load the list again.
    ListRefresh "list.refresh" Some("ticket list");
    /// Confirm a small input box.
    Submit "submit" None;
    /// Leave a small input box; what was typed is kept.
    Cancel "cancel" None;
}

impl Action {
    /// The action of this name.
    pub fn from_name(name: &str) -> Option<Action> {
        Action::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
    }

    /// 1–9 for the nine pin actions: which hit to pin.
    pub fn pin_place(self) -> Option<u8> {
        let digit = self.name().strip_prefix("answer.pin_")?;
        digit.parse().ok()
    }

    /// The id of this action's words in the locale files: `ticket.send_back` → `action-ticket-send-back`.
    pub fn words_id(self) -> String {
        let name = match self.pin_place() {
            Some(_) => "answer.pin",
            None => self.name(),
        };
        format!("action-{}", name.replace(['.', '_'], "-"))
    }

    /// A move, a way out, or care of the terminal: nothing one looks up by name.
    pub fn is_plain(self) -> bool {
        let moves = ["focus.", "select.", "pane.", "form.next_field", "form.previous_field", "form.undo_typing", "form.redo_typing"];
        matches!(self, Action::AppSuspend | Action::AppRedraw | Action::AppQuit | Action::Back) || moves.iter().any(|name| self.name().starts_with(name))
    }

    /// Only moves about in the console, or cares for what is typed there: a shell has nothing to do for it.
    pub fn stays_in_the_console(self) -> bool {
        use Action as A;
        let only = [A::AppHelp, A::AppPalette, A::AppLanguage, A::ScreenDesk, A::ScreenKnowledge, A::Zoom, A::FormNextDraft, A::Submit, A::Cancel, A::AppTour, A::TourSkip, A::AppCommands, A::AppTheme, A::AppMouse, A::AppLock, A::ListMark, A::ListMarkShown];
        self.is_plain() || only.contains(&self)
    }

    /// One sentence for the help and the palette, in the current language.
    pub fn help(self) -> String {
        match self.pin_place() {
            Some(place) => words!("action-answer-pin", place = place),
            None => words::find(&self.words_id()).unwrap_or_else(|| self.name().to_owned()),
        }
    }

    /// One or two words for the status line, in the current language.
    pub fn label(self) -> String {
        match self.pin_place() {
            Some(place) => words!("action-answer-pin", "short", place = place),
            None => words::find_short(&self.words_id()).unwrap_or_else(|| self.name().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, loader_of};

    #[test]
    fn every_action_has_help_and_a_short_label_in_both_languages() {
        for action in Action::ALL {
            for language in Language::ALL {
                let (loader, id) = (loader_of(language), action.words_id());
                assert!(
                    loader.has(&id) && loader.has_attr(&id, "short"),
                    "{id} in {}",
                    language.tag()
                );
            }
        }
    }

    #[test]
    fn names_are_unique_and_read_back() {
        for action in Action::ALL {
            assert_eq!(Action::from_name(action.name()), Some(*action));
        }
    }

    #[test]
    fn the_ninth_pin_says_nine() {
        assert_eq!(Action::AnswerPin9.pin_place(), Some(9));
        assert!(
            Action::AnswerPin9.help().contains('9') && Action::AnswerPin9.label().contains('9')
        );
        assert_eq!(Action::Open.pin_place(), None);
    }
}
