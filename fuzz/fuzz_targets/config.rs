//! Any bytes as configuration of every kind and of every updater: an answer without a panic, and only places that lie in the file.
#![no_main]

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::Format;
use bonafide::format::asar::Asar;
use bonafide::format::config::{json, plist, xml, yaml};
use bonafide::format::{Content, updater};
use libfuzzer_sys::fuzz_target;

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

fuzz_target!(|data: &[u8]| {
    for read in [json::read, yaml::read, plist::read] {
        if let Ok(node) = read(data) {
            assert!(node.span.end <= data.size());
        }
    }
    let _ = xml::read(data);
    for path in PATHS {
        if let Ok(Some(config)) = updater::read(path, data) {
            assert!(config.feeds.iter().all(|f| f.span.end <= data.size()));
            updater::findings(&config);
        }
    }
    let archive = data.to_vec();
    let budget = Budget::start(Limits::default(), &Stopped);
    if let Ok(Some(inside)) = Asar.open(&archive, &budget) {
        for entry in inside.entries() {
            if let Content::Stored(span) = &entry.content {
                assert!(span.end <= archive.size());
            }
        }
    }
});
