#include "engine/test_world.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "base/id.h"

namespace titik::engine {
namespace {

std::string header(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

std::string text_of(const HttpRequest& request) {
  std::string text;
  for (const HttpPart& part : request.body) text += part.text;
  return text;
}

const report::CityProfile& profile() {
  static const report::CityProfile parsed = report::parse_city_profile(test_profile()).value();
  return parsed;
}

}  // namespace

std::string test_profile(int version) {
  std::ifstream file("assets/cities/kota-jambi.json");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string shipped = "\"version\": 1,";
  const std::size_t at = text.find(shipped);
  return at == text.npos ? text : text.replace(at, shipped.size(), "\"version\": " + std::to_string(version) + ",");
}

report::Draft test_draft(int number) {
  const std::string digits = std::to_string(number);
  return {.id = "019aa7d2-0000-7000-8000-" + std::string(12 - digits.size(), '0') + digits,
          .category_id = profile().categories.front().id,
          .title = "Lubang di jalan " + digits,
          .content = "Dalam sekali, dekat sekolah.",
          .incident_date = "2026-11-19",
          .landmark = "RT 05, depan warung"};
}

report::Photo test_photo(char name) {
  return {std::string(64, name), 1000, 1600, 1200, std::string(63, name) + "0", 100};
}

// --- Server ---------------------------------------------------------------------------------------

TestServer::Answer TestServer::told(const std::string& path, int status) {
  const Upload& upload = resumable[path];
  if (upload.offset == upload.length) {
    for (auto& [key, report] : reports) {
      if (std::erase(report.pending, upload.sha256) != 0) report.photos.push_back(upload.sha256);
    }
  }
  return {.status = status, .location = path, .upload_offset = upload.offset};
}

TestServer::Answer TestServer::answer_upload(const HttpRequest& request, const std::string& token, Arrival arrival) {
  if (request.method == "OPTIONS") return {.status = 204, .tus_extension = takes_thumbnails ? "creation,titik-report,titik-thumbnail" : "creation,titik-report"};
  if (header(request, "Tus-Resumable") != "1.0.0") return {412};
  if (request.method == "POST") {
    const std::string metadata = header(request, "Upload-Metadata");
    for (const auto& [path, upload] : resumable) {
      if (upload.token == token && upload.metadata == metadata) return told(path, 201);
    }
    const std::string path = std::string(lapor::kUploadsPath) + "/" + std::to_string(++last_file_);
    resumable[path] = {token, metadata, {}, std::stoll(header(request, "Upload-Length")), 0};
    return told(path, 201);
  }
  const auto found = resumable.find(request.url);
  if (found == resumable.end() || found->second.token != token) return {404};
  Upload& upload = found->second;
  if (request.method == "HEAD") return told(request.url, 200);
  const HttpPart& piece = request.body.at(0);
  if (header(request, "Upload-Offset") != std::to_string(upload.offset) || piece.from != upload.offset) return {409};
  if (piece.from + piece.bytes > upload.length) return {413};
  const std::int64_t taken = arrival == Arrival::kHalf ? piece.bytes / 2 : piece.bytes;
  upload.sha256 = piece.blob_sha256;
  upload.offset += taken;
  bytes_taken += taken;
  return told(request.url, 204);
}

std::string TestServer::created(const Report& report) {
  lapor::Receipt receipt{report.id, report.tracking_id, 1'795'200'100'000, 1'795'200'100'000 + kDay, report.photos, report.pending};
  if (signer) {
    lapor::Statement statement{.city = profile().id, .report_id = report.id, .tracking_id = report.tracking_id,
                               .received_at = receipt.received_at, .photo_sha256 = report.photos, .pending_sha256 = report.pending};
    statement.words_sha256 = lapor::test_sha256(lapor::words_of(lapor::read_create(report.body, profile())->draft));
    if (tamper_statement) tamper_statement(statement);
    receipt.jws = signer->sign(statement);
    if (tamper_receipt) tamper_receipt(receipt.jws);
  }
  return lapor::write_created(receipt);
}

TestServer::Answer TestServer::answer(const HttpRequest& request, Arrival arrival) {
  if (first) {
    if (std::optional<Answer> given = first(request)) return *given;
  }
  const std::string& url = request.url;
  const std::string lapor = profile().lapor_base_path;
  const std::string token = header(request, "Authorization");
  if (url == lapor::kDevicesPath) {
    ++devices;
    const std::string made = "token-" + std::to_string(devices);
    tokens.insert("Bearer " + made);
    return {201, lapor::write_device({made, "77"})};
  }
  if (url == lapor::kCountsPath) return {200, lapor::write_counts({5, 2, 1})};
  if (url == lapor::kPublicReportsPath) return {200, lapor::write_public_reports({{.tracking_id = "1", .title = "Lampu"}})};
  if (url == lapor::kProfilePath) {
    ++profiles;
    if (!signer) return {404, ""};
    Json json = parse_json(test_profile()).value();
    Json& list = json["receipt_keys"] = Json::array();
    for (const lapor::TestKey& key : keys) list.push_back({{"kty", "EC"}, {"crv", "P-256"}, {"kid", key.id}, {"x", key.x}, {"y", key.y}});
    return {200, to_text(json)};
  }
  if (words_first && url == lapor::kUploadsPath && request.method == "OPTIONS") return answer_upload(request, token, arrival);
  if (!tokens.contains(token)) return {401, lapor::write_error({"Tidak dikenal", {}})};
  if (evidence.contains(url)) return {.status = 200, .body = evidence[url], .is_file = true};
  if (words_first && url.starts_with(lapor::kUploadsPath)) return answer_upload(request, token, arrival);
  if (url == lapor + std::string(lapor::kFilePath)) {
    ++uploads;
    const std::string id = std::to_string(++last_file_);
    for (const HttpPart& part : request.body) {
      if (!part.blob_sha256.empty()) files[id] = part.blob_sha256;
    }
    return {200, lapor::write_uploaded({{id, files[id]}}, {})};
  }
  if (url == lapor + std::string(lapor::kCreatePath)) {
    ++creates;
    const Result<lapor::CreateRequest> create = lapor::read_create(text_of(request), profile());
    if (!create.ok()) return {400, lapor::write_error({create.error().message, {}})};
    const std::string key = header(request, "Idempotency-Key");
    auto known = reports.find(key);
    if (known == reports.end()) {
      Report report{.id = key, .body = text_of(request), .token = token};
      for (const std::string& id : create->attachments) {
        if (!files.contains(id)) return {422, lapor::write_error({"Lampiran kedaluwarsa", {{"attachments", "invalid", ""}}})};
        report.photos.push_back(files[id]);
      }
      for (const report::Photo& photo : create->draft.photos) {
        if (create->photos_follow) report.pending.push_back(photo.sha256);
      }
      report.tracking_id = std::to_string(++last_report_);
      known = reports.emplace(key, report).first;
    }
    return {201, created(known->second)};
  }
  if (has_feed && url.starts_with(lapor::changes_path(""))) {
    ++questions;
    lapor::Changes changes{.cursor = "0"};
    const int pages = std::max(1, (static_cast<int>(follow_ups.size()) + page_size - 1) / page_size);
    for (const auto& [key, report] : reports) {
      changes.reports.push_back({key, report.tracking_id, detail, {.items = follow_ups, .last_page = pages}});
    }
    changes.cursor = std::to_string(std::hash<std::string>{}(lapor::write_changes(changes, profile().zone)) % 1'000'000);
    if (header(request, "If-None-Match") == "\"" + changes.cursor + "\"") return {304, ""};
    return {200, lapor::write_changes(changes, profile().zone)};
  }
  for (const auto& [key, report] : reports) {
    if (url == lapor::own_report_path(key)) {
      ++asks;
      return {200, created(report)};
    }
    for (const std::string& photo : report.pending) {
      if (url != lapor::thumbnail_path(key, photo) || request.method != "POST") continue;
      thumbnails.push_back(photo.substr(0, 1) + request.body.at(0).blob_sha256.substr(0, 1));
      return {204, ""};
    }
    if (url == lapor + lapor::detail_path(report.tracking_id)) {
      ++questions;
      return {200, lapor::write_detail(detail, profile().zone)};
    }
    for (int page = 1; page <= 9; ++page) {
      if (url != lapor + lapor::follow_ups_path(report.tracking_id, page)) continue;
      ++questions;
      lapor::FollowUpPage part{.page = page,
                               .last_page = std::max(1, (static_cast<int>(follow_ups.size()) + page_size - 1) / page_size)};
      for (int i = (page - 1) * page_size; i < page * page_size && i < static_cast<int>(follow_ups.size()); ++i) {
        part.items.push_back(follow_ups[static_cast<std::size_t>(i)]);
      }
      return {200, lapor::write_follow_ups(part, lapor + lapor::follow_ups_path(report.tracking_id, page), profile().zone)};
    }
  }
  if (url.starts_with(lapor::own_report_path("")) && !url.starts_with(lapor::changes_path(""))) ++asks;
  return {404, lapor::write_error({"Tidak ditemukan", {}})};
}

// --- Phone ----------------------------------------------------------------------------------------

TestWorld::TestWorld() : disk(std::make_unique<store::CrashingPageStore>()) {}

void TestWorld::random(std::span<std::uint8_t> bytes) {
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(dice_());
}

void TestWorld::send_event(std::string_view json) {
  Result<Event> event = read_event(json);
  if (event.ok()) events.push_back(std::move(event).value());
  else events.push_back(Reply{.id = -1, .error = event.error()});
}

void TestWorld::start_http(const HttpRequest& request) { requests.push_back(request); }

void TestWorld::delete_blobs(const std::vector<std::string>& sha256s) {
  for (const std::string& sha256 : sha256s) blobs.erase(sha256);
}

void TestWorld::start() {
  Result<store::PageImage> image = store::checked_image(disk->disk());
  if (!image.ok()) {
    open_error = image.error();
    return;
  }
  Result<std::unique_ptr<Engine>> opened = Engine::open(*this, *disk, std::move(image).value(), test_profile());
  if (!opened.ok()) {
    open_error = opened.error();
    return;
  }
  engine = std::move(opened).value();
  command(Start{});
}

void TestWorld::kill() {
  // What the disk has is all that remains; the dying engine reaches neither disk nor network.
  const store::StoredImage remains = disk->disk();
  engine.reset();
  requests.clear();
  check_.reset();
  events.clear();
  timer = 0;
  disk = std::make_unique<store::CrashingPageStore>(remains);
}

std::int64_t TestWorld::command(CommandBody body) {
  const std::int64_t id = ++last_command_;
  const auto bring = [&](const report::Photo& photo) {
    for (const std::string& sha256 : {photo.sha256, photo.thumbnail_sha256}) {
      engine->blob_arriving(sha256);
      blobs[sha256] = 1;
    }
  };
  if (const auto* add = std::get_if<AddPhoto>(&body)) bring(add->photo);
  if (const auto* replace = std::get_if<ReplacePhoto>(&body)) bring(replace->photo);
  engine->handle(write_command({.id = id, .body = std::move(body)}));
  return id;
}

std::int64_t TestWorld::import(const std::vector<CarriedReport>& reports, const std::string& more) {
  Json json = Json::array();
  std::vector<BlobInfo> brought;
  for (const CarriedReport& one : reports) {
    // A draft as JSON is part of the command that saves it.
    Json item = Json::object();
    item["draft"] = member(parse_json(write_command({.body = SaveDraft{one.draft}})).value(), "draft");
    item["queued"] = one.queued;
    json.push_back(std::move(item));
    for (const report::Photo& photo : one.draft.photos) {
      for (const std::string& sha256 : {photo.sha256, photo.thumbnail_sha256}) {
        if (!brings_photos) continue;
        engine->blob_arriving(sha256);
        blobs[sha256] = 1;
        brought.push_back({sha256, 0});
      }
    }
  }
  const std::int64_t id = command(ImportReports{to_text(json) + more});
  for (const BlobInfo& blob : brought) engine->blob_failed(blob.sha256);
  engine->sweep_blobs(brought);
  return id;
}

bool TestWorld::deliver(Fate fate) {
  if (const std::optional<ReceiptCheck> check = std::exchange(check_, std::nullopt)) {
    ++checks;
    const bool right = lapor::test_verify(check->jws, {"", check->x, check->y}) && lapor::test_sha256(check->words) == check->words_sha256;
    engine->receipt_checked(!has_crypto ? ReceiptAnswer::kCannot : right ? ReceiptAnswer::kRight : ReceiptAnswer::kWrong);
    return true;
  }
  if (requests.empty()) return false;
  const HttpRequest request = requests.front();
  requests.pop_front();
  for (const HttpPart& part : request.body) {
    if (part.blob_sha256.empty() || blobs.contains(part.blob_sha256)) continue;
    engine->http_failed(request.id, HttpFailure::kBlobUnreadable);
    return true;
  }
  TestServer::Answer answer;
  const auto arrival = fate == Fate::kCut ? TestServer::Arrival::kHalf : TestServer::Arrival::kWhole;
  if (fate != Fate::kNeverSent) answer = server.answer(request, arrival);
  if (fate != Fate::kAnswered || answer.status == 0) {
    engine->http_failed(request.id, HttpFailure::kNetwork);
  } else if (answer.is_file && !request.blob_for_report.empty()) {
    blobs[answer.body] = 1;
    engine->http_done(request.id, {.status = answer.status, .blob_sha256 = answer.body, .blob_bytes = 1});
  } else {
    engine->http_done(request.id, {.status = answer.status, .retry_after = answer.retry_after, .location = answer.location,
                                     .tus_extension = answer.tus_extension, .upload_offset = answer.upload_offset,
                                     .body = answer.body});
  }
  return true;
}

void TestWorld::run_for(UnixMillis limit, Fate fate) {
  const UnixMillis end = clock + limit;
  for (;;) {
    while (deliver(fate)) {}
    if (timer == 0 || timer > end) break;
    clock = std::max(clock + 1, timer);
    timer = 0;
    engine->tick();
  }
  clock = std::max(clock, end);
}

std::optional<Reply> TestWorld::reply(std::int64_t id) const {
  for (const Event& event : events) {
    const auto* reply = std::get_if<Reply>(&event);
    if (reply != nullptr && reply->id == id) return *reply;
  }
  return std::nullopt;
}

report::PhoneState TestWorld::state_of(const std::string& report_id) const {
  if (const std::optional<ReportsChanged> list = last<ReportsChanged>()) {
    for (const ReportSummary& row : list->reports) {
      if (row.id == report_id) return row.state;
    }
  }
  return report::PhoneState::kDraft;
}

std::optional<ReportDetail> TestWorld::detail_of(const std::string& report_id) const {
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    const auto* changed = std::get_if<ReportChanged>(&*event);
    if (changed != nullptr && changed->report.draft.id == report_id) return changed->report;
  }
  return std::nullopt;
}

}  // namespace titik::engine
