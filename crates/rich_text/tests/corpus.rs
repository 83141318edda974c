//! Whatever a body contains, its outputs contain only what is known to be harmless.

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/invariants.rs"]
mod invariants;
#[path = "support/people.rs"]
mod people;
#[path = "support/pieces.rs"]
mod pieces;

use invariants::Audience;
use proptest::prelude::*;

#[test]
fn the_hostile_corpus_is_harmless() {
    let cases = corpus::cases();
    assert!(cases.len() >= 300, "only {}", cases.len());
    let problems: Vec<_> = cases
        .iter()
        .filter_map(|case| {
            invariants::check(&case.body).err().map(|problem| format!("{}: {problem}", case.name))
        })
        .collect();
    assert!(
        problems.is_empty(),
        "{} of {}:\n{}",
        problems.len(),
        cases.len(),
        problems.join("\n\n")
    );
}

#[test]
fn the_corpus_shorthands_are_expanded() {
    let cases = corpus::cases();
    let all: String = cases.iter().map(|case| case.body.as_str()).collect();
    assert!(!all.contains("{U+") && !all.contains('×'));
    assert!(all.contains('\0') && all.contains(&"<div>".repeat(3000)));
}

#[test]
fn the_invariants_detect_violations() {
    // Invariants that accept everything would prove nothing.
    for bad in [
        "<script>x</script>",
        "<p onclick=\"x\">y</p>",
        "<a href=\"java&#9;script:x\">y</a>",
        "<p>x<div>y</div></p>",
        "<svg></svg>",
    ] {
        assert!(invariants::harmless(bad, Audience::Readers).is_err(), "{bad}");
    }
    for bad in [
        "<table></table>",
        "<b data-user-id=\"1\">x</b>",
        "<img src=\"data:image/svg+xml,x\">",
        "<b sgid=\"x\">y</b>",
    ] {
        assert!(invariants::harmless(bad, Audience::Programs).is_err(), "{bad}");
    }
    assert_eq!(invariants::harmless("<p>x <b title=\"y\">z</b></p>", Audience::Readers), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bodies_of_hostile_pieces_are_harmless(pieces in prop::collection::vec(prop::sample::select(pieces::PIECES), 0..30)) {
        let body = pieces.concat();
        prop_assert_eq!(invariants::check(&body), Ok(()), "{:?}", body);
    }

    #[test]
    fn arbitrary_characters_are_harmless(body in "[<>/a-c =\"'&;#:\n\r\\PC]{0,60}") {
        prop_assert_eq!(invariants::check(&body), Ok(()), "{:?}", body);
    }
}
