# METADATA
# title: default
# description: Integrity and trust decide; jurisdiction and listings ask for review.
# custom:
#   version: 1
package bonafide

import rego.v1

# ---- Integrity: is the file what was signed. ----

# Neither true, false nor null counts as an error here: only an object with a kind does.
failed(subject) if subject.error.kind

# A member of a container, not what the user named.
is_member(subject) if is_string(subject.parent)

deny_malformed contains {"id": "subject-malformed", "msg": msg, "subject": s.id} if {
	some s in input.subjects
	s.error.kind == "malformed"
	denies_malformed(s)
	msg := sprintf("%s: %s", [s.path, s.error.message])
}

warn_not_examined contains {"id": "subject-not-examined", "msg": msg, "subject": s.id} if {
	some s in input.subjects
	failed(s)
	not denied_malformed(s)
	not ignored_malformed(s)
	msg := sprintf("%s: %s", [s.path, s.error.message])
}

# Packages carry broken files on purpose, as test data do; what the user named must not be broken.
denies_malformed(subject) if not is_member(subject)

denies_malformed(subject) if {
	is_member(subject)
	data.settings.malformed_members == "deny"
}

denied_malformed(subject) if {
	subject.error.kind == "malformed"
	denies_malformed(subject)
}

ignored_malformed(subject) if {
	is_member(subject)
	subject.error.kind == "malformed"
	data.settings.malformed_members == "ignore"
}

# ---- Is there a signature where one belongs. ----

unsigned(subject) if {
	not failed(subject)
	count(subject.signatures) == 0
}

# Archives are not signed by convention; what is inside them is.
deny_signature_missing contains {"id": "signature-missing", "msg": msg, "subject": s.id} if {
	some s in input.subjects
	unsigned(s)
	not is_member(s)
	s.signing != "none"
	msg := sprintf("%s carries no signature", [s.path])
}

# Inside something else only what runs, and settings say how much it counts: "review", "deny" or "ignore".
unsigned_executable(subject) if {
	is_member(subject)
	unsigned(subject)
	subject.signing == "expected"
}

deny_member_unsigned contains {"id": "member-unsigned", "msg": msg, "subject": s.id} if {
	data.settings.unsigned_members == "deny"
	some s in input.subjects
	unsigned_executable(s)
	msg := sprintf("%s runs and carries no signature", [s.path])
}

warn_member_unsigned contains {"id": "member-unsigned", "msg": msg, "subject": s.id} if {
	data.settings.unsigned_members == "review"
	some s in input.subjects
	unsigned_executable(s)
	msg := sprintf("%s runs and carries no signature", [s.path])
}

has_valid(subject) if {
	some sig in subject.signatures
	sig.integrity == "valid"
}

deny_signature_invalid contains {"id": id, "msg": msg, "subject": s.id, "signature": sig.id} if {
	some s in input.subjects
	some sig in s.signatures
	sig.integrity == "invalid"
	id := invalid_id(s)
	msg := sprintf("%ssignature %s does not hold: %s", [inside(s), sig.id, concat(", ", sig.integrity_reasons)])
}

# Says of a member where it is; the subject itself needs no name.
inside(subject) := sprintf("%s: ", [subject.path]) if is_member(subject)

inside(subject) := "" if not is_member(subject)

# A good signature never hides a bad one; the two cases have two names because only the second is a plain forgery.
invalid_id(subject) := "one-signature-invalid" if has_valid(subject)

invalid_id(subject) := "signature-invalid" if not has_valid(subject)

warn_signature_unverifiable contains {"id": "signature-unverifiable", "msg": msg, "subject": s.id, "signature": sig.id} if {
	some s in input.subjects
	some sig in s.signatures
	sig.integrity == "unverifiable"
	msg := sprintf("signature %s cannot be computed with: %v", [sig.id, sig.integrity_reason])
}

# ---- Trust: does the chain carry it, at the time that counts. ----

deny_distrusted contains {"id": "signer-distrusted", "msg": msg, "subject": s.id, "signature": sig.id} if {
	some s in input.subjects
	some sig in s.signatures
	sig.trust.status == "distrusted"
	msg := sprintf("signature %s: %s", [sig.id, sig.trust.reason])
}

deny_revoked contains {"id": "certificate-revoked", "msg": msg, "subject": s.id, "signature": sig.id} if {
	some s in input.subjects
	some sig in s.signatures
	revoked(sig)
	msg := sprintf("signature %s: %s", [sig.id, sig.trust.reason])
}

revoked(signature) if signature.trust.status == "revoked"

revoked(signature) if signature.revocation.status == "revoked"

# Of an invalid signature the chain says nothing more.
warn_not_trusted contains {"id": id, "msg": msg, "subject": s.id, "signature": sig.id} if {
	some s in input.subjects
	some sig in s.signatures
	sig.integrity != "invalid"
	id := {
		"untrusted": "signer-not-trusted",
		"expired": "signature-expired",
		"unknown": "trust-unknown",
		"not_checked": "trust-not-checked",
	}[sig.trust.status]
	msg := sprintf("signature %s: %s", [sig.id, sig.trust.reason])
}

# ---- Findings about the bytes and the signer. ----

invalid_signatures contains [s.id, sig.id] if {
	some s in input.subjects
	some sig in s.signatures
	sig.integrity == "invalid"
}

about_invalid(finding) if [finding.subject, finding.signature] in invalid_signatures

# These have rules of their own above.
has_own_rule := {"signature-missing"}

