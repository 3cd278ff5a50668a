//! P31, P32: no text of a caller can drive an operator's terminal. A hostile corpus goes through the API into every text
//! field, the console is walked over every screen at two sizes, and every byte the terminal received is parsed: only what
//! our renderer sends may stand there. The same for the command line, its JSON and its errors, for a server that means
//! harm, and for what is pasted.
mod command_line;
mod corpus;
mod judge;
mod paste;
mod planted;
mod server;
mod walk;
