#include "serve/proof.h"

#include <array>
#include <bit>
#include <set>

#include "geo/distance.h"
#include "photo/perceptual_hash.h"

namespace titik::serve {
namespace {

constexpr std::string_view kCursor = "proof_files";
constexpr int kBands = 4;
constexpr int kNeighbours = 137;  // 1 + 16 + 120: 16 bits with at most two changed
constexpr int kMostAlike = 20;    // reports named for one picture
constexpr double kFar = 500;      // metres: beyond what a phone's position indoors is wrong by
constexpr UnixMillis kClockError = kHour;

int band_of(std::uint64_t looks, int band) { return static_cast<int>(looks >> (16 * band) & 0xFFFF); }

std::vector<int> neighbours_of(int band) {
  std::vector<int> all = {band};
  for (int first = 0; first < 16; ++first) {
    all.push_back(band ^ 1 << first);
    for (int second = first + 1; second < 16; ++second) all.push_back(band ^ 1 << first ^ 1 << second);
  }
  return all;
}

// "?1, ?2, …"
std::string places(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += (i == 1 ? "?" : ", ?") + std::to_string(i);
  return text;
}

std::string number_of(const EvidenceFinding& finding) {
  return finding.other_tracking_id != 0 ? "laporan " + std::to_string(finding.other_tracking_id) : "laporan lain";
}

// The reports that had this content before file ?2, but for follow-up ?3 itself; whether a citizen sent it.
constexpr std::string_view kReportsWith =
    "SELECT file.tracking_id, max(CASE WHEN file.follow_up_id IS NULL OR follow_up.kind = 'citizen' THEN 1 ELSE 0 END) "
    "FROM file LEFT JOIN follow_up ON follow_up.id = file.follow_up_id "
    "WHERE file.sha256 = ?1 AND file.id < ?2 AND file.tracking_id IS NOT NULL AND coalesce(file.follow_up_id, 0) <> ?3 "
    "GROUP BY file.tracking_id ORDER BY file.tracking_id LIMIT ?4";

// What may be named: the rule of the public list (public_face.h).
constexpr std::string_view kMayBeNamed = "report.is_secret = 0 AND report.status NOT IN ('diarsipkan_admin', 'diarsipkan_sistem')";

}  // namespace

std::string finding_text(const EvidenceFinding& finding) {
  if (finding.finding == "same_file") {
    return finding.own ? "Foto bukti ini sama persis dengan foto yang sudah ada pada laporan ini."
                       : "Foto ini pernah dipakai pada " + number_of(finding) + ".";
  }
  if (finding.finding == "same_look") {
    return finding.own ? "Foto bukti ini sangat mirip dengan foto yang sudah ada pada laporan ini."
                       : "Foto ini sangat mirip dengan foto pada " + number_of(finding) + ".";
  }
  if (finding.finding == "far") {
    return "Menurut data fotonya, foto bukti diambil " + std::to_string(finding.amount) + " meter dari lokasi laporan.";
  }
  if (finding.finding == "taken_before") return "Menurut data fotonya, foto bukti diambil sebelum laporan diterima.";
  if (finding.finding == "bytes_only") return "Berkas bukti ini hanya dibandingkan persis; berkas yang sama belum pernah dipakai.";
  return "Foto bukti belum pernah dipakai pada laporan lain.";
}

Json finding_json(const EvidenceFinding& finding) {
  Json json = {{"finding", finding.finding}, {"text", finding_text(finding)}};
  if (finding.finding == "same_file" || finding.finding == "same_look") json["own"] = finding.own;
  if (finding.other_tracking_id != 0) json["tracking_id"] = std::to_string(finding.other_tracking_id);
  if (finding.finding == "far") json["metres"] = finding.amount;
  return json;
}

struct Proofs::Item {
  std::int64_t file_id = 0;
  std::string sha256, mime;
  std::int64_t tracking_id = 0;
  std::int64_t follow_up_id = 0;  // 0: not of a follow-up
  bool is_evidence = false;
  bool is_last = false;           // of its follow-up
  std::optional<report::GeoPoint> place;  // of the report
  UnixMillis received_at = 0;
};

Result<std::vector<Proofs::Item>> Proofs::waiting(int most) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(
      "SELECT file.id, file.sha256, file.mime, file.tracking_id, file.follow_up_id, "
      "CASE WHEN follow_up.kind = 'action' THEN 1 ELSE 0 END, "
      "CASE WHEN file.id = (SELECT max(id) FROM file AS other WHERE other.follow_up_id = file.follow_up_id) THEN 1 ELSE 0 END, "
      "report.latitude, report.longitude, report.received_at "
      "FROM file LEFT JOIN follow_up ON follow_up.id = file.follow_up_id "
      "LEFT JOIN report ON report.tracking_id = file.tracking_id "
      "WHERE file.id > coalesce((SELECT CAST(value AS BIGINT) FROM setting WHERE name = ?1), 0) ORDER BY file.id LIMIT ?2"));
  TRY(row.bind_all(std::string(kCursor), most));
  std::vector<Item> items;
  while (TRY(row.step())) {
    Item item{.file_id = row.integer(0), .sha256 = row.text(1), .mime = row.text(2), .tracking_id = row.integer(3),
              .follow_up_id = row.integer(4), .is_evidence = row.flag(5), .is_last = row.flag(6), .place = {},
              .received_at = row.integer(9)};
    if (!row.is_null(7) && !row.is_null(8)) item.place = report::GeoPoint{row.number(7), row.number(8)};
    items.push_back(std::move(item));
  }
  return items;
}

