#include "engine/messages.h"

#include <cstddef>
#include <limits>

#include "base/json.h"

// One function for each struct names its members once and serves both directions: `Fields` writes
// them into a JSON object, or reads them from one. Members that are missing or of another type read
// as their default; a value outside its set (an unknown enum name, a number too large) makes the
// whole message malformed.

namespace titik::engine {
namespace {

using report::Problem;

class Fields {
 public:
  static Fields writer(Json& json) { return Fields(&json, json); }
  static Fields reader(const Json& json) { return Fields(nullptr, json); }

  [[nodiscard]] bool writing() const { return out_ != nullptr; }
  [[nodiscard]] bool ok() const { return broken_ == nullptr; }
  [[nodiscard]] Error error() const { return {ErrorCode::kMalformed, broken_, "not a value of this member"}; }
  void fail(const char* key) {
    if (broken_ == nullptr) broken_ = key;
  }

  void field(const char* key, std::string& value) {
    if (writing()) (*out_)[key] = value;
    else value = string_or(in_, key);
  }
  void field(const char* key, bool& value) {
    if (writing()) (*out_)[key] = value;
    else value = boolean_or(in_, key, value);
  }
  void field(const char* key, double& value) {
    if (writing()) (*out_)[key] = value;
    else value = number_or(in_, key, value);
  }
  void field(const char* key, std::int64_t& value) {
    if (writing()) (*out_)[key] = value;
    else value = integer_or(in_, key, value);
  }
  void field(const char* key, int& value) {
    std::int64_t wide = value;
    field(key, wide);
    if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) return fail(key);
    value = static_cast<int>(wide);
  }
  void field(const char* key, std::uint64_t& value) {
    auto wide = static_cast<std::int64_t>(value);
    field(key, wide);
    if (wide < 0) return fail(key);
    value = static_cast<std::uint64_t>(wide);
  }

  // An enum by its name. `names` answers the name of an enumerator, the first being `first`.
  template <typename Enum, typename NameOf>
  void enumerator(const char* key, Enum& value, NameOf name_of, int first, int last) {
    if (writing()) {
      (*out_)[key] = std::string(name_of(value));
      return;
    }
    const std::string name = string_or(in_, key);
    for (int i = first; i <= last; ++i) {
      if (name_of(static_cast<Enum>(i)) == name) {
        value = static_cast<Enum>(i);
        return;
      }
    }
    fail(key);
  }

  // A nested struct; its describe() is found by overload.
  template <typename Struct>
  void object(const char* key, Struct& value) {
    Json nested = Json::object();
    Fields fields = writing() ? writer(nested) : reader(member(in_, key));
    describe(fields, value);
    if (writing()) (*out_)[key] = std::move(nested);
    else if (!fields.ok()) fail(key);
  }
  template <typename Struct>
  void optional(const char* key, std::optional<Struct>& value) {
    if (writing() ? !value.has_value() : !member(in_, key).is_object()) return;
    if (!value) value.emplace();
    object(key, *value);
  }
  void optional(const char* key, std::optional<std::int64_t>& value) {
    if (!writing()) value = optional_integer(in_, key);
    else if (value) (*out_)[key] = *value;
  }

  template <typename Struct>
  void list(const char* key, std::vector<Struct>& values) {
    if (writing()) {
      Json array = Json::array();
      for (Struct& value : values) {
        Json item = Json::object();
        Fields fields = writer(item);
        describe(fields, value);
        array.push_back(std::move(item));
      }
      (*out_)[key] = std::move(array);
      return;
    }
    values.clear();
    const Json& array = member(in_, key);
    if (!array.is_array()) return;
    for (const Json& item : array) {
      Fields fields = reader(item);
      describe(fields, values.emplace_back());
      if (!fields.ok()) fail(key);
    }
  }

