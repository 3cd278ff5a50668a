//! 通话 (call): rings, is taken by exactly one seat, ends. The exchange, the webhook and the sample city all speak
//! these few commands.
mod decide;
mod event;

pub use decide::{CallCommand, decide};
pub use event::{Call, CallEvent, CallState, fold};
