//! Tables: sorted and paged by the server, through plain links.

use leptos::prelude::*;

use super::link::with_query;

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The name in the query where the table can be sorted by it.
    pub sort: Option<&'static str>,
    /// The words in its head, repeated in front of each value where rows become cards.
    pub label: &'static str,
    /// It holds numbers.
    pub number: bool,
}

impl Column {
    /// A column that can be sorted.
    #[must_use]
    pub const fn sorted(sort: &'static str, label: &'static str) -> Self {
        Self { sort: Some(sort), label, number: false }
    }

    /// A column that cannot be sorted.
    #[must_use]
    pub const fn plain(label: &'static str) -> Self {
        Self { sort: None, label, number: false }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn number(sort: &'static str, label: &'static str) -> Self {
        Self { sort: Some(sort), label, number: true }
    }
}

/// How many rows a page of a list may have.
pub const PAGE_SIZES: [usize; 4] = [25, 50, 100, 200];

/// Which part of a list is asked for, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The path of the page.
    pub path: String,
    /// The filter as typed.
    pub q: String,
    /// The column to sort by; empty is the first.
    pub sort: String,
    /// Largest first.
    pub descending: bool,
    /// The page, from 1.
    pub page: usize,
    /// Rows per page, one of [`PAGE_SIZES`].
    pub size: usize,
    /// The columns asked for, divided by commas; empty for the usual ones.
    pub columns: String,
}

impl Listing {
    /// Reads the query of a list's page. What is not understood is as if it was not there.
    #[must_use]
    pub fn of(path: String, value: impl Fn(&str) -> Option<String>) -> Self {
        let sort = value("sort").unwrap_or_default();
        let (descending, sort) = match sort.strip_prefix('-') {
            Some(column) => (true, column.to_owned()),
            None => (false, sort),
        };
        let number = |name: &str| value(name).and_then(|text| text.parse::<usize>().ok());
        Self {
            path,
            q: value("q").unwrap_or_default(),
            sort,
            descending,
            page: number("page").unwrap_or(1).max(1),
            size: number("size").filter(|size| PAGE_SIZES.contains(size)).unwrap_or(50),
            columns: value("cols").unwrap_or_default(),
        }
    }

    fn url(&self, sort: &str, page: usize, size: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let size = if size == 50 { String::new() } else { size.to_string() };
        let columns = ("cols", self.columns.as_str());
        with_query(&self.path, &[("q", &self.q), ("sort", sort), columns, ("page", &page), ("size", &size)])
    }

    /// The order as the query has it.
    #[must_use]
    pub fn sort_text(&self) -> String {
        if self.descending { format!("-{}", self.sort) } else { self.sort.clone() }
    }

    /// The rows of this page out of all of them.
    pub fn slice<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        let start = (self.page() - 1).min(usize::MAX / self.size).saturating_mul(self.size).min(all.len());
        &all[start..all.len().min(start.saturating_add(self.size))]
    }

    const fn page(&self) -> usize {
        if self.page == 0 { 1 } else { self.page }
    }

    fn head(&self, column: Column, first: bool) -> AnyView {
        let class = column.number.then_some("number");
        let Some(name) = column.sort else {
            return view! { <th scope="col" class=class>{column.label}</th> }.into_any();
        };
        let current = self.sort == name || (first && self.sort.is_empty());
        let state = match (current, self.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        };
        let next = if current && !self.descending { format!("-{name}") } else { name.to_owned() };
        view! {
            <th scope="col" class=class aria-sort=state><a href=self.url(&next, 1, self.size)>{column.label}</a></th>
        }
        .into_any()
    }

    /// The table. The caption is its name for everybody.
    #[must_use]
    pub fn table(&self, id: &'static str, caption: String, columns: &[Column], rows: Vec<AnyView>) -> AnyView {
        let heads: Vec<_> = columns.iter().enumerate().map(|(n, column)| self.head(*column, n == 0)).collect();
        framed(id.to_owned(), caption, "table", heads, rows)
    }

    /// Which rows these are, and links to the others. `total` counts all rows that the filter lets through.
    #[must_use]
    pub fn pagination(&self, total: usize) -> AnyView {
        let pages = total.div_ceil(self.size).max(1);
        let page = self.page().min(pages);
        let first = if total == 0 { 0 } else { (page - 1) * self.size + 1 };
        let last = total.min(page * self.size);
        let sort = self.sort_text();
        let links: Vec<_> = shown_pages(page, pages)
            .into_iter()
            .map(|entry| match entry {
                None => view! { <li><span class="gap">"…"</span></li> }.into_any(),
                Some(number) => {
                    let current = (number == page).then_some("page");
                    view! {
                        <li>
                            <a href=self.url(&sort, number, self.size) aria-current=current>{number.to_string()}</a>
                        </li>
                    }
                    .into_any()
                }
            })
            .collect();
        let sizes: Vec<_> = PAGE_SIZES
            .into_iter()
            .map(|size| {
                let current = (size == self.size).then_some("page");
                view! { <li><a href=self.url(&sort, 1, size) aria-current=current>{size.to_string()}</a></li> }
            })
            .collect();
        view! {
            <div class="pagination">
                <p>{format!("{first} to {last} of {total}")}</p>
                {(pages > 1).then(|| view! { <nav aria-label="Pages"><ul>{links}</ul></nav> })}
                {(total > PAGE_SIZES[0])
                    .then(|| view! {
                        <nav class="cluster" aria-label="Rows per page">
                            <span>"Rows per page"</span>
                            <ul>{sizes}</ul>
                        </nav>
                    })}
            </div>
        }
        .into_any()
    }
}

