//! Registrations, bootstrap files and databases of networks: their text is a server's, or a stranger's behind the user's file.
#![no_main]

use bonafide::jurisdiction::network::{
    GeoSource, Mmdb, Ranges, is_delegated, parts, rdap, read_delegated,
};
use bonafide::model::infrastructure::RegistrationKind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for kind in [
        RegistrationKind::Domain,
        RegistrationKind::Network,
        RegistrationKind::AutonomousSystem,
    ] {
        let _ = rdap::read(kind, "https://rdap.example/", data);
    }
    for key in ["com", "77.74.181.1", "2001:200::1"] {
        let _ = rdap::server(data, key);
    }
    let addresses = [
        "77.74.181.1",
        "0.0.0.0",
        "255.255.255.255",
        "2001:200::1",
        "::",
    ];
    let addresses = addresses.iter().filter_map(|a| a.parse().ok());
    let addresses: Vec<std::net::IpAddr> = addresses.collect();
    if let Ok(source) = Mmdb::read("fuzz", None, data.to_vec()) {
        for ip in &addresses {
            let _ = source.lookup(*ip);
        }
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(ranges) = Ranges::read("fuzz", None, None, text) {
        for ip in &addresses {
            let _ = ranges.lookup(*ip);
        }
        assert!(ranges.routes().len() + ranges.countries().len() <= text.len());
    }
    if is_delegated(text) {
        let _ = read_delegated(text).count();
    }
    let _ = parts(text);
});
