//! How a desk is withdrawn: the server's signed and numbered order, and the desk's signed receipt that it holds
//! nothing any more.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::exchange::{SignatureText, read_signed, sign_json};
use crate::id::DeviceId;

/// What a desk is to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Order {
    pub device: DeviceId,
    /// Rises with each order to the desk; an earlier one counts no more.
    pub number: u64,
    /// Without bringing first what it has.
    pub is_now: bool,
    pub ordered_ms: i64,
}

/// What a desk did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    pub device: DeviceId,
    /// The number of the order.
    pub number: u64,
    /// The desk's last change, and how many of its changes were destroyed without being sent.
    pub last_seq: u64,
    pub unsent: u64,
}

/// A text with a signature over its exact bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedOrder {
    pub text: String,
    pub signature: SignatureText,
}

/// The same of the desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedReceipt {
    pub text: String,
    pub signature: SignatureText,
}

const ORDER_PURPOSE: &str = "wardroom order 1";
const RECEIPT_PURPOSE: &str = "wardroom receipt 1";

impl SignedOrder {
    /// Signs an order with the server's key.
    pub fn new(key: &SigningKey, order: &Order) -> SignedOrder {
        let (text, signature) = sign_json(key, ORDER_PURPOSE, order);
        SignedOrder { text, signature }
    }

    /// The order, if the server that owns `key` signed it for `device`.
    pub fn read(&self, key: &VerifyingKey, device: DeviceId) -> Option<Order> {
        read_signed::<Order>(key, ORDER_PURPOSE, &self.text, &self.signature).filter(|order| order.device == device)
    }
}

impl SignedReceipt {
    /// Signs a receipt with the desk's key.
    pub fn new(key: &SigningKey, receipt: &Receipt) -> SignedReceipt {
        let (text, signature) = sign_json(key, RECEIPT_PURPOSE, receipt);
        SignedReceipt { text, signature }
    }

    /// The receipt, if `device`, owner of `key`, signed it.
    pub fn read(&self, key: &VerifyingKey, device: DeviceId) -> Option<Receipt> {
        read_signed::<Receipt>(key, RECEIPT_PURPOSE, &self.text, &self.signature)
            .filter(|receipt| receipt.device == device)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_order_counts_for_its_desk_alone_and_when_the_server_signed_it() {
        let (server, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let device = DeviceId(Uuid::from_u128(7));
        let order = Order {
            device,
            number: 1,
            is_now: false,
            ordered_ms: 5,
        };
        let signed = SignedOrder::new(&server, &order);
        let key = server.verifying_key();
        assert_eq!(signed.read(&key, device), Some(order));
        assert_eq!(signed.read(&key, DeviceId(Uuid::from_u128(8))), None);
        assert_eq!(signed.read(&other.verifying_key(), device), None);
        let mut altered = signed;
        altered.text = altered.text.replace("false", "true");
        assert_eq!(altered.read(&key, device), None);
    }
}
