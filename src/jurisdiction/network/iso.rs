//! Codes of ISO 3166-1 alpha-2, for telling a country from what sources write in its place.

/// Officially assigned codes, sorted.
const CODES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCR\
CUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHU\
IDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQ\
MRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSI\
SJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

/// Whether `code` is assigned to a country or territory.
pub(super) fn is_assigned(code: &str) -> bool {
    let (pairs, _) = CODES.as_bytes().as_chunks::<2>();
    code.len() == 2 && pairs.iter().any(|pair| pair.as_slice() == code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{CODES, is_assigned};

    #[test]
    fn there_are_249_codes_in_order_and_reserved_ones_are_none() {
        let pairs: Vec<&[u8]> = CODES.as_bytes().chunks(2).collect();
        assert_eq!(pairs.len(), 249);
        assert!(pairs.windows(2).all(|w| w[0] < w[1]));
        for code in ["CH", "RU", "US", "CN", "ZW", "AD"] {
            assert!(is_assigned(code), "{code}");
        }
        for code in ["EU", "AP", "ZZ", "XX", "UK", "SU", "??", "", "C", "ch"] {
            assert!(!is_assigned(code), "{code}");
        }
    }
}
