# METADATA
# title: us-federal
# description: us-commercial, and prohibitions on federal use and procurement deny.
# custom:
#   version: 1
#   extends: us-commercial
package bonafide

import rego.v1

# US-NDAA2018-1634: Pub. L. 115-91 section 1634, effective 2018-10-01; FAR subpart 4.20.
prohibiting contains "US-NDAA2018-1634"

# US-DHS-BOD-17-01: 82 FR 43782, removal from 2017-12-12.
prohibiting contains "US-DHS-BOD-17-01"

# US-NDAA2019-889: Pub. L. 115-232 section 889, effective 2019-08-13 and 2020-08-13.
prohibiting contains "US-NDAA2019-889"

# US-NDAA2023-5949: NDAA FY2023 section 5949, effective 2027-12-23.
prohibiting contains "US-NDAA2023-5949"

# US-FCC-COVERED: section 2 of the Secure and Trusted Communications Networks Act, by the date of each row.
prohibiting contains "US-FCC-COVERED"

# US-DOD-1260H: a designation by itself; section 805 of Pub. L. 118-31 makes it a prohibition from 2026-06-30.
prohibiting contains "US-DOD-1260H"
