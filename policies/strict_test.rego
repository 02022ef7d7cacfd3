package bonafide_test

import rego.v1

import data.bonafide

signature := {
	"id": "1",
	"integrity": "valid",
	"digest_algorithm": "sha256",
	"trust": {"status": "trusted", "reason": "r"},
	"time": {"attested": [{"status": "valid"}]},
	"revocation": {"status": "good", "reason": "r"},
}

report(change) := {"subjects": [{"id": "1", "path": "a.exe", "signatures": [object.union(signature, change)], "gaps": [], "error": null}]}

test_a_full_signature_gives_no_reason if {
	count(bonafide.warn_weak_digest) == 0 with input as report({})
	count(bonafide.warn_no_timestamp) == 0 with input as report({})
	count(bonafide.warn_revocation_not_known) == 0 with input as report({})
}

test_each_weakness_has_its_reason if {
	count(bonafide.warn_weak_digest) == 1 with input as report({"digest_algorithm": "sha1"})
	count(bonafide.warn_no_timestamp) == 1 with input as report({"time": {"attested": []}})
	count(bonafide.warn_no_timestamp) == 1 with input as report({"time": {"attested": [{"status": "untrusted"}]}})
	count(bonafide.warn_revocation_not_known) == 1 with input as report({"revocation": {"status": "not_checked", "reason": "r"}})
}

claim(strength) := {
	"claims": {"C1": {"party": "p", "aspect": "place_of_business", "jurisdiction": "RU", "basis": "b", "strength": strength, "evidence": []}},
	"parties": {"p": {"name": "n", "roles": ["signer"]}},
}

test_a_country_of_concern_denies_unless_the_claim_is_weak if {
	count(bonafide.deny_jurisdiction) == 1 with input as claim("high") with data.settings.countries_of_concern as ["RU"]
	count(bonafide.deny_jurisdiction) == 0 with input as claim("low") with data.settings.countries_of_concern as ["RU"]
	count(bonafide.warn_jurisdiction) == 1 with input as claim("low") with data.settings.countries_of_concern as ["RU"]
}

test_gaps_and_stale_data_ask_for_review if {
	count(bonafide.warn_gap) == 1 with input as {"subjects": [{"id": "1", "path": "a", "signatures": [], "gaps": [{"what": "w", "why": "y"}]}]}
	count(bonafide.warn_stale) == 1 with input as {"findings": [{"id": "screening-data-stale", "instance": "i", "message": "m"}]}
}
