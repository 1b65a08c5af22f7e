//! Passwords: which are accepted, how they are hashed, and how many at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::problem::{FieldCode, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::clock::random;
use crate::error::{Failure, StoreError};

/// Memory in KiB, passes and lanes of argon2id.
const COST: (u32, u32, u32) = (65_536, 3, 1);

/// How many hashes are computed at once: 64 MiB each.
const RUNNING: usize = 2;

/// How many more may wait. Whoever comes after them is asked to try again.
const WAITING: usize = 16;

/// Shortest and longest password, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Compared with where there is no account, so that the answer costs the same. It fits no password: nobody
/// knows one for this hash.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=65536,t=3,p=1$cGx1bWJsaW5lLW5vYm9keQ$3q2+796tvu/erb7v3q2+796tvu/erb7v3q2+796tvu8";

/// Common passwords and their stems, lower case.
const COMMON: &str = include_str!("common.txt");

/// Says what is wrong with a new password, if anything. `context` are words that others know to belong to the
/// account: the organisation, the person, the address.
pub(crate) fn weakness(password: &str, context: &[&str]) -> Option<FieldCode> {
    let length = password.chars().count();
    if length < *LENGTH.start() {
        return Some(FieldCode::TooShort(12));
    }
    if length > *LENGTH.end() {
        return Some(FieldCode::TooLong(128));
    }
    is_easy(password, context).then_some(FieldCode::CommonPassword)
}

/// Whether a password is found among common passwords, names, words, dates and patterns of the keyboard within 100 million
/// guesses, or one of the account's own words is most of it. The lists are those of zxcvbn, inside the program: nobody is
/// asked.
fn is_easy(password: &str, context: &[&str]) -> bool {
    is_made_of_known_words(password, context)
        || zxcvbn::zxcvbn(password, &known_words(context).iter().map(String::as_str).collect::<Vec<_>>()).score()
            < zxcvbn::Score::Three
}

/// What others know to belong to the account, word by word.
fn known_words(context: &[&str]) -> Vec<String> {
    let known = context.iter().flat_map(|text| text.split(|character: char| !character.is_alphanumeric()));
    known.map(str::to_lowercase).filter(|word| !word.is_empty()).chain(["plumbline".to_owned()]).collect()
}

/// Whether little is left of the password once common and known words, digits and signs are taken out, or
/// whether it consists of very few different characters.
fn is_made_of_known_words(password: &str, context: &[&str]) -> bool {
    let folded = password.to_lowercase();
    let different: std::collections::BTreeSet<char> = folded.chars().collect();
    if different.len() < 5 || is_sequence(&folded) || COMMON.lines().any(|common| common == folded) {
        return true;
    }
    let mut words = known_words(context);
    words.extend(COMMON.lines().map(ToOwned::to_owned));
    words.retain(|word| word.chars().count() >= 4);
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    let (mut rest, mut found) = (folded, false);
    for word in &words {
        if rest.contains(word.as_str()) {
            rest = rest.replace(word.as_str(), "");
            found = true;
        }
    }
    found && rest.chars().filter(|character| character.is_alphabetic()).count() < 4
}

/// Whether the characters only count up, down or stand still, like `abcdefghijkl`.
fn is_sequence(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|character| i64::from(u32::from(character))).collect();
    codes.windows(2).filter(|pair| (pair[1] - pair[0]).abs() > 1).count() <= 1
}

/// Computes hashes, few at a time, away from the threads that serve requests.
pub(crate) struct Hasher {
    places: Arc<Semaphore>,
    running: Arc<Semaphore>,
    verifications: AtomicU64,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(RUNNING + WAITING)),
            running: Arc::new(Semaphore::new(RUNNING)),
            verifications: AtomicU64::new(0),
        }
    }
}

/// A place in the queue for one hash.
pub(crate) struct Place(OwnedSemaphorePermit);

impl Hasher {
    /// Takes a place in the queue.
    pub(crate) fn place(&self) -> Result<Place, Problem> {
        Arc::clone(&self.places).try_acquire_owned().map(Place).map_err(|_| Problem::TooMany(1))
    }

