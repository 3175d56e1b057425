//! The ward's words: what hospitals, desks and people are called in a story.

const HOSPITALS: [&str; 6] = [
    "Aluva",
    "Kothamangalam",
    "Muvattupuzha",
    "Paravur",
    "Perumbavoor",
    "Tripunithura",
];
const DESKS: [&str; 8] = [
    "Reception",
    "Ward 1",
    "Ward 2",
    "Casualty",
    "Maternity",
    "Pharmacy",
    "Theatre",
    "Office",
];
const PATIENTS: [&str; 16] = [
    "Lakshmi",
    "Ravi",
    "Ammini",
    "Thomas",
    "Fathima",
    "Gopalan",
    "Mary",
    "Suresh",
    "Devaki",
    "Yusuf",
    "Leela",
    "Paulose",
    "Saraswathi",
    "Kabeer",
    "Omana",
    "Vasu",
];
const NURSES: [&str; 12] = [
    "Anju", "Biju", "Chitra", "Deepa", "Elsy", "Faisal", "Geetha", "Hari", "Indu", "Jose", "Kavitha", "Latha",
];

fn of(names: &[&'static str], number: usize) -> &'static str {
    names.get(number % names.len()).copied().unwrap_or_default()
}

pub fn hospital(number: usize) -> &'static str {
    of(&HOSPITALS, number)
}

pub fn desk(number: usize) -> &'static str {
    of(&DESKS, number)
}

/// Every patient of a hospital has a name of their own: the second round begins with "Lakshmi 2".
pub fn patient(number: usize) -> String {
    match number / PATIENTS.len() {
        0 => of(&PATIENTS, number).to_owned(),
        round => format!("{} {}", of(&PATIENTS, number), round + 1),
    }
}

pub fn nurse(number: usize) -> &'static str {
    of(&NURSES, number)
}
