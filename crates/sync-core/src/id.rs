//! Identities: devices, people, spaces, changes and their numbers.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use domain::RecordId;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A desk, or the server itself when it writes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(pub Uuid);

/// A person; the id of their record.
pub type UserId = RecordId;

/// The server's number of a change in its space, from 1 without holes.
pub type Lsn = u64;

/// One change: the device that made it and its number there. The numbers rise; they
/// leap where its file was opened anew, so that a file put back from a copy uses none of them again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ChangeId {
    pub device: DeviceId,
    pub seq: u64,
}

/// The unit of replication and permission.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SpaceId {
    /// Everything of one facility.
    Facility(Uuid),
    /// Facilities, catalogues and people of a district.
    District(Uuid),
    /// Figures of a district without personal data, written by the server.
    Rollup(Uuid),
}

/// A text that is no id of the wanted sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid identity")]
pub struct BadId;

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DeviceId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        Uuid::parse_str(text).map(DeviceId).map_err(|_| BadId)
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.device.0.simple(), self.seq)
    }
}

impl FromStr for ChangeId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let (device, seq) = text.split_once('.').ok_or(BadId)?;
        Ok(ChangeId {
            device: device.parse()?,
            seq: seq.parse().map_err(|_| BadId)?,
        })
    }
}

impl fmt::Display for SpaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpaceId::Facility(id) => write!(f, "facility:{id}"),
            SpaceId::District(id) => write!(f, "district:{id}"),
            SpaceId::Rollup(id) => write!(f, "rollup:{id}"),
        }
    }
}

impl FromStr for SpaceId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let (sort, id) = text.split_once(':').ok_or(BadId)?;
        let id = Uuid::parse_str(id).map_err(|_| BadId)?;
        match sort {
            "facility" => Ok(SpaceId::Facility(id)), // not a kind: the sort of a space
            "district" => Ok(SpaceId::District(id)), // not a kind: the sort of a space
            "rollup" => Ok(SpaceId::Rollup(id)),
            _ => Err(BadId),
        }
    }
}

/// One stands at every field of every record: nothing is formatted for them.
impl Serialize for ChangeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(53);
        text.push_str(self.device.0.simple().encode_lower(&mut [0; 32]));
        text.push('.');
        text.push_str(&self.seq.to_string());
        serializer.serialize_str(&text)
    }
}

impl Serialize for SpaceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChangeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text("a change's id", PhantomData))
    }
}

impl<'de> Deserialize<'de> for SpaceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text("a space", PhantomData))
    }
}

/// Reads what is written as a text, where it stands.
struct Text<T>(&'static str, PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
