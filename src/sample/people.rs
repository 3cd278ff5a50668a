//! The users of the sample city, made from the unit tree: staff of the centre, and one handler for every other unit.
//! Passwords are not here: whoever seeds a demo decides how these people log in.
use super::city::City;

/// 用户 (user). The name is a surname and a word that says "sample", so that it shows masked as `李*` like any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What is typed to log in; ASCII.
    pub login: String,
    /// Chinese name.
    pub name: String,
    /// Role code.
    pub role: &'static str,
    /// Unit code.
    pub unit: String,
    /// 座席号 (seat number), for those who take calls.
    pub seat: Option<String>,
}

/// Role code, how its logins begin, how many there are. Logins are the beginning and two digits.
const STAFF: [(&str, &str, u32); 13] = [
    ("operator", "op", OPERATORS),
    ("enterprise_operator", "eop", ENTERPRISE_OPERATORS),
    ("supervisor", "sup", 2),
    ("dispatcher", "dispatch", 1),
    ("reviewer", "review", 1),
    ("call_back_agent", "callback", 1),
    ("knowledge_steward", "kb", 1),
    ("adjudicator", "adjudge", 1),
    ("commissioner", "commissioner", 2),
    ("leader", "leader", 1),
    ("unit_lead", "lead", 1),
    ("auditor", "audit", 1),
    ("admin", "admin", 1),
];

/// 话务员 (operators): `op01` and on.
pub const OPERATORS: u32 = 12;
/// 亲清e线专席 (operators of the companies' line): `eop01` and on.
pub const ENTERPRISE_OPERATORS: u32 = 3;
/// The login of the reviewer (审核).
pub const REVIEWER: &str = "review01";
/// The login of the dispatcher (派单).
pub const DISPATCHER: &str = "dispatch01";
/// The login of the call-back agent (回访).
pub const CALL_BACK_AGENT: &str = "callback01";
/// The login of the first supervisor (班长).
pub const SUPERVISOR: &str = "sup01";

/// Who opens the sample city's console in each role.
pub const SEATS: &[(&str, &str)] = &[
    ("operator", "op01"),
    ("enterprise_operator", "eop01"),
    ("supervisor", "sup01"),
    ("dispatcher", "dispatch01"),
    ("reviewer", "review01"),
    ("call_back_agent", "callback01"),
    ("knowledge_steward", "kb01"),
    ("adjudicator", "adjudge01"),
    ("commissioner", "commissioner01"),
    ("leader", "leader01"),
    ("unit_lead", "lead01"),
    ("auditor", "audit01"),
    ("admin", "admin01"),
    ("handler_clerk", "h.dc.zjj"),
];

/// The login of whom the sample city's exchange reports its calls as.
pub const EXCHANGE: &str = "admin01";

/// The first user of a role.
pub fn seat(role: &str) -> Option<&'static str> {
    SEATS.iter().find(|(known, _)| *known == role).map(|(_, login)| *login)
}

/// Given names that no parent gives; with the surnames they make every name different.
const GIVEN: [&str; 4] = ["示例", "样例", "演示", "范本"];

/// The login of a unit's handler: `h.` and the code without the root's.
pub fn handler_of(unit: &str) -> String {
    format!("h.{}", unit.strip_prefix("city.").unwrap_or(unit))
}

/// Everybody, staff first. The same people on every call.
pub fn people(city: &City) -> Vec<Person> {
    let surnames = &city.names.surnames;
    // 1 puts 李 first, the name on the first seat of every drawing.
    let name = |index: usize| {
        let place = index + 1;
        let surname = surnames.get(place % surnames.len().max(1)).map_or("", String::as_str);
        let given = GIVEN.get(place / surnames.len().max(1) % GIVEN.len()).copied().unwrap_or("示例");
        format!("{surname}{given}")
    };
    let mut people = Vec::new();
    for (role, prefix, count) in STAFF {
        for number in 1..=count {
            let seat =
                matches!(role, "operator" | "enterprise_operator").then(|| format!("{:04}", 400 + people.len() + 1));
            let unit = if role == "unit_lead" { "city.dc" } else { "city" };
            people.push(Person {
                login: format!("{prefix}{number:02}"),
                name: name(people.len()),
                role,
                unit: unit.into(),
                seat,
            });
        }
    }
    for unit in city.units.iter().filter(|unit| unit.parent().is_some()) {
        let handler = handler_of(&unit.code);
        people.push(Person {
            login: handler,
            name: name(people.len()),
            role: "handler",
            unit: unit.code.clone(),
            seat: None,
        });
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn everybody_has_a_login_a_name_and_a_unit_of_their_own() {
        let city = City::shared();
        let people = people(city);
        let logins: HashSet<&str> = people.iter().map(|person| person.login.as_str()).collect();
        let names: HashSet<&str> = people.iter().map(|person| person.name.as_str()).collect();
        assert_eq!((logins.len(), names.len()), (people.len(), people.len()));
        assert!(people.iter().all(|person| city.unit(&person.unit).is_some()));
        for login in [REVIEWER, DISPATCHER, CALL_BACK_AGENT, SUPERVISOR, "op12", "eop03", "admin01"] {
            assert!(logins.contains(login), "{login}");
        }
        for unit in city.units.iter().filter(|unit| unit.code != "city") {
            assert!(logins.contains(handler_of(&unit.code).as_str()), "{}", unit.code);
        }
        assert_eq!(people[0].name, "李示例");
    }
}
