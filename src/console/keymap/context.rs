//! The contexts in which keys are bound. Not here: which of them are active (the console's layout says).

use crate::words;

macro_rules! contexts {
    ($($(#[$doc:meta])* $variant:ident $name:literal $types_text:literal;)+) => {
        /// A place in the console with keys of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Context { $($(#[$doc])* $variant,)+ }

        impl Context {
            /// Every context, in the order of the help.
            pub const ALL: &'static [Context] = &[$(Context::$variant,)+];

            /// The name used in keymap files.
            pub const fn name(self) -> &'static str {
                match self { $(Context::$variant => $name,)+ }
            }

            /// True where plain characters are typed into a text, so that they never run an action.
            pub const fn types_text(self) -> bool {
                match self { $(Context::$variant => $types_text,)+ }
            }
        }
    };
}

contexts! {
    /// Everywhere.
    Global "global" false;
    /// The desk screen.
    Desk "desk" false;
    /// 来电队列 (call queue).
    Queue "queue" false;
    /// 来电人 (caller card).
    Caller "caller" false;
    /// 受理登记 (intake form).
    Form "form" true;
    /// The knowledge search box.
    KnowledgeQuery "knowledge_query" true;
    /// The hits of a search.
    Hits "hits" false;
    /// A knowledge article.
    Article "article" false;
    /// A list of tickets.
    Tickets "tickets" false;
    /// One ticket with its timeline.
    TicketDetail "ticket_detail" false;
    /// 管理 and 审计.
    Admin "admin" false;
    /// A small box that asks for one text.
    Input "input" true;
    /// The help overlay.
    Help "help" false;
}

impl Context {
    /// The context of this name.
    pub fn from_name(name: &str) -> Option<Context> {
        Context::ALL
            .iter()
            .copied()
            .find(|context| context.name() == name)
    }

    /// Its title in the help, in the current language.
    pub fn title(self) -> String {
        let id = format!("context-{}", self.name().replace('_', "-"));
        words::find(&id).unwrap_or_else(|| self.name().to_owned())
    }
}
