//! Inputs that nobody wrote by hand, for parsers that read what strangers send.
//!
//! Without an environment a target runs a fixed number of inputs, the same in every run. `FUZZ_SECONDS=10` runs each
//! target for so long instead, from inputs that `FUZZ_SEED` decides, so that `make fuzz` sees new ones every time.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use server::clock::instant;

/// How long one input may take. An unoptimised build on a busy machine reads 64 KiB well within this; what grows with
/// the square of its input does not.
const MOST: Duration = Duration::from_secs(30);

/// The longest input, in bytes.
const LONGEST: usize = 64 * 1024;

/// Random numbers that a seed decides: SplitMix64.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The numbers of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below the bound; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(mixed % bound).expect("it is below a number that is a usize")
    }

    /// One of the list.
    ///
    /// # Panics
    /// The list is empty.
    pub fn one<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}

/// What a target is fed with: whole inputs that are understood, and pieces that readers of this kind stumble over.
pub struct Corpus<'a> {
    /// Inputs that are understood.
    pub seeds: &'a [&'a [u8]],
    /// Words of the syntax.
    pub pieces: &'a [&'a str],
}

/// Pieces that every reader of text may stumble over.
const HOSTILE: [&str; 26] = [
    "\0",
    "\u{1b}[31m",
    "\r\n",
    "\n",
    "\t",
    "\u{feff}",
    "\u{85}",
    "\u{202e}",
    "\u{fffd}",
    "💳",
    "é",
    "e\u{301}",
    "'\"><script>alert(1)</script>",
    "</textarea>",
    "]]>",
    "<!--",
    "{{7*7}}",
    "=1+1",
    "%00",
    "%C0%AF",
    "../",
    "//",
    "\\",
    "18446744073709551616",
    "-1",
    "4111111111111111",
];

impl Corpus<'_> {
    /// One input: mostly a seed with a few changes, sometimes only pieces, sometimes only bytes.
    pub fn draw(&self, dice: &mut Dice) -> Vec<u8> {
        let mut input = match dice.below(10) {
            0 => (0..dice.below(300)).map(|_| byte(dice)).collect(),
            1 | 2 => (0..dice.below(40)).flat_map(|_| self.piece(dice).bytes().collect::<Vec<_>>()).collect(),
            _ if self.seeds.is_empty() => Vec::new(),
            _ => dice.one(self.seeds).to_vec(),
        };
        for _ in 0..dice.below(5) {
            self.change(&mut input, dice);
        }
        input.truncate(LONGEST);
        input
    }

    fn piece(&self, dice: &mut Dice) -> &str {
        let all = self.pieces.len() + HOSTILE.len();
        let at = dice.below(all);
        self.pieces.get(at).copied().unwrap_or_else(|| HOSTILE[at - self.pieces.len()])
    }

    fn change(&self, input: &mut Vec<u8>, dice: &mut Dice) {
        let at = dice.below(input.len() + 1);
        // Mostly short, so that the rest keeps its meaning.
        let reach = if dice.below(8) == 0 { input.len() } else { 40 };
        let end = (at + dice.below(reach + 1)).min(input.len());
        match dice.below(6) {
            0 if at < input.len() => input[at] ^= 1 << dice.below(8),
            1 => drop(input.drain(at..end)),
            2 => {
                let copy = input[at..end].to_vec();
                let times = if dice.below(20) == 0 { 200 } else { 1 };
                input.splice(end..end, copy.repeat(times));
            }
            3 if at < input.len() => input[at] = byte(dice),
            4 if !self.seeds.is_empty() => {
                // Two inputs that are understood, joined where neither expects it.
                let other = dice.one(self.seeds);
                let from = dice.below(other.len() + 1);
                input.splice(at..end, other[from..].iter().copied());
            }
            _ => {
                let piece = self.piece(dice).to_owned();
                input.splice(at..end, piece.bytes());
            }
        }
    }
}

fn byte(dice: &mut Dice) -> u8 {
    u8::try_from(dice.below(256)).expect("it is below 256")
}

/// Feeds a target: so many inputs, or for `FUZZ_SECONDS`. What makes it panic is printed as it would be written in a test.
///
/// # Panics
/// As the target does, or where one input takes longer than half a minute.
pub fn fuzz(cases: u64, corpus: &Corpus<'_>, mut target: impl FnMut(&[u8])) {
    let (begins, begun) = mpsc::channel();
    std::thread::spawn(move || watch(&begun));
    let mut run = |input: &[u8]| {
        begins.send(input.to_vec()).expect("the watcher waits for the next input");
        let begun = instant();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
            eprintln!("the input was b\"{}\"", input.escape_ascii());
            resume_unwind(panic);
        }
        let took = begun.elapsed();
        assert!(took < MOST, "{took:?} for {} bytes: b\"{}\"", input.len(), input.escape_ascii());
    };
    for seed in corpus.seeds {
        run(seed);
    }
    let seed = number("FUZZ_SEED").unwrap_or(20_260_301);
    let mut dice = Dice::new(seed);
    match number("FUZZ_SECONDS") {
        None => (0..cases).for_each(|_| run(&corpus.draw(&mut dice))),
        Some(seconds) => {
            let begun = instant();
            let mut inputs = 0_u64;
            while begun.elapsed() < Duration::from_secs(seconds) {
                run(&corpus.draw(&mut dice));
                inputs += 1;
            }
            eprintln!("{inputs} inputs in {seconds} s, FUZZ_SEED={seed}");
        }
    }
}

/// Ends the process when an input takes twice as long as one may: what never returns cannot be told otherwise, and would
/// hold up everything that waits for the tests.
fn watch(begun: &Receiver<Vec<u8>>) {
    let mut input = Vec::new();
    loop {
        match begun.recv_timeout(MOST * 2) {
            Ok(next) => input = next,
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                eprintln!("this input has no end: b\"{}\"", input.escape_ascii());
                std::process::abort();
            }
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
