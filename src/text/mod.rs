//! Text as this trade needs it: how wide it draws, how it is made safe for a terminal, masked, folded for
//! comparison and spelled in pinyin. Pure: no IO, no clock, no screen. Wording for people lives in `words`.
pub mod fold;
pub mod mask;
pub mod pinyin;
pub mod scrub;
pub mod width;
