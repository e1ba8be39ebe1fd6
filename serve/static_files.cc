#include "serve/static_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "serve/compression.h"
#include "serve/crypto.h"

namespace titik::serve {
namespace {

constexpr std::pair<std::string_view, std::string_view> kMimeTypes[] = {
    {"html", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json; charset=utf-8"},
    {"webmanifest", "application/manifest+json; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"ttf", "font/ttf"},
    {"woff2", "font/woff2"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"webp", "image/webp"},
    {"ico", "image/x-icon"},
    {"txt", "text/plain; charset=utf-8"},
    {"geojson", "application/geo+json"},
    {"pbf", "application/x-protobuf"},
};

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool has_dot_name(const std::filesystem::path& relative) {
  return std::any_of(relative.begin(), relative.end(),
                     [](const auto& part) { return part.string().starts_with('.'); });
}

// Appended piece by piece: GCC 12 sees an overlap that is not there in "\"" + std::string(...).
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  out += text;
  out += "\"";
  return out;
}

Response not_found() {
  Response response;
  response.status = 404;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::make_shared<const std::string>("Halaman tidak ditemukan.\n");
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

}  // namespace

bool has_content_hash(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view stem = file_name.substr(0, dot);
  const std::size_t mark = stem.find_last_of(".-");
  if (mark == std::string_view::npos) return false;
  const std::string_view hash = stem.substr(mark + 1);
  return hash.size() >= 8 && std::all_of(hash.begin(), hash.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string_view mime_type_of(std::string_view file_name) {
  if (file_name == "manifest.json" || file_name.ends_with("/manifest.json")) {
    return "application/manifest+json; charset=utf-8";
  }
  const std::size_t dot = file_name.rfind('.');
  if (dot != std::string_view::npos) {
    for (const auto& [extension, mime] : kMimeTypes) {
      if (extension == file_name.substr(dot + 1)) return mime;
    }
  }
  return "application/octet-stream";
}

bool matches_etag(std::string_view if_none_match, std::string_view etag) {
  const std::string wanted = in_quotes(etag);
  bool matches = false;
  for_each_element(if_none_match, [&](std::string_view element) {
    if (element.starts_with("W/")) element.remove_prefix(2);  // weak comparison (RFC 9110, 13.1.2)
    matches = matches || element == "*" || element == wanted;
  });
  return matches;
}

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return Error{ErrorCode::kNotFound, folder, "folder klien tidak ada"};
  }
  StaticFiles loaded;
  auto entry = fs::recursive_directory_iterator(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code absent;  // "no such file" is an answer here, not an error
    const fs::path relative = entry->path().lexically_relative(folder);
    if (!entry->is_regular_file(absent) || has_dot_name(relative)) continue;
    const std::string path = "/" + relative.generic_string();
    if (path.ends_with(".br") && fs::exists(entry->path().parent_path() / entry->path().stem(), absent)) continue;
    File file;
    file.bytes = std::make_shared<const std::string>(read_whole(entry->path()));
    fs::path compressed = entry->path();
    compressed += ".br";
    if (fs::is_regular_file(compressed, absent)) {
      file.brotli = std::make_shared<const std::string>(read_whole(compressed));
    }
    file.etag = sha256_hex(*file.bytes).substr(0, 32);
    file.mime = mime_type_of(path);
    file.immutable = has_content_hash(relative.filename().string());
    loaded.files_[path] = std::move(file);
  }
  if (error) return Error{ErrorCode::kStorage, folder, error.message()};
  return loaded;
}

Response StaticFiles::answer(const Request& request) const {
  std::optional<std::string> path = decoded_path(request.target);
  if (!path) return not_found();
  if (path->ends_with('/')) path->pop_back();
  auto found = files_.find(*path);
  if (found == files_.end()) found = files_.find(*path + "/index.html");
  if (found == files_.end()) return not_found();
  const File& file = found->second;

  Response response;
  response.content_type = file.mime;
  response.body = file.bytes;
  std::string etag = file.etag;
  if (file.brotli) {
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (accepts_coding(request.header("Accept-Encoding"), "br")) {
      response.headers.emplace_back("Content-Encoding", "br");
      response.body = file.brotli;
      etag += "-br";
    }
  }
  response.headers.emplace_back("Cache-Control",
                                file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.emplace_back("ETag", in_quotes(etag));
  if (matches_etag(request.header("If-None-Match"), etag)) {
    response.status = 304;
    response.body = nullptr;
  }
  return response;
}

}  // namespace titik::serve
