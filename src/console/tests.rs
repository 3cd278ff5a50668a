//! The whole console by keys: messages in, effects and drawn screens out. The worker is the test itself.
mod acts;
mod drafts;
mod edits;
mod fixtures;
mod flow;
mod form;
mod hostile;
mod live;
mod looks;
mod outbox;
mod picture;
mod promises;
mod refusals;
mod reveals;
mod screens;
