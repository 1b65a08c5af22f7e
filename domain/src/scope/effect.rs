//! What the data on a system does to its scope: the rule that the system's worst holding triggers.

use std::collections::BTreeMap;

use super::graph::Graph;
use super::holdings::{Held, Holdings, Item, Kind};
use super::verdict::{Rule, Sub};
use crate::model::element::Form;
use crate::model::relations::CapabilityType;

/// Who holds a key, and what is on file about it.
struct KeyCustody {
    /// The systems that hold it.
    holders: Vec<u32>,
    /// One of them is ours and no sealed device, whatever its stage of life.
    within_the_entity: bool,
    /// Part of a listed P2PE solution, or evidence says that we cannot decrypt.
    proven_outside: bool,
}

/// The key custody of a model.
pub(super) struct Custody {
    /// By the key's number in [`Holdings::keys`]. A key without a record has no holder and nothing on file.
    keys: Vec<KeyCustody>,
}

impl Custody {
    pub(super) fn of(graph: &Graph<'_>, holdings: &Holdings<'_>) -> Self {
        let mut keys = Vec::with_capacity(holdings.keys.len());
        for number in 0..holdings.keys.count() {
            let Some(key) = graph.model.keys.get(holdings.keys.key(number)) else {
                keys.push(KeyCustody { holders: Vec::new(), within_the_entity: false, proven_outside: false });
                continue;
            };
            let mut holders: Vec<u32> = key.holders.iter().filter_map(|id| graph.number_of(id)).collect();
            holders.sort_unstable();
            let ours = |holder: &u32| graph.nodes[*holder as usize].is_own() && !graph.nodes[*holder as usize].sealed;
            keys.push(KeyCustody {
                within_the_entity: holders.iter().any(ours),
                proven_outside: key.p2pe_listed || key.attested,
                holders,
            });
        }
        Self { keys }
    }

    /// Whether the system holds that key.
    pub(super) fn holds(&self, system: u32, key: Option<u32>) -> bool {
        key.is_some_and(|key| self.keys[key as usize].holders.binary_search(&system).is_ok())
    }

    /// The systems that hold any key.
    pub(super) fn holders(&self) -> impl Iterator<Item = u32> {
        self.keys.iter().flat_map(|key| key.holders.iter().copied())
    }

    /// The systems that hold that key.
    pub(super) fn holders_of(&self, key: u32) -> &[u32] {
        &self.keys[key as usize].holders
    }

    fn of_key(&self, key: Option<u32>) -> Option<&KeyCustody> {
        key.map(|key| &self.keys[key as usize])
    }
}

/// What the holdings of an own system do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct DataEffect {
    /// The best-ranked rule over all holdings.
    pub(super) rule: Option<Rule>,
    /// It has ciphertext that has no effect on the condition that nobody of ours can decrypt it.
    pub(super) conditional: bool,
}

/// What one item does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ItemEffect {
    None,
    Conditional,
    Brings(Rule),
}

/// The effect of everything that an own system holds.
pub(super) fn data_effect(graph: &Graph<'_>, holdings: &Holdings<'_>, custody: &Custody, system: u32) -> DataEffect {
    let mut effect = DataEffect::default();
    let held = holdings.of.of(system);
    for item in items(holdings, held) {
        match item_effect(graph, holdings, custody, system, item) {
            ItemEffect::None => {}
            ItemEffect::Conditional => effect.conditional = true,
            ItemEffect::Brings(rule) => effect.rule = Some(effect.rule.map_or(rule, |best| best.min(rule))),
        }
    }
    if effect.rule.is_none() && !excessive_lengths(holdings, held).is_empty() {
        effect.rule = Some(Rule::DTruncExcess);
    }
    effect
}

/// The items on an own system that trigger a rule.
pub(super) fn deciding_items(
    graph: &Graph<'_>,
    holdings: &Holdings<'_>,
    custody: &Custody,
    system: u32,
    rule: Rule,
) -> Vec<u32> {
    let held = holdings.of.of(system);
    let mut deciding: Vec<u32> = if rule == Rule::DTruncExcess {
        let lengths = excessive_lengths(holdings, held);
        let keeps_too_much = |item: &Item| mask_of(holdings, item).is_some_and(|mask| lengths.contains(&mask.len()));
        held.iter().map(|it| it.item).filter(|it| keeps_too_much(&holdings.items[*it as usize])).collect()
    } else {
        let triggers = |item: &Item| item_effect(graph, holdings, custody, system, item) == ItemEffect::Brings(rule);
        held.iter().map(|it| it.item).filter(|it| triggers(&holdings.items[*it as usize])).collect()
    };
    deciding.dedup();
    deciding
}

