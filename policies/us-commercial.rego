# METADATA
# title: us-commercial
# description: default, and determinations under the ICTS rules (15 CFR part 791) deny.
# custom:
#   version: 1
#   extends: default
package bonafide

import rego.v1

# US-ICTS-KASPERSKY: 89 FR 52434, final determination in case ICTS-2021-002. Its phases of 2024-07-20 and 2024-09-29 and its
# affiliate rule (affiliates, subsidiaries, parents) are resolved in the match.
prohibiting contains "US-ICTS-KASPERSKY"

# The same instrument, issued and not yet effective at the judgement time.
warn_prohibition_coming contains {"id": "prohibition-coming", "msg": msg, "party": key, "instrument": m.instrument, "entry": m.entry, "evidence": m.evidence} if {
	some key, p in input.parties
	signs(p)
	some m in p.matches
	reaches(m)
	prohibits(m)
	m.in_force == "no"
	m.effective_from > substring(input.run.at, 0, 10)
	msg := sprintf("%s: %s (%s) in %s, %v", [p.name, m.entry, m.applies_via, m.instrument, m.in_force_reason])
}
