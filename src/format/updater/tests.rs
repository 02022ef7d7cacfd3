//! Each dialect on what its own tools write, on what is something else of the same name, and on bytes of no kind.

use proptest::prelude::{any, proptest};
use proptest::prop_assert;

use super::{ALL, embedded, findings, read, wants};
use crate::base::budget::{self, Budget, Stopped};
use crate::format::endpoints::{Known, Limits, scan};
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

fn config(path: &str, text: &str) -> UpdaterConfig {
    assert!(wants(path), "{path}");
    let config = read(path, text.as_bytes()).unwrap().unwrap();
    let at = |span: &std::ops::Range<u64>| {
        let range = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
        text.get(range).unwrap().to_owned()
    };
    for feed in config.feeds.iter().filter(|f| !f.derived) {
        assert!(at(&feed.span).contains(&feed.url), "{feed:?}");
    }
    for switch in &config.switches {
        let _ = at(&switch.span);
    }
    config
}

fn urls(config: &UpdaterConfig) -> Vec<&str> {
    config.feeds.iter().map(|f| f.url.as_str()).collect()
}

fn effects(config: &UpdaterConfig) -> Vec<Effect> {
    config.switches.iter().map(|s| s.effect).collect()
}

fn ids(config: &UpdaterConfig) -> Vec<&'static str> {
    findings(config).iter().map(|f| f.definition.id).collect()
}

#[test]
fn electron_without_a_publisher_accepts_anything_on_windows() {
    let text =
        "provider: generic\nurl: http://updates.vendor.com/app\nupdaterCacheDirName: app-updater\n";
    let open = config("setup.exe!/resources/app-update.yml", text);
    assert_eq!(urls(&open), ["http://updates.vendor.com/app"]);
    assert_eq!(
        ids(&open),
        ["update-feed-over-http", "updater-accepts-unsigned"]
    );
    let mac = config("Vendor.app/Contents/Resources/app-update.yml", text);
    assert_eq!(ids(&mac), ["update-feed-over-http"]);

    let pinned = "owner: vendor\nrepo: app\nprovider: github\npublisherName:\n  - Vendor, Inc.\n";
    let pinned = config(r"resources\app-update.yml", pinned);
    assert_eq!(
        urls(&pinned),
        ["https://github.com/vendor/app/releases.atom"]
    );
    assert!(pinned.feeds.first().unwrap().derived);
    assert_eq!(pinned.anchors.first().unwrap().value, "Vendor, Inc.");
    assert!(ids(&pinned).is_empty());
    assert_eq!(read("app-update.yml", b"a: b\n").unwrap(), None);
    assert!(read("app-update.yml", b"url: a\nurl: b\n").is_err());
}

#[test]
fn wingup_names_its_feed() {
    let text = "<?xml version=\"1.0\"?><GUPInput><Version>1</Version><InfoUrl>https://vendor.com/update/get.php</InfoUrl></GUPInput>";
    assert_eq!(
        urls(&config("updater/gup.xml", text)),
        ["https://vendor.com/update/get.php"]
    );
    assert_eq!(read("gup.xml", b"<other/>").unwrap(), None);
}

#[test]
fn squirrel_and_velopack_bind_by_an_unsigned_digest() {
    let line = format!(
        "{} https://v.com/App-1.0-full.nupkg 1004502 # 50%\r\n",
        "9".repeat(40)
    );
    let squirrel = config("packages/RELEASES", &line);
    assert_eq!(urls(&squirrel), ["https://v.com/App-1.0-full.nupkg"]);
    assert_eq!(
        effects(&squirrel),
        [Effect::WeakDigest, Effect::AcceptsUnsigned]
    );
    assert_eq!(
        read("RELEASES", b"Release notes of this product\n").unwrap(),
        None
    );
    assert_eq!(read("RELEASES", b"").unwrap(), None);

    let good =
        r#"{"Assets":[{"PackageId":"A","FileName":"A-1-full.nupkg","SHA1":"x","SHA256":"y"}]}"#;
    assert_eq!(
        effects(&config("releases.win.json", good)),
        [Effect::AcceptsUnsigned]
    );
    let weak = r#"{"Assets":[{"FileName":"A-1-full.nupkg","SHA1":"x"}]}"#;
    assert_eq!(
        effects(&config("releases.win.json", weak)),
        [Effect::WeakDigest, Effect::AcceptsUnsigned]
    );
    let installed = config(
        "current/sq.version",
        "<package><metadata><id>A</id></metadata></package>",
    );
    assert_eq!(
        (installed.kind, installed.feeds.len()),
        (UpdaterKind::Velopack, 0)
    );
}

