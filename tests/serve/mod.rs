//! `hotline serve` and `hotline demo` as whoever deploys them meets them: the real binary, its files, signals, words and
//! exit codes.
mod alone;
mod audit;
mod config;
mod damage;
mod demo;
mod export;
mod imports;
mod login;
mod nowhere;
mod quiet;
mod refused;
mod several;
mod stop;
mod tls;
mod verbs;
