//! Which elements are account data: the card number, and the sensitive authentication data.

use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, HashAlgorithm, Holding, Op};

/// What the rules read of a holding of live account data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AccountData<'m> {
    /// The place of the element in [`Elements`].
    pub(super) element: u8,
    pub(super) form: Form,
    /// The algorithm of a hash needs a key.
    pub(super) keyed: bool,
    pub(super) key: Option<&'m str>,
    pub(super) domain: Option<&'m str>,
    pub(super) mask: Option<&'m str>,
}

impl<'m> AccountData<'m> {
    fn of(holding: &'m Holding, element: u8) -> Self {
        Self {
            element,
            form: holding.form,
            keyed: holding.alg.is_some_and(HashAlgorithm::is_keyed),
            key: holding.key.as_ref().map(|id| id.as_str()),
            domain: holding.domain.as_ref().map(|id| id.as_str()),
            mask: holding.mask.as_deref(),
        }
    }
}

/// What is read of every holding, whatever the element.
pub(super) struct Glimpse<'m> {
    holding: &'m Holding,
    element: &'m str,
    live: bool,
    stored: bool,
}

impl<'m> Glimpse<'m> {
    #[inline]
    pub(super) fn of(holding: &'m Holding) -> Self {
        let stored = holding.ops.contains(Op::Store);
        Self { holding, element: holding.element.as_str(), live: holding.live, stored }
    }
}

/// The elements that are account data, the card number first.
///
/// A model that was read keeps each text once, so an element is known again by where its text is.
pub(super) struct Elements {
    names: Vec<&'static str>,
    /// What was found out about texts, by where they are: start, length, and the place in `names`.
    known: [(usize, usize, Option<u8>); Self::KNOWN],
}

impl Elements {
    const KNOWN: usize = 64;

    pub(super) fn new() -> Self {
        let rows = catalogue::catalogue().elements.iter();
        let sad = rows.filter(|row| row.class == ElementClass::Sad && row.normalises_to.is_none());
        let names = std::iter::once("pan").chain(sad.map(|row| row.id.as_str())).collect();
        Self { names, known: [(0, 0, None); Self::KNOWN] }
    }

    /// The name of an element.
    pub(super) fn name(&self, element: u8) -> &'static str {
        self.names[usize::from(element)]
    }

    /// What the rules read of the holding, and whether it is stored, where it is live account data.
    #[inline]
    pub(super) fn account_data<'m>(&mut self, glimpse: &Glimpse<'m>) -> Option<(AccountData<'m>, bool)> {
        let text = glimpse.element;
        let (start, length) = (text.as_ptr() as usize, text.len());
        let slot = (start >> 4) % Self::KNOWN;
        let element = match self.known[slot] {
            (known, as_long, element) if known == start && as_long == length => element,
            _ => self.look_up(text, slot),
        };
        let element = element.filter(|_| glimpse.live)?;
        Some((AccountData::of(glimpse.holding, element), glimpse.stored))
    }

    fn look_up(&mut self, text: &str, slot: usize) -> Option<u8> {
        let place = self.names.iter().position(|name| *name == text);
        let element =
            place.map(|place| u8::try_from(place).expect("the catalogue has few elements that are account data"));
        self.known[slot] = (text.as_ptr() as usize, text.len(), element);
        element
    }
}
