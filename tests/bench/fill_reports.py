#!/usr/bin/env python3
"""Fills a titik-serve SQLite database with made-up reports, to see how answers grow with it.

    tests/bench/fill_reports.py build/big/titik.db 1000000

The database must be there (`titik-serve list --data build/big` makes it) and not be served meanwhile. Reports are
spread over five years and the city, with the history and the follow-ups that their state implies."""
import json, random, sqlite3, sys, time

path, count = sys.argv[1], int(sys.argv[2])
random.seed(1)
now = int(time.time() * 1000)
hour = 3600 * 1000
span = 5 * 365 * 24 * hour
kinds = [("jalan", "pupr", 72), ("lampu-jalan", "perhubungan", 48), ("sampah", "dlh", 24), ("drainase", "pupr", 72),
         ("banjir", "pupr", 24), ("parkir", "perhubungan", 48)]
states = [("ditutup_admin", 70), ("ditutup_sistem", 12), ("proses", 8), ("terverifikasi", 5), ("belum_terverifikasi", 3), ("diarsipkan_admin", 2)]
names, weights = zip(*states)
db = sqlite3.connect(path)
db.execute("PRAGMA synchronous = OFF")
db.execute("PRAGMA foreign_keys = OFF")
first = db.execute("SELECT coalesce(max(tracking_id), 7000000) FROM report").fetchone()[0] + 1
caller = db.execute("INSERT INTO caller(kind, name, token_sha256, created_at) VALUES ('device', '', ?, ?)", (str(random.random()), now)).lastrowid
begun = time.time()
for part in range(0, count, 50000):
    for i in range(part, min(part + 50000, count)):
        tracking_id = first + i
        received = now - span + span * i // count
        category, agency, hours = random.choice(kinds)
        state = random.choices(names, weights)[0]
        took = int(random.lognormvariate(3.2, 0.9) * hour)
        closed = state.startswith("ditutup")
        request = json.dumps({"title": f"Laporan {i}", "content": "Sudah beberapa hari seperti ini, mohon diperiksa. " * 6,
                              "titik": {"landmark": f"RT {i % 40}, depan pos ronda"}})
        db.execute("INSERT INTO report(tracking_id, caller_id, report_id, content_sha256, request, title, category_id, is_secret, "
                   "latitude, longitude, agency_id, status, received_at, follow_up_due_at, follow_up_stopped_at) "
                   "VALUES (?, ?, NULL, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   (tracking_id, caller, request, f"Laporan {i}", category, int(random.random() < 0.05),
                    -1.61 + random.gauss(0, 0.025), 103.61 + random.gauss(0, 0.03), agency, state, received,
                    received + hours * hour, received + took if closed else 0))
        db.execute("INSERT INTO history(tracking_id, at, text, status_new, institution) VALUES (?, ?, 'Laporan diterima', 'belum_terverifikasi', '')", (tracking_id, received))
        if closed or state == "proses":
            db.execute("INSERT INTO follow_up(tracking_id, caller_id, content_sha256, kind, institution_from, institution_to, at, template_code, content, rating) "
                       "VALUES (?, ?, '', ?, ?, '', ?, '', 'Sudah kami tangani.', 0)",
                       (tracking_id, caller, "action" if closed and random.random() < 0.8 else "answer", agency, received + took // 2))
    db.commit()
print(f"{count} reports in {time.time() - begun:.0f} s")