    /// The PHC string of a new password.
    pub(crate) async fn hash(&self, place: Place, password: &str) -> Result<String, Failure> {
        let password = password.to_owned();
        self.compute(place, move || {
            let salt: [u8; 16] = random()?;
            let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|error| StoreError::Hash(error.to_string()))
        })
        .await
    }

    /// The PHC strings of several secrets, in one place of the queue.
    pub(crate) async fn hash_all(&self, place: Place, secrets: Vec<String>) -> Result<Vec<String>, Failure> {
        self.compute(place, move || {
            let hashed = secrets.iter().map(|secret| {
                let salt: [u8; 16] = random()?;
                let hash = argon2()?.hash_password_with_salt(secret.as_bytes(), &salt);
                hash.map(|hash| hash.to_string()).map_err(|error| StoreError::Hash(error.to_string()))
            });
            hashed.collect()
        })
        .await
    }

    /// Whether the password belongs to the hash. Without a hash the same work is done and the answer is no.
    pub(crate) async fn verify(&self, place: Place, password: &str, hash: Option<String>) -> Result<bool, Failure> {
        self.verifications.fetch_add(1, Ordering::Relaxed);
        let password = password.to_owned();
        self.compute(place, move || {
            let known = hash.is_some();
            let text = hash.unwrap_or_else(|| NOBODYS_HASH.to_owned());
            let hash = PasswordHash::new(&text).map_err(|error| StoreError::Hash(error.to_string()))?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    /// How many hashes are being computed, and how many wait.
    pub(crate) fn load(&self) -> (usize, usize) {
        let running = RUNNING.saturating_sub(self.running.available_permits());
        let taken = (RUNNING + WAITING).saturating_sub(self.places.available_permits());
        (running, taken.saturating_sub(running))
    }

    /// How often [`Self::verify`] ran.
    pub(crate) fn verifications(&self) -> u64 {
        self.verifications.load(Ordering::Relaxed)
    }

    async fn compute<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let Ok(turn) = Arc::clone(&self.running).acquire_owned().await else {
            return Err(Problem::TooMany(1).into());
        };
        // Turn and place go along with the work: where the request is given up, the thread still counts.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (turn, place.0);
            work()
        });
        Ok(done.await??)
    }
}

fn argon2() -> Result<Argon2<'static>, StoreError> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|error| StoreError::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const CONTEXT: &[&str] = &["Harbour Street Books", "Payments lead", "lead@harbour.example"];

    #[test]
    fn passwords_are_judged_by_length_and_by_what_others_know() {
        let easy = [
            "passwordpassword",
            "Password123456!",
            "qwertyuiopasdf",
            "aaaaaaaaaaaa",
            "123456789012",
            "abcdefghijklm",
            "HarbourStreet2026",
            "plumbline-plumbline",
            "lead@harbour.example",
            "letmein letmein 1",
            "abababababab",
            "correcthorsebatterystaple",
            "iloveyouforever",
            "1q2w3e4r5t6y7u",
            "michael19851985",
            "november21112026",
            "Zaq12wsxcde34rfv",
            "superman12345678",
            "drowssapdrowssap",
        ];
        let missed: Vec<&str> =
            easy.into_iter().filter(|it| weakness(it, CONTEXT) != Some(FieldCode::CommonPassword)).collect();
        assert!(missed.is_empty(), "{missed:?}");
        let good = [
            "correct horse battery",
            "tin-kettle-over-moss",
            "Zähler!läuft?rückwärts",
            "x7#Kq2!vB9@z",
            "密码学很有趣的一句话呀真好",
            "five quiet herons stand",
            "moss-over-kettle-and-tin",
            "a long sentence nobody guesses",
        ];
        for password in good {
            assert_eq!(weakness(password, CONTEXT), None, "{password}");
        }
    }

    #[test]
    fn length_counts_characters_and_nothing_is_cut_off() {
        assert_eq!(weakness("elevenchars", CONTEXT), Some(FieldCode::TooShort(12)));
        let long: String = "tin kettle over moss ".chars().cycle().take(128).collect();
        assert_eq!(weakness(&long, CONTEXT), None);
        assert_eq!(weakness(&format!("{long}x"), CONTEXT), Some(FieldCode::TooLong(128)));
    }

    #[tokio::test]
    async fn a_hash_says_its_cost_and_fits_its_password_only() {
        let hasher = Hasher::default();
        let password = "tin\0kettle 🫖 over moss";
        let hash = hasher.hash(hasher.place().unwrap(), password).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{hash}");
        assert!(hasher.verify(hasher.place().unwrap(), password, Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(hasher.place().unwrap(), "tin", Some(hash)).await.unwrap());
        assert!(!hasher.verify(hasher.place().unwrap(), password, None).await.unwrap());
        assert_eq!(hasher.verifications(), 3);
    }

    #[test]
    fn the_hash_of_nobody_costs_what_a_real_one_costs() {
        let hash = PasswordHash::new(NOBODYS_HASH).unwrap();
        let params = Params::try_from(&hash).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), COST);
    }

    #[tokio::test]
    async fn the_queue_has_an_end() {
        let hasher = Hasher::default();
        let places: Vec<_> = (0..RUNNING + WAITING).map(|_| hasher.place().unwrap()).collect();
        assert_eq!(hasher.place().err(), Some(Problem::TooMany(1)));
        drop(places);
        assert!(hasher.place().is_ok());
    }
}
