//! What kind of package a zip is, by the entries that make it one.

use crate::format::zip::records::Layout;

/// Packages that zips are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Package {
    Wheel,
    Apk,
    Jar,
    NuGet,
    Vsix,
    Office,
    Plain,
}

impl Package {
    pub(super) fn of(layout: &Layout) -> Self {
        let has = |name: &str| layout.entries.iter().any(|e| e.name == name);
        let wheel = |name: &str| {
            name.split_once('/')
                .is_some_and(|(folder, file)| file == "WHEEL" && folder.ends_with(".dist-info"))
        };
        if layout.entries.iter().any(|e| wheel(&e.name)) {
            Self::Wheel
        } else if has("AndroidManifest.xml") {
            Self::Apk
        } else if has("META-INF/MANIFEST.MF") {
            Self::Jar
        } else if has("[Content_Types].xml") {
            let nuspec = |name: &str| name.ends_with(".nuspec") && !name.contains('/');
            if layout.entries.iter().any(|e| nuspec(&e.name)) {
                Self::NuGet
            } else if has("extension.vsixmanifest") {
                Self::Vsix
            } else {
                Self::Office
            }
        } else {
            Self::Plain
        }
    }

    /// Loaders of these verify one entry of a name and may run another (CVE-2013-4787).
    pub(super) fn is_signed_by_entry(self) -> bool {
        match self {
            Self::Apk | Self::Jar | Self::NuGet | Self::Vsix => true,
            Self::Wheel | Self::Office | Self::Plain => false,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Wheel => "Python wheel",
            Self::Apk => "Android package",
            Self::Jar => "Java archive",
            Self::NuGet => "NuGet package, unsigned",
            Self::Vsix => "Visual Studio extension",
            Self::Office => "Open Packaging Conventions package",
            Self::Plain => "ZIP archive",
        }
    }

    pub(super) fn describe(self, entries: usize) -> String {
        let noun = if entries == 1 { "entry" } else { "entries" };
        format!("{}, {entries} {noun}", self.name())
    }
}
