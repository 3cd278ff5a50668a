//! The whole console by keys: messages in, effects and drawn screens out. The worker is the test itself.
mod acts;
mod drafts;
pub(crate) mod fixtures;
mod palette;
mod flow;
mod form;
mod hostile;
mod live;
mod looks;
mod many;
mod mouse;
mod outbox;
mod picture;
mod refusals;
mod reveals;
mod screens;
mod themes;
