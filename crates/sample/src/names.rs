//! Names as people in Kerala bear them, in English and Malayalam, and the places of the district.

use crate::dice::Dice;

/// A given name in Latin and in Malayalam letters.
type Both = (&'static str, &'static str);

pub const WOMEN: &[Both] = &[
    ("Lakshmi", "ലക്ഷ്മി"),
    ("Anju", "അഞ്ജു"),
    ("Fathima", "ഫാത്തിമ"),
    ("Mary", "മേരി"),
    ("Sreeja", "ശ്രീജ"),
    ("Bindu", "ബിന്ദു"),
    ("Aysha", "ആയിഷ"),
    ("Rosamma", "റോസമ്മ"),
    ("Deepa", "ദീപ"),
    ("Sindhu", "സിന്ധു"),
    ("Khadeeja", "ഖദീജ"),
    ("Leela", "ലീല"),
    ("Ammini", "അമ്മിണി"),
    ("Saraswathi", "സരസ്വതി"),
    ("Aleyamma", "ഏലിയാമ്മ"),
    ("Remya", "രമ്യ"),
    ("Jameela", "ജമീല"),
    ("Parvathy", "പാർവതി"),
    ("Sheeba", "ഷീബ"),
    ("Gouri", "ഗൗരി"),
];

pub const MEN: &[Both] = &[
    ("Rajan", "രാജൻ"),
    ("Abdul Rahman", "അബ്ദുൽ റഹ്മാൻ"),
    ("Thomas", "തോമസ്"),
    ("Suresh", "സുരേഷ്"),
    ("Vineeth", "വിനീത്"),
    ("Muhammed", "മുഹമ്മദ്"),
    ("Krishnan", "കൃഷ്ണൻ"),
    ("Joseph", "ജോസഫ്"),
    ("Biju", "ബിജു"),
    ("Anoop", "അനൂപ്"),
    ("Ibrahim", "ഇബ്രാഹിം"),
    ("Gopalan", "ഗോപാലൻ"),
    ("Varghese", "വർഗീസ്"),
    ("Unnikrishnan", "ഉണ്ണികൃഷ്ണൻ"),
    ("Shaji", "ഷാജി"),
    ("Kunjumon", "കുഞ്ഞുമോൻ"),
    ("Sasi", "ശശി"),
    ("Basheer", "ബഷീർ"),
    ("Devassy", "ദേവസ്സി"),
    ("Arun", "അരുൺ"),
];

pub const FAMILY: &[Both] = &[
    ("Nair", "നായർ"),
    ("Menon", "മേനോൻ"),
    ("Varma", "വർമ്മ"),
    ("Pillai", "പിള്ള"),
    ("Kurian", "കുര്യൻ"),
    ("Mathew", "മാത്യു"),
    ("Chacko", "ചാക്കോ"),
    ("Kutty", "കുട്ടി"),
    ("Panicker", "പണിക്കർ"),
    ("Antony", "ആന്റണി"),
    ("Haneefa", "ഹനീഫ"),
    ("Moideen", "മൊയ്തീൻ"),
    ("Warrier", "വാര്യർ"),
    ("Namboothiri", "നമ്പൂതിരി"),
    ("George", "ജോർജ്"),
    ("Pushpangadan", "പുഷ്പാംഗദൻ"),
    ("Kunjappan", "കുഞ്ഞപ്പൻ"),
    ("Joy", "ജോയ്"),
    ("Salim", "സലിം"),
    ("Raveendran", "രവീന്ദ്രൻ"),
];

pub const PLACES: &[&str] = &[
    "Ernakulam",
    "Aluva",
    "Angamaly",
    "Muvattupuzha",
    "Kothamangalam",
    "Perumbavoor",
    "North Paravur",
    "Thrippunithura",
    "Kalamassery",
    "Thrikkakara",
    "Piravom",
    "Koothattukulam",
    "Maradu",
    "Fort Kochi",
    "Vypin",
    "Kolenchery",
    "Kakkanad",
    "Edappally",
    "Chellanam",
    "Nedumbassery",
    "Kalady",
    "Vazhakulam",
    "Kumbalangi",
    "Mulanthuruthy",
    "Varappuzha",
    "Chottanikkara",
    "Malayattoor",
    "Pallikkara",
    "Eloor",
    "Puthenvelikkara",
];

pub const HOUSES: &[&str] = &[
    "Thekkedath",
    "Puthenpurackal",
    "Kizhakkeveettil",
    "Madathiparambil",
    "Vadakkedath",
    "Pulickal",
    "Chirayath",
    "Kaniyamparambil",
    "Illikkal",
    "Mundakkal",
    "Panackal",
    "Veliyil",
];

/// A person's name in both scripts.
pub struct Named {
    pub latin: String,
    pub malayalam: String,
}

/// A name for a woman or a man.
pub fn name(dice: &mut Dice, woman: bool) -> Named {
    let (given, given_ml) = *dice.pick(if woman { WOMEN } else { MEN });
    let (family, family_ml) = *dice.pick(FAMILY);
    if dice.chance(25) {
        let (initial, _) = dice.pick(FAMILY);
        let initial = initial.chars().next().unwrap_or('K');
        return Named {
            latin: format!("{given} {initial}"),
            malayalam: format!("{given_ml} {family_ml}"),
        };
    }
    Named {
        latin: format!("{given} {family}"),
        malayalam: format!("{given_ml} {family_ml}"),
    }
}
