package bonafide_test

import rego.v1

import data.bonafide

determination := {
	"instrument": "US-ICTS-KASPERSKY",
	"entry": "Kaspersky Lab, Inc.",
	"tier": "same",
	"applies_via": "affiliate",
	"in_force": "yes",
	"in_force_reason": null,
	"effect": "prohibition",
	"phase": "since 2024-09-29",
	"effective_from": "2024-09-29",
	"decisive": true,
	"evidence": ["E1"],
}

report(at, change) := {
	"run": {"at": at},
	"parties": {"p": {"name": "Kaspersky Lab Switzerland GmbH", "roles": ["signer"], "matches": [object.union(determination, change)]}},
}

ids(rule) := {member.id | some member in rule}

test_the_determination_denies_by_affiliation_too if {
	ids(bonafide.deny_prohibited) == {"prohibition-in-force"} with input as report("2024-10-01T00:00:00Z", {})
}

test_issued_and_not_yet_effective_asks_for_review if {
	change := {"in_force": "no", "in_force_reason": "issued", "effective_from": "2024-07-20"}
	count(bonafide.deny_prohibited) == 0 with input as report("2024-07-01T00:00:00Z", change)
	ids(bonafide.warn_prohibition_coming) == {"prohibition-coming"} with input as report("2024-07-01T00:00:00Z", change)
	count(bonafide.warn_prohibition_coming) == 0 with input as report("2024-12-01T00:00:00Z", change)
}

test_another_instrument_only_asks_for_review if {
	change := {"instrument": "US-BIS-EL", "effect": "export-licence"}
	count(bonafide.deny_prohibited) == 0 with input as report("2026-11-24T00:00:00Z", change)
	ids(bonafide.warn_listed) == {"party-listed"} with input as report("2026-11-24T00:00:00Z", change)
}

test_not_known_whether_in_force_asks_for_review if {
	change := {"instrument": "US-BIS-EL", "in_force": "unknown"}
	ids(bonafide.warn_listing_unknown) == {"listing-unknown"} with input as report("2026-11-24T00:00:00Z", change)
}