fn items<'h>(holdings: &'h Holdings<'_>, held: &'h [Held]) -> impl Iterator<Item = &'h Item> {
    held.iter().map(|it| &holdings.items[it.item as usize])
}

fn item_effect(graph: &Graph<'_>, holdings: &Holdings<'_>, custody: &Custody, system: u32, item: &Item) -> ItemEffect {
    match (item.kind, item.form) {
        (_, Form::Encrypted) if custody.holds(system, item.key) => ItemEffect::Brings(Rule::DEncSelfKey),
        // The system itself is no holder here, so whoever of ours holds the key is another one.
        (_, Form::Encrypted) => match custody.of_key(item.key) {
            Some(key) if key.within_the_entity => ItemEffect::Brings(Rule::DEncEntityKey),
            Some(key) if key.proven_outside => ItemEffect::Conditional,
            _ => ItemEffect::Brings(Rule::DEncUnproven),
        },
        (Kind::Sad, _) => ItemEffect::Brings(Rule::DSad),
        (_, Form::Clear) => ItemEffect::Brings(Rule::DPanClear),
        (_, Form::Unknown) => ItemEffect::Brings(Rule::DPanUnknown),
        (_, Form::Tokenised) if reverses_tokens(graph, holdings, system, item.domain) => {
            ItemEffect::Brings(Rule::DTokenDetok)
        }
        (_, Form::Hashed) if !item.keyed => ItemEffect::Brings(Rule::DHashUnkeyed),
        (_, Form::Hashed) if custody.holds(system, item.key) => ItemEffect::Brings(Rule::DHashKey),
        (_, Form::Tokenised | Form::Hashed | Form::NetworkToken | Form::Masked | Form::Truncated) => ItemEffect::None,
    }
}

/// Whether the system may turn tokens of the domain back into cards, or keeps the mapping.
fn reverses_tokens(graph: &Graph<'_>, holdings: &Holdings<'_>, system: u32, domain: Option<u32>) -> bool {
    graph.systems[system as usize]
        .capabilities
        .iter()
        .any(|it| it.domain.as_ref().map(|id| holdings.domains.get(id.as_str())) == domain.map(Some))
}

/// Whether the system may de-tokenise for a domain of which it has no token: the tokens come from elsewhere.
/// Test tokens and tokens for other data are no tokens here, or receiving one would take the system out of scope.
pub(super) fn detokenises_for_others(graph: &Graph<'_>, holdings: &Holdings<'_>, system: u32) -> bool {
    let held = holdings.of.of(system);
    graph.systems[system as usize].capabilities.iter().filter(|it| it.kind == CapabilityType::Detokenise).any(|it| {
        let domain = it.domain.as_ref().map(|id| holdings.domains.get(id.as_str()));
        !items(holdings, held).any(|item| item.form == Form::Tokenised && item.domain.map(Some) == domain)
    })
}

/// The mask of an item that takes part in the truncation predicate.
fn mask_of<'h>(holdings: &'h Holdings<'_>, item: &Item) -> Option<&'h str> {
    let takes_part = item.kind == Kind::Pan && matches!(item.form, Form::Masked | Form::Truncated);
    item.mask.filter(|_| takes_part).map(|mask| holdings.masks.key(mask))
}

/// The lengths of card numbers of which the masks on one system together keep too much (PCI DSS 3.4.1, 3.5.1).
///
/// A position is removed only where every mask of the length removes it. At least 4 positions of 16, 5 of 15 and
/// all but 10 of any other length must be removed.
fn excessive_lengths(holdings: &Holdings<'_>, held: &[Held]) -> Vec<usize> {
    let mut removed: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
    for mask in items(holdings, held).filter_map(|item| mask_of(holdings, item)) {
        let all = removed.entry(mask.len()).or_insert_with(|| vec![true; mask.len()]);
        for (position, symbol) in all.iter_mut().zip(mask.bytes()) {
            *position &= symbol == b'*';
        }
    }
    let enough = |length: usize| match length {
        16 => 4,
        15 => 5,
        other => other.saturating_sub(10),
    };
    let count = |positions: &[bool]| positions.iter().filter(|removed| **removed).count();
    removed.iter().filter(|(length, all)| count(all) < enough(**length)).map(|(length, _)| *length).collect()
}

