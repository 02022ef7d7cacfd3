# METADATA
# title: eu
# description: default, and asset freezes of the European Union deny.
# custom:
#   version: 1
#   extends: default
package bonafide

import rego.v1

# EU-FSF: no funds or economic resources shall be made available, directly or indirectly, to or for the benefit of the listed (Article 2 of
# Regulation (EU) No 269/2014 and its like). Entries come from the installed list.
prohibiting contains "EU-FSF"

# Without the list nobody was held against it, and silence is no answer.
warn_no_list contains {"id": "list-not-screened", "msg": "no list of EU-FSF is installed that can be read"} if {
	not "EU-FSF" in input.run.lists
}

# The answer "no match" of old data is no answer.
warn_stale contains {"id": "screening-data-stale", "msg": f.message, "finding": f.instance} if {
	some f in input.findings
	f.id == "screening-data-stale"
}
