//! What is wrong with a 统一社会信用代码, as people read it on the screen and on the command line alike.
use crate::domain::credit_code::Wrong;
use crate::words;

/// The words for it, with the place.
pub fn wrong(wrong: Wrong) -> String {
    match wrong {
        Wrong::Length(count) => words!("credit-code-length", count = count),
        Wrong::Character(place, character) => words!("credit-code-character", place = place, character = character.to_string()),
        Wrong::Check(wanted) => words!("credit-code-check", wanted = wanted.to_string()),
    }
}
