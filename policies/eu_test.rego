package bonafide_test

import rego.v1

import data.bonafide

report(match) := {
	"run": {"at": "2026-11-25T00:00:00Z"},
	"parties": {"p": {"name": "n", "roles": ["signer"], "matches": [object.union(
		{
			"instrument": "EU-FSF",
			"entry": "e",
			"tier": "same",
			"applies_via": "direct",
			"in_force": "yes",
			"in_force_reason": null,
			"effect": "blocking",
			"phase": null,
			"effective_from": "2020-01-01",
			"decisive": true,
			"evidence": [],
		},
		match,
	)]}},
}

test_a_freeze_denies if {
	count(bonafide.deny_prohibited) == 1 with input as report({})
}

test_a_name_that_only_resembles_does_not if {
	count(bonafide.deny_prohibited) == 0 with input as report({"tier": "group", "decisive": false})
	count(bonafide.deny_prohibited) == 0 with input as report({"tier": "review", "decisive": false})
}

test_what_is_not_in_force_does_not if {
	count(bonafide.deny_prohibited) == 0 with input as report({"in_force": "no"})
	count(bonafide.warn_listing_unknown) == 1 with input as report({"in_force": "unknown"})
}

test_lists_of_others_ask_for_review if {
	every instrument in ["UK-SANCTIONS", "UN-SC", "CH-SECO", "US-OFAC-SDN", "DE-BSI-WARNING"] {
		count(bonafide.deny_prohibited) == 0 with input as report({"instrument": instrument})
		count(bonafide.warn_listed) == 1 with input as report({"instrument": instrument})
	}
}

test_without_the_list_nothing_passes_in_silence if {
	count(bonafide.warn_no_list) == 0 with input as {"run": {"lists": ["EU-FSF", "UN-SC"]}}
	every run in [{"lists": []}, {"lists": ["UN-SC"]}, {}] {
		count(bonafide.warn_no_list) == 1 with input as {"run": run}
	}
}

test_a_stale_list_asks_for_review if {
	count(bonafide.warn_stale) == 1 with input as {"findings": [{"id": "screening-data-stale", "instance": "i", "message": "m"}]}
	count(bonafide.warn_stale) == 0 with input as {"findings": [{"id": "screening-clear", "instance": "i", "message": "m"}]}
}
