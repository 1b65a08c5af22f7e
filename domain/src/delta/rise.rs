//! Which changes of category are a rise: what a pipeline stops.

use crate::scope::delta::CategoryChange;
use crate::scope::verdict::Category;

/// The changes after which a system has a stronger category than before. A new system counts where it is in scope.
pub fn rises(changes: Vec<CategoryChange>) -> impl Iterator<Item = CategoryChange> {
    changes.into_iter().filter(|it| {
        let strength = |side: Option<(Category, _)>| side.map_or(0, |(category, _)| strength(category));
        strength(it.after) > strength(it.before)
    })
}

/// How strong a category is; 0 is not in scope. What is not ours or not live is in nobody's scope but its owner's.
#[must_use]
pub const fn strength(category: Category) -> u8 {
    match category {
        Category::Cde => 3,
        Category::SecurityImpacting => 2,
        Category::ConnectedTo => 1,
        Category::OutOfScope | Category::ThirdParty | Category::External | Category::NotLive => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rose(before: Option<Category>, after: Option<Category>) -> bool {
        let side = |it: Option<Category>| it.map(|it| (it, None));
        let change = CategoryChange {
            system: "a".into(),
            name: "A".to_owned(),
            before: side(before),
            after: side(after),
            because: Vec::new(),
        };
        rises(vec![change]).count() == 1
    }

    #[test]
    fn a_rise_is_a_step_towards_the_cde() {
        let up = [Category::OutOfScope, Category::ConnectedTo, Category::SecurityImpacting, Category::Cde];
        for pair in up.windows(2) {
            assert!(rose(Some(pair[0]), Some(pair[1])) && !rose(Some(pair[1]), Some(pair[0])), "{pair:?}");
        }
        assert!(rose(Some(Category::NotLive), Some(Category::ConnectedTo)), "what goes live comes into scope");
        assert!(!rose(Some(Category::OutOfScope), Some(Category::ThirdParty)));
    }

    #[test]
    fn a_new_system_is_a_rise_where_it_is_in_scope() {
        assert!(rose(None, Some(Category::ConnectedTo)));
        assert!(!rose(None, Some(Category::OutOfScope)) && !rose(Some(Category::Cde), None));
    }
}
