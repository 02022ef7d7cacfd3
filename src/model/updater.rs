//! How a product updates itself, as its own configuration says: feeds, anchors and switches, before any of them is asked.

use super::extract::Span;

/// Longest excerpt kept.
pub const MAX_EXCERPT: usize = 4096;

/// The configuration of one updater, found in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdaterConfig {
    /// Whose configuration.
    pub kind: UpdaterKind,
    /// Path of the file that holds it, as named; hostile text.
    pub source: String,
    /// Where it looks for updates, in the file's order.
    pub feeds: Vec<Feed>,
    /// What it is told to trust.
    pub anchors: Vec<Anchor>,
    /// Settings that change what it accepts.
    pub switches: Vec<Switch>,
    /// The file's own words, its first [`MAX_EXCERPT`] bytes as text; empty where it is not text. Hostile.
    pub excerpt: String,
}

impl UpdaterConfig {
    /// The excerpt is surely all of the file: a cut may fall some bytes before the limit, inside a character.
    pub fn is_whole(&self) -> bool {
        !self.excerpt.is_empty() && self.excerpt.len() < MAX_EXCERPT.saturating_sub(3)
    }
}

/// Updaters whose configuration is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpdaterKind {
    /// electron-updater: `app-update.yml`.
    Electron,
    /// WinGUp: `gup.xml`.
    WinGup,
    /// Squirrel.Windows: `RELEASES`.
    Squirrel,
    /// Velopack: `sq.version`, `releases.<channel>.json`.
    Velopack,
    /// ClickOnce: `deploymentProvider`.
    ClickOnce,
    /// Windows App Installer.
    AppInstaller,
    /// Sparkle: `Info.plist`.
    Sparkle,
    /// WinSparkle: strings and resources of an executable.
    WinSparkle,
    /// Tauri's updater plugin.
    Tauri,
    /// Omaha: registration of an application with the shared updater.
    Omaha,
    /// An apt source or its keyring, delivered by a package.
    Apt,
    /// A yum, dnf or zypp repository or its key, delivered by a package.
    Yum,
    /// A browser extension's `update_url`.
    BrowserExtension,
}

impl UpdaterKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Electron => "electron",
            Self::WinGup => "wingup",
            Self::Squirrel => "squirrel",
            Self::Velopack => "velopack",
            Self::ClickOnce => "clickonce",
            Self::AppInstaller => "appinstaller",
            Self::Sparkle => "sparkle",
            Self::WinSparkle => "winsparkle",
            Self::Tauri => "tauri",
            Self::Omaha => "omaha",
            Self::Apt => "apt",
            Self::Yum => "yum",
            Self::BrowserExtension => "browser-extension",
        }
    }
}

/// Where updates are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its address; hostile text.
    pub url: String,
    /// Put together from other settings by the updater's own rule, not written like this in the file.
    pub derived: bool,
    /// Where the setting stands.
    pub span: Span,
}

/// What an updater is told to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// What it is: `ed25519-public-key`, `minisign-public-key`, `publisher-name`, `openpgp-keyring` ….
    pub what: &'static str,
    /// Its value as the file writes it; hostile text.
    pub value: String,
    /// Where it stands.
    pub span: Span,
}

/// A setting that changes what an updater accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// The client's own name for it: `gpgcheck`, `publisherName`.
    pub name: String,
    /// Its value, or that it is missing; hostile text.
    pub value: String,
    /// What it does.
    pub effect: Effect,
    /// Where it stands; empty at the place it would stand where it is missing.
    pub span: Span,
}

/// What a switch does to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Code is installed that no signature was checked of.
    AcceptsUnsigned,
    /// A list of packages is accepted that no signature was checked of; the packages may have their own.
    UnsignedIndex,
    /// A digest for which collisions are practical is enough.
    WeakDigest,
    /// Signed data whose age or expiry is not looked at is accepted.
    IgnoresFreshness,
    /// An older version is accepted.
    AllowsDowngrade,
    /// Connections without TLS, or whose certificate is not checked, are accepted.
    PlainTransport,
    /// A check that fails for long enough is given up.
    GivesUpChecking,
    /// Demands more than the client does by itself.
    Stricter,
}

/// What of an updater stands in an executable: a key, a registration, a function it calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Whose it is.
    pub kind: UpdaterKind,
    /// What it is, as [`Anchor::what`].
    pub what: &'static str,
    /// The text; hostile.
    pub value: String,
    /// Where it stands.
    pub span: Span,
}
