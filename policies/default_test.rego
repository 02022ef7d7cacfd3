package bonafide_test

import rego.v1

import data.bonafide

signature := {
	"id": "1",
	"integrity": "valid",
	"integrity_reason": null,
	"integrity_reasons": [],
	"trust": {"status": "trusted", "reason": "a path holds"},
	"revocation": {"status": "good", "reason": "fresh"},
}

subject := {"id": "1", "parent": null, "path": "a.exe", "signing": "expected", "signatures": [signature], "error": null}

inner := object.union(subject, {"id": "1.1", "parent": "1", "path": "a.zip!/a.dll"})

ids(rule) := {member.id | some member in rule}

test_a_trusted_signature_gives_no_reason if {
	report := {"subjects": [subject], "parties": {}, "claims": {}, "findings": []}
	count(bonafide.deny_signature_missing) == 0 with input as report
	count(bonafide.deny_signature_invalid) == 0 with input as report
	count(bonafide.warn_not_trusted) == 0 with input as report
}

test_no_signature_denies if {
	report := {"subjects": [object.union(subject, {"signatures": []})]}
	ids(bonafide.deny_signature_missing) == {"signature-missing"} with input as report
}

test_an_archive_without_a_signature_gives_no_reason if {
	report := {"subjects": [object.union(subject, {"signatures": [], "signing": "none"})]}
	count(bonafide.deny_signature_missing) == 0 with input as report
}

test_an_unsigned_member_counts_where_it_runs_and_as_much_as_settings_say if {
	report := {"subjects": [object.union(inner, {"signatures": []})]}
	count(bonafide.deny_signature_missing) == 0 with input as report
	ids(bonafide.warn_member_unsigned) == {"member-unsigned"} with input as report
	ids(bonafide.deny_member_unsigned) == {"member-unsigned"} with input as report with data.settings.unsigned_members as "deny"
	count(bonafide.warn_member_unsigned) == 0 with input as report with data.settings.unsigned_members as "ignore"
	script := {"subjects": [object.union(inner, {"signatures": [], "signing": "optional"})]}
	count(bonafide.warn_member_unsigned) == 0 with input as script
}

test_a_malformed_member_asks_for_review_and_the_subject_itself_is_denied if {
	broken := {"error": {"kind": "malformed", "message": "m"}, "signatures": []}
	report := {"subjects": [object.union(inner, broken)]}
	count(bonafide.deny_malformed) == 0 with input as report
	ids(bonafide.warn_not_examined) == {"subject-not-examined"} with input as report
	ids(bonafide.deny_malformed) == {"subject-malformed"} with input as report with data.settings.malformed_members as "deny"
	count(bonafide.warn_not_examined) == 0 with input as report with data.settings.malformed_members as "deny"
	outer := {"subjects": [object.union(subject, broken)]}
	ids(bonafide.deny_malformed) == {"subject-malformed"} with input as outer
	count(bonafide.warn_not_examined) == 0 with input as outer
}

test_an_unreadable_file_is_not_called_unsigned if {
	report := {"subjects": [object.union(subject, {"signatures": [], "error": {"kind": "unreadable", "message": "m"}})]}
	count(bonafide.deny_signature_missing) == 0 with input as report
	ids(bonafide.warn_not_examined) == {"subject-not-examined"} with input as report
}

test_a_good_signature_never_hides_a_bad_one if {
	bad := object.union(signature, {"id": "1.1", "integrity": "invalid", "integrity_reasons": ["digest-mismatch"]})
	report := {"subjects": [object.union(subject, {"signatures": [signature, bad]})]}
	ids(bonafide.deny_signature_invalid) == {"one-signature-invalid"} with input as report
}

test_distrust_and_revocation_deny if {
	distrusted := object.union(signature, {"trust": {"status": "distrusted", "reason": "r"}})
	revoked := object.union(signature, {"revocation": {"status": "revoked", "reason": "r"}})
	ids(bonafide.deny_distrusted) == {"signer-distrusted"} with input as {"subjects": [object.union(subject, {"signatures": [distrusted]})]}
	ids(bonafide.deny_revoked) == {"certificate-revoked"} with input as {"subjects": [object.union(subject, {"signatures": [revoked]})]}
}

match(instrument, force) := {
	"instrument": instrument,
	"entry": "AO Example",
	"tier": "same",
	"applies_via": "direct",
	"in_force": force,
	"in_force_reason": null,
	"effect": "prohibition",
	"phase": null,
	"decisive": true,
	"evidence": ["E1"],
}

party(m) := {"p": {"name": "AO Example", "roles": ["signer"], "matches": [m]}}

test_a_listing_asks_for_review_and_denies_only_where_settings_say_so if {
	report := {"parties": party(match("X", "yes"))}
	ids(bonafide.warn_listed) == {"party-listed"} with input as report
	count(bonafide.deny_prohibited) == 0 with input as report
	ids(bonafide.deny_prohibited) == {"prohibition-in-force"} with input as report with data.settings.prohibiting_instruments as ["X"]
	count(bonafide.warn_listed) == 0 with input as report with data.settings.prohibiting_instruments as ["X"]
}

test_an_unverified_or_uncertain_match_gives_no_reason if {
	every change in [{"decisive": false}, {"tier": "group"}, {"applies_via": "none"}] {
		report := {"parties": party(object.union(match("X", "yes"), change))}
		count(bonafide.warn_listed) == 0 with input as report
	}
}

