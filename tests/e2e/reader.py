#!/usr/bin/env python3
"""Reads what Titik Lapor keeps and exports, by docs/storage-format.md alone: nothing of the app's code is used.

  reader.py pages DUMP.json DATABASE    puts the pages of IndexedDB together to an SQLite file
  reader.py export FILE.zip             reads an export

DUMP.json: {"head": value of meta 'head', "pages": [[key, sum, base64 of data]...], "blobs": [[key, bytes, base64]...]}.
Prints {"reports": [...], "photos": {sha256: bytes}} as JSON; ends with 1 and a sentence when something is wrong."""
import base64
import hashlib
import json
import sqlite3
import struct
import sys
import zipfile

ALL = (1 << 64) - 1


# Checks
def mix(state, word):
    m = ((state ^ word) * 0x9FB21C651E98DF25) & ALL
    return m ^ (m >> 32)


def spread(a):
    b = ((a ^ (a >> 30)) * 0xBF58476D1CE4E5B9) & ALL
    c = ((b ^ (b >> 27)) * 0x94D049BB133111EB) & ALL
    return c ^ (c >> 31)


def checksum(seed, data):
    state = mix(mix(0x746974696B706167, seed), len(data))
    padded = data + bytes(-len(data) % 8)
    for (word,) in struct.iter_unpack("<Q", padded):
        state = mix(state, word)
    return spread(state)


def require(holds, words):
    if not holds:
        raise SystemExit(words)


def photo_of(data, sha256, size, name):
    require(len(data) == size, f"{name}: {len(data)} bytes, not {size}")
    require(hashlib.sha256(data).hexdigest() == sha256, f"{name}: another SHA-256")


# IndexedDB, Checks, Tables
def read_pages(dump_file, database_file):
    dump = json.load(open(dump_file, encoding="utf-8"))
    head = dump["head"]
    require(head["format"] == 1, "a format that this program does not know")
    pages = {}
    together = 0
    for number, page_sum, data in dump["pages"]:
        pages[number] = base64.b64decode(data)
        require(len(pages[number]) == 8192, f"page {number}: its length")
        found = checksum(number, pages[number])
        require(f"{found:016x}" == page_sum, f"page {number}: its sum")
        together ^= found
    require(sorted(pages) == list(range(1, head["page_count"] + 1)), "pages 1 to page_count, and no other")
    found = spread(mix(mix(mix(0, head["commit"]), head["page_count"]), together))
    require(f"{found:016x}" == head["sum"], "the head's sum")
    with open(database_file, "wb") as file:
        for number in sorted(pages):
            file.write(pages[number])

    db = sqlite3.connect(f"file:{database_file}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    require(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "integrity_check")
    require(not db.execute("PRAGMA foreign_key_check").fetchall(), "foreign_key_check")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    require(version == 5, f"version {version} of the tables is in no table of the document")
    blobs = {key: (size, base64.b64decode(data)) for key, size, data in dump["blobs"]}
    reports = []
    photos = {}
    for row in db.execute("SELECT * FROM report ORDER BY created_at"):
        report = dict(row)
        report["photos"] = [dict(one) for one in db.execute("SELECT * FROM photo WHERE report_id=? ORDER BY position", (row["id"],))]
        queued = db.execute("SELECT count(*) FROM outbox WHERE report_id=?", (row["id"],)).fetchone()[0]
        report["queued"] = queued == 1
        reports.append(report)
        for photo in report["photos"]:
            for kind in ("", "thumbnail_", "original_"):
                sha256, size = photo[kind + "sha256"], photo[kind + "bytes"]
                if sha256 == "" and kind == "original_":
                    continue
                require(sha256 in blobs, f"no blob {sha256}")
                stored, data = blobs[sha256]
                require(stored == size, f"blob {sha256}: its bytes")
                photo_of(data, sha256, size, f"blob {sha256}")
                photos[sha256] = size
    for table, columns in documented().items():
        found = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
        require(sorted(found) == sorted(columns), f"table {table}: columns {sorted(set(found) ^ set(columns))} differ from the document's")
    tables = [row["name"] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    require(sorted(tables) == sorted(documented()), "tables that the document does not have")
    return reports, photos


def documented():
    """The tables and columns of the chapter Tables: names in backquotes in the second column."""
    text = open("docs/storage-format.md", encoding="utf-8").read().split("\n## Tables\n")[1].split("\n## ")[0]
    tables = {}
    name = None
    for line in text.splitlines():
        if not line.startswith("| ") or line.startswith("| table "):
            continue
        first, second = (cell.strip() for cell in line.split("|")[1:3])
        if first:
            name = first.strip("`")
            tables[name] = []
        # What stands in brackets are values, not columns.
        depth = 0
        plain = ""
        for letter in second:
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                plain += letter
        tables[name] += [word for index, word in enumerate(plain.split("`")) if index % 2]
    return tables


# Export
def read_export(file):
    with zipfile.ZipFile(file) as archive:
        require(archive.testzip() is None, "a CRC-32 is wrong")
        for entry in archive.infolist():
            require(entry.compress_type == zipfile.ZIP_STORED, f"{entry.filename} is compressed")
            require(entry.flag_bits & 0x9 == 0, f"{entry.filename} is encrypted or has a data descriptor")
            require(entry.filename.isascii(), f"{entry.filename} is not ASCII")
        text = json.loads(archive.read("laporan.json").decode("utf-8"))
        require((text["format"], text["version"]) == ("titik-lapor", 1), "another format")
        files = {one["sha256"]: one for one in text["files"]}
        require(set(archive.namelist()) == {"laporan.json", "BACA.txt"} | {one["name"] for one in text["files"]}, "entries that files does not name")
        photos = {}
        for one in text["files"]:
            photo_of(archive.read(one["name"]), one["sha256"], one["bytes"], one["name"])
            photos[one["sha256"]] = one["bytes"]
        reports = []
        for one in text["reports"]:
            report = dict(one["draft"], queued=one["queued"], state=one["state"])
            require(set(one["draft"]) - {"place"} == documented_members("draft"), f"members of a draft: {sorted(set(one['draft']) ^ documented_members('draft'))}")
            for photo in report["photos"]:
                require(set(photo) - {"place", "taken_at"} == documented_members("photo"), f"members of a photo: {sorted(set(photo) ^ documented_members('photo'))}")
                for kind in ("sha256", "thumbnail_sha256"):
                    require(photo[kind] in files, f"no entry for {kind}")
            reports.append(report)
        return sorted(reports, key=lambda report: report["created_at"]), photos


def documented_members(name):
    """Members of `draft` and `photo` in the chapter Export that are always there: those without a question mark."""
    text = open("docs/storage-format.md", encoding="utf-8").read().split("\n## Export\n")[1]
    body = text.split(f"\n{name} = {{")[1].split("}")[0]
    return {one.split(":")[0].strip() for one in body.replace("\n", " ").split(",") if "?" not in one.split(":")[0]}


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "pages":
        reports, photos = read_pages(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "export":
        reports, photos = read_export(sys.argv[2])
    else:
        raise SystemExit(__doc__)
    print(json.dumps({"reports": reports, "photos": photos}))


main()
