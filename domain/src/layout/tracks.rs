//! Where in a gutter a line runs: interval colouring, then an order of the tracks with few crossings.

/// The part of a line that runs along a gutter.
///
/// `low <= high` are positions along the gutter; `low_side` and `high_side` tell to which side of the gutter the line
/// turns off at either end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) edge: usize,
    pub(super) low: i32,
    pub(super) high: i32,
    pub(super) low_side: Turn,
    pub(super) high_side: Turn,
}

/// To the side of the lower or of the higher tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Lower,
    Higher,
}

/// How far apart two runs on one track must be.
const CLEARANCE: i32 = 8;
/// Sweeps of exchanging neighbouring tracks; they stop earlier when nothing improves.
const EXCHANGES: usize = 12;
/// Gutters with more tracks than this keep the order of the colouring: nobody counts crossings there any more.
const MOST_TRACKS: usize = 64;

/// The track of every run, in the order of the runs, and the number of tracks.
pub(super) fn assign(runs: &[Run]) -> (Vec<usize>, usize) {
    let tracks = colour(runs);
    let order = if tracks.len() > MOST_TRACKS { (0..tracks.len()).collect() } else { untangle(runs, &tracks) };
    let mut of = vec![0; runs.len()];
    for (track, colour) in order.iter().enumerate() {
        for run in &tracks[*colour] {
            of[*run] = track;
        }
    }
    (of, tracks.len())
}

/// Runs that do not meet share a track.
fn colour(runs: &[Run]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|index| (runs[*index].low, runs[*index].high, runs[*index].edge, *index));
    let mut tracks: Vec<Vec<usize>> = Vec::new();
    let mut ends = Ends::new(runs.len());
    for index in order {
        let run = runs[index];
        let track = ends.first_up_to(run.low - CLEARANCE);
        ends.set(track, run.high);
        match tracks.get_mut(track) {
            Some(members) => members.push(index),
            None => tracks.push(vec![index]),
        }
    }
    tracks
}

/// Where the last run of every track ends, as a tree of the earliest ends, so that the first track with room is found
/// without looking at all of them. Tracks nobody has used end before everything.
struct Ends {
    leaves: usize,
    earliest: Vec<i32>,
}

impl Ends {
    fn new(tracks: usize) -> Self {
        let leaves = tracks.max(1).next_power_of_two();
        Self { leaves, earliest: vec![i32::MIN; 2 * leaves] }
    }

    /// The first track whose last run ends there or before. There is one as long as there are no more runs than tracks.
    fn first_up_to(&self, end: i32) -> usize {
        let mut stretch = 1;
        while stretch < self.leaves {
            stretch *= 2;
            if self.earliest[stretch] > end {
                stretch += 1;
            }
        }
        stretch - self.leaves
    }

    fn set(&mut self, track: usize, end: i32) {
        let mut stretch = self.leaves + track;
        self.earliest[stretch] = end;
        while stretch > 1 {
            stretch /= 2;
            self.earliest[stretch] = self.earliest[2 * stretch].min(self.earliest[2 * stretch + 1]);
        }
    }
}

/// Exchanges neighbouring tracks as long as that removes crossings.
fn untangle(runs: &[Run], tracks: &[Vec<usize>]) -> Vec<usize> {
    let count = tracks.len();
    let mut cost = vec![vec![0_i32; count]; count];
    for (one, cost) in cost.iter_mut().enumerate() {
        for (other, cost) in cost.iter_mut().enumerate() {
            if one != other {
                *cost = tracks[one]
                    .iter()
                    .flat_map(|lower| tracks[other].iter().map(move |higher| (lower, higher)))
                    .map(|(lower, higher)| crossings(&runs[*lower], &runs[*higher]))
                    .sum();
            }
        }
    }
    let mut order: Vec<usize> = (0..count).collect();
    for _ in 0..EXCHANGES {
        let mut improved = false;
        // A track may have to pass several others before anything improves, so whole moves are tried.
        for start in 0..count {
            let (mut gain, mut best, mut target) = (0, 0, start);
            for end in start + 1..count {
                gain += cost[order[start]][order[end]] - cost[order[end]][order[start]];
                if gain > best {
                    (best, target) = (gain, end);
                }
            }
            gain = 0;
            for end in (0..start).rev() {
                gain += cost[order[end]][order[start]] - cost[order[start]][order[end]];
                if gain > best {
                    (best, target) = (gain, end);
                }
            }
            if target != start {
                let moved = order.remove(start);
                order.insert(target, moved);
                improved = true;
            }
        }
        if !improved {
            break;
        }
    }
    order
}

/// How often two lines cross when the first has the lower track.
fn crossings(lower: &Run, higher: &Run) -> i32 {
    let ends = |run: &Run| [(run.low, run.low_side), (run.high, run.high_side)];
    let meets = |run: &Run, position: i32| i32::from(run.low <= position && position <= run.high);
    let up: i32 = ends(lower).iter().filter(|end| end.1 == Turn::Higher).map(|end| meets(higher, end.0)).sum();
    let down: i32 = ends(higher).iter().filter(|end| end.1 == Turn::Lower).map(|end| meets(lower, end.0)).sum();
    up + down
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(low: i32, high: i32, low_side: Turn, high_side: Turn) -> Run {
        Run { edge: 0, low, high, low_side, high_side }
    }

    #[test]
    fn runs_that_do_not_meet_share_a_track() {
        let runs = [
            run(0, 40, Turn::Lower, Turn::Higher),
            run(60, 90, Turn::Lower, Turn::Higher),
            run(30, 70, Turn::Lower, Turn::Higher),
        ];
        let (tracks, count) = assign(&runs);
        assert_eq!(count, 2);
        assert_eq!(tracks[0], tracks[1]);
        assert_ne!(tracks[0], tracks[2]);
    }

    #[test]
    fn lines_that_can_avoid_each_other_do() {
        // Both come from the left and leave to the right further down; the lower one has to take the left track.
        let runs = [run(0, 100, Turn::Lower, Turn::Higher), run(10, 110, Turn::Lower, Turn::Higher)];
        let (tracks, _) = assign(&runs);
        assert!(tracks[1] < tracks[0]);
    }
}
