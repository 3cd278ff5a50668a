//! The panes. Each draws itself into the area it is given from `&App`; none changes anything or decides the focus.
pub mod admin;
pub mod article;
pub mod audit;
pub mod caller;
pub mod detail;
pub mod form;
pub mod knowledge;
pub mod login;
pub mod overlay;
pub mod queue;
pub mod reveal;
pub mod status;
pub mod terms;
pub mod tickets;
pub mod top;
pub mod tour;