test_not_in_force_gives_no_reason_and_unknown_asks_for_review if {
	count(bonafide.warn_listed) == 0 with input as {"parties": party(match("X", "no"))}
	ids(bonafide.warn_listing_unknown) == {"listing-unknown"} with input as {"parties": party(match("X", "unknown"))}
}

test_a_prohibition_on_the_timestamp_operator_does_not_deny if {
	operator := {"p": object.union(party(match("X", "yes")).p, {"roles": ["timestamp_authority"]})}
	count(bonafide.deny_prohibited) == 0 with input as {"parties": operator} with data.settings.prohibiting_instruments as ["X"]
	ids(bonafide.warn_listed) == {"party-listed"} with input as {"parties": operator} with data.settings.prohibiting_instruments as ["X"]
}

claim(aspect) := {"party": "p", "aspect": aspect, "jurisdiction": "RU", "basis": "b", "strength": "high", "evidence": []}

test_jurisdiction_counts_by_aspect_and_only_of_signers if {
	signer := {"claims": {"C1": claim("incorporation")}, "parties": {"p": {"name": "n", "roles": ["signer"]}}}
	ids(bonafide.warn_jurisdiction) == {"signer-in-country-of-concern"} with input as signer with data.settings.countries_of_concern as ["RU"]
	authority := {"claims": {"C1": claim("incorporation")}, "parties": {"p": {"name": "n", "roles": ["certificate_authority"]}}}
	count(bonafide.warn_jurisdiction) == 0 with input as authority with data.settings.countries_of_concern as ["RU"]
}

test_a_network_holder_is_no_seat if {
	report := {"claims": {"C1": claim("network_holder")}, "parties": {"p": {"name": "n", "roles": ["signer"]}}}
	count(bonafide.warn_jurisdiction) == 0 with input as report with data.settings.countries_of_concern as ["RU"]
}

test_named_signers_exclude_all_others if {
	sig := {"id": "1", "integrity": "valid", "signer": "p", "chain": ["c1"]}
	report := {
		"subjects": [{"id": "1", "signatures": [sig]}],
		"parties": {"p": {"name": "Evil Ltd", "roles": ["signer"], "matches": []}},
	}
	ids(bonafide.deny_signer_not_allowed) == {"signer-not-allowed"} with input as report with data.allow.signers as ["Good Ltd"]
	count(bonafide.deny_signer_not_allowed) == 0 with input as report with data.allow.signers as ["Evil Ltd"]
	count(bonafide.deny_signer_not_allowed) == 0 with input as report with data.allow.signers as ["c1"]
	count(bonafide.deny_signer_not_allowed) == 0 with input as report with data.allow.signers as []
}

test_a_name_that_nobody_vouched_for_is_not_the_allowed_signer if {
	sig := {"id": "1", "integrity": "unverifiable", "signer": "p", "chain": ["c1"]}
	report := {
		"subjects": [{"id": "1", "signatures": [sig]}],
		"parties": {"p": {"name": "Good Ltd", "roles": ["claimed_signer"], "matches": []}},
	}
	ids(bonafide.deny_signer_not_allowed) == {"signer-not-allowed"} with input as report with data.allow.signers as ["Good Ltd"]
}

test_small_findings_pass_and_failed_ones_deny if {
	finding := {"id": "f", "instance": "i", "message": "m", "subject": "1", "signature": null, "dimension": "integrity", "severity": "low", "status": "review", "evidence": []}
	count(bonafide.warn_finding) == 0 with input as {"findings": [finding]}
	ids(bonafide.warn_finding) == {"f"} with input as {"findings": [object.union(finding, {"severity": "medium"})]}
	ids(bonafide.deny_finding) == {"f"} with input as {"findings": [object.union(finding, {"status": "fail"})]}
}

test_a_list_that_was_not_screened_asks_for_review if {
	finding := {"id": "list-not-screened", "instance": "i", "message": "m", "subject": "1", "signature": null, "dimension": "instruments", "severity": "medium", "status": "unknown", "evidence": []}
	ids(bonafide.warn_not_screened) == {"list-not-screened"} with input as {"findings": [finding]}
	count(bonafide.warn_not_screened) == 0 with input as {"findings": [object.union(finding, {"id": "screening-clear"})]}
}

channel_report(status, severity) := {
	"subjects": [{"id": "1", "parent": null, "path": "c", "signing": "none", "signatures": [], "error": null}],
	"channel": {"checks": [{"id": "A1", "status": status, "severity": severity, "finding": "metadata-unsigned"}]},
	"findings": [{"id": "metadata-unsigned", "instance": "i", "status": "fail", "severity": "critical", "dimension": "channel", "message": "m", "subject": "1", "evidence": []}],
}

test_a_critical_check_of_a_channel_denies_and_a_lesser_one_asks_for_review if {
	ids(bonafide.deny_channel) == {"metadata-unsigned"} with input as channel_report("fail", "critical")
	count(bonafide.deny_channel) == 0 with input as channel_report("fail", "medium")
	count(bonafide.deny_channel) == 0 with input as channel_report("unknown", "critical")
	ids(bonafide.warn_finding) == {"metadata-unsigned"} with input as channel_report("fail", "medium")
}

test_what_its_own_client_refuses_is_denied if {
	refused := {"id": "channel-client-refuses", "instance": "i", "status": "fail", "severity": "high", "dimension": "channel", "message": "m", "subject": "1", "evidence": []}
	ids(bonafide.deny_channel_refused) == {"channel-client-refuses"} with input as {"findings": [refused]}
	count(bonafide.deny_channel_refused) == 0 with input as {"findings": [object.union(refused, {"status": "pass"})]}
}
