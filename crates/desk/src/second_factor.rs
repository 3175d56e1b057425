//! Setting up a second factor: what the server offers, as the person sees it. It is shown and forgotten; the desk keeps
//! none of it.

use std::fmt::Write as _;
use std::time::Duration;

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;
use sync_core::entry::{OfferedFactor, SignIn};
use ts_rs::TS;

use crate::Failure;
use crate::desk::Desk;
use crate::net::link::LinkError;

/// How long the server may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// Blank modules around a QR code, without which cameras do not find it.
const QUIET: i32 = 4;
/// How many letters of the secret stand together.
const GROUP: usize = 4;

/// A second factor on offer: to be put into an app now, and never to be seen again.
#[derive(Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct FactorShown {
    /// For whoever cannot scan, in groups.
    pub secret: String,
    pub qr: QrShown,
    /// Each opens once in the app's place.
    pub recovery_codes: Vec<String>,
}

/// A QR code as a drawing.
#[derive(Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct QrShown {
    /// Width and height in modules, with the blank ones around it.
    pub size: i32,
    /// The dark modules, as the path of an SVG.
    pub path: String,
}

impl Desk {
    /// Asks for a new second factor for a person whose password is right. It counts once a code of it was right.
    ///
    /// # Errors
    /// `network_needed`, `wrong_password`, `second_factor` when the person has one, or another [`Failure`].
    pub async fn offer_second_factor(&self, username: &str, password: &str) -> Result<FactorShown, Failure> {
        let file = self.file()?;
        let secret = self.device_secret(&file)?;
        let message = SignIn::new(&username.trim().to_lowercase(), password);
        let offline = || LinkError::Peer(sync_core::exchange::PeerError::Offline);
        let asked = async {
            let link = self.link(&file, &secret)?;
            let asked = link.ask::<OfferedFactor>("/v1/second-factor", &message);
            tokio::time::timeout(ANSWER_WITHIN, asked)
                .await
                .map_err(|_| offline())?
        };
        let offered = asked.await.map_err(|error| match error {
            LinkError::Peer(error) if error.is_offline() => Failure::new("network_needed"),
            error => error.into(),
        })?;
        self.state().offered = Some(message.username.clone());
        Ok(FactorShown {
            qr: drawn(&offered.uri)?,
            secret: grouped(&offered.secret),
            recovery_codes: offered.recovery_codes,
        })
    }
}

fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups = letters.chunks(GROUP).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// The text as a QR code: each run of dark modules of a row is one stroke of the path.
fn drawn(text: &str) -> Result<QrShown, Failure> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Failure::new("answer_damaged"))?;
    let (modules, mut path) = (code.size(), String::new());
    for y in 0..modules {
        let mut x = 0;
        while x < modules {
            let dark = (x..modules).take_while(|x| code.get_module(*x, y)).count();
            let dark = i32::try_from(dark).unwrap_or_default();
            if dark > 0 {
                // Writing into a text does not fail.
                let _ = write!(path, "M{},{}h{dark}v1h-{dark}z", x + QUIET, y + QUIET);
            }
            x += dark.max(1);
        }
    }
    Ok(QrShown {
        size: modules + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path fills.
    fn filled(qr: &QrShown) -> std::collections::BTreeSet<(i32, i32)> {
        let strokes = qr.path.split('M').filter(|stroke| !stroke.is_empty());
        let mut filled = std::collections::BTreeSet::new();
        for stroke in strokes {
            let (at, rest) = stroke.split_once('h').unwrap();
            let (x, y) = at.split_once(',').unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            let long: i32 = rest.split_once('v').unwrap().0.parse().unwrap();
            filled.extend((x..x + long).map(|x| (x, y)));
        }
        filled
    }

    #[test]
    fn a_code_is_drawn_as_it_is_with_room_around_it() {
        let text = "otpauth://totp/Wardroom:meera?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Wardroom";
        let (qr, code) = (
            drawn(text).unwrap(),
            QrCode::encode_text(text, QrCodeEcc::Medium).unwrap(),
        );
        assert_eq!(qr.size, code.size() + 8);
        let filled = filled(&qr);
        let wanted = |x, y| code.get_module(x - QUIET, y - QUIET);
        for (x, y) in (0..qr.size).flat_map(|y| (0..qr.size).map(move |x| (x, y))) {
            assert_eq!(filled.contains(&(x, y)), wanted(x, y), "{x}, {y}");
        }
    }

    #[test]
    fn a_secret_reads_in_groups() {
        assert_eq!(grouped("JBSWY3DPEH"), "JBSW Y3DP EH");
    }
}
