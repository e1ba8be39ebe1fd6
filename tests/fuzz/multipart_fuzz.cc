// libFuzzer target of the reader of forms: multipart_fuzz CORPUS
// An input is a Content-Type, a line end, and a body. Checked, beyond "no sanitizer report", what serve/multipart.h
// promises: the pieces in which a body comes change nothing; parts have names, and file names no folders; nobody gets
// more than was sent; and a form that we write ourselves (lapor::frame_file) is read as what went into it.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "lapor/lapor.h"
#include "serve/multipart.h"

namespace {

using namespace titik;
using namespace titik::serve;

void require(bool truth, std::string_view what) {
  if (truth) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

struct Part {
  PartHead head;
  std::string bytes;
  bool is_whole = false;
};

class Parts : public PartReceiver {
 public:
  Result<Ok> begin(const PartHead& head) override {
    require(list.empty() || list.back().is_whole, "a part begins within another");
    list.push_back({head, {}, false});
    return Ok{};
  }
  Result<Ok> data(std::string_view bytes) override {
    require(!list.empty() && !list.back().is_whole, "bytes of no part");
    list.back().bytes += bytes;
    return Ok{};
  }
  Result<Ok> end() override {
    require(!list.empty() && !list.back().is_whole, "the end of no part");
    list.back().is_whole = true;
    return Ok{};
  }
  std::vector<Part> list;
};

struct Form {
  bool is_good = true;
  ErrorCode why = ErrorCode::kMalformed;
  std::vector<Part> parts;
};

// In pieces of 1 to `longest` bytes, whose lengths the body itself decides.
Form read(std::string_view boundary, std::string_view body, std::size_t longest) {
  Parts parts;
  MultipartReader reader(boundary, parts);
  Result<Ok> went = Ok{};
  while (went.ok() && !body.empty()) {
    const std::size_t length = std::min(body.size(), 1 + static_cast<unsigned char>(body.front()) % longest);
    went = reader.feed(body.substr(0, longest == 1 ? 1 : length));
    body.remove_prefix(longest == 1 ? 1 : length);
  }
  if (went.ok()) went = reader.finish();
  Form form;
  form.is_good = went.ok();
  if (!went.ok()) form.why = went.error().code;
  form.parts = std::move(parts.list);
  return form;
}

Form read_whole(std::string_view boundary, std::string_view body) {
  Parts parts;
  MultipartReader reader(boundary, parts);
  Result<Ok> went = reader.feed(body);
  if (went.ok()) went = reader.finish();
  Form form;
  form.is_good = went.ok();
  if (!went.ok()) form.why = went.error().code;
  form.parts = std::move(parts.list);
  return form;
}

void check_same(const Form& one, const Form& other) {
  require(one.is_good == other.is_good && (one.is_good || one.why == other.why), "pieces decide whether a form is good");
  require(one.parts.size() == other.parts.size(), "pieces decide how many parts there are");
  for (std::size_t i = 0; i < one.parts.size(); ++i) {
    const Part& a = one.parts[i];
    const Part& b = other.parts[i];
    require(a.head.name == b.head.name && a.head.file_name == b.head.file_name && a.head.is_file == b.head.is_file &&
                a.is_whole == b.is_whole && a.bytes == b.bytes,
            "pieces decide what a part holds");
  }
}

void check_form(std::string_view boundary, std::string_view body) {
  const Form form = read_whole(boundary, body);
  std::size_t bytes = 0;
  require(form.parts.size() <= MultipartReader::kMaxParts, "too many parts");
  for (const Part& part : form.parts) {
    require(!part.head.name.empty(), "a part without a name");
    require(part.head.file_name.find_first_of("/\\") == std::string::npos, "a file name with a folder");
    require(part.head.is_file || part.head.file_name.empty(), "a field with a file name");
    require(!form.is_good || part.is_whole, "a good form with half a part");
    bytes += part.bytes.size();
  }
  require(bytes <= body.size(), "more bytes than were sent");
  // Blanks after a boundary are counted as they come: a form of more than kMaxHead of them is not the same in pieces.
  if (body.size() > MultipartReader::kMaxHead) return;
  check_same(form, read(boundary, body, 1));
  check_same(form, read(boundary, body, 40));
}

// `bytes` as a file called `name`, as a phone sends it.
void check_frame(std::string_view boundary, std::string_view name, std::string_view bytes) {
  if (boundary.ends_with(' ')) return;  // a boundary of ours never does
  const lapor::MultipartFrame frame = lapor::frame_file(boundary, "attachments[]", name, "image/jpeg");
  require(multipart_boundary(frame.content_type) == boundary, "our own boundary");
  const std::string body = frame.head + std::string(bytes) + frame.tail;
  if (frame.head.size() > MultipartReader::kMaxHead || ("\r\n" + std::string(bytes)).find("\r\n--" + std::string(boundary)) != std::string::npos) return;
  const Form form = read_whole(boundary, body);
  require(form.is_good && form.parts.size() == 1, "our own form");
  require(form.parts[0].head.name == "attachments[]" && form.parts[0].head.is_file && form.parts[0].bytes == bytes, "our own file");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view type = input.substr(0, input.find('\n'));
  const std::string_view body = input.substr(std::min(input.size(), type.size() + 1));
  const std::string boundary = multipart_boundary(type);
  require(boundary.size() <= 70, "a boundary too long");
  if (!boundary.empty()) check_form(boundary, body);
  check_form("B", body);  // where the fuzzer would seldom come by itself
  check_frame("titik0123", type, body);
  return 0;
}
