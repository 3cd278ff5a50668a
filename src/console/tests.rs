//! The whole console by keys: messages in, effects and drawn screens out. The worker is the test itself.
mod acts;
mod admin;
mod cells;
mod drafts;
mod fixtures;
mod flow;
mod form;
mod hostile;
mod live;
mod looks;
mod outbox;
mod picture;
mod refusals;
mod reveals;
mod screens;
mod tour;
