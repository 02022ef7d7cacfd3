//! The anchors of a policy of verification, each under the rules of the programme it belongs to.

use crate::base::time::Time;
use crate::model::certificate::{Certificate, CertificateId, Name, SharedCertificate};
use crate::model::signature::TrustStatus;
use crate::verify::path::{Anchor, Anchors, Purpose, Refusal};
use crate::verify::profile::Profile;
use crate::verify::store::table::Table;
use crate::verify::store::{TrustStore, kernel, legacy, windows};

/// The anchors of one policy of verification.
#[derive(Debug, Clone, Copy)]
pub struct Programme<'s> {
    store: &'s TrustStore,
    profile: Profile,
    user: bool,
}

/// Programme of the root list.
const WINDOWS: &str = "windows";
/// Programme of the roots beside the list.
const LEGACY: &str = "windows-legacy";
/// Programme of UEFI Secure Boot.
const UEFI: &str = "uefi";
/// Programme of the kernel loader.
const KERNEL: &str = "kernel";
/// Programme of the user's anchors.
const USER: &str = "user";

impl<'s> Programme<'s> {
    pub(super) fn new(store: &'s TrustStore, profile: Profile) -> Self {
        Self {
            store,
            profile,
            user: true,
        }
    }

    /// The same without the user's anchors.
    pub(super) fn without_user(store: &'s TrustStore, profile: Profile) -> Self {
        Self {
            user: false,
            ..Self::new(store, profile)
        }
    }

    /// Anchors picked from each table of the profile by `rows`.
    fn collect(
        &self,
        rows: impl Fn(&Table) -> Vec<usize>,
        own: Vec<&SharedCertificate>,
    ) -> Vec<Anchor> {
        let pick = |table: &Table, programme, keep: &dyn Fn(usize) -> bool| -> Vec<Anchor> {
            rows(table)
                .into_iter()
                .filter(|row| keep(*row))
                .filter_map(|row| table.certificate(row))
                .map(|certificate| Anchor {
                    certificate,
                    programme,
                })
                .collect()
        };
        let mut found: Vec<Anchor> = own
            .into_iter()
            .filter(|_| self.user)
            .map(|certificate| Anchor {
                certificate: SharedCertificate::clone(certificate),
                programme: USER,
            })
            .collect();
        match self.profile {
            // Where trust is not asked the Windows anchors still say which chain to show.
            Profile::Windows | Profile::WindowsStrict | Profile::IntegrityOnly => {
                let legacy = self.store.legacy();
                found.extend(pick(self.store.windows(), WINDOWS, &|_| true));
                found.extend(pick(legacy, LEGACY, &|row| legacy::is_anchor(legacy, row)));
            }
            Profile::Uefi => {
                let lists = self.store.uefi();
                found.extend(pick(&lists.certificates, UEFI, &|row| {
                    lists.is_in(row, "db")
                }));
            }
            Profile::Kernel => {
                let legacy = self.store.legacy();
                found.extend(pick(legacy, KERNEL, &|row| legacy::is_kernel(legacy, row)));
                found.extend(pick(self.store.cross(), KERNEL, &|_| true));
                // For timestamps, whose authorities have no cross-certificates; `admits` refuses them for code.
                found.extend(pick(self.store.windows(), WINDOWS, &|_| true));
            }
        }
        found
    }

    /// Programme asked, as reports name it.
    pub fn name(&self) -> &'static str {
        match self.profile {
            Profile::Windows | Profile::WindowsStrict | Profile::IntegrityOnly => WINDOWS,
            Profile::Uefi => UEFI,
            Profile::Kernel => KERNEL,
        }
    }
}

impl Anchors for Programme<'_> {
    fn issued_by(&self, issuer: &Name) -> Vec<Anchor> {
        self.collect(
            |table| table.with_subject(issuer).collect(),
            self.store.user.with_subject(issuer).collect(),
        )
    }

    fn get(&self, id: &CertificateId) -> Option<Anchor> {
        self.collect(
            |table| table.find(id).into_iter().collect(),
            self.store.user.get(id).into_iter().collect(),
        )
        .into_iter()
        .next()
    }

    fn admits(
        &self,
        anchor: &Anchor,
        leaf: &Certificate,
        purpose: Purpose,
        at: Time,
        attested: bool,
    ) -> Result<(), Refusal> {
        let root = &anchor.certificate;
        match anchor.programme {
            USER | UEFI => Ok(()),
            WINDOWS if self.profile == Profile::Kernel && purpose != Purpose::TimeStamping => {
                Err(not_listed())
            }
            WINDOWS if self.profile != Profile::Uefi => {
                let table = self.store.windows();
                let properties = table
                    .find(&root.id)
                    .and_then(|row| windows::properties(table, row))
                    .ok_or_else(not_listed)?;
                windows::admit(&properties, leaf.not_before, purpose, at, attested)
            }
            LEGACY => {
                let table = self.store.legacy();
                let row = table.find(&root.id).ok_or_else(not_listed)?;
                legacy::admit(table, row, root, leaf, purpose)
            }
            KERNEL => match self.store.cross().find(&root.id) {
                Some(_) => kernel::admit_cross(root, leaf, at),
                None => Ok(()),
            },
            _ => Err(not_listed()),
        }
    }

    fn disallowed(&self, certificate: &Certificate) -> Option<String> {
        let uefi = || self.store.uefi().forbids(certificate);
        match self.profile {
            Profile::Uefi => uefi(),
            Profile::Windows | Profile::WindowsStrict | Profile::Kernel => {
                self.store.disallowed.check(certificate)
            }
            Profile::IntegrityOnly => None,
        }
    }
}

fn not_listed() -> Refusal {
    Refusal {
        fault: "root-not-listed",
        status: TrustStatus::Untrusted,
        reason: "the root is not in this programme".to_owned(),
    }
}
