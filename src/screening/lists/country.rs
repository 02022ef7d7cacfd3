//! Countries as lists write them, to ISO 3166-1 alpha-2: official short names and the spellings of the lists' own publishers.
//!
//! Only exact names, after folding to letters; a place that is no country, or one this table does not know, gives none.

use crate::base::records::delimited::fold;

/// The code for `text`, which may be a code already.
pub fn code(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        let upper = text.to_ascii_uppercase();
        return TABLE
            .split('\n')
            .any(|l| l.starts_with(&upper))
            .then_some(upper);
    }
    let wanted = fold(text);
    if wanted.is_empty() {
        return None;
    }
    TABLE.lines().find_map(|line| {
        let (code, names) = line.split_once(' ')?;
        names
            .split('|')
            .any(|name| fold(name) == wanted)
            .then(|| code.to_owned())
    })
}

const TABLE: &str = "\
AD Andorra
AE United Arab Emirates|UAE
AF Afghanistan
AG Antigua and Barbuda
AI Anguilla
AL Albania
AM Armenia
AO Angola
AR Argentina
AT Austria
AU Australia
AW Aruba
AZ Azerbaijan
BA Bosnia and Herzegovina
BB Barbados
BD Bangladesh
BE Belgium
BF Burkina Faso
BG Bulgaria
BH Bahrain
BI Burundi
BJ Benin
BM Bermuda
BN Brunei|Brunei Darussalam
BO Bolivia|Bolivia (Plurinational State of)
BR Brazil
BS Bahamas|Bahamas, The|The Bahamas
BT Bhutan
BW Botswana
BY Belarus
BZ Belize
CA Canada
CD Congo, Democratic Republic of the|Democratic Republic of the Congo|Democratic Republic of Congo|Congo (Democratic Republic)|DRC
CF Central African Republic
CG Congo, Republic of the|Congo|Republic of the Congo
CH Switzerland
CI Cote d'Ivoire|C\u{f4}te d'Ivoire|Ivory Coast
CK Cook Islands
CL Chile
CM Cameroon
CN China|People's Republic of China|China, People's Republic of|PRC
CO Colombia
CR Costa Rica
CU Cuba
CV Cabo Verde|Cape Verde
CW Curacao|Cura\u{e7}ao
CY Cyprus
CZ Czech Republic|Czechia
DE Germany
DJ Djibouti
DK Denmark
DM Dominica
DO Dominican Republic
DZ Algeria
EC Ecuador
EE Estonia
EG Egypt
ER Eritrea
ES Spain
ET Ethiopia
FI Finland
FJ Fiji
FR France
GA Gabon
GB United Kingdom|UK|Great Britain|United Kingdom of Great Britain and Northern Ireland
GD Grenada
GE Georgia
GG Guernsey
GH Ghana
GI Gibraltar
GM Gambia|Gambia, The|The Gambia
GN Guinea
GQ Equatorial Guinea
GR Greece
GT Guatemala
GW Guinea-Bissau|Guinea Bissau
GY Guyana
HK Hong Kong
HN Honduras
HR Croatia
HT Haiti
HU Hungary
ID Indonesia
IE Ireland
IL Israel
IM Isle of Man|Man, Isle of
IN India
IQ Iraq
IR Iran|Iran, Islamic Republic of|Iran (Islamic Republic of)|Islamic Republic of Iran
IS Iceland
IT Italy
JE Jersey
JM Jamaica
JO Jordan
JP Japan
KE Kenya
KG Kyrgyzstan
KH Cambodia
KI Kiribati
KM Comoros
KN Saint Kitts and Nevis|St. Kitts and Nevis
KP Korea, North|North Korea|Democratic People's Republic of Korea|Korea, Democratic People's Republic of|DPRK
KR Korea, South|South Korea|Republic of Korea|Korea, Republic of
KW Kuwait
KY Cayman Islands
KZ Kazakhstan
LA Laos|Lao People's Democratic Republic
LB Lebanon
LC Saint Lucia
LI Liechtenstein
LK Sri Lanka
LR Liberia
LS Lesotho
LT Lithuania
LU Luxembourg
LV Latvia
LY Libya|Libyan Arab Jamahiriya
MA Morocco
MC Monaco
MD Moldova|Republic of Moldova|Moldova, Republic of
ME Montenegro
MG Madagascar
MH Marshall Islands
MK North Macedonia|Macedonia|North Macedonia, The Republic of
ML Mali
MM Burma|Myanmar|Burma (Myanmar)|Myanmar (Burma)
MN Mongolia
MO Macau|Macao
MR Mauritania
MT Malta
MU Mauritius
MV Maldives
MW Malawi
MX Mexico
MY Malaysia
MZ Mozambique
NA Namibia
NE Niger
NG Nigeria
NI Nicaragua
NL Netherlands|The Netherlands|Netherlands, The
NO Norway
NP Nepal
NR Nauru
NU Niue
NZ New Zealand
OM Oman
PA Panama
PE Peru
PG Papua New Guinea
PH Philippines|The Philippines
PK Pakistan
PL Poland
PS Palestinian|Palestine|State of Palestine|Occupied Palestinian Territory
PT Portugal
PW Palau
PY Paraguay
QA Qatar
RO Romania
RS Serbia
RU Russia|Russian Federation
RW Rwanda
SA Saudi Arabia
SB Solomon Islands
SC Seychelles
SD Sudan|Sudan, The Republic of
SE Sweden
SG Singapore
SI Slovenia
SK Slovakia
SL Sierra Leone
SM San Marino
SN Senegal
SO Somalia
SR Suriname
SS South Sudan|South Sudan, Republic of
ST Sao Tome and Principe
SV El Salvador
SY Syria|Syrian Arab Republic
SZ Eswatini|Swaziland
TC Turks and Caicos Islands
TD Chad
TG Togo
TH Thailand
TJ Tajikistan
TL Timor-Leste
TM Turkmenistan
TN Tunisia
TO Tonga
TR Turkey|T\u{fc}rkiye|Turkiye
TT Trinidad and Tobago
TV Tuvalu
TW Taiwan
TZ Tanzania|United Republic of Tanzania
UA Ukraine
UG Uganda
US United States|United States of America|USA
UY Uruguay
UZ Uzbekistan
VA Holy See|Vatican
VC Saint Vincent and the Grenadines
VE Venezuela|Venezuela (Bolivarian Republic of)
VG Virgin Islands, British|British Virgin Islands
VN Vietnam|Viet Nam
VU Vanuatu
WS Samoa
XK Kosovo
YE Yemen
ZA South Africa
ZM Zambia
ZW Zimbabwe";
