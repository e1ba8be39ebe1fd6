// The engine in a browser's worker: what JavaScript calls (engine_exports.txt), and the engine's Host
// and PageStore over what JavaScript offers (engine_imports.h). Nothing is decided here.
//
// Data comes in through one buffer: JavaScript asks titik_input(size) for room, fills it, and calls the
// function that reads it, with lengths.
#include <emscripten.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "engine/engine.h"
#include "engine_imports.h"
#include "store/migrations.h"
#include "store/page_check.h"
#include "store/recovery.h"

namespace titik {
namespace {

std::uint32_t length_of(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }
std::uint32_t high(std::uint64_t number) { return static_cast<std::uint32_t>(number >> 32); }
std::uint32_t low(std::uint64_t number) { return static_cast<std::uint32_t>(number); }
std::uint64_t joined(std::uint32_t high_half, std::uint32_t low_half) {
  return std::uint64_t{high_half} << 32 | low_half;
}

class WorkerHost : public engine::Host {
 public:
  UnixMillis now() override { return static_cast<UnixMillis>(titik_js_now()); }
  void random(std::span<std::uint8_t> bytes) override {
    titik_js_random(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
  }
  void send_event(std::string_view json) override { titik_js_event(json.data(), length_of(json)); }
  void set_timer(UnixMillis at) override { titik_js_timer(static_cast<double>(at)); }
  void check_receipt(const engine::ReceiptCheck& check) override {
    std::string lines = check.jws;
    for (const std::string* line : {&check.x, &check.y, &check.words_sha256}) (lines += '\n') += *line;
    titik_js_check_receipt(lines.data(), length_of(lines), check.words.data(), length_of(check.words));
  }
  void delete_blobs(const std::vector<std::string>& sha256s) override {
    const std::string json = to_text(Json(sha256s));
    titik_js_delete_blobs(json.data(), length_of(json));
  }
  void start_http(const engine::HttpRequest& request) override {
    Json json = Json::object();
    json["id"] = request.id;
    json["method"] = request.method;
    json["url"] = request.url;
    json["timeout"] = request.timeout;
    json["blob_for_report"] = request.blob_for_report;
    Json& headers = json["headers"] = Json::array();
    for (const auto& [name, value] : request.headers) {
      Json pair = Json::array();
      pair.push_back(name);
      pair.push_back(value);
      headers.push_back(std::move(pair));
    }
    Json& body = json["body"] = Json::array();
    for (const engine::HttpPart& part : request.body) {
      Json piece = Json::object();
      if (part.blob_sha256.empty()) piece["text"] = part.text;
      else piece["blob"] = part.blob_sha256;
      if (part.bytes > 0) {
        piece["from"] = part.from;
        piece["to"] = part.from + part.bytes;
      }
      body.push_back(std::move(piece));
    }
    const std::string text = to_text(json);
    titik_js_http(text.data(), length_of(text));
  }
};

// IndexedDB, by way of engine_worker.js.
class WorkerPageStore : public store::PageStore {
 public:
  void start_from(const store::PageImage& image) {
    sums_ = store::PageSums(image);
    page_count_ = image.page_count;
  }

  void write(store::PageBatch batch, Done done) override {
    const store::Head head = sums_.head_after(batch);
    titik_js_pages_begin(static_cast<double>(head.commit), head.page_count, high(head.sum), low(head.sum),
                         page_count_ == 0);
    for (const auto& [number, page] : batch.pages) {
      const std::uint64_t sum = store::page_checksum(number, page);
      titik_js_pages_put(number, high(sum), low(sum), page.data());
    }
    titik_js_pages_commit();
    writing_ = std::move(batch);
    done_ = std::move(done);
  }