deny_finding contains {"id": f.id, "msg": f.message, "subject": f.subject, "finding": f.instance, "evidence": f.evidence} if {
	some f in input.findings
	f.status == "fail"
	f.dimension == "integrity"
	not f.id in has_own_rule
	not about_invalid(f)
}

warn_finding contains {"id": f.id, "msg": f.message, "subject": f.subject, "finding": f.instance, "evidence": f.evidence} if {
	some f in input.findings
	f.status != "pass"
	f.dimension in {"integrity", "identity", "channel"}
	f.severity in {"medium", "high", "critical"}
	not f.id in has_own_rule
	not about_invalid(f)
}

# ---- Update channels: what no path vouches for, what went back, and what its own client refuses. ----

# A check may be worse or better than its finding's usual severity, so the check decides.
deny_channel contains {"id": f.id, "msg": f.message, "subject": f.subject, "finding": f.instance, "evidence": f.evidence} if {
	some c in input.channel.checks
	c.status == "fail"
	c.severity == "critical"
	some f in input.findings
	f.id == c.finding
	f.status == "fail"
}

deny_channel_refused contains {"id": f.id, "msg": f.message, "subject": f.subject, "finding": f.instance, "evidence": f.evidence} if {
	some f in input.findings
	f.id == "channel-client-refuses"
	f.status == "fail"
}

# ---- Allow-list: where signers are named, nobody else signs. ----

# Every signature on its own, also one that nobody vouched for; an invalid one is denied already.
deny_signer_not_allowed contains {"id": "signer-not-allowed", "msg": msg, "subject": s.id, "signature": sig.id} if {
	count(data.allow.signers) > 0
	some s in input.subjects
	some sig in s.signatures
	sig.integrity != "invalid"
	not of_allowed_signer(sig)
	msg := sprintf("signature %s is of nobody among the allowed signers", [sig.id])
}

signs(party) if {
	some role in party.roles
	role in {"signer", "co_signer"}
}

# By certificate, by the vendor registry, or by the name of the certificate, the surest first; a name counts only where an
# authority vouched for it.
of_allowed_signer(sig) if sig.chain[0] in data.allow.signers

of_allowed_signer(sig) if {
	party := input.parties[sig.signer]
	signs(party)
	party.vendor.tier == "same"
	party.vendor.slug in data.allow.signers
}

of_allowed_signer(sig) if {
	party := input.parties[sig.signer]
	signs(party)
	party.name in data.allow.signers
}

# ---- Instruments: named or reached, as cited facts say, at the judgement time. ----

# Instruments whose prohibition denies. None of its own: policies that extend this one add to them, and so may settings.
prohibiting contains id if some id in data.settings.prohibiting_instruments

# A designation or a warning prohibits nothing, whatever its instrument may do on another day.
prohibits(match) if {
	match.instrument in prohibiting
	not match.effect in {"designation", "warning"}
}

# The party is surely the one meant, every fact is cited, and the instrument reaches it.
reaches(match) if {
	match.decisive == true
	match.tier == "same"
	match.applies_via in {"direct", "affiliate"}
}

denied(party, match) if {
	signs(party)
	prohibits(match)
	match.in_force == "yes"
}

deny_prohibited contains {"id": "prohibition-in-force", "msg": msg, "party": key, "instrument": m.instrument, "entry": m.entry, "evidence": m.evidence} if {
	some key, p in input.parties
	some m in p.matches
	reaches(m)
	denied(p, m)
	msg := sprintf("%s: %s (%s) in %s, %s", [p.name, m.entry, m.applies_via, m.instrument, what_holds(m)])
}

warn_listed contains {"id": "party-listed", "msg": msg, "party": key, "instrument": m.instrument, "entry": m.entry, "evidence": m.evidence} if {
	some key, p in input.parties
	some m in p.matches
	reaches(m)
	m.in_force == "yes"
	not denied(p, m)
	msg := sprintf("%s: %s (%s) in %s, %s", [p.name, m.entry, m.applies_via, m.instrument, what_holds(m)])
}

warn_listing_unknown contains {"id": "listing-unknown", "msg": msg, "party": key, "instrument": m.instrument, "entry": m.entry, "evidence": m.evidence} if {
	some key, p in input.parties
	some m in p.matches
	reaches(m)
	m.in_force == "unknown"
	msg := sprintf("%s: %s (%s) in %s, not known whether in force: %v", [p.name, m.entry, m.applies_via, m.instrument, m.in_force_reason])
}

# A list that gave no answer hides whom it names.
warn_not_screened contains {"id": f.id, "msg": f.message, "finding": f.instance} if {
	some f in input.findings
	f.id == "list-not-screened"
}

what_holds(match) := match.phase if is_string(match.phase)

what_holds(match) := sprintf("effect: %s", [match.effect]) if not is_string(match.phase)

# ---- Jurisdiction: the signer's own law and owners, each aspect by its name. ----

own_law := {"incorporation", "place_of_business", "owner", "controller"}

# 15 CFR 791.4 unless settings say otherwise.
warn_jurisdiction contains {"id": "signer-in-country-of-concern", "msg": msg, "party": c.party, "aspect": c.aspect, "country": c.jurisdiction, "basis": c.basis, "evidence": c.evidence} if {
	some c in input.claims
	c.aspect in own_law
	c.jurisdiction in data.settings.countries_of_concern
	signs(input.parties[c.party])
	msg := sprintf("%s: %s %s (%s)", [input.parties[c.party].name, c.aspect, c.jurisdiction, c.basis])
}
