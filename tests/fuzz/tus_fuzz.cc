// libFuzzer target of resumable uploads: tus_fuzz CORPUS
// An input is what a phone does, in blocks with a line "--" between them: a word (POST, PATCH, HEAD, DELETE, or WAIT, a
// day), headers a line each, an empty line, the bytes. Two headers are ours: "Cut: N", the connection breaks after N
// bytes; "Chunked: 1", no length is told. What a phone would say by itself (version, type, the offset that it knows) is
// there unless the block says otherwise. Everything speaks of the upload begun last.
//
// A model beside it knows which bytes have arrived. Checked, beyond "no sanitizer report": no fault of ours; what is told
// of an upload is what the model knows, or after a refusal a beginning of it; what was told to be whole is kept, under
// its hash, byte for byte.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>

#include "base/base64.h"
#include "serve/test_world.h"

namespace {

using namespace titik;
using namespace titik::serve;

void require(bool truth, const std::string& what) {
  if (truth) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

class Server : public World {
 public:
  Server() { repository->sql().execute("PRAGMA synchronous = OFF").value(); }
  void TestBody() override {}
};

struct Block {
  std::string word;
  World::Headers headers;
  std::string bytes;
};

std::string_view line_of(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

Block read_block(std::string_view text) {
  Block block;
  block.word = line_of(text);
  for (std::string_view line = line_of(text); !line.empty(); line = line_of(text)) {
    const std::size_t colon = line.find(": ");
    if (colon != line.npos) block.headers[std::string(line.substr(0, colon))] = std::string(line.substr(colon + 2));
  }
  block.bytes = text;
  return block;
}

std::optional<std::size_t> number(const std::string& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Upload {
  std::string path;
  std::size_t length = 0;
  std::string bytes;  // that have arrived
};

class Phone {
 public:
  explicit Phone(Server& server) : server_(server), who_(server.phone()) {}

  void act(const Block& block) {
    if (block.word == "POST") begin(block);
    else if (block.word == "PATCH") send(block);
    else if (block.word == "HEAD") look(block.headers);
    else if (block.word == "DELETE") remove();
    else if (block.word == "WAIT") server_.now += kDay;
  }

  void leave() {
    while (!uploads_.empty()) remove();
  }

 private:
  Response ask(const std::string& method, const std::string& target, const World::Headers& more, const std::string& bytes, std::size_t& delivered) {
    World::Headers headers = who_;
    headers["Tus-Resumable"] = "1.0.0";
    if (!bytes.empty()) headers["Content-Type"] = "application/offset+octet-stream";
    for (const auto& [name, value] : more) headers[name] = value;
    Request request{method, target, std::move(headers), static_cast<std::int64_t>(bytes.size()), {}};
    if (request.header("Chunked") == "1") request.content_length = std::nullopt;
    const std::size_t cut = std::min(bytes.size(), number(request.header("Cut")).value_or(bytes.size()));
    delivered = 0;
    request.read_body = [&](const BodySink& sink) {
      constexpr std::size_t kPiece = 97;
      while (delivered < cut) {
        const std::string_view piece = std::string_view(bytes).substr(delivered, std::min(kPiece, cut - delivered));
        delivered += piece.size();
        if (!sink(piece)) return false;
      }
      return cut == bytes.size();
    };
    server_.log.clear();
    Response response = handle(server_.app, request);
    require(response.status >= 200 && response.status < 500, "status " + std::to_string(response.status));
    require(response.fault.empty(), "a fault of ours: " + response.fault);
    return response;
  }

  static std::size_t offset_told(const Response& response) {
    const auto offset = number(response.header("Upload-Offset"));
    require(offset.has_value(), "an upload without an offset");
    return *offset;
  }

  // `upload` has all that it waited for, as it was told.
  void check_whole(const Upload& upload) {
    if (upload.bytes.size() < upload.length) return;
    const std::string hash = sha256_hex(upload.bytes);
    const Result<std::string> kept = server_.files.read(hash);
    require(kept.ok() && *kept == upload.bytes, "told to be whole, and not kept");
    kept_[hash] = upload.bytes;
  }

  void begin(const Block& block) {
    std::size_t delivered = 0;
    const Response response = ask("POST", "/titik/1/uploads", block.headers, block.bytes, delivered);
    if (response.status != 201) return;
    const std::string path = response.header("Location");
    const std::size_t offset = offset_told(response);
    const auto known = std::find_if(uploads_.begin(), uploads_.end(), [&](const Upload& one) { return one.path == path; });
    if (known != uploads_.end()) {  // resumed
      require(offset == known->bytes.size(), "resumed elsewhere than where it stood");
      std::rotate(known, known + 1, uploads_.end());
      return;
    }
    const auto length = block.headers.find("Upload-Length");
    require(length != block.headers.end() && number(length->second).has_value(), "begun without a length");
    Upload upload{path, *number(length->second), {}};
    require(offset <= upload.length, "further than its length");
    if (offset <= delivered) upload.bytes = block.bytes.substr(0, offset);
    else upload.bytes = known_bytes(block.headers);  // the same phone has sent them before
    require(upload.bytes.size() == offset, "an offset that nobody sent");
    check_whole(upload);
    uploads_.push_back(std::move(upload));
  }

  std::string known_bytes(const World::Headers& headers) {
    const auto metadata = headers.find("Upload-Metadata");
    if (metadata == headers.end()) return {};
    for (const auto& [hash, bytes] : kept_) {
      if (metadata->second.find(to_base64(hash)) != std::string::npos) return bytes;
    }
    return {};
  }

  void send(const Block& block) {
    if (uploads_.empty()) return;
    Upload& upload = uploads_.back();
    World::Headers headers = block.headers;
    headers.try_emplace("Upload-Offset", std::to_string(upload.bytes.size()));
    headers.try_emplace("Content-Type", "application/offset+octet-stream");
    std::size_t delivered = 0;
    const Response response = ask("PATCH", upload.path, headers, block.bytes, delivered);
    const std::size_t from = upload.bytes.size();
    const std::string reachable = upload.bytes + block.bytes.substr(0, delivered);
    if (response.status == 204) {
      const std::size_t offset = offset_told(response);
      require(number(headers["Upload-Offset"]) == from, "taken at another place than where it stood");
      const bool checked = headers.contains("Upload-Checksum");
      require(offset == from + delivered || (checked && offset == from && delivered < block.bytes.size()), "bytes are lost or made up");
      upload.bytes = reachable.substr(0, offset);
      check_whole(upload);
      return;
    }
    // Refused: some of it may be there, or it has begun anew; or it is gone.
    const Response now = ask("HEAD", upload.path, {}, {}, delivered);
    if (now.status == 404) return uploads_.pop_back();
    require(now.status == 200, "no answer where an upload stands");
    const std::size_t offset = offset_told(now);
    require(offset == 0 || (offset >= from && offset <= reachable.size()), "a refusal that loses bytes");
    upload.bytes = reachable.substr(0, offset);
    check_whole(upload);
  }

  void look(const World::Headers& headers) {
    if (uploads_.empty()) return;
    std::size_t delivered = 0;
    const Upload& upload = uploads_.back();
    const Response response = ask("HEAD", upload.path, headers, {}, delivered);
    if (response.status == 404) return uploads_.pop_back();  // expired
    if (response.status != 200) return;
    require(offset_told(response) == upload.bytes.size(), "it stands elsewhere than was told");
    require(number(response.header("Upload-Length")) == upload.length, "another length");
  }

  void remove() {
    if (uploads_.empty()) return;
    std::size_t delivered = 0;
    const std::string path = uploads_.back().path;
    const int status = ask("DELETE", path, {}, {}, delivered).status;
    require(status == 204 || status == 404, "not removed");
    require(ask("HEAD", path, {}, {}, delivered).status == 404, "removed, and still there");
    uploads_.pop_back();
  }

  Server& server_;
  World::Headers who_;
  std::vector<Upload> uploads_;
  std::map<std::string, std::string> kept_;  // by hash
};

}  // namespace

// The disk is not what is tested.
extern "C" int fsync(int) { return 0; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<Server> server;
  static int asked = 0;
  if (asked++ % 2'000 == 0) server = std::make_unique<Server>();  // before the database grows large
  std::string_view input(reinterpret_cast<const char*>(data), size);
  Phone phone(*server);
  constexpr std::string_view kBetween = "\n--\n";
  while (!input.empty()) {
    const std::string_view block = input.substr(0, input.find(kBetween));
    input.remove_prefix(std::min(input.size(), block.size() + kBetween.size()));
    phone.act(read_block(block));
  }
  phone.leave();
  return 0;
}
