//! `user add | list | disable | enable | password`. A person's record and their account are made
//! together; no password is ever given on the command line.

use clap::Subcommand;
use domain::check::Draft;
use domain::entities::person::{ACTIVE, DISTRICT, FACILITY, NAME, PERSON, ROLE, STATE, USERNAME};
use domain::entities::{district, state};
use domain::password::{FEWEST_LETTERS, MOST_LETTERS, Strength, strength};
use domain::{RecordId, Records, access};
use zeroize::Zeroizing;

use super::records::{new_id, only, read, write};
use super::{Failure, Said};
use crate::db;
use crate::entry::given::made_password;
use crate::people;
use crate::server::Server;

#[derive(Subcommand)]
pub enum User {
    /// Add a person; prints a password once, unless one is given.
    Add {
        #[arg(long)]
        username: String,
        #[arg(long)]
        name: String,
        /// One word of the list of roles, such as `nurse`.
        #[arg(long)]
        role: String,
        /// The id of the facility; needed by roles of one facility.
        #[arg(long)]
        facility: Option<RecordId>,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the people who have an account.
    List,
    /// Let the person no longer in; what they wrote stays.
    Disable { username: String },
    /// Let the person in again, and lift a suspension.
    Enable { username: String },
    /// Set another password; prints one once, unless one is given.
    Password {
        username: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Take the person's second factor away, lost telephone and all: they set up another at their next sign-in.
    TotpReset { username: String },
}

impl User {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        match self {
            User::Add {
                username,
                name,
                role,
                facility,
                password_stdin,
            } => {
                let password = Password::get(password_stdin, &[&username, &name])?;
                let person = add(server, &username, name, &role, facility)?;
                password.give(server, person, &username)
            }
            User::List => list(server),
            User::Disable { username } => set_active(server, &username, "no"),
            User::Enable { username } => {
                let said = set_active(server, &username, "yes")?;
                server.lift_suspension(found(server, &username)?)?;
                Ok(said)
            }
            User::Password {
                username,
                password_stdin,
            } => {
                let person = found(server, &username)?;
                let password = Password::get(password_stdin, &[&username])?;
                password.give(server, person, &username)
            }
            User::TotpReset { username } => {
                let person = found(server, &username)?;
                server.reset_second_factor(person)?;
                Ok(Said {
                    json: serde_json::json!({ "person": person, "second_factor": false }),
                    text: format!("Person {person} sets up another second factor at their next sign-in."),
                })
            }
        }
    }
}

fn add(
    server: &Server,
    username: &str,
    name: String,
    role: &str,
    facility: Option<RecordId>,
) -> Result<RecordId, Failure> {
    let role = access::role(role).ok_or_else(|| {
        let known: Vec<&str> = access::ROLES.iter().map(|role| role.word).collect();
        Failure::Unacceptable(format!("the roles are {}", known.join(", ")))
    })?;
    let (id, known) = (new_id(), read(server)?);
    let mut draft = Draft::new(PERSON.kind, id)
        .with(&USERNAME, people::normal(username))
        .with(&NAME, name)
        .with(&ROLE, role.word)
        .with(&ACTIVE, "yes");
    if let Some(facility) = facility {
        draft = draft.with(&FACILITY, facility);
    }
    if let Some(district) = only(district::DISTRICT.kind, &known) {
        draft = draft.with(&DISTRICT, district);
    }
    if let Some(state) = only(state::STATE.kind, &known) {
        draft = draft.with(&STATE, state);
    }
    write(server, vec![draft])?;
    Ok(id)
}

fn found(server: &Server, username: &str) -> Result<RecordId, Failure> {
    server.person_called(username)?.ok_or(Failure::Unknown("person"))
}

fn set_active(server: &Server, username: &str, word: &'static str) -> Result<Said, Failure> {
    let person = found(server, username)?;
    write(server, vec![Draft::new(PERSON.kind, person).with(&ACTIVE, word)])?;
    Ok(Said {
        json: serde_json::json!({ "person": person, "active": word == "yes" }),
        text: format!(
            "Person {person} may {} sign in.",
            if word == "yes" { "now" } else { "no longer" }
        ),
    })
}

fn list(server: &Server) -> Result<Said, Failure> {
    let known = read(server)?;
    let (mut lines, mut text) = (Vec::new(), Vec::new());
    for account in server.db().read(db::account::all)? {
        let username = people::username(&account, &server.own().key)?;
        let record = known.get(PERSON.kind, account.person).ok().flatten();
        let name = record.as_ref().and_then(|record| NAME.of(record)).unwrap_or_default();
        let attempts = server
            .db()
            .read(|conn| db::account::attempts(account.username_hash, conn))?;
        let factor = server.db().read(|conn| db::second_factor::get(account.person, conn))?;
        text.push(format!("{}  {username}  {name}  {}", account.person, account.role));
        lines.push(serde_json::json!({
            "person": account.person,
            "username": username,
            "name": name,
            "role": account.role,
            "facility": account.facility,
            "active": account.is_active,
            "has_password": !account.password_hash.is_empty(),
            "failures": attempts.failures,
            "second_factor": factor.is_some_and(|factor| factor.is_proven),
        }));
    }
    Ok(Said {
        json: lines.into(),
        text: text.join("\n"),
    })
}

/// A password given on standard input, or made here and shown once.
struct Password {
    text: Zeroizing<String>,
    is_made: bool,
}

impl Password {
    fn get(is_given: bool, own: &[&str]) -> Result<Password, Failure> {
        if !is_given {
            return Ok(Password {
                text: made_password(),
                is_made: true,
            });
        }
        let mut text = Zeroizing::new(String::new());
        std::io::stdin().read_line(&mut text)?;
        let text = Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned());
        let wanted = match strength(&text, own) {
            Strength::TooShort | Strength::TooLong => {
                format!("a password has {FEWEST_LETTERS} to {MOST_LETTERS} letters")
            }
            Strength::Guessable => {
                "that password is among the first that are tried; several words in a row are better".to_owned()
            }
            Strength::Fair | Strength::Good => String::new(),
        };
        if !wanted.is_empty() {
            return Err(Failure::Unacceptable(wanted));
        }
        Ok(Password { text, is_made: false })
    }

    /// Gives it to the person, for as long as it takes them to choose one of their own.
    fn give(&self, server: &Server, person: RecordId, username: &str) -> Result<Said, Failure> {
        let username = people::normal(username);
        let not_after = server.hand_password(person, &self.text)?;
        let shown = self.is_made.then_some(self.text.as_str());
        let with = shown.map_or_else(String::new, |shown| format!(" with the password {shown}"));
        let text = format!(
            "Person {person} signs in as {username}{with}\nwithin 3 days, with the network, and then chooses one of \
             their own."
        );
        let json = serde_json::json!({
            "person": person,
            "username": username,
            "password": shown,
            "not_after": not_after,
        });
        Ok(Said { json, text })
    }
}
