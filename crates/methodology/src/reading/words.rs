//! Which words may stand in a pack?

use crate::{Against, Compare, Measure, Truth};

pub(super) const MEASURES: [(&str, Measure); 4] = [
    ("failed_share", Measure::FailedShare),
    ("good_share", Measure::GoodShare),
    ("mean_mark", Measure::MeanMark),
    ("mean_score", Measure::MeanScore),
];

pub(super) const COMPARES: [(&str, Compare); 4] = [
    ("at_least", Compare::AtLeast),
    ("more", Compare::More),
    ("at_most", Compare::AtMost),
    ("less", Compare::Less),
];

pub(super) const AGAINST: [(&str, Against); 3] =
    [("municipality", Against::Municipality), ("region", Against::Region), ("everyone", Against::Everyone)];

pub(super) const TRUTHS: [(&str, Truth); 3] =
    [("yes", Truth::Yes), ("no", Truth::No), ("unknown", Truth::Unknown)];