 private:
  Fields(Json* out, const Json& in) : out_(out), in_(in) {}
  Json* out_;  // null: reading
  const Json& in_;
  const char* broken_ = nullptr;  // the first member that could not be read
};

// --- Values of a report -----------------------------------------------------------------------

std::string_view origin_name(report::PhotoOrigin origin) {
  return origin == report::PhotoOrigin::kCamera ? "camera" : "gallery";
}

std::string_view kind_name(TimelineEntry::Kind kind) {
  switch (kind) {
    case TimelineEntry::Kind::kReceived: return "received";
    case TimelineEntry::Kind::kStatus: return "status";
    case TimelineEntry::Kind::kDisposition: return "disposition";
    case TimelineEntry::Kind::kAnswer: return "answer";
    case TimelineEntry::Kind::kAction: return "action";
    case TimelineEntry::Kind::kCitizen: return "citizen";
  }
  return {};
}

std::string_view notice_name(StorageNotice::Kind kind) {
  switch (kind) {
    case StorageNotice::Kind::kNone: return "none";
    case StorageNotice::Kind::kRecovered: return "recovered";
    case StorageNotice::Kind::kNewer: return "newer";
    case StorageNotice::Kind::kMemory: return "memory";
  }
  return {};
}
std::string_view phase_name(SyncStateChanged::Phase phase) {
  switch (phase) {
    case SyncStateChanged::Phase::kIdle: return "idle";
    case SyncStateChanged::Phase::kWaitingForNetwork: return "waiting_for_network";
    case SyncStateChanged::Phase::kSending: return "sending";
  }
  return {};
}

std::string_view wake_name(WakeReason reason) { return reason == WakeReason::kOnline ? "online" : "shown"; }

void describe(Fields& f, report::GeoPoint& point) {
  f.field("latitude", point.latitude);
  f.field("longitude", point.longitude);
  if (!report::is_valid_point(point)) f.fail("latitude");
}

void describe(Fields& f, report::Place& place) {
  describe(f, place.point);
  f.field("accuracy_m", place.accuracy_m);
  f.enumerator("source", place.source, report::place_source_name, 0, int(report::PlaceSource::kExif));
  f.field("at", place.at);
}

void describe(Fields& f, report::Photo& photo) {
  f.field("sha256", photo.sha256);
  f.field("bytes", photo.bytes);
  f.field("width", photo.width);
  f.field("height", photo.height);
  f.field("thumbnail_sha256", photo.thumbnail_sha256);
  f.field("thumbnail_bytes", photo.thumbnail_bytes);
  f.enumerator("origin", photo.origin, origin_name, 0, int(report::PhotoOrigin::kGallery));
  f.optional("taken_at", photo.taken_at);
  f.optional("place", photo.place);
  // In halves: JavaScript, which puts exports together, has no whole numbers of 64 bits.
  std::int64_t high = photo.perceptual_hash >> 32;
  std::int64_t low = photo.perceptual_hash & 0xffffffff;
  f.field("hash_high", high);
  f.field("hash_low", low);
  photo.perceptual_hash = static_cast<std::int64_t>(static_cast<std::uint64_t>(high) << 32 | static_cast<std::uint32_t>(low));
  f.field("original_sha256", photo.original_sha256);
  f.field("original_bytes", photo.original_bytes);
}

void describe(Fields& f, report::Draft& draft) {
  f.field("id", draft.id);
  auto classification = static_cast<int>(draft.classification);
  f.field("classification", classification);
  if (const auto known = report::classification_from_number(classification)) draft.classification = *known;
  else f.fail("classification");
  f.field("category_id", draft.category_id);
  f.field("title", draft.title);
  f.field("content", draft.content);
  f.field("incident_date", draft.incident_date);
  f.field("is_anonymous", draft.is_anonymous);
  f.field("is_secret", draft.is_secret);
  f.field("reporter_name", draft.reporter_name);
  f.field("reporter_phone", draft.reporter_phone);
  f.optional("place", draft.place);
  f.field("landmark", draft.landmark);
  f.list("photos", draft.photos);
  f.field("created_at", draft.created_at);
  f.field("updated_at", draft.updated_at);
}

void describe(Fields& f, Problem& problem) {
  f.enumerator("field", problem.field, report::field_name, 0, int(report::Field::kPhotos));
  f.enumerator("code", problem.code, report::problem_code_name, 0, int(report::ProblemCode::kInFuture));
}

void describe(Fields& f, Error& error) {
  f.enumerator("code", error.code, error_code_name, 0, int(ErrorCode::kInternal));
  f.field("where", error.where);
  f.field("message", error.message);
}

void describe(Fields& f, report::Counts& counts) {
  f.field("received", counts.received);
  f.field("in_process", counts.in_process);
  f.field("done", counts.done);
}

void describe(Fields& f, report::PublicReport& report) {
  f.field("tracking_id", report.tracking_id);
  f.field("title", report.title);
  f.field("category_id", report.category_id);
  f.field("status_name", report.status_name);
  f.optional("point", report.point);
  f.field("received_at", report.received_at);
}

void describe(Fields& f, Settings& settings) {
  f.field("text_scale", settings.text_scale);
  f.field("language", settings.language);
  f.field("photos_wait", settings.photos_wait);
}

// --- Commands ---------------------------------------------------------------------------------

void describe(Fields&, Start&) {}
void describe(Fields& f, SaveDraft& c) { f.object("draft", c.draft); }
void describe(Fields& f, AddPhoto& c) {
  f.field("report_id", c.report_id);
  f.object("photo", c.photo);
}
void describe(Fields& f, RemovePhoto& c) {
  f.field("report_id", c.report_id);
  f.field("sha256", c.sha256);
}
void describe(Fields& f, DeleteDraft& c) { f.field("report_id", c.report_id); }
void describe(Fields& f, Submit& c) { f.field("report_id", c.report_id); }
void describe(Fields&, SendNow&) {}
void describe(Fields& f, MarkSms& c) { f.field("report_id", c.report_id); }
void describe(Fields& f, SendAsNew& c) { f.field("report_id", c.report_id); }
void describe(Fields& f, Wake& c) { f.enumerator("reason", c.reason, wake_name, 0, int(WakeReason::kShown)); }
void describe(Fields& f, OpenReport& c) { f.field("report_id", c.report_id); }
void describe(Fields& f, LoadEvidence& c) {
  f.field("report_id", c.report_id);
  f.field("path", c.path);
}
void describe(Fields&, LoadPublicReports&) {}
void describe(Fields& f, SaveSettings& c) { f.object("settings", c.settings); }
void describe(Fields& f, CarriedReport& report) {
  f.object("draft", report.draft);
  f.field("queued", report.queued);
}
void describe(Fields& f, ImportReports& c) { f.field("reports", c.reports); }
void describe(Fields& f, ReplacePhoto& c) {
  f.field("report_id", c.report_id);
  f.field("old_sha256", c.old_sha256);
  f.object("photo", c.photo);
  bool keep = c.original == Original::kKeep;
  f.field("keep_original", keep);
  c.original = keep ? Original::kKeep : Original::kDelete;
}

void describe(Fields&, DismissNotice&) {}
void describe(Fields& f, AdoptPhoto& c) {
  f.field("report_id", c.report_id);
  f.object("photo", c.photo);
  f.field("at", c.at);
}

constexpr const char* kCommandNames[] = {"start",    "save_draft", "add_photo", "remove_photo",
                                         "delete_draft", "submit", "send_now",  "wake",
                                         "open_report", "load_public_reports", "save_settings",
                                         "import_reports", "dismiss_notice", "adopt_photo", "replace_photo", "mark_sms", "send_as_new",
                                         "load_evidence"};
static_assert(std::size(kCommandNames) == std::variant_size_v<CommandBody>);

// --- Events -----------------------------------------------------------------------------------

void describe(Fields& f, Reply& e) {
  f.field("id", e.id);
  f.optional("error", e.error);
  f.list("problems", e.problems);
}

void describe(Fields& f, ReportSummary& summary) {
  f.field("id", summary.id);
  f.enumerator("state", summary.state, report::phone_state_name, 0, int(report::PhoneState::kNeedsAttention));
  f.field("title", summary.title);
  f.field("category_id", summary.category_id);
  f.field("thumbnail_sha256", summary.thumbnail_sha256);
  f.field("updated_at", summary.updated_at);
  f.field("tracking_id", summary.tracking_id);
  f.field("status_name", summary.status_name);
  f.field("follow_up_due_at", summary.follow_up_due_at);
  f.field("follow_up_stopped_at", summary.follow_up_stopped_at);
  f.field("photos_on_way", summary.photos_on_way);
}
void describe(Fields& f, ReportsChanged& e) { f.list("reports", e.reports); }

void describe(Fields& f, Evidence& evidence) {
  f.field("sha256", evidence.sha256);
  f.field("file_name", evidence.file_name);
  f.field("extension", evidence.extension);
  f.field("bytes", evidence.bytes);
  f.field("path", evidence.path);
  f.field("thumbnail_sha256", evidence.thumbnail_sha256);
}
void describe(Fields& f, TimelineEntry& entry) {
  f.enumerator("kind", entry.kind, kind_name, 0, int(TimelineEntry::Kind::kCitizen));
  f.field("at", entry.at);
  f.field("who", entry.who);
  f.field("text", entry.text);
  f.list("evidence", entry.evidence);
}
void describe(Fields& f, ReportDetail& detail) {
  f.object("draft", detail.draft);
  f.enumerator("state", detail.state, report::phone_state_name, 0, int(report::PhoneState::kNeedsAttention));
  f.field("submitted_at", detail.submitted_at);
  f.field("received_at", detail.received_at);
  f.field("tracking_id", detail.tracking_id);
  f.field("status_name", detail.status_name);
  f.field("disposition_name", detail.disposition_name);
  f.field("follow_up_due_at", detail.follow_up_due_at);
  f.field("follow_up_stopped_at", detail.follow_up_stopped_at);
  f.field("problem", detail.problem);
  f.list("problems", detail.problems);
  f.field("photos_sent", detail.photos_sent);
  f.field("photos_on_way", detail.photos_on_way);
  f.field("sms_at", detail.sms_at);
  f.list("timeline", detail.timeline);
  f.field("receipt", detail.receipt);
  auto verdict = static_cast<int>(detail.receipt_verdict);
  f.field("receipt_verdict", verdict);
  detail.receipt_verdict = report::receipt_verdict_from(verdict);
  f.field("receipt_at", detail.receipt_at);
  f.field("receipt_photos", detail.receipt_photos);
}
void describe(Fields& f, ReportChanged& e) { f.object("report", e.report); }
void describe(Fields& f, ReportRemoved& e) { f.field("report_id", e.report_id); }
void describe(Fields& f, ProfileChanged& e) { f.field("json", e.json); }
void describe(Fields& f, SaveStateChanged& e) {
  f.field("unsaved", e.unsaved);
  f.field("durable_commit", e.durable_commit);
  f.field("saved_at", e.saved_at);
  f.field("problem", e.problem);
}
void describe(Fields& f, SyncStateChanged& e) {
  f.enumerator("phase", e.phase, phase_name, 0, int(SyncStateChanged::Phase::kSending));
  f.field("next_attempt_at", e.next_attempt_at);
  f.field("photos_held", e.photos_held);
  f.field("sent_today", e.sent_today);
}
void describe(Fields& f, CountsChanged& e) { f.object("counts", e.counts); }
void describe(Fields& f, PublicReportsChanged& e) { f.list("reports", e.reports); }
void describe(Fields& f, StorageChanged& e) {
  f.field("photo_bytes", e.photo_bytes);
  f.field("thumbnail_bytes", e.thumbnail_bytes);
  f.field("evidence_bytes", e.evidence_bytes);
  f.field("database_bytes", e.database_bytes);
  f.field("drafts", e.drafts);
}
void describe(Fields& f, SettingsChanged& e) { f.object("settings", e.settings); }
void describe(Fields& f, ReportsImported& e) {
  f.field("added", e.added);
  f.field("updated", e.updated);
  f.field("known", e.known);
}
void describe(Fields& f, StorageNotice& e) {
  f.enumerator("kind", e.kind, notice_name, 0, int(StorageNotice::Kind::kMemory));
  f.field("reports", e.reports);
}

constexpr const char* kEventNames[] = {"reply",           "reports_changed",    "report_changed",
                                       "report_removed",  "profile_changed",    "save_state_changed",
                                       "sync_state_changed", "counts_changed",  "public_reports_changed",
                                       "storage_changed", "settings_changed",   "reports_imported",
                                       "storage_notice"};
static_assert(std::size(kEventNames) == std::variant_size_v<Event>);

// --- Variants ---------------------------------------------------------------------------------

// Makes the alternative number `index` the content of `variant`.
template <typename Variant, std::size_t Index = 0>
void emplace_at(Variant& variant, std::size_t index) {
  if constexpr (Index < std::variant_size_v<Variant>) {
    if (index == Index) variant.template emplace<Index>();
    else emplace_at<Variant, Index + 1>(variant, index);
  }
}

template <typename Variant, std::size_t Index = 0>
void describe_content(Fields& fields, Variant& variant) {
  if constexpr (Index < std::variant_size_v<Variant>) {
    if (auto* content = std::get_if<Index>(&variant)) describe(fields, *content);
    else describe_content<Variant, Index + 1>(fields, variant);
  }
}

template <typename Variant, std::size_t Count>
Result<Ok> read_variant(const Json& json, const char* const (&names)[Count], Variant& variant) {
  const std::string type = string_or(json, "type");
  for (std::size_t i = 0; i < Count; ++i) {
    if (type != names[i]) continue;
    emplace_at(variant, i);
    Fields fields = Fields::reader(json);
    describe_content(fields, variant);
    if (!fields.ok()) return fields.error();
    return Ok{};
  }
  return Error{ErrorCode::kMalformed, "type", "not the name of a message"};
}

// Writing only reads `variant`; describe() takes it as mutable because it serves both directions.
template <typename Variant, std::size_t Count>
Json write_variant(const Variant& variant, const char* const (&names)[Count]) {
  Json json = Json::object();
  json["type"] = names[variant.index()];
  Fields fields = Fields::writer(json);
  describe_content(fields, const_cast<Variant&>(variant));
  return json;
}

}  // namespace

Result<std::vector<CarriedReport>> read_carried_reports(std::string_view text) {
  const Json json = TRY(parse_json(text));
  std::vector<CarriedReport> reports;
  if (!json.is_array()) return Error{ErrorCode::kMalformed, "reports", "not an array"};
  for (const Json& item : json) {
    Fields fields = Fields::reader(item);
    describe(fields, reports.emplace_back());
    if (!fields.ok()) return fields.error();
  }
  return reports;
}

std::string write_command(const Command& command) {
  Json json = write_variant(command.body, kCommandNames);
  json["id"] = command.id;
  return to_text(json);
}

Result<Command> read_command(std::string_view text) {
  const Json json = TRY(parse_json(text));
  Command command;
  command.id = integer_or(json, "id");
  TRY(read_variant(json, kCommandNames, command.body));
  return command;
}

std::string write_event(const Event& event) { return to_text(write_variant(event, kEventNames)); }

Result<Event> read_event(std::string_view text) {
  const Json json = TRY(parse_json(text));
  Event event;
  TRY(read_variant(json, kEventNames, event));
  return event;
}

}  // namespace titik::engine
