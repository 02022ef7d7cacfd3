//! What kind of image it is, for people, and which platform will judge it.

use crate::format::pe::layout::{Layout, Magic};
use crate::model::extract::Home;

pub(super) fn home(layout: &Layout) -> Home {
    match layout.subsystem {
        Some(10..=13) => Home::Uefi,
        _ => Home::Windows,
    }
}

pub(super) fn describe(layout: &Layout) -> String {
    let magic = match layout.magic {
        Some(Magic::Pe32) => "PE32",
        Some(Magic::Pe32Plus) => "PE32+",
        None => "PE",
    };
    let kind = match layout.subsystem {
        Some(1) => "native image (driver or system process)",
        Some(10) => "EFI application",
        Some(11) => "EFI boot service driver",
        Some(12) => "EFI runtime driver",
        Some(13) => "EFI ROM image",
        Some(16) => "Windows boot application",
        _ if layout.characteristics & 0x2000 != 0 => "DLL",
        _ => "executable",
    };
    let machine = match layout.machine {
        0x014c => "x86",
        0x8664 => "x86-64",
        0x01c0 | 0x01c2 | 0x01c4 => "ARM",
        0xaa64 | 0xa641 | 0xa64e => "ARM64",
        0x0200 => "Itanium",
        0x0184 | 0x0284 => "Alpha",
        0x0ebc => "EFI byte code",
        0x5032 | 0x5064 => "RISC-V",
        0x6232 | 0x6264 => "LoongArch",
        other => return format!("{magic} {kind}, machine 0x{other:04x}"),
    };
    format!("{magic} {kind}, {machine}")
}