/// The page numbers to offer: both ends and the neighbours; `None` where some are left out.
fn shown_pages(page: usize, pages: usize) -> Vec<Option<usize>> {
    let mut shown = Vec::new();
    let mut before = 0;
    for number in (1..=pages).filter(|n| *n == 1 || *n == pages || n.abs_diff(page) <= 2) {
        if number != before + 1 {
            shown.push(None);
        }
        shown.push(Some(number));
        before = number;
    }
    shown
}

/// A table of a few rows on a page, without sorting.
#[must_use]
pub fn small(id: impl Into<String>, caption: String, columns: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let heads = columns.iter().map(|label| view! { <th scope="col">{*label}</th> }.into_any()).collect();
    framed(id.into(), caption, "table", heads, rows)
}

/// As [`small`], with a class of its own on the table.
#[must_use]
pub fn classed(
    id: &'static str,
    caption: String,
    class: &'static str,
    columns: &[&'static str],
    rows: Vec<AnyView>,
) -> AnyView {
    let heads = columns.iter().map(|label| view! { <th scope="col">{*label}</th> }.into_any()).collect();
    framed(id.to_owned(), caption, class, heads, rows)
}

fn framed(id: String, caption: String, class: &'static str, heads: Vec<AnyView>, rows: Vec<AnyView>) -> AnyView {
    let labelled = id.clone();
    view! {
        <div class="table-wrap" role="region" aria-labelledby=labelled tabindex="0">
            <table class=class>
                <caption id=id>{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A cell with the words of its column.
#[must_use]
pub fn cell(label: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! { <td data-label=label>{content.into_any()}</td> }.into_any()
}

/// A cell with a number.
#[must_use]
pub fn number(label: &'static str, value: usize) -> AnyView {
    view! { <td class="number" data-label=label>{value.to_string()}</td> }.into_any()
}

/// A number of things in words: `1 flow`, `2 flows`.
#[must_use]
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(query: &[(&str, &str)]) -> Listing {
        Listing::of("/w/shop/systems".to_owned(), |name| {
            query.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_page_beyond_the_end_is_empty_and_never_panics() {
        let rows: Vec<usize> = (0..120).collect();
        assert_eq!(listing(&[("page", "3")]).slice(&rows).len(), 20);
        assert!(listing(&[("page", "18446744073709551615"), ("size", "200")]).slice(&rows).is_empty());
        assert_eq!(listing(&[("page", "0"), ("size", "7")]).slice(&rows).len(), 50);
    }

    #[test]
    fn a_head_sorts_up_then_down_and_says_what_is_in_force() {
        let html = listing(&[("sort", "kind"), ("q", "scope:cde")])
            .table(
                "t",
                "Systems".to_owned(),
                &[Column::sorted("name", "Name"), Column::sorted("kind", "Kind")],
                Vec::new(),
            )
            .to_html();
        let (name, kind) = html.split_once("Name").expect("the first column");
        assert!(name.contains(r#"aria-sort="none""#) && name.contains("?q=scope%3Acde&amp;sort=name"), "{html}");
        assert!(kind.contains(r#"aria-sort="ascending""#) && kind.contains("?q=scope%3Acde&amp;sort=-kind"), "{html}");
    }

    #[test]
    fn pages_far_away_are_left_out_but_never_the_ends() {
        assert_eq!(shown_pages(6, 12), [Some(1), None, Some(4), Some(5), Some(6), Some(7), Some(8), None, Some(12)]);
        assert_eq!(shown_pages(1, 1), [Some(1)]);
    }
}