  enum class End { kFailed, kStored, kFull, kLost };
  void finish(End end, const engine::Engine& engine) {
    if (!done_) return;
    Done done = std::exchange(done_, nullptr);
    if (end == End::kLost) {
      // The browser has thrown everything away while we run: what is in memory is written anew. It may be
      // newer than what was asked for, never older.
      sums_ = {};
      page_count_ = 0;
      return write(engine.whole_database(), std::move(done));
    }
    if (end == End::kStored) {
      sums_.accept(writing_);
      page_count_ = writing_.page_count;
    }
    writing_ = {};
    if (end == End::kStored) done(Ok{});
    else if (end == End::kFull) done(Error{ErrorCode::kTooLarge, "indexeddb", "no room"});
    else done(Error{ErrorCode::kStorage, "indexeddb", "the browser did not store the pages"});
  }

  [[nodiscard]] store::PageNumber page_count() const { return page_count_; }

 private:
  store::PageSums sums_;
  store::PageBatch writing_;
  Done done_;
  store::PageNumber page_count_ = 0;
};

// Never destroyed: the worker ends without a word.
struct World {
  WorkerHost host;
  WorkerPageStore store;
  store::StoredImage found;  // until titik_open
  std::unique_ptr<engine::Engine> engine;
  std::string input;
};
World& world() {
  static World* const the_world = new World;
  return *the_world;
}

std::string_view input(std::uint32_t from, std::uint32_t length) {
  return std::string_view(world().input).substr(from, length);
}

const char* fatal_code(ErrorCode code) {
  if (code == ErrorCode::kCorrupt) return "corrupt";
  return code == ErrorCode::kUnsupported ? "newer" : "storage";
}

}  // namespace
}  // namespace titik

using titik::world;

extern "C" {

// Room for `size` bytes, valid until the next call of any function here.
char* titik_input(std::uint32_t size) {
  world().input.resize(size);
  return world().input.data();
}

// --- Start: a page at a time from the input, the head, then open.

void titik_page(std::uint32_t number, std::uint32_t sum_high, std::uint32_t sum_low) {
  const std::string& input = world().input;
  world().found.pages[number] = {titik::store::Page(input.begin(), input.end()), titik::joined(sum_high, sum_low)};
}

void titik_head(double commit, std::uint32_t page_count, std::uint32_t sum_high, std::uint32_t sum_low) {
  world().found.head = titik::store::Head{static_cast<std::uint64_t>(commit), page_count,
                                          titik::joined(sum_high, sum_low)};
}

std::uint32_t titik_schema_version() { return titik::store::kSchemaVersion; }

// How the pages that were handed in are opened.
//   0  as they are
//   1  there are none, because the browser refuses to store
//   2  recovered: the first write brings the new database to the store, and sets aside what is there
// `asks`: for news, by itself. The input is the bundled city profile. Answers 1: the engine runs; 0: titik_js_fatal told why not;
// 2: the pages are damaged, hand them in again for way 2.
int titik_open(std::uint32_t profile_length, int way, bool asks) {
  using titik::engine::Asks;
  using titik::engine::Keeping;
  constexpr int kFatal = 0, kRuns = 1, kDamaged = 2;
  titik::store::StoredImage found = std::exchange(world().found, {});
  const auto open = [&]() -> titik::Result<titik::Ok> {
    titik::store::PageImage image;
    if (way == 2) {
      world().store.start_from({});
      image = TRY(titik::store::recover(std::move(found), world().host.now()));
    } else {
      image = TRY(titik::store::checked_image(std::move(found)));
      world().store.start_from(image);
    }
    const Keeping keeping[] = {Keeping::kStored, Keeping::kMemory, Keeping::kUnstored};
    world().engine = TRY(titik::engine::Engine::open(world().host, world().store, std::move(image),
                                                     titik::input(0, profile_length), keeping[way],
                                                     asks ? Asks::kForNews : Asks::kNothing));
    return titik::Ok{};
  };
  const titik::Result<titik::Ok> opened = open();
  if (opened.ok()) return kRuns;
  const titik::Error* const error = &opened.error();
  if (error->code == titik::ErrorCode::kCorrupt && way != 2) return kDamaged;
  const std::string_view code = titik::fatal_code(error->code);
  const std::string message = error->where + ": " + error->message;
  titik_js_fatal(code.data(), titik::length_of(code), message.data(), titik::length_of(message));
  return kFatal;
}

// --- While it runs.

// The functions of engine.h get copies: what they call may ask for the input buffer anew.
void titik_command(std::uint32_t length) { world().engine->handle(std::string(titik::input(0, length))); }
void titik_tick() { world().engine->tick(); }
void titik_visible(bool visible) { world().engine->page_visible(visible); }
void titik_link(bool saves_data, bool is_unmetered) { world().engine->link({saves_data, is_unmetered}); }
void titik_online() { world().engine->online(); }

// The input is the headers Retry-After, Location and Tus-Extension, each ended by a line feed; then the body.
void titik_http_done(double id, int status, double upload_offset, std::uint32_t head_length, std::uint32_t body_length) {
  const std::string text(titik::input(0, head_length + body_length));
  std::string_view head = std::string_view(text).substr(0, head_length);
  const auto next_line = [&] {
    const std::string_view line = head.substr(0, head.find('\n'));
    head.remove_prefix(std::min(head.size(), line.size() + 1));
    return line;
  };
  titik::engine::HttpAnswer answer{.status = status};
  answer.retry_after = next_line();
  answer.location = next_line();
  answer.tus_extension = next_line();
  answer.upload_offset = static_cast<std::int64_t>(upload_offset);
  answer.body = std::string_view(text).substr(head_length);
  world().engine->http_done(static_cast<std::uint64_t>(id), answer);
}

// The answer is stored as a blob; the input is its SHA-256.
void titik_http_blob(double id, int status, std::uint32_t sha256_length, double bytes) {
  world().engine->http_done(static_cast<std::uint64_t>(id),
                            {.status = status,
                             .blob_sha256 = std::string(titik::input(0, sha256_length)),
                             .blob_bytes = static_cast<std::int64_t>(bytes)});
}

// 0: network; 1: a blob of the body cannot be read; 2: the answer's blob cannot be stored.
void titik_http_failed(double id, int failure) {
  using titik::engine::HttpFailure;
  const HttpFailure failures[] = {HttpFailure::kNetwork, HttpFailure::kBlobUnreadable, HttpFailure::kStorage};
  world().engine->http_failed(static_cast<std::uint64_t>(id), failures[failure == 1 || failure == 2 ? failure : 0]);
}

// 0: not what it should be; 1: it is; 2: there is no WebCrypto to tell.
void titik_receipt_checked(int answer) {
  world().engine->receipt_checked(static_cast<titik::engine::ReceiptAnswer>(answer));
}

void titik_blob_arriving(std::uint32_t sha256_length) { world().engine->blob_arriving(titik::input(0, sha256_length)); }
void titik_blob_failed(std::uint32_t sha256_length) { world().engine->blob_failed(titik::input(0, sha256_length)); }

// The input is a JSON array of {sha256, at}: all stored blobs.
void titik_sweep_blobs(std::uint32_t length) {
  const titik::Result<titik::Json> json = titik::parse_json(titik::input(0, length));
  if (!json.ok() || !json->is_array()) return;
  std::vector<titik::engine::BlobInfo> blobs;
  for (const titik::Json& item : *json) {
    blobs.push_back({titik::string_or(item, "sha256"), titik::integer_or(item, "at")});
  }
  world().engine->sweep_blobs(blobs);
}

// 0: failed; 1: stored; 2: no room; 3: the browser has lost all that was stored.
void titik_pages_done(int end) {
  using End = titik::WorkerPageStore::End;
  const End ends[] = {End::kFailed, End::kStored, End::kFull, End::kLost};
  if (world().engine) world().store.finish(ends[end & 3], *world().engine);
}

bool titik_wants_lost_photos() { return world().engine->wants_lost_photos(); }

// The connection to the store was closed under us: whether its pages are still there shows when something
// is written.
void titik_store_closed() { world().engine->write_something(); }

double titik_durable_commit() { return world().engine ? static_cast<double>(world().engine->durable_commit()) : 0; }
std::uint32_t titik_page_count() { return world().store.page_count(); }

}  // extern "C"
