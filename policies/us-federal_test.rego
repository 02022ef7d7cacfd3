package bonafide_test

import rego.v1

import data.bonafide

report(instrument, effect) := {
	"run": {"at": "2026-11-24T00:00:00Z"},
	"parties": {"p": {
		"name": "n",
		"roles": ["signer"],
		"matches": [{
			"instrument": instrument,
			"entry": "e",
			"tier": "same",
			"applies_via": "direct",
			"in_force": "yes",
			"in_force_reason": null,
			"effect": effect,
			"phase": null,
			"effective_from": "2020-01-01",
			"decisive": true,
			"evidence": [],
		}],
	}},
}

test_federal_prohibitions_deny if {
	every instrument in ["US-NDAA2018-1634", "US-DHS-BOD-17-01", "US-NDAA2019-889", "US-NDAA2023-5949", "US-FCC-COVERED", "US-ICTS-KASPERSKY"] {
		count(bonafide.deny_prohibited) == 1 with input as report(instrument, "procurement")
	}
}

test_a_designation_denies_only_once_it_has_an_effect if {
	count(bonafide.deny_prohibited) == 0 with input as report("US-DOD-1260H", "designation")
	count(bonafide.warn_listed) == 1 with input as report("US-DOD-1260H", "designation")
	count(bonafide.deny_prohibited) == 1 with input as report("US-DOD-1260H", "procurement")
}

test_lists_that_govern_something_else_ask_for_review if {
	every instrument in ["US-BIS-EL", "US-OFAC-SDN", "DE-BSI-WARNING"] {
		count(bonafide.deny_prohibited) == 0 with input as report(instrument, "blocking")
		count(bonafide.warn_listed) == 1 with input as report(instrument, "blocking")
	}
}
