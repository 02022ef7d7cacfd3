#!/usr/bin/env python3
"""Makes elf.tsv from GLEIF's list of ISO 20275 entity legal forms: build.py CODES.csv ROMANISE.rs > elf.tsv

Folds as src/identity/name/fold.rs does (a test compares), sorts forms into classes by the words of their full names, and leaves out
what could be an ordinary word of a name: abbreviations under four letters, full names of one word, and the words below. What is left
out and still wanted stands in the table of src/identity/name/forms.rs.
"""
import collections
import csv
import re
import sys
import unicodedata

CLASSES = [
    ("cooperative", r"co-?operativ|genossenschaft|kooperativ|kooperatyw|spoldziel|druzstv|osuuskunta|zadrug|szovetkezet|andelsselskab|andelslag|uhistu"),
    ("partnership", r"partnership|kommandit|comandit|commandit|accomandit|vennootschap onder|nom collectif|nome collettivo|nombre colectivo|handelsbolag|offene handels|jawna|komandyt|komandit|jaanosauhing|societe en nom|partnerska|tovarishchestvo|tovaristvo"),
    ("limited", r"limited liability|responsabilit|ogranichenn|obmezhen|haftung|rucenim|odpowiedzialn|odgovorno|omezen|private limited|limitada|limited company|beperkte aansprakelijk|besloten vennootschap|raspundere limitata|felelossegu|anpartsselskab|osauhing|uzdaroji|ierobezotu|sinirli|limited sirket|yhtio rajoitettu|einkahlutafelag|ogranicenom|omejeno|perioris"),
    ("joint-stock", r"joint.stock|aktsioner|aktsiin|aktsion|actiuni|akciov|akcyjn|akcine|akciju|anonim|anonym|sociedad por acciones|per azioni|par actions|aktieselskab|aksjeselskap|aktiebolag|aktiengesellschaft|naamloze|public limited|dionick|delnisk|reszvenytarsasag|osakeyhtio|hlutafelag|aktsiaselts|anonimi"),
    ("non-profit", r"stiftung|foundation|fondation|fundac|fondazione|stichting|association|verein|asociaci|associazione|non.?profit|society|sdruzeni|saatio|alapitvany|egyesulet|zdruzeni|stowarzysz|fondsiya"),
    ("state", r"state enterprise|state unitary|unitarnoe|state.owned|derzhavne|government|public body|public law|statni podnik|statny podnik"),
]

WORDS = {"assn", "assoc", "company", "coop", "corp", "fund", "limited", "limitee", "society", "pool inc", "pool ltd", "co op", "s and l"}


def table(path):
    letters = {}
    for keys, value in re.findall(r"((?:'.' ?\|? ?\s*)+) => \"(\w*)\"", open(path, encoding="utf-8").read()):
        for key in re.findall(r"'(.)'", keys):
            letters[key] = value
    return letters


def fold(text, letters):
    text = "".join(letters.get(c, c) for c in unicodedata.normalize("NFKC", text).lower())
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = re.sub(r"[.'\u2018\u2019\u02bc\u02b9`\u00b4\u2032]", "", text).replace("&", " and ")
    return " ".join(re.sub(r"[^0-9a-z]", " ", text).split()) if text.isascii() else ""


def kind(*names):
    for name in names:
        for label, pattern in CLASSES:
            if re.search(pattern, name):
                return label
    return None


def main(codes, romanise):
    letters = table(romanise)
    forms = collections.defaultdict(lambda: (collections.Counter(), set()))
    for row in csv.DictReader(open(codes, encoding="utf-8-sig")):
        if row["ELF Status ACTV/INAC"] != "ACTV":
            continue
        local = fold(row["Entity Legal Form name Local name"], letters)
        roman = fold(row["Entity Legal Form name Transliterated name (per ISO 01-140-10)"], letters)
        label = kind(local, roman)
        if label is None:
            continue
        spelled = {n for n in (local, roman) if 2 <= len(n.split()) <= 7 and len(n) < 72}
        if label != "limited" and label != "joint-stock" and label != "partnership":
            spelled = set()
        for column in ("Abbreviations Local language", "Abbreviations transliterated"):
            for short in row[column].split(";"):
                short = fold(short, letters)
                if 4 <= len(short.replace(" ", "")) and len(short) <= 16 and short not in WORDS:
                    spelled.add(short)
        for form in spelled:
            counts, where = forms[form]
            counts[label] += 1
            where.add(row["ELF Code"])
    for form in sorted(forms):
        counts, where = forms[form]
        label, most = counts.most_common(1)[0]
        # One spelling of two kinds tells nothing apart.
        if most * 2 <= sum(counts.values()):
            label = "plain"
        print(f"{form}\t{label}\t{','.join(sorted(where)[:8])}")


main(*sys.argv[1:])
