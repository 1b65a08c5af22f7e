//! The page with the figures.

use std::fmt;

use crate::machine;
use crate::sample::{MapSample, Sample};

/// Everything that is on the page.
pub struct Page<'a> {
    /// From the smallest estate to the largest.
    pub samples: &'a [Sample],
    /// The maps, from the smallest to the largest.
    pub maps: &'a [MapSample],
    /// What the browser measured, as rows of a table.
    pub browser: Option<&'a str>,
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let load = machine::load().map(|load| format!(", load {load} at the end")).unwrap_or_default();
        writeln!(out, "# Performance\n")?;
        writeln!(out, "Written by `make bench`; `cargo bench -p bench` has the same timings with their spread.\n")?;
        writeln!(
            out,
            "Machine: {}, {} cores{load}; {}.\n",
            machine::processor(),
            machine::cores(),
            machine::compiler()
        )?;
        out.write_str(ESTATE)?;
        self.scope(out)?;
        self.others(out)?;
        self.layout(out)?;
        self.in_the_browser(out)
    }
}

const ESTATE: &str = "\
The estates are made from a seed (`bench/src/estate.rs`): network segments, hubs that carry a fifth of all traffic, retry
queues, credentials that several systems share, and three fields on every flow. Times are medians. Memory is the largest
resident memory of the process while it computes, the model included.

The yardstick is a bare breadth-first search by petgraph that sees every node and every edge of the same graph once,
timed in the same process, before and after the engine. The graph for it is ready-made: numbers, no keys, nothing on
its nodes and edges. The engine starts from the model, as it is in memory after reading: keys are texts, and everything
that people say about a system or a flow is there.

";

impl Page<'_> {
    fn scope(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "## Scope of a whole model\n")?;
        writeln!(
            out,
            "Every category, witness and reason, from nothing; the ways of the data are asked for afterwards.\n"
        )?;
        writeln!(out, "| Systems | Flows | In scope | Bare search | Scope | Fastest | Ratio | Memory | Wanted |")?;
        writeln!(out, "|---:|---:|---:|---:|---:|---:|---:|---:|---|")?;
        for it in self.samples {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} | {:.1} | {} | {} |",
                grouped(it.systems),
                grouped(it.flows),
                grouped(it.in_scope),
                time(it.search),
                time(it.scope),
                time(it.scope_fastest),
                ratio(it.scope, it.search),
                memory(it.memory),
                wanted(it.flows),
            )?;
        }
        if let [.., middle, large] = self.samples {
            writeln!(
                out,
                "\nFrom {} to {} flows the scope takes {:.1} times as long, the bare search {:.1} times.\n",
                grouped(middle.flows),
                grouped(large.flows),
                ratio(large.scope, middle.scope),
                ratio(large.search, middle.search),
            )?;
        }
        Ok(())
    }

    fn others(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "## The other questions\n")?;
        writeln!(out, "| Question |{}", columns(self.samples, |it| format!(" {} flows |", grouped(it.flows))))?;
        writeln!(out, "|---|{}", columns(self.samples, |_| "---:|".to_owned()))?;
        let mut row = |what: &str, cell: fn(&Sample) -> Option<u64>| {
            let cell = |it: &Sample| cell(it).map_or_else(|| " |".to_owned(), |it| format!(" {} |", time(it)));
            writeln!(out, "| {what} |{}", columns(self.samples, cell))
        };
        row("Scope of the model as read from its own file", |it| it.scope_of_file)?;
        row("The ways of the data to all systems whose verdict rests on data", |it| Some(it.ways))?;
        row("Making the bare graph from the model, and searching it", |it| Some(it.graph_and_search))?;
        row("Blast radius of one system, from the model", |it| Some(it.blast))?;
        row("Blast radius of one system, where others were asked before", |it| Some(it.blast_prepared))?;
        row("The proof of one verdict in sentences", |it| Some(it.explain))?;
        row("All rules of findings on every subject, and the list of what they find", |it| it.rules)?;
        row("The same list after one edit of a flow", |it| it.rules_after_edit)?;
        let controlled = columns(self.samples, |it| format!(" {},", grouped(it.controlled)));
        writeln!(
            out,
            "\nThe blast radius starts at that system of thirty which gains control over most others:{} by size. A \
             blast radius from the model is wanted under 100 ms at 100,000 flows. All rules are wanted under 1 s there; \
             they find{} by size.\n",
            controlled,
            columns(self.samples, |it| it.findings.map(|it| format!(" {},", grouped(it))).unwrap_or_default())
        )
    }

    fn layout(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "## The map\n\nLayout and routing of everything, nothing collapsed.\n")?;
        writeln!(out, "| Systems | Flows | Layout and routing | Fastest | Wanted |\n|---:|---:|---:|---:|---|")?;
        for it in self.maps {
            let wanted = if it.flows <= 600 { "10 ms" } else { "150 ms" };
            let (systems, flows) = (grouped(it.systems), grouped(it.flows));
            writeln!(out, "| {systems} | {flows} | {} | {} | {wanted} |", time(it.layout), time(it.layout_fastest))?;
        }
        writeln!(out)
    }

    fn in_the_browser(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "## In the browser\n")?;
        match self.browser {
            Some(rows) if !rows.is_empty() => writeln!(
                out,
                "The same code as WebAssembly, built for size like the product's islands. Wanted is less than 15 ms for \
                 300 systems.\n\n| Browser | Systems | Flows | Bare search | Scope | Fastest | Ratio |\n\
                 |---|---:|---:|---:|---:|---:|---:|\n{rows}"
            ),
            _ => writeln!(out, "Not measured: there was no Chromium."),
        }
    }
}

