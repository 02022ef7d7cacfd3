# METADATA
# title: strict
# description: us-commercial, and whatever weakens a signature or was not checked asks for review; countries of concern deny.
# custom:
#   version: 1
#   extends: us-commercial
package bonafide

import rego.v1

# Digests that no longer withstand a collision.
warn_weak_digest contains {"id": "weak-digest", "msg": msg, "subject": s.id, "signature": sig.id} if {
	some s in input.subjects
	some sig in s.signatures
	sig.digest_algorithm in {"md2", "md5", "sha1"}
	msg := sprintf("signature %s is over a %s digest", [sig.id, sig.digest_algorithm])
}

attested(signature) if {
	some stamp in signature.time.attested
	stamp.status == "valid"
}

warn_no_timestamp contains {"id": "signing-time-not-attested", "msg": msg, "subject": s.id, "signature": sig.id} if {
	some s in input.subjects
	some sig in s.signatures
	not attested(sig)
	msg := sprintf("no timestamp that holds attests when signature %s was made", [sig.id])
}

warn_revocation_not_known contains {"id": "revocation-unknown", "msg": msg, "subject": s.id, "signature": sig.id} if {
	some s in input.subjects
	some sig in s.signatures
	sig.revocation.status in {"unknown", "not_checked"}
	msg := sprintf("signature %s: revocation %s, %s", [sig.id, sig.revocation.status, sig.revocation.reason])
}

# Every finding that did not pass, whatever its weight, in every dimension but the two that have rules of their own.
warn_any_finding contains {"id": f.id, "msg": f.message, "subject": f.subject, "finding": f.instance, "evidence": f.evidence} if {
	some f in input.findings
	f.status != "pass"
	not f.dimension in {"instruments", "jurisdiction"}
	not about_invalid(f)
}

warn_gap contains {"id": "not-examined", "msg": msg, "subject": s.id, "what": g.what} if {
	some s in input.subjects
	some g in s.gaps
	msg := sprintf("not examined: %s (%s)", [g.what, g.why])
}

# The answer "no match" of old data is no answer.
warn_stale contains {"id": "screening-data-stale", "msg": f.message, "finding": f.instance} if {
	some f in input.findings
	f.id == "screening-data-stale"
}

# 15 CFR 791.4 unless settings say otherwise; a weak claim asks for review by the rule of default.
deny_jurisdiction contains {"id": "signer-in-country-of-concern", "msg": msg, "party": c.party, "aspect": c.aspect, "country": c.jurisdiction, "basis": c.basis, "evidence": c.evidence} if {
	some c in input.claims
	c.aspect in own_law
	c.strength in {"medium", "high"}
	c.jurisdiction in data.settings.countries_of_concern
	signs(input.parties[c.party])
	msg := sprintf("%s: %s %s (%s)", [input.parties[c.party].name, c.aspect, c.jurisdiction, c.basis])
}
