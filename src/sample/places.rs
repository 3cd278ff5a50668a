//! Streets, estates, names and callers of the sample city. No number drawn here can be dialled: they all begin 1000000,
//! which is no mobile prefix; every name is a surname and 示例.
use serde::{Deserialize, Serialize};

use super::random::Random;

/// A district's streets and estates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct District {
    /// Unit code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Share of all calls.
    pub weight: u32,
    /// Street names.
    pub roads: Vec<String>,
    /// 小区 names.
    pub estates: Vec<String>,
}

/// Words that names are made of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Surnames.
    pub surnames: Vec<String>,
    /// Trade names of companies.
    pub company_words: Vec<String>,
    /// Their industries, in the same order.
    pub industries: Vec<String>,
    /// Business parks.
    pub parks: Vec<String>,
}

/// Somewhere in the city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Unit code of the district.
    pub district: String,
    /// The place in words: district, street, number.
    pub words: String,
}

/// 企业档案 (enterprise profile).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enterprise {
    /// Company name.
    pub name: String,
    /// 统一社会信用代码: the real code's 18 characters, visibly not a real one.
    pub credit_code: String,
    /// 行业 (industry).
    pub industry: String,
    /// 园区 (business park).
    pub park: String,
}

/// 来电人 (caller), fictional.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caller {
    /// Eleven digits, 1000000 and the caller's own four.
    pub number: String,
    /// Surname and 示例.
    pub name: String,
    /// Whether the exchange shows the number (未显示号码 otherwise).
    pub number_shown: bool,
    /// The company, on the companies' line.
    pub enterprise: Option<Enterprise>,
}

/// Callers known by number: 0000 to 9999.
const CALLERS: u64 = 10_000;
/// The first of them call again and again (一人多诉).
const FREQUENT: u64 = 60;

/// Draws a district by its share of calls (or takes the one named), then a street or, for a citizen, an estate in it.
pub fn place(districts: &[District], only: Option<&str>, company: bool, random: &mut Random) -> Place {
    let allowed = |district: &District| only.is_none_or(|code| code == district.code);
    let weights: Vec<u32> = districts.iter().map(|one| if allowed(one) { one.weight } else { 0 }).collect();
    let Some(district) = districts.get(random.weighted(&weights)) else {
        return Place { district: String::new(), words: String::new() };
    };
    let words = if company || random.chance(1, 2) {
        let road = random.pick(&district.roads).map_or("", String::as_str);
        format!("{}{road}{}号", district.name, random.between(1, 188))
    } else {
        let estate = random.pick(&district.estates).map_or("", String::as_str);
        format!("{}{estate}{}栋", district.name, random.between(1, 16))
    };
    Place { district: district.code.clone(), words }
}

/// Draws a caller; about one in eight is one of the few who call often.
pub fn caller(names: &Names, company: bool, random: &mut Random) -> Caller {
    let ordinal = if random.chance(1, 8) { random.below(FREQUENT) } else { random.below(CALLERS) };
    let hidden = random.chance(1, 40);
    caller_numbered(names, company, ordinal, !hidden)
}

/// The same person whenever the same number calls: everything follows from the number.
pub fn caller_numbered(names: &Names, company: bool, ordinal: u64, number_shown: bool) -> Caller {
    let mut random = Random::stream(0xCA11, ordinal);
    let surname = random.pick(&names.surnames).map_or("", String::as_str);
    let enterprise = company.then(|| {
        let trade = random.below(names.company_words.len() as u64) as usize;
        let word = names.company_words.get(trade).map_or("", String::as_str);
        Enterprise {
            name: format!("示例市{word}有限公司（{ordinal:04}）"),
            credit_code: format!("SHILI-NOT-REAL{ordinal:04}"),
            industry: names.industries.get(trade).cloned().unwrap_or_default(),
            park: random.pick(&names.parks).cloned().unwrap_or_default(),
        }
    });
    Caller { number: format!("1000000{ordinal:04}"), name: format!("{surname}示例"), number_shown, enterprise }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceFile {
    pub district: Vec<District>,
    pub names: Names,
}

#[cfg(test)]
mod tests {
    use super::super::City;
    use super::*;

    #[test]
    fn the_same_number_is_always_the_same_person_and_cannot_be_dialled() {
        let names = &City::shared().names;
        let mut random = Random::new(3);
        for _ in 0..300 {
            let one = caller(names, true, &mut random);
            assert!(one.number.len() == 11 && one.number.starts_with("1000000"), "{}", one.number);
            let ordinal = one.number[7..].parse().unwrap();
            assert_eq!(caller_numbered(names, true, ordinal, one.number_shown), one);
            assert_eq!(one.enterprise.unwrap().credit_code.len(), 18);
        }
    }
}
