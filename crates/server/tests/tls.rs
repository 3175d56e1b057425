//! The way to PostgreSQL over a network: encrypted, to the server that was meant, or not at all.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rig::cluster::Cluster;
use rig::*;
use server::db::{Address, Db};

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Issuer {
    let mut about = CertificateParams::new(Vec::new()).unwrap();
    about.distinguished_name.push(DnType::CommonName, name);
    about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(about, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate of the authority for these names, with its key.
fn certificate(authority: &Issuer, names: &[&str]) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let signed = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, authority)
        .unwrap();
    (signed.pem(), key.serialize_pem())
}

fn written(folder: &Path, name: &str, authority: &Issuer) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, authority.pem()).unwrap();
    path
}

/// The address with how it is to be encrypted, and whom to trust.
fn address(cluster: &Cluster, schema: &str, mode: &str, trusted: &Path) -> Address {
    let text = format!("{}&sslmode={mode}", cluster.address(schema));
    let mut address = Address::read(&text).unwrap();
    address.authorities = Some(trusted.to_owned());
    address
}

fn refused(address: &Address) -> String {
    Db::connect(address).err().expect("it is refused").to_string()
}

#[test]
fn a_district_is_kept_over_an_encrypted_connection_to_the_server_that_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (authority("Ours"), authority("Theirs"));
    let (certificate, key) = certificate(&ours, &["127.0.0.1", "localhost"]);
    let cluster = match Cluster::encrypted(&certificate, &key) {
        Ok(cluster) => cluster,
        Err(why) => return println!("SKIPPED: {why}"),
    };
    let schema = cluster.schema().unwrap();
    let (ours, theirs) = (
        written(folder.path(), "ours.pem", &ours),
        written(folder.path(), "theirs.pem", &theirs),
    );

    // The program as an operator starts it.
    let (dir, text) = (
        folder.path().join("district"),
        format!("{}&sslmode=require", cluster.address(&schema)),
    );
    let began = |trusted: &Path| {
        let trusted = trusted.to_str().unwrap();
        let args = [
            "--database",
            &text,
            "--database-ca",
            trusted,
            "init",
            "--district",
            "Ernakulam",
            "--state",
            "Kerala",
        ];
        run(&dir, &args)
    };
    let tables = format!("SELECT count(*) FROM pg_tables WHERE schemaname = '{schema}'");
    assert_eq!(began(&theirs).unwrap_err().0, 1);
    assert_eq!(cluster.sql(&tables).unwrap(), "0", "nothing was said to it");
    began(&ours).unwrap();
    let spaces = cluster.sql(&format!("SELECT count(*) FROM {schema}.space")).unwrap();
    assert_eq!(spaces, "1", "its district");

    let db = Db::connect(&address(&cluster, &schema, "require", &ours)).unwrap();
    let encrypted = "SELECT count(*) FILTER (WHERE ssl), count(*) FILTER (WHERE NOT ssl) FROM pg_stat_ssl
                     JOIN pg_stat_activity USING (pid) WHERE application_name = 'wardroom-server'";
    assert_eq!(cluster.sql(encrypted).unwrap(), "1|0");
    drop(db);

    let plain = refused(&address(&cluster, &schema, "disable", &ours));
    assert!(
        plain.contains("pg_hba.conf") || plain.contains("no encryption"),
        "{plain}"
    );
    let unknown = refused(&address(&cluster, &schema, "require", &theirs));
    assert!(unknown.contains("certificate"), "{unknown}");
}

#[test]
fn a_server_of_another_name_and_one_that_does_not_encrypt_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ours = authority("Ours");
    let trusted = written(folder.path(), "ours.pem", &ours);
    let (certificate, key) = certificate(&ours, &["elsewhere.example"]);
    let cluster = match Cluster::encrypted(&certificate, &key) {
        Ok(cluster) => cluster,
        Err(why) => return println!("SKIPPED: {why}"),
    };
    let schema = cluster.schema().unwrap();
    let other = refused(&address(&cluster, &schema, "require", &trusted));
    assert!(other.contains("certificate") && other.contains("name"), "{other}");

    let plain = Cluster::of_process().unwrap();
    let schema = plain.schema().unwrap();
    let demanded = refused(&address(plain, &schema, "require", &trusted));
    assert!(demanded.contains("TLS"), "{demanded}");
    let tables = format!("SELECT count(*) FROM pg_tables WHERE schemaname = '{schema}'");
    assert_eq!(plain.sql(&tables).unwrap(), "0", "nothing was said to it");
}
