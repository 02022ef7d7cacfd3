//! Legal forms: what stands at the ends of company names, in folded spelling. A hand table of how names are written, and GLEIF's list
//! of ISO 20275 codes, sorted into classes.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// What kind of company a form makes, as far as it can tell two companies of one name apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormClass {
    /// Shares, usually transferable: AO, AG, SA, N.V., plc, Oyj.
    JointStock,
    /// Limited liability, closely held: OOO, GmbH, Ltd, LLC, s.r.o.
    Limited,
    /// Inc., Corp., Corporation: either, by the law of a state.
    Corporation,
    /// Partnerships.
    Partnership,
    /// Owned by their members.
    Cooperative,
    /// Associations and foundations.
    NonProfit,
    /// Enterprises and bodies of a state.
    State,
    /// Says only that it is a company.
    Plain,
}

/// Where a form may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    End,
    Both,
}

use At::{Both, End};
use FormClass::{
    Cooperative, Corporation, JointStock, Limited, NonProfit, Partnership, Plain, State,
};

/// Folded spelling, kind, place. Dots are dropped by folding, so `s.r.o.` is `sro` and `s. r. o.` is `s r o`.
static FORMS: &[(&str, FormClass, At)] = &[
    // Russia, Belarus, Ukraine and neighbours, romanised and in translation
    ("ao", JointStock, Both),
    ("oao", JointStock, Both),
    ("zao", JointStock, Both),
    ("pao", JointStock, Both),
    ("nao", JointStock, Both),
    ("mkao", JointStock, Both),
    ("mkpao", JointStock, Both),
    ("npao", JointStock, Both),
    ("jsc", JointStock, Both),
    ("ojsc", JointStock, Both),
    ("cjsc", JointStock, Both),
    ("pjsc", JointStock, Both),
    ("joint stock company", JointStock, Both),
    ("joint stock co", JointStock, Both),
    ("open joint stock company", JointStock, Both),
    ("closed joint stock company", JointStock, Both),
    ("public joint stock company", JointStock, Both),
    ("aktsionernoe obshchestvo", JointStock, Both),
    ("aktsionernoye obshchestvo", JointStock, Both),
    ("otkrytoe aktsionernoe obshchestvo", JointStock, Both),
    ("zakrytoe aktsionernoe obshchestvo", JointStock, Both),
    ("publichnoe aktsionernoe obshchestvo", JointStock, Both),
    ("nepublichnoe aktsionernoe obshchestvo", JointStock, Both),
    ("ooo", Limited, Both),
    (
        "obshchestvo s ogranichennoi otvetstvennostyu",
        Limited,
        Both,
    ),
    (
        "obshchestvo s ogranichennoy otvetstvennostyu",
        Limited,
        Both,
    ),
    ("limited liability company", Limited, Both),
    ("tov", Limited, Both),
    ("too", Limited, Both),
    ("tdv", Limited, Both),
    ("prat", JointStock, Both),
    ("pat", JointStock, Both),
    ("ip", Partnership, Both),
    ("fgup", State, Both),
    ("gup", State, Both),
    ("mup", State, Both),
    ("federal state unitary enterprise", State, Both),
    ("state unitary enterprise", State, Both),
    ("state enterprise", State, Both),
    ("state owned enterprise", State, Both),
    ("gosudarstvennoe predpriyatie", State, Both),
    (
        "federalnoe gosudarstvennoe unitarnoe predpriyatie",
        State,
        Both,
    ),
    ("private joint stock company", JointStock, Both),
    ("private joint stock", JointStock, End),
    ("company private joint stock", JointStock, End),
    ("akg", JointStock, End),
    ("na", Plain, End),
    ("npo", Plain, Both),
    ("ano", NonProfit, Both),
    // English
    ("inc", Corporation, End),
    ("incorporated", Corporation, End),
    ("corp", Corporation, End),
    ("corporation", Corporation, End),
    ("ltd", Limited, End),
    ("limited", Limited, End),
    ("private limited", Limited, End),
    ("pvt ltd", Limited, End),
    ("pvt limited", Limited, End),
    ("private ltd", Limited, End),
    ("p ltd", Limited, End),
    ("pte ltd", Limited, End),
    ("pte limited", Limited, End),
    ("pte", Limited, End),
    ("pty ltd", Limited, End),
    ("pty limited", Limited, End),
    ("pty", Limited, End),
    ("proprietary limited", Limited, End),
    ("llc", Limited, Both),
    ("l l c", Limited, End),
    ("lc", Limited, End),
    ("pllc", Limited, End),
    ("llp", Partnership, End),
    ("lp", Partnership, End),
    ("lllp", Partnership, End),
    ("limited partnership", Partnership, End),
    ("plc", JointStock, End),
    ("public limited company", JointStock, End),
    ("co", Plain, End),
    ("company", Plain, End),
    ("co ltd", Limited, End),
    ("co limited", Limited, End),
    ("company ltd", Limited, End),
    ("company limited", Limited, End),
    ("co inc", Corporation, End),
    ("co llc", Limited, End),
    ("coltd", Limited, End),
    ("cic", NonProfit, End),
    ("bhd", JointStock, End),
    ("berhad", JointStock, End),
    ("sdn bhd", Limited, End),
    ("sendirian berhad", Limited, End),
    ("fz llc", Limited, End),
    ("fzllc", Limited, End),
    ("fze", Limited, End),
    ("fzco", Limited, End),
    ("fz co", Limited, End),
    ("dmcc", Limited, End),
    ("wll", Limited, End),
    ("ulc", Limited, End),
    // German
    ("gmbh", Limited, End),
    ("g m b h", Limited, End),
    ("ggmbh", NonProfit, End),
    ("mbh", Limited, End),
    ("gesellschaft mit beschrankter haftung", Limited, End),
    ("gmbh and co kg", Partnership, End),
    ("gmbh and co kgaa", Partnership, End),
    ("gmbh co kg", Partnership, End),
    ("ag and co kg", Partnership, End),
    ("ag", JointStock, End),
    ("aktiengesellschaft", JointStock, End),
    ("kg", Partnership, End),
    ("kgaa", JointStock, End),
    ("ohg", Partnership, End),
    ("gbr", Partnership, End),
    ("ug", Limited, End),
    ("ug haftungsbeschrankt", Limited, End),
    ("se", JointStock, End),
    ("ev", NonProfit, End),
    ("e v", NonProfit, End),
    ("eg", NonProfit, End),
    ("ek", Partnership, End),
    ("sagl", Limited, End),
    // Romance languages
    ("sa", JointStock, End),
    ("s a", JointStock, End),
    ("sas", Limited, End),
    ("s a s", Limited, End),
    ("sasu", Limited, End),
    ("sarl", Limited, End),
    ("s a r l", Limited, End),
    ("sarlu", Limited, End),
    ("eurl", Limited, End),
    ("snc", Partnership, End),
    ("scs", Partnership, End),
    ("srl", Limited, End),
    ("s r l", Limited, End),
    ("srls", Limited, End),
    ("spa", JointStock, End),
    ("s p a", JointStock, End),
    ("sl", Limited, End),
    ("s l", Limited, End),
    ("slu", Limited, End),
    ("sau", JointStock, End),
    ("sociedad limitada", Limited, End),
    ("sociedad anonima", JointStock, End),
    ("societe anonyme", JointStock, End),
    ("sa de cv", JointStock, End),
    ("s de rl de cv", Limited, End),
    ("sapi de cv", JointStock, End),
    ("lda", Limited, End),
    ("ltda", Limited, End),
    ("limitada", Limited, End),
    ("eireli", Limited, End),
    ("sgps", JointStock, End),
    // Low Countries, Nordics, Baltics
    ("bv", Limited, End),
    ("b v", Limited, End),
    ("besloten vennootschap", Limited, End),
    ("nv", JointStock, End),
    ("n v", JointStock, End),
    ("vof", Partnership, End),
    ("bvba", Limited, End),
    ("sprl", Limited, End),
    ("vzw", NonProfit, End),
    ("asbl", NonProfit, End),
    ("ab", Plain, Both),
    ("aktiebolag", Plain, End),
    ("oy", Plain, Both),
    ("oyj", JointStock, End),
    ("oy ab", Plain, End),
    ("osakeyhtio", Plain, End),
    ("abp", JointStock, End),
    ("as", Plain, Both),
    ("a s", JointStock, End),
    ("asa", JointStock, End),
    ("aps", Limited, End),
    ("ivs", Limited, End),
    ("hf", JointStock, End),
    ("ehf", Limited, End),
    ("ou", Limited, Both),
    ("sia", Limited, Both),
    ("uab", Limited, Both),
    // Central and South-East Europe
    ("sro", Limited, End),
    ("s ro", Limited, End),
    ("s r o", Limited, End),
    ("spol sro", Limited, End),
    ("spol s ro", Limited, End),
    ("spol s r o", Limited, End),
    ("spolecnost s rucenim omezenym", Limited, End),
    ("vos", Partnership, End),
    ("kft", Limited, End),
    ("zrt", JointStock, End),
    ("nyrt", JointStock, End),
    ("rt", JointStock, End),
    ("bt", Partnership, End),
    ("sp z oo", Limited, End),
    ("sp z o o", Limited, End),
    ("spzoo", Limited, End),
    ("spolka z oo", Limited, End),
    ("spolka z ograniczona odpowiedzialnoscia", Limited, End),
    ("spolka akcyjna", JointStock, End),
    ("sp j", Partnership, End),
    ("sp k", Partnership, End),
    ("doo", Limited, End),
    ("d o o", Limited, End),
    ("dd", JointStock, End),
    ("d d", JointStock, End),
    ("ad", JointStock, End),
    ("ead", JointStock, End),
    ("ood", Limited, End),
    ("eood", Limited, End),
    ("epe", Limited, End),
    ("ae", JointStock, End),
    ("ike", Limited, End),
    ("anonim sirketi", JointStock, End),
    ("limited sirketi", Limited, End),
    ("ltd sti", Limited, End),
    ("as ti", JointStock, End),
    // Asia
    ("kk", JointStock, Both),
    ("k k", JointStock, End),
    ("kabushiki kaisha", JointStock, Both),
    ("godo kaisha", Limited, Both),
    ("gk", Limited, End),
    ("pt", Limited, Both),
    ("tbk", JointStock, End),
    ("jsc vietnam", JointStock, End),
    ("bm", Limited, End),
];