#[test]
fn clickonce_and_app_installer_name_provider_and_publisher() {
    let text = "<a:assembly xmlns:a=\"urn:schemas-microsoft-com:asm.v1\"><assemblyIdentity publicKeyToken=\"0000000000000000\"/>\
        <deployment install=\"true\"><deploymentProvider codebase=\"https://vendor.com/a.application\"/></deployment></a:assembly>";
    let clickonce = config("a.application", text);
    assert_eq!(urls(&clickonce), ["https://vendor.com/a.application"]);
    assert_eq!(effects(&clickonce), [Effect::AcceptsUnsigned]);

    let text = "<AppInstaller Uri=\"https://vendor.com/a.appinstaller\" Version=\"1.0.0.0\"><MainBundle Name=\"A\" \
        Publisher=\"CN=Vendor\" Uri=\"http://vendor.com/a.msixbundle\"/><UpdateSettings>\
        <ForceUpdateFromAnyVersion>true</ForceUpdateFromAnyVersion></UpdateSettings></AppInstaller>";
    let app = config("a.appinstaller", text);
    assert_eq!(
        urls(&app),
        [
            "https://vendor.com/a.appinstaller",
            "http://vendor.com/a.msixbundle"
        ]
    );
    assert_eq!(app.anchors.first().unwrap().value, "CN=Vendor");
    assert_eq!(effects(&app), [Effect::AllowsDowngrade]);
    assert_eq!(ids(&app), ["update-feed-over-http"]);
}

#[test]
fn sparkle_names_feed_key_and_switches() {
    let text = "<plist version=\"1.0\"><dict><key>SUFeedURL</key><string>https://vendor.com/appcast.xml</string>\
        <key>SUPublicEDKey</key><string>pfIShU4dEXqPd5ObYNfDBiQWcXozk7estwzTnF9BamQ=</string>\
        <key>SURequireSignedFeed</key><true/><key>SUSignedFeedFailureExpirationInterval</key><integer>1728000</integer>\
        <key>NSAppTransportSecurity</key><dict><key>NSAllowsArbitraryLoads</key><true/></dict></dict></plist>";
    let sparkle = config("Vendor.app/Contents/Info.plist", text);
    assert_eq!(urls(&sparkle), ["https://vendor.com/appcast.xml"]);
    assert_eq!(sparkle.anchors.first().unwrap().what, "ed25519-public-key");
    assert_eq!(
        effects(&sparkle),
        [
            Effect::Stricter,
            Effect::GivesUpChecking,
            Effect::PlainTransport
        ]
    );
    let other = "<plist><dict><key>SUSUName</key><string>x</string></dict></plist>";
    assert_eq!(read("Info.plist", other.as_bytes()).unwrap(), None);
}

#[test]
fn tauri_is_read_in_both_versions_places_and_in_an_executable() {
    for text in [
        r#"{"plugins":{"updater":{"endpoints":["https://v.com/{{target}}/{{current_version}}"],"pubkey":"dW50"}}}"#,
        r#"{"tauri":{"updater":{"endpoints":["https://v.com/{{target}}/{{current_version}}"],"pubkey":"dW50"}}}"#,
    ] {
        let tauri = config("tauri.conf.json", text);
        assert_eq!(
            urls(&tauri),
            ["https://v.com/{{target}}/{{current_version}}"]
        );
        assert_eq!(tauri.anchors.len(), 1);
    }
    let key = "dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXk6IEFCCg==";
    let mut file = b"MZ\0\0".to_vec();
    file.extend_from_slice(format!("\0{key}\0https://v.com/{{{{target}}}}/x\0\0").as_bytes());
    let registry = r"Software\Vendor\Update\Clients\{8A69D345-D564-463C-AFF1-A69D9E530F96}";
    file.extend(registry.encode_utf16().flat_map(u16::to_le_bytes));
    file.extend_from_slice(&[0; 8]);
    let budget = Budget::start(budget::Limits::default(), &Stopped);
    let scanned = scan(&file, &Known::default(), &Limits::default(), &budget);
    let found = embedded("app.exe", &scanned);
    assert_eq!(
        found.iter().map(|c| c.kind).collect::<Vec<_>>(),
        [UpdaterKind::Tauri, UpdaterKind::Omaha]
    );
    assert_eq!(found.first().unwrap().anchors.first().unwrap().value, key);
    assert_eq!(urls(found.first().unwrap()), ["https://v.com/{{target}}/x"]);
    assert_eq!(
        found.get(1).unwrap().anchors.first().unwrap().value,
        registry
    );
}

