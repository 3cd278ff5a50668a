//! What must hold between the data files, as a list of faults in words. Pure: a test asks for none, and whoever edits a
//! file can ask too.
use std::collections::HashSet;

use super::city::City;
use super::matters::{Kind, Line};
use super::units::UnitKind;

/// The longest run of digits a text may hold: seven could be a telephone number.
const LONGEST_DIGITS: usize = 6;

fn hanzi(text: &str) -> usize {
    text.chars().filter(|letter| ('\u{4e00}'..='\u{9fff}').contains(letter)).count()
}

/// Hyphens and spaces inside do not hide a number.
fn longest_digits(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            run += 1;
            longest = longest.max(run);
        } else if !(matches!(letter, '-' | ' ') && run > 0) {
            run = 0;
        }
    }
    longest
}

fn doubles<'text>(what: &str, codes: impl Iterator<Item = &'text str>, faults: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for code in codes {
        if !seen.insert(code) {
            faults.push(format!("{what}: code {code} stands twice"));
        }
    }
}

impl City {
    /// Every fault in the data, in words; empty when the city is whole.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        self.unit_faults(&mut faults);
        self.table_faults(&mut faults);
        self.article_faults(&mut faults);
        self.matter_faults(&mut faults);
        faults
    }

    fn unit_faults(&self, faults: &mut Vec<String>) {
        doubles("units", self.units.iter().map(|unit| unit.code.as_str()), faults);
        doubles("unit names", self.units.iter().map(|unit| unit.name.as_str()), faults);
        doubles("duty phones", self.units.iter().map(|unit| unit.duty_phone.as_str()), faults);
        let mut seen = HashSet::new();
        for unit in &self.units {
            if unit.parent().is_some_and(|parent| !seen.contains(parent)) {
                faults.push(format!("units: {} stands before its parent", unit.code));
            }
            seen.insert(unit.code.as_str());
            if !unit.duty_phone.starts_with("0000-") {
                faults.push(format!("units: {} has a duty phone that may be real", unit.code));
            }
            if (unit.kind == UnitKind::Utility) != unit.industry.is_some() {
                faults.push(format!("units: {}: a utility, and only a utility, has an industry", unit.code));
            }
        }
        for district in &self.districts {
            if self.unit(&district.code).is_none_or(|unit| unit.kind != UnitKind::District) {
                faults.push(format!("places: {} is no district", district.code));
            }
        }
    }

    fn table_faults(&self, faults: &mut Vec<String>) {
        doubles("classes", self.classes.iter().map(|class| class.code.as_str()), faults);
        doubles("urgent classes", self.urgent_classes.iter().map(|class| class.code.as_str()), faults);
        doubles("company classes", self.enterprise_classes.iter().map(|class| class.code.as_str()), faults);
        let reasons: Vec<String> =
            self.reasons.iter().map(|reason| format!("{}.{}", reason.table, reason.code)).collect();
        doubles("reasons", reasons.iter().map(String::as_str), faults);
        for class in &self.classes {
            if !self.parents.iter().any(|parent| parent.code == class.parent()) {
                faults.push(format!("classes: {} has no parent", class.code));
            }
            if class.units.is_empty() || class.keywords.is_empty() {
                faults.push(format!("classes: {} lacks units or keywords", class.code));
            }
            for unit in class.units.iter().filter(|unit| self.unit(unit).is_none()) {
                faults.push(format!("classes: {} names the unknown unit {unit}", class.code));
            }
            let Some(bureau) = &class.bureau else { continue };
            for district in self.districts.iter().filter(|one| self.unit(&format!("{}.{bureau}", one.code)).is_none()) {
                faults.push(format!("classes: {} has no bureau {bureau} in {}", class.code, district.code));
            }
        }
    }

    fn article_faults(&self, faults: &mut Vec<String>) {
        doubles("articles", self.articles.iter().map(|article| article.code.as_str()), faults);
        doubles("article titles", self.articles.iter().map(|article| article.title.as_str()), faults);
        doubles("documents", self.articles.iter().map(|article| article.document_number.as_str()), faults);
        for article in &self.articles {
            let code = &article.code;
            if self.unit(&article.owner).is_none() {
                faults.push(format!("articles: {code} has the unknown owner {}", article.owner));
            }
            if self.class(&article.class).is_none() {
                faults.push(format!("articles: {code} has the unknown class {}", article.class));
            }
            if !(40..=220).contains(&hanzi(&article.answer)) {
                faults.push(format!("articles: {code} has an answer of {} hanzi", hanzi(&article.answer)));
            }
            if !(3..=6).contains(&article.steps.len()) {
                faults.push(format!("articles: {code} has {} steps", article.steps.len()));
            }
            if !article.document_number.starts_with('示') {
                faults.push(format!("articles: {code} cites a document that is not marked fictional"));
            }
            if article.expiry.is_some_and(|last| last < article.effective) {
                faults.push(format!("articles: {code} ends before it begins"));
            }
            if let Some(successor) = &article.successor {
                match (self.article(successor), article.expiry) {
                    (None, _) => faults.push(format!("articles: {code} has the unknown successor {successor}")),
                    (_, None) => faults.push(format!("articles: {code} has a successor and no expiry")),
                    (Some(next), Some(last)) if next.expiry.is_some_and(|until| until <= last) => {
                        faults.push(format!("articles: {code} is followed by {successor}, which ends no later"));
                    }
                    _ => {}
                }
            }
            let texts = [&article.title, &article.answer, &article.clause];
            if texts.iter().any(|text| longest_digits(text) > LONGEST_DIGITS) {
                faults.push(format!("articles: {code} holds digits like a telephone number"));
            }
        }
    }

    fn matter_faults(&self, faults: &mut Vec<String>) {
        doubles("matters", self.matters.iter().map(|matter| matter.code.as_str()), faults);
        doubles("matter titles", self.matters.iter().map(|matter| matter.title.as_str()), faults);
        for matter in &self.matters {
            let code = &matter.code;
            if self.class(&matter.class).is_none() {
                faults.push(format!("matters: {code} has the unknown class {}", matter.class));
            }
            if matter.article.as_ref().is_some_and(|article| self.article(article).is_none()) {
                faults.push(format!("matters: {code} has an unknown article"));
            }
            if (matter.kind == Kind::Consultation) != matter.article.is_some() {
                faults.push(format!("matters: {code}: a consultation, and only a consultation, has an article"));
            }
            if matter.district.as_ref().is_some_and(|wanted| !self.districts.iter().any(|one| one.code == *wanted)) {
                faults.push(format!("matters: {code} has an unknown district"));
            }
            let urgent_known = |wanted: &String| self.urgent_classes.iter().any(|class| class.code == *wanted);
            if matter.urgent_class.as_ref().is_some_and(|wanted| !urgent_known(wanted)) {
                faults.push(format!("matters: {code} has an unknown urgent class"));
            }
            let company = matter
                .enterprise_class
                .as_ref()
                .and_then(|wanted| self.enterprise_classes.iter().find(|class| class.code == *wanted));
            if (matter.line == Line::Enterprise) != company.is_some() {
                faults.push(format!("matters: {code}: a company matter, and only that, has a known company class"));
            }
            if matter.green_channel && company.is_none_or(|class| !class.green_channel) {
                faults.push(format!("matters: {code} is green channel and its class is not"));
            }
            let bare = format!("{}{}", matter.title, matter.body)
                .replace("{place}", "")
                .replace("{days}", "")
                .replace("{people}", "");
            if bare.contains(['{', '}']) || longest_digits(&bare) > LONGEST_DIGITS {
                faults.push(format!("matters: {code} has an unknown slot or digits like a telephone number"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_city_has_no_faults() {
        let city = City::load();
        assert_eq!(city.faults(), Vec::<String>::new());
        assert!(city.articles.len() >= 44 && city.matters.len() >= 60 && city.classes.len() >= 60);
        assert_eq!((city.enterprise_classes.len(), city.urgent_classes.len()), (32, 6));
        assert_eq!(city.urgent_classes.iter().filter(|class| class.named).count(), 2);
        assert_eq!((city.enterprise_working_days, city.enterprise_working_days_before), (3, 5));
        assert!(city.articles.iter().filter(|article| article.successor.is_some()).count() >= 3);
        for table in ["return", "not_accepted", "cancel", "suspend", "extension"] {
            assert!(city.reasons_of(table).count() >= 3, "{table}");
        }
    }

    #[test]
    fn every_kind_of_fault_is_found() {
        let mut city = City::load();
        city.units[3].code = "city.nowhere.bureau".into();
        city.units[1].duty_phone = "0571-12345678".into();
        city.classes[0].bureau = Some("zzz".into());
        city.articles[0].successor = Some("K9999".into());
        city.articles[1].answer = "太短".into();
        city.articles[2].clause.push_str("电话 138 0000 0000");
        city.matters[0].class = "no.such".into();
        city.matters[1].body.push_str("{when}");
        let code = city.matters[3].code.clone();
        city.matters[2].code = code;
        let faults = city.faults().join("\n");
        for words in [
            "before its parent",
            "may be real",
            "no bureau zzz",
            "unknown successor",
            "answer of 2",
            "K0003 holds digits",
            "unknown class no.such",
            "unknown slot",
            "stands twice",
        ] {
            assert!(faults.contains(words), "{words} not in\n{faults}");
        }
    }

    #[test]
    fn the_refund_article_is_the_first_with_its_initials() {
        let first = City::shared().articles.iter().find(|article| article.title.starts_with("稳岗返还"));
        assert_eq!(first.map(|article| article.code.as_str()), Some("K0001"));
    }
}
