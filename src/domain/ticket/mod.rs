//! 工单 (ticket): its state, what may happen to it, what did.
//!
//! [`life`] is the one table; [`decide`] asks it, [`apply`] folds what it allowed. Clocks are not here: they are
//! derived from [`Ticket::facts`] by `domain::clocks`.
mod act;
mod apply;
mod command;
mod decide;
mod event;
mod facts;
pub mod life;
mod promise;
mod state;

pub use act::Act;
pub use apply::fold;
pub use command::{Accept, Command, Edit, Given};
pub use decide::{decide, takes_in};
pub use event::TicketEvent;
pub use life::{Arc, To, arc, legal_acts, legal_for};
pub use promise::{Promise, PromiseKind, REMIND_MINUTES};
pub use state::{Channel, Pin, Raised, Step, Ticket, UNDO_SECONDS, Undoable};