#[test]
fn apt_sources_say_what_they_trust_and_what_they_skip() {
    let text = "# vendor\ndeb [arch=amd64 signed-by=/usr/share/keyrings/v.gpg] https://apt.vendor.com/ stable main\n\
        deb [trusted=yes] http://apt.vendor.com/old stable main\n# deb https://no.vendor.com/ x y\n";
    let list = config("data.tar!/etc/apt/sources.list.d/vendor.list", text);
    assert_eq!(
        urls(&list),
        ["https://apt.vendor.com/", "http://apt.vendor.com/old"]
    );
    assert_eq!(
        list.anchors.first().unwrap().value,
        "/usr/share/keyrings/v.gpg"
    );
    assert_eq!(
        ids(&list),
        ["update-feed-over-http", "updater-accepts-unsigned"]
    );

    let text = "Types: deb\nURIs: https://apt.vendor.com/\n https://mirror.vendor.com/\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n\
        Check-Valid-Until: no\n";
    let sources = config("etc/apt/sources.list.d/vendor.sources", text);
    assert_eq!(
        urls(&sources),
        ["https://apt.vendor.com/", "https://mirror.vendor.com/"]
    );
    assert_eq!(effects(&sources), [Effect::IgnoresFreshness]);

    let settings = config(
        "etc/apt/apt.conf.d/99vendor",
        "// x\nAPT::Get::AllowUnauthenticated \"true\";\n",
    );
    assert_eq!(effects(&settings), [Effect::AcceptsUnsigned]);
    assert_eq!(
        read("etc/apt/apt.conf.d/01x", b"DPkg::Post-Invoke {\"x\";};\n").unwrap(),
        None
    );
    let keyring = config("usr/share/keyrings/v.gpg", "key");
    assert_eq!(keyring.anchors.first().unwrap().value.len(), 64);
}

#[test]
fn yum_repositories_say_whether_packages_are_checked() {
    let text = "[vendor]\nname=Vendor\nbaseurl=https://rpm.vendor.com/$basearch\nenabled=1\ngpgcheck=0\nrepo_gpgcheck = 0\n\
        gpgkey=https://rpm.vendor.com/key.asc file:///etc/pki/rpm-gpg/v\nsslverify=False\n";
    let repo = config("etc/yum.repos.d/vendor.repo", text);
    assert_eq!(urls(&repo), ["https://rpm.vendor.com/$basearch"]);
    assert_eq!(repo.anchors.len(), 2);
    assert_eq!(
        effects(&repo),
        [
            Effect::AcceptsUnsigned,
            Effect::UnsignedIndex,
            Effect::PlainTransport
        ]
    );
    assert_eq!(ids(&repo), ["updater-accepts-unsigned"]);
}

#[test]
fn an_extension_names_its_feed_and_other_manifests_are_left_alone() {
    let text = r#"{"manifest_version":3,"name":"x","update_url":"https://ext.vendor.com/update.xml","key":"MIIB"}"#;
    let extension = config("x/manifest.json", text);
    assert_eq!(urls(&extension), ["https://ext.vendor.com/update.xml"]);
    assert_eq!(
        read("manifest.json", b"{\"name\": \"pwa\",}").unwrap(),
        None
    );
    assert_eq!(
        read("manifest.json", b"{\"manifest_version\":3}").unwrap(),
        None
    );
}

#[test]
fn a_configuration_larger_than_any_is_an_error_and_another_name_is_no_configuration() {
    assert!(read("app-update.yml", &vec![b'#'; (1 << 20) + 1]).is_err());
    assert_eq!(read("readme.txt", b"provider: generic").unwrap(), None);
    assert!(!wants("readme.txt"));
    assert!(
        findings(&config(
            "packages/RELEASES",
            &format!("{} a 1\n", "0".repeat(40))
        ))
        .len()
            == 1
    );
}

const PATHS: [&str; 14] = [
    "app-update.yml",
    "gup.xml",
    "RELEASES",
    "releases.a.json",
    "sq.version",
    "a.application",
    "a.appinstaller",
    "Info.plist",
    "tauri.conf.json",
    "etc/apt/sources.list.d/a.list",
    "etc/apt/sources.list.d/a.sources",
    "etc/apt/apt.conf.d/a",
    "etc/yum.repos.d/a.repo",
    "manifest.json",
];

#[test]
fn the_list_of_paths_reaches_every_dialect() {
    for (i, dialect) in ALL.iter().enumerate() {
        assert!(
            PATHS.iter().any(|p| dialect.wants(&super::Path::new(p))),
            "dialect {i}"
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_dialect_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "([a-zA-Z]{1,8}|[ =:\\[\\]\"<>/#;\n])*") {
        for path in PATHS {
            for bytes in [&bytes, text.as_bytes()] {
                if let Ok(Some(config)) = read(path, bytes) {
                    for span in config.feeds.iter().map(|f| &f.span).chain(config.switches.iter().map(|s| &s.span)) {
                        prop_assert!(span.start <= span.end);
                        prop_assert!(usize::try_from(span.end).unwrap() <= bytes.len());
                    }
                }
            }
        }
    }
}
