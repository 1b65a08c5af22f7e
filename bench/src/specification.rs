//! An interface description of any size: schemas that refer to each other, with card data in some of them.

use std::fmt::Write as _;

/// The properties of one schema in turn: their names, and what their descriptions say.
const PROPERTIES: [(&str, &str); 12] = [
    ("identifier", "The identifier that the interface gave out."),
    ("cardNumber", "The full card number, digits only."),
    ("expiryMonth", "The month in which the card expires."),
    ("holderName", "The name as it appears on the card."),
    ("street", "The street of the address, with the number of the house."),
    ("quantity", "How many pieces were ordered, at least one."),
    ("comment", "What the customer wrote, as it was typed."),
    ("updatedAt", "The time of the last change in UTC."),
    ("sequenceNumber", "The number of the message in its batch."),
    ("lastFour", "The last four digits of the card number."),
    ("status", "Where the order is on its way."),
    ("reference", "The reference that the shop gave out."),
];

/// An OpenAPI document in JSON of at least so many bytes.
#[must_use]
pub fn json(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 4096);
    text.push_str(
        "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Generated\",\"version\":\"1\"},\"components\":{\"schemas\":{",
    );
    let mut at = 0;
    while text.len() < bytes {
        let comma = if at == 0 { "" } else { ",\n" };
        let _ = write!(text, "{comma}\"Schema{at}\":{{\"type\":\"object\",\"properties\":{{");
        for (name, description) in PROPERTIES {
            let _ =
                write!(text, "\"{name}\":{{\"type\":\"string\",\"maxLength\":64,\"description\":\"{description}\"}},");
        }
        let _ = write!(text, "\"next\":{{\"$ref\":\"#/components/schemas/Schema{}\"}}}}}}", at / 2);
        at += 1;
    }
    text.push_str("}}}");
    text
}

/// The same in YAML.
#[must_use]
pub fn yaml(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 4096);
    text.push_str("openapi: 3.1.0\ninfo:\n  title: Generated\n  version: '1'\ncomponents:\n  schemas:\n");
    let mut at = 0;
    while text.len() < bytes {
        let _ = writeln!(text, "    Schema{at}:\n      type: object\n      properties:");
        for (name, description) in PROPERTIES {
            let _ = writeln!(
                text,
                "        {name}:\n          type: string\n          maxLength: 64\n          description: {description}"
            );
        }
        let _ = writeln!(text, "        next:\n          $ref: '#/components/schemas/Schema{}'", at / 2);
        at += 1;
    }
    text
}