Result<int> Proofs::work(int most, UnixMillis now) {
  const std::vector<Item> items = TRY(waiting(most));
  for (const Item& item : items) {
    PictureFacts facts;
    if (item.mime.starts_with("image/")) {
      // A file that is gone or broken on the disk is no reason to stop at it for ever.
      const Result<std::string> bytes = files_.read(item.sha256);
      if (bytes.ok()) facts = look_at(*bytes, profile_.zone);
    }
    const SqlLock lock(sql_.mutex());
    TRY(sql_.transaction([&] { return settle(item, facts, now); }));
  }
  return static_cast<int>(items.size());
}

Result<Ok> Proofs::settle(const Item& item, const PictureFacts& facts, UnixMillis now) {
  Statement done = TRY(sql_.prepare("SELECT CAST(value AS BIGINT) FROM setting WHERE name = ?1"));
  TRY(done.bind(1, kCursor));
  if (TRY(done.step()) && done.integer(0) >= item.file_id) return Ok{};  // another process was faster
  done.reset();
  if (item.is_evidence) {
    Statement row = TRY(sql_.prepare(
        "INSERT INTO proof(file_id, finding, other_tracking_id, amount, follow_up_id, tracking_id, at, of_citizen) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING"));
    for (const EvidenceFinding& one : TRY(compare(item, facts))) {
      TRY(row.bind_all(item.file_id, one.finding, one.other_tracking_id, one.amount, item.follow_up_id, item.tracking_id, now, one.of_citizen));
      TRY(row.run());
    }
  }
  if (item.mime.starts_with("image/")) {
    Statement row = TRY(sql_.prepare(
        "INSERT INTO picture(sha256, first_file_id, looks, band0, band1, band2, band3, taken_at, latitude, longitude) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING"));
    TRY(row.bind_all(item.sha256, item.file_id, std::bit_cast<std::int64_t>(facts.looks), band_of(facts.looks, 0),
                     band_of(facts.looks, 1), band_of(facts.looks, 2), band_of(facts.looks, 3), facts.taken_at,
                     facts.point ? std::optional(facts.point->latitude) : std::nullopt,
                     facts.point ? std::optional(facts.point->longitude) : std::nullopt));
    TRY(row.run());
  }
  if (item.is_evidence && item.is_last) TRY(tell(item, now));
  Statement cursor = TRY(sql_.prepare(
      "INSERT INTO setting(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value"));
  TRY(cursor.bind_all(std::string(kCursor), std::to_string(item.file_id)));
  return cursor.run();
}

Result<std::vector<EvidenceFinding>> Proofs::compare(const Item& item, const PictureFacts& facts) {
  std::vector<EvidenceFinding> found;
  // 1. The same bytes, on an earlier follow-up or as anybody's photo of a complaint.
  Statement same = TRY(sql_.prepare(kReportsWith));
  TRY(same.bind_all(item.sha256, item.file_id, item.follow_up_id, kMostAlike));
  while (TRY(same.step())) {
    found.push_back({.finding = "same_file", .other_tracking_id = same.integer(0), .of_citizen = same.flag(1)});
  }
  // 2. The same look.
  if (facts.looks != 0) TRY(add_alike(item, facts.looks, found));
  // 3. Place and time, as the picture tells them.
  if (facts.point && item.place) {
    const double metres = geo::distance_m(*facts.point, *item.place);
    if (metres > kFar) found.push_back({.finding = "far", .amount = static_cast<std::int64_t>(metres)});
  }
  if (facts.taken_at != 0 && facts.taken_at + kClockError < item.received_at) {
    found.push_back({.finding = "taken_before", .amount = (item.received_at - facts.taken_at) / kMinute});
  }
  if (found.empty()) found.push_back({.finding = facts.looks != 0 ? "clear" : "bytes_only"});
  return found;
}

