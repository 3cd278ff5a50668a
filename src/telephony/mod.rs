//! 电话接入 (telephony): every source of calls speaks the same few call commands over the API. Here: the simulator of the
//! sample city. (A real exchange's adapter joins this room as its own file.)
pub mod simulator;