/// What a third party's holdings make of it: `account_data`, `encrypted_only`, or nothing.
pub(super) fn third_party_effect(
    graph: &Graph<'_>,
    holdings: &Holdings<'_>,
    custody: &Custody,
    system: u32,
) -> Option<Sub> {
    let is_vault = graph.systems[system as usize].capabilities.iter().any(|it| it.kind == CapabilityType::Vault);
    let mut subs = items(holdings, holdings.of.of(system))
        .filter_map(|item| third_party_item(custody, system, item))
        .collect::<Vec<_>>();
    subs.extend(is_vault.then_some(Sub::AccountData));
    [Sub::AccountData, Sub::EncryptedOnly].into_iter().find(|sub| subs.contains(sub))
}

/// What one item makes of a third party.
fn third_party_item(custody: &Custody, system: u32, item: &Item) -> Option<Sub> {
    match (item.kind, item.form) {
        (_, Form::Encrypted) if !custody.holds(system, item.key) => Some(Sub::EncryptedOnly),
        (_, Form::Hashed) if item.keyed => None,
        (Kind::Pan, Form::Truncated | Form::Masked | Form::Tokenised | Form::NetworkToken) => None,
        _ => Some(Sub::AccountData),
    }
}

/// The items that make a third party what it is.
pub(super) fn deciding_items_of_third_party(
    holdings: &Holdings<'_>,
    custody: &Custody,
    system: u32,
    sub: Sub,
) -> Vec<u32> {
    let makes = |item: &Item| third_party_item(custody, system, item) == Some(sub);
    let mut deciding: Vec<u32> =
        holdings.of.of(system).iter().map(|it| it.item).filter(|it| makes(&holdings.items[*it as usize])).collect();
    deciding.dedup();
    deciding
}

#[cfg(test)]
mod tests {
    use super::super::testing::{rule, verdict};
    use super::super::verdict::Flag;
    use super::*;