Result<Ok> Proofs::add_alike(const Item& item, std::uint64_t looks, std::vector<EvidenceFinding>& found) {
  std::map<std::string, int> alike;  // by content: bits that differ
  for (int band = 0; band < kBands; ++band) {
    Statement row = TRY(sql_.prepare("SELECT sha256, looks FROM picture WHERE looks <> 0 AND band" + std::to_string(band) +
                                     " IN (" + places(kNeighbours) + ")"));
    int place = 0;
    for (const int neighbour : neighbours_of(band_of(looks, band))) TRY(row.bind(++place, neighbour));
    while (TRY(row.step())) {
      const int bits = photo::hash_distance(looks, std::bit_cast<std::uint64_t>(row.integer(1)));
      if (bits <= photo::kSamePictureDistance && row.text(0) != item.sha256) alike.emplace(row.text(0), bits);
    }
  }
  std::set<std::int64_t> known;
  for (const EvidenceFinding& one : found) known.insert(one.other_tracking_id);
  Statement row = TRY(sql_.prepare(kReportsWith));
  for (const auto& [sha256, bits] : alike) {
    TRY(row.bind_all(sha256, item.file_id, item.follow_up_id, kMostAlike));
    while (TRY(row.step())) {
      if (known.size() < kMostAlike && known.insert(row.integer(0)).second) {
        found.push_back({.finding = "same_look", .other_tracking_id = row.integer(0), .amount = bits, .of_citizen = row.flag(1)});
      }
    }
  }
  return Ok{};
}

// One line of the history for the whole follow-up: what was found of its pictures, or that nothing was.
Result<Ok> Proofs::tell(const Item& item, UnixMillis now) {
  Statement row = TRY(sql_.prepare(
      "SELECT proof.finding, CASE WHEN " + std::string(kMayBeNamed) + " THEN proof.other_tracking_id ELSE 0 END, "
      "CASE WHEN proof.other_tracking_id = proof.tracking_id THEN 1 ELSE 0 END, max(proof.amount) "
      "FROM proof LEFT JOIN report ON report.tracking_id = proof.other_tracking_id "
      "WHERE proof.follow_up_id = ?1 GROUP BY 1, 2, 3 ORDER BY 1, 2"));
  TRY(row.bind(1, item.follow_up_id));
  std::string text, clear;
  while (TRY(row.step())) {
    const EvidenceFinding finding{.finding = row.text(0), .other_tracking_id = row.integer(1), .own = row.flag(2), .amount = row.integer(3)};
    (finding.finding == "clear" || finding.finding == "bytes_only" ? clear : text) += " " + finding_text(finding);
  }
  if (text.empty()) text = clear;
  if (text.empty()) return Ok{};
  Statement line = TRY(sql_.prepare(
      "INSERT INTO history(tracking_id, at, text, status_new, institution) VALUES (?1, ?2, ?3, '', '')"));
  TRY(line.bind_all(item.tracking_id, now, "Pemeriksaan bukti:" + text));
  return line.run();
}

Result<std::vector<EvidenceFinding>> Proofs::findings(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare(
      "SELECT proof.file_id, proof.follow_up_id, proof.finding, "
      "CASE WHEN " + std::string(kMayBeNamed) + " THEN proof.other_tracking_id ELSE 0 END, "
      "CASE WHEN proof.other_tracking_id = proof.tracking_id THEN 1 ELSE 0 END, proof.amount "
      "FROM proof LEFT JOIN report ON report.tracking_id = proof.other_tracking_id "
      "WHERE proof.tracking_id = ?1 ORDER BY proof.file_id, proof.finding, proof.other_tracking_id LIMIT 200"));
  TRY(row.bind(1, tracking_id));
  std::vector<EvidenceFinding> findings;
  while (TRY(row.step())) {
    findings.push_back({.file_id = row.integer(0), .follow_up_id = row.integer(1), .finding = row.text(2),
                        .other_tracking_id = row.integer(3), .own = row.flag(4), .amount = row.integer(5)});
  }
  return findings;
}

}  // namespace titik::serve