/// Forms written without spaces, at either end.
static UNSPACED: &[(&str, FormClass)] = &[
    ("有限责任公司", Limited),
    ("有限責任公司", Limited),
    ("股份有限公司", JointStock),
    ("有限公司", Limited),
    ("株式会社", JointStock),
    ("株式會社", JointStock),
    ("合同会社", Limited),
    ("有限会社", Limited),
    ("주식회사", JointStock),
    ("유한회사", Limited),
    ("集团", Plain),
    ("集團", Plain),
    ("公司", Plain),
];

/// Most forms peeled off one name; `Corporation Limited` has two, and a hostile name is not made of more.
const MAX_FORMS: usize = 4;

/// Peels forms off both ends, longest first, never to nothing.
pub(super) fn peel(folded: &str) -> (String, BTreeSet<FormClass>) {
    let mut core = folded;
    let mut classes = BTreeSet::new();
    for _ in 0..MAX_FORMS {
        let Some((shorter, class)) = peel_one(core) else {
            break;
        };
        core = shorter;
        classes.insert(class);
    }
    core = core.strip_prefix("the ").unwrap_or(core);
    // "Company" beside a real form says nothing more.
    if classes.len() > 1 {
        classes.remove(&Plain);
    }
    (core.to_owned(), classes)
}

