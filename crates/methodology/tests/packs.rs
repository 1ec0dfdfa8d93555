//! Do the committed packs read, and do their worked examples come out?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod committed;

#[test]
fn every_committed_pack_reads_and_its_examples_come_out() {
    for id in committed::IDS {
        let pack = committed::pack(id);
        assert!(pack.examples().len() >= 2, "{id} has worked examples");
    }
}