fn columns(samples: &[Sample], cell: impl Fn(&Sample) -> String) -> String {
    samples.iter().map(cell).collect()
}

const fn wanted(flows: u64) -> &'static str {
    match flows {
        0..=3_000 => "2 ms",
        3_001..=100_000 => "50 ms, ratio 12",
        _ => "2 s, 2 GiB",
    }
}

#[expect(clippy::cast_precision_loss, reason = "no time that anybody waits for has 2^53 nanoseconds")]
fn ratio(one: u64, other: u64) -> f64 {
    one as f64 / other.max(1) as f64
}

/// Nanoseconds as milliseconds with three significant places.
fn time(nanoseconds: u64) -> String {
    let milliseconds = ratio(nanoseconds, 1_000_000);
    let places = if milliseconds < 1.0 {
        3
    } else if milliseconds < 10.0 {
        2
    } else {
        usize::from(milliseconds < 100.0)
    };
    format!("{milliseconds:.places$} ms")
}

fn memory(kib: Option<u64>) -> String {
    kib.map_or_else(|| "unknown".to_owned(), |kib| format!("{:.0} MiB", ratio(kib, 1024)))
}

/// A number with a comma after every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_like_numbers() {
        assert_eq!([grouped(7), grouped(1_000), grouped(1_234_567)], ["7", "1,000", "1,234,567"]);
        assert_eq!([time(812_345), time(2_345_678), time(45_678_901)], ["0.812 ms", "2.35 ms", "45.7 ms"]);
        assert_eq!(time(1_234_567_890), "1235 ms");
    }

    #[test]
    fn the_page_compares_the_growth_of_scope_and_search() {
        let sample = |flows: u64, search: u64, scope: u64| Sample {
            systems: 10,
            flows,
            in_scope: 5,
            search,
            graph_and_search: search,
            scope,
            scope_fastest: scope,
            scope_of_file: None,
            ways: 1,
            blast: 1,
            blast_prepared: 1,
            controlled: 1,
            explain: 1,
            rules: None,
            rules_after_edit: None,
            findings: None,
            memory: Some(2048),
        };
        let samples = [sample(100_000, 1_000_000, 20_000_000), sample(1_000_000, 30_000_000, 300_000_000)];
        let page = Page { samples: &samples, maps: &[], browser: None }.to_string();
        assert!(
            page.contains("From 100,000 to 1,000,000 flows the scope takes 15.0 times as long, the bare search 30.0")
        );
        assert!(page.contains("| 10 | 100,000 | 5 | 1.00 ms | 20.0 ms | 20.0 ms | 20.0 | 2 MiB | 50 ms, ratio 12 |"));
        assert!(page.contains("Not measured"));
    }
}
