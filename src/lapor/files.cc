#include "base/id.h"
#include "base/json.h"
#include "lapor/lapor.h"
#include "lapor/reading.h"

namespace titik::lapor {
namespace {

Json uploaded_list(const std::vector<UploadedFile>& files) {
  Json list = Json::array();
  for (const UploadedFile& file : files) {
    Json item = {{"id", file.id}};
    if (!file.sha256.empty()) item["sha256"] = file.sha256;
    list.push_back(std::move(item));
  }
  return list;
}

Result<std::vector<UploadedFile>> read_list(const Json& results, std::string_view key) {
  std::vector<UploadedFile> out;
  const Json& list = member(results, key);
  if (!list.is_array()) return out;
  if (list.size() > kMaxListItems) return Error{ErrorCode::kTooLarge, std::string(key), "list too long"};
  for (const Json& item : list) {
    UploadedFile file{id_of(item, "id"), text_of(item, "sha256")};
    if (file.id.empty()) return Error{ErrorCode::kMalformed, std::string(key) + ".id", "not an id"};
    if (!is_sha256(file.sha256)) file.sha256.clear();
    out.push_back(std::move(file));
  }
  return out;
}

// A quoted header value has no way to carry quotes or line ends that all servers agree on.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(byte < 0x20 || byte == 0x7F || c == '"' || c == '\\' ? '_' : c);
  }
  return out;
}

}  // namespace

MultipartFrame frame_file(std::string_view boundary, std::string_view field, std::string_view file_name,
                          std::string_view mime_type) {
  const std::string mark(boundary);
  MultipartFrame frame;
  frame.content_type = "multipart/form-data; boundary=" + mark;
  frame.head = "--" + mark + "\r\nContent-Disposition: form-data; name=\"" + quoted(field) + "\"; filename=\"" +
               quoted(file_name) + "\"\r\nContent-Type: " + quoted(mime_type) + "\r\n\r\n";
  frame.tail = "\r\n--" + mark + "--\r\n";
  return frame;
}

std::string write_uploaded(const std::vector<UploadedFile>& images,
                           const std::vector<UploadedFile>& documents) {
  return to_text({{"results", {{"images", uploaded_list(images)}, {"docs", uploaded_list(documents)}}}});
}

Result<Uploaded> read_uploaded(std::string_view json) {
  const Json parsed = TRY(parse_json(json));
  const Json& results = member(parsed, "results");
  if (!results.is_object()) return Error{ErrorCode::kMalformed, "results", "no results in the answer"};
  Uploaded out;
  out.images = TRY(read_list(results, "images"));
  out.documents = TRY(read_list(results, "docs"));
  return out;
}

}  // namespace titik::lapor
