# METADATA
# title: eu
# description: default, and asset freezes of the European Union deny.
# custom:
#   version: 1
#   extends: default
package bonafide

import rego.v1

# EU-FSF: no funds or economic resources shall be made available, directly or indirectly, to or for the benefit of the listed (Article 2 of
# Regulation (EU) No 269/2014 and its like). Entries come from the installed list: without one nothing is said.
prohibiting contains "EU-FSF"
