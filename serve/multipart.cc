#include "serve/multipart.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"

namespace titik::serve {
namespace {

Error malformed(std::string_view why) {
  return Error{ErrorCode::kMalformed, "multipart", std::string(why)};
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// The value of `; name="value"` or `; name=value` in a header; names compare in lower case.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos && at < header.size()) {
    ++at;
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t')) ++at;
    const std::size_t equals = header.find('=', at);
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string key = lowered(trimmed(header.substr(at, equals - at)));
    std::string value;
    at = equals + 1;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        if (header[at] == '\\' && at + 1 < header.size()) ++at;
        value.push_back(header[at]);
      }
      if (at == header.size()) return std::nullopt;  // the quote never closes
      at = header.find(';', at);
    } else {
      const std::size_t end = std::min(header.find(';', at), header.size());
      value = trimmed(header.substr(at, end - at));
      at = end == header.size() ? std::string_view::npos : end;
    }
    if (key == name) return value;
  }
  return std::nullopt;
}

Result<PartHead> read_head(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 2, lines.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return malformed("a part's header has no colon");
    if (lowered(trimmed(line.substr(0, colon))) != "content-disposition") continue;
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!lowered(value).starts_with("form-data")) return malformed("a part is not form-data");
    std::optional<std::string> name = parameter(value, "name");
    if (!name || name->empty()) return malformed("a part has no name");
    PartHead head{std::move(*name), "", false};
    if (const std::optional<std::string> file_name = parameter(value, "filename")) {
      head.is_file = true;
      const std::size_t slash = file_name->find_last_of("/\\");
      head.file_name = slash == std::string::npos ? *file_name : file_name->substr(slash + 1);
    }
    return head;
  }
  return malformed("a part has no Content-Disposition");
}

}  // namespace

std::string multipart_boundary(std::string_view content_type) {
  if (!lowered(trimmed(content_type)).starts_with("multipart/form-data")) return {};
  const std::optional<std::string> boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) return {};  // RFC 2046: 1–70 characters
  const bool printable =
      std::all_of(boundary->begin(), boundary->end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return printable ? *boundary : std::string();
}

MultipartReader::MultipartReader(std::string_view boundary, PartReceiver& receiver)
    : delimiter_("\r\n--" + std::string(boundary)), receiver_(receiver) {}

Result<Ok> MultipartReader::feed(std::string_view bytes) {
  buffer_ += bytes;
  while (TRY(step())) {
  }
  return Ok{};
}

Result<Ok> MultipartReader::finish() {
  if (state_ != State::kDone) return malformed("the last boundary is missing");
  return Ok{};
}

Result<bool> MultipartReader::step() {
  switch (state_) {
    case State::kPreamble:
    case State::kBody: return step_body();
    case State::kAfterBoundary: return step_boundary();
    case State::kHead: return step_head();
    case State::kDone: buffer_.clear(); return false;  // what follows the last boundary means nothing
  }
  return false;
}

// Hands out what is certainly not part of a delimiter.
Result<bool> MultipartReader::step_body() {
  const std::size_t found = buffer_.find(delimiter_);
  const std::size_t certain = found != std::string::npos ? found
                              : buffer_.size() < delimiter_.size() ? 0
                                                                    : buffer_.size() - delimiter_.size() + 1;
  if (state_ == State::kBody && certain > 0) {
    TRY(receiver_.data(std::string_view(buffer_).substr(0, certain)));
  }
  buffer_.erase(0, certain);
  if (found == std::string::npos) return false;
  buffer_.erase(0, delimiter_.size());
  if (state_ == State::kBody) TRY(receiver_.end());
  state_ = State::kAfterBoundary;
  return true;
}

Result<bool> MultipartReader::step_boundary() {
  if (buffer_.size() < 2) return false;
  if (buffer_.starts_with("--")) {
    state_ = State::kDone;
    return true;
  }
  // RFC 2046 allows spaces and tabs between a boundary and its line end.
  const std::size_t text = buffer_.find_first_not_of(" \t");
  if (text == std::string::npos || text + 2 > buffer_.size()) {
    if (buffer_.size() > kMaxHead) return malformed("a boundary without end");
    return false;
  }
  if (buffer_.compare(text, 2, "\r\n") != 0) return malformed("text after a boundary");
  buffer_.erase(0, text + 2);
  if (++parts_ > kMaxParts) return Error{ErrorCode::kTooLarge, "multipart", "Terlalu banyak bagian."};
  state_ = State::kHead;
  return true;
}

Result<bool> MultipartReader::step_head() {
  const std::size_t end = buffer_.find("\r\n\r\n");
  if (std::min(end, buffer_.size()) > kMaxHead) {
    return Error{ErrorCode::kTooLarge, "multipart", "Kepala bagian terlalu panjang."};
  }
  if (end == std::string::npos) return false;
  const PartHead head = TRY(read_head(std::string_view(buffer_).substr(0, end)));
  buffer_.erase(0, end + 4);
  TRY(receiver_.begin(head));
  state_ = State::kBody;
  return true;
}

}  // namespace titik::serve