    /// One system `v` with that holding, and the model's other members.
    fn holding(holding: &str, members: &str) -> String {
        format!(
            r#""systems":[{{"id":"v","holdings":[{holding}]}},{{"id":"kms"}},{{"id":"poi","sealed_scd":true}},
            {{"id":"psp","boundary":"third_party"}}]{members}"#
        )
    }

    #[test]
    fn ciphertext_counts_by_who_holds_its_key() {
        let pan = r#"{"element":"pan","form":"encrypted","key":"k"}"#;
        for (key, expected) in [
            (r#"{"id":"k","holders":["v","kms"]}"#, Some(Rule::DEncSelfKey)),
            (r#"{"id":"k","holders":["kms"],"p2pe_listed":true}"#, Some(Rule::DEncEntityKey)),
            (r#"{"id":"k","holders":["psp"]}"#, Some(Rule::DEncUnproven)),
            (r#"{"id":"other","holders":["kms"],"attested":true}"#, Some(Rule::DEncUnproven)),
            (r#"{"id":"k","holders":["psp","poi"],"p2pe_listed":true}"#, Some(Rule::NIsolated)),
            (r#"{"id":"k","attested":true}"#, Some(Rule::NIsolated)),
        ] {
            let members = holding(pan, &format!(r#","keys":[{key}]"#));
            assert_eq!(rule(&members, "v"), expected, "{key}");
            let conditional = verdict(&members, "v").flags.contains(&Flag::EncNoKey);
            assert_eq!(conditional, expected == Some(Rule::NIsolated), "{key}");
        }
        let unknown_key = holding(r#"{"element":"pan","form":"encrypted"}"#, "");
        assert_eq!(rule(&unknown_key, "v"), Some(Rule::DEncUnproven));
    }

    #[test]
    fn a_planned_system_that_holds_the_key_is_ours_all_the_same() {
        let members = r#""systems":[{"id":"v","holdings":[{"element":"pan","form":"encrypted","key":"k"}]},
            {"id":"kms","lifecycle":"planned"}],"keys":[{"id":"k","holders":["kms"],"attested":true}]"#;
        assert_eq!(rule(members, "v"), Some(Rule::DEncEntityKey));
    }

    #[test]
    fn card_numbers_and_authentication_data_count_by_form() {
        for (it, expected) in [
            (r#"{"element":"pan"}"#, Rule::DPanClear),
            (r#"{"element":"pan","form":"unknown"}"#, Rule::DPanUnknown),
            (r#"{"element":"pan","form":"carved in stone"}"#, Rule::DPanUnknown),
            (r#"{"element":"pan","form":"network_token"}"#, Rule::NIsolated),
            (r#"{"element":"pan","form":"tokenised","domain":"d"}"#, Rule::NIsolated),
            (r#"{"element":"pan","form":"hashed","alg":"sha256"}"#, Rule::DHashUnkeyed),
            (r#"{"element":"pan","form":"hashed"}"#, Rule::DHashUnkeyed),
            (r#"{"element":"pan","form":"hashed","alg":"hmac","key":"k"}"#, Rule::NIsolated),
            (r#"{"element":"pan","live":false}"#, Rule::NIsolated),
            (r#"{"element":"card_verification_code","form":"hashed"}"#, Rule::DSad),
            (r#"{"element":"full_track","form":"masked"}"#, Rule::DSad),
            (r#"{"element":"cardholder_name"}"#, Rule::NIsolated),
            (r#"{"element":"bank_account"}"#, Rule::NIsolated),
        ] {
            assert_eq!(rule(&holding(it, ""), "v"), Some(expected), "{it}");
        }
    }

    #[test]
    fn the_best_ranked_holding_names_the_rule() {
        let both = r#"{"element":"pan","form":"hashed"},{"element":"pan","form":"encrypted"},{"element":"pin"}"#;
        assert_eq!(rule(&holding(both, ""), "v"), Some(Rule::DSad));
    }

    #[test]
    fn who_may_reverse_the_tokens_it_holds_handles_cards() {
        let with = |capability: &str, domain: &str| {
            format!(
                r#""systems":[{{"id":"v","capabilities":[{{"type":"{capability}","domain":"d"}}],
                    "holdings":[{{"element":"pan","form":"tokenised","domain":"{domain}"}}]}}]"#
            )
        };
        assert_eq!(rule(&with("detokenise", "d"), "v"), Some(Rule::DTokenDetok));
        assert_eq!(rule(&with("vault", "d"), "v"), Some(Rule::DTokenDetok));
        assert_eq!(rule(&with("detokenise", "another"), "v"), Some(Rule::CVault));
        assert_eq!(rule(&with("vault", "another"), "v"), Some(Rule::NIsolated));
    }

    #[test]
    fn the_masks_on_a_system_are_judged_together() {
        let mask = |mask: &str| format!(r#"{{"element":"pan","form":"truncated","mask":"{mask}"}}"#);
        let rule_of =
            |masks: &[&str]| rule(&holding(&masks.iter().map(|it| mask(it)).collect::<Vec<_>>().join(","), ""), "v");
        assert_eq!(rule_of(&["dddddd******dddd"]), Some(Rule::NIsolated));
        assert_eq!(rule_of(&["dddddddd****dddd"]), Some(Rule::NIsolated));
        assert_eq!(rule_of(&["dddddddd***ddddd"]), Some(Rule::DTruncExcess));
        // Each removes ten positions, both together none but the middle two.
        assert_eq!(rule_of(&["ddddddd*********", "*********ddddddd"]), Some(Rule::DTruncExcess));
        assert_eq!(rule_of(&["dddddd*****dddd"]), Some(Rule::NIsolated));
        assert_eq!(rule_of(&["dddddd****ddddd"]), Some(Rule::DTruncExcess));
        // Numbers of different lengths are different numbers.
        assert_eq!(rule_of(&["dddddd******dddd", "****dddd"]), Some(Rule::NIsolated));
        assert_eq!(rule(&holding(r#"{"element":"pan","form":"masked"}"#, ""), "v"), Some(Rule::NIsolated));
    }

    #[test]
    fn a_third_party_is_what_it_holds() {
        for (it, expected) in [
            (r#"{"element":"pan"}"#, Sub::AccountData),
            (r#"{"element":"pan","form":"unknown"}"#, Sub::AccountData),
            (r#"{"element":"pan","form":"hashed"}"#, Sub::AccountData),
            (r#"{"element":"pan","form":"hashed","alg":"cmac"}"#, Sub::None),
            (r#"{"element":"pan","form":"truncated","mask":"dddddddddddddddd"}"#, Sub::None),
            (r#"{"element":"pan","form":"tokenised"}"#, Sub::None),
            (r#"{"element":"pin","form":"tokenised"}"#, Sub::AccountData),
            (r#"{"element":"pan","form":"encrypted","key":"k"}"#, Sub::AccountData),
            (r#"{"element":"pan","form":"encrypted","key":"other"}"#, Sub::EncryptedOnly),
        ] {
            let members = format!(
                r#""systems":[{{"id":"v","boundary":"third_party","holdings":[{it}]}}],"keys":[{{"id":"k","holders":["v"]}}]"#
            );
            assert_eq!(verdict(&members, "v").sub, Some(expected), "{it}");
        }
        let vault = r#""systems":[{"id":"v","boundary":"third_party","capabilities":[{"type":"vault","domain":"d"}]}]"#;
        assert_eq!(verdict(vault, "v").sub, Some(Sub::AccountData));
    }
}
