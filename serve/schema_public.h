// The tables behind the public face: what anybody may see, kept apart from the reports (public_face.h). Included by
// schema.cc alone.
#pragma once

namespace titik::serve {

inline constexpr const char* kSchemaPublicFace = R"sql(
-- One row a report, made anew from the report whenever it changes. Nothing of it names a person. What is not listed
-- (secret, archived) has neither title nor place here and is only counted.
CREATE TABLE public_report(
  tracking_id INTEGER PRIMARY KEY REFERENCES report(tracking_id) ON DELETE CASCADE,
  is_listed INTEGER NOT NULL,
  is_archived INTEGER NOT NULL,
  title TEXT NOT NULL,
  category_id TEXT NOT NULL,
  agency_id TEXT NOT NULL,
  village_code TEXT NOT NULL,          -- '' when nothing tells it
  channel TEXT NOT NULL,               -- entered.h, channel_sql()
  status TEXT NOT NULL,
  status_group INTEGER NOT NULL,       -- 0 belum, 1 proses, 2 selesai
  latitude REAL, longitude REAL,       -- rounded to about 11 m
  cell_y INTEGER NOT NULL, cell_x INTEGER NOT NULL,  -- of the smallest square of the map; 0 without a place
  day INTEGER NOT NULL,                -- since 1970, in the city's zone
  received_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  response_due_at INTEGER NOT NULL,
  response_minutes INTEGER NOT NULL,   -- -1: not yet
  follow_up_due_at INTEGER NOT NULL,
  follow_up_minutes INTEGER NOT NULL,  -- -1: not yet
  response_in_time INTEGER NOT NULL,
  follow_up_in_time INTEGER NOT NULL,
  has_action INTEGER NOT NULL
) STRICT;
CREATE INDEX public_listed ON public_report(tracking_id) WHERE is_listed = 1;
CREATE INDEX public_of_category ON public_report(category_id, tracking_id) WHERE is_listed = 1;
CREATE INDEX public_of_agency ON public_report(agency_id, tracking_id) WHERE is_listed = 1;
CREATE INDEX public_of_village ON public_report(village_code, tracking_id) WHERE is_listed = 1;
CREATE INDEX public_of_group ON public_report(status_group, tracking_id) WHERE is_listed = 1;
CREATE INDEX public_of_day ON public_report(day, tracking_id) WHERE is_listed = 1;
CREATE INDEX public_of_cell ON public_report(cell_y, cell_x) WHERE is_listed = 1;
CREATE INDEX public_no_response ON public_report(response_due_at) WHERE response_minutes < 0;
CREATE INDEX public_no_follow_up ON public_report(follow_up_due_at) WHERE follow_up_minutes < 0;
-- Sums of the same, so that no question counts a million rows.
CREATE TABLE public_count(
  dimension TEXT NOT NULL,             -- 'all', 'agency', 'category', 'village', 'channel'
  value TEXT NOT NULL,
  day INTEGER NOT NULL,
  received INTEGER NOT NULL, in_process INTEGER NOT NULL, done INTEGER NOT NULL,
  followed_up INTEGER NOT NULL,        -- with an action
  archived INTEGER NOT NULL,
  PRIMARY KEY(dimension, value, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE public_time(
  agency_id TEXT NOT NULL,
  month INTEGER NOT NULL,              -- of receipt: year * 12 + month - 1
  measure TEXT NOT NULL,               -- 'response', 'follow_up', and the same with '_in_time'
  bucket INTEGER NOT NULL,             -- durations.h
  count INTEGER NOT NULL,
  PRIMARY KEY(agency_id, month, measure, bucket)
) STRICT, WITHOUT ROWID;
CREATE TABLE public_cell(
  level INTEGER NOT NULL,              -- map_cells.h
  cell_y INTEGER NOT NULL, cell_x INTEGER NOT NULL,
  category_id TEXT NOT NULL,
  not_yet INTEGER NOT NULL, in_process INTEGER NOT NULL, done INTEGER NOT NULL,
  PRIMARY KEY(level, cell_y, cell_x, category_id)
) STRICT, WITHOUT ROWID;
-- Written down by an officer for somebody who has no phone at hand. The contact stays here: it is nobody's to see
-- but the office's.
CREATE TABLE entered_report(
  tracking_id INTEGER PRIMARY KEY REFERENCES report(tracking_id) ON DELETE CASCADE,
  channel TEXT NOT NULL,
  consent TEXT NOT NULL,               -- how it was given
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  entered_by INTEGER NOT NULL REFERENCES caller(id),
  entered_at INTEGER NOT NULL
) STRICT;
-- "Saya juga": once a device, which may then see what of the report is public, and no more.
CREATE TABLE affected(
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id) ON DELETE CASCADE,
  caller_id INTEGER NOT NULL REFERENCES caller(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  PRIMARY KEY(tracking_id, caller_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX affected_of_caller ON affected(caller_id, tracking_id);
-- A neighbour's word on a repair, the last one of each device. Where they stood is not kept, only how far away.
CREATE TABLE confirmation(
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id) ON DELETE CASCADE,
  caller_id INTEGER NOT NULL REFERENCES caller(id) ON DELETE CASCADE,
  works INTEGER NOT NULL,
  distance_m INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY(tracking_id, caller_id)
) STRICT, WITHOUT ROWID;
)sql";

inline constexpr const char* kSchemaProof = R"sql(
-- What a stored picture looks like (proof.h). One row for each content, whatever reports it is on.
CREATE TABLE picture(
  sha256 TEXT PRIMARY KEY NOT NULL,
  first_file_id INTEGER NOT NULL,
  looks INTEGER NOT NULL,              -- perceptual hash; 0: cannot be compared by its look
  band0 INTEGER NOT NULL, band1 INTEGER NOT NULL, band2 INTEGER NOT NULL, band3 INTEGER NOT NULL,
  taken_at INTEGER NOT NULL,           -- EXIF; 0: not told
  latitude REAL, longitude REAL
) STRICT;
CREATE INDEX picture_band0 ON picture(band0) WHERE looks <> 0;
CREATE INDEX picture_band1 ON picture(band1) WHERE looks <> 0;
CREATE INDEX picture_band2 ON picture(band2) WHERE looks <> 0;
CREATE INDEX picture_band3 ON picture(band3) WHERE looks <> 0;
CREATE INDEX file_of_content ON file(sha256);
-- What the check of one piece of evidence found.
CREATE TABLE proof(
  file_id INTEGER NOT NULL REFERENCES file(id) ON DELETE CASCADE,
  finding TEXT NOT NULL,               -- proof.h
  other_tracking_id INTEGER NOT NULL,  -- 0: none
  amount INTEGER NOT NULL,             -- metres, or bits that differ
  follow_up_id INTEGER NOT NULL REFERENCES follow_up(id) ON DELETE CASCADE,
  tracking_id INTEGER NOT NULL REFERENCES report(tracking_id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  PRIMARY KEY(file_id, finding, other_tracking_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX proof_of_report ON proof(tracking_id);
)sql";

}  // namespace titik::serve