/// Most words of a form in the tables.
const MAX_FORM_WORDS: usize = 8;

fn peel_one(core: &str) -> Option<(&str, FormClass)> {
    let heads = core.match_indices(' ').map(|(at, _)| at);
    let tails = core.rmatch_indices(' ').map(|(at, _)| at);
    let mut heads: Vec<usize> = heads.take(MAX_FORM_WORDS).collect();
    let mut tails: Vec<usize> = tails.take(MAX_FORM_WORDS).collect();
    while let (Some(tail), Some(head)) = (tails.pop(), heads.pop()) {
        let apart = |at: usize| Some((core.get(..at)?, core.get(at.checked_add(1)?..)?));
        if let Some((rest, form)) = apart(tail)
            && let Some((class, _)) = known(form)
        {
            return Some((rest, class));
        }
        if let Some((form, rest)) = apart(head)
            && let Some((class, Both)) = known(form)
        {
            return Some((rest, class));
        }
    }
    if core.is_ascii() {
        return None;
    }
    UNSPACED.iter().find_map(|(form, class)| {
        let rest = core
            .strip_suffix(form)
            .or_else(|| core.strip_prefix(form))?
            .trim();
        (!rest.is_empty()).then_some((rest, *class))
    })
}

fn known(form: &str) -> Option<(FormClass, At)> {
    if let Some(found) = TABLE.get(form) {
        return Some(*found);
    }
    // Fields end at 64 characters and people mistype; a form of several words bears a letter more or less.
    if form.len() < MIN_MISSPELT || !form.contains(' ') {
        return None;
    }
    MISSPELT
        .iter()
        .find(|(known, _)| {
            known.len().abs_diff(form.len()) <= 1
                && known.as_bytes().first() == form.as_bytes().first()
                && strsim::levenshtein(known, form) <= 1
        })
        .map(|(_, class)| (*class, Both))
}

/// Shortest form that is recognised with a letter wrong.
const MIN_MISSPELT: usize = 16;

/// Forms of several words that are recognised with a letter wrong.
static MISSPELT: &[(&str, FormClass)] = &[
    ("joint stock company", JointStock),
    ("open joint stock company", JointStock),
    ("closed joint stock company", JointStock),
    ("public joint stock company", JointStock),
    ("public limited company", JointStock),
    ("limited liability company", Limited),
    ("limited liability partnership", Partnership),
    ("private limited company", Limited),
    ("aktsionernoe obshchestvo", JointStock),
    ("obshchestvo s ogranichennoi otvetstvennostyu", Limited),
    ("gesellschaft mit beschrankter haftung", Limited),
];

/// GLEIF's list of ISO 20275 codes by folded spelling; made by `data/legal-forms/build.py`.
static ELF: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/data/legal-forms/elf.tsv"
));

/// Both tables; the hand table wins, it knows how names use a form.
static TABLE: LazyLock<HashMap<&'static str, (FormClass, At)>> = LazyLock::new(|| {
    let listed = elf().map(|(form, class, _)| {
        // Full names stand before a name as well as after it.
        let at = if form.contains(' ') && form.len() >= MIN_MISSPELT {
            Both
        } else {
            End
        };
        (form, (class, at))
    });
    listed
        .chain(FORMS.iter().map(|(form, class, at)| (*form, (*class, *at))))
        .collect()
});

/// Rows of the ELF table: form, class, codes.
pub(super) fn elf() -> impl Iterator<Item = (&'static str, FormClass, &'static str)> {
    ELF.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        let (form, class, codes) = (cells.next()?, cells.next()?, cells.next()?);
        let class = match class {
            "joint-stock" => JointStock,
            "limited" => Limited,
            "partnership" => Partnership,
            "cooperative" => Cooperative,
            "non-profit" => NonProfit,
            "state" => State,
            "plain" => Plain,
            _ => return None,
        };
        Some((form, class, codes))
    })
}
