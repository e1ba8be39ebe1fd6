// The built client, held in memory: a request can only name what was loaded, so there is no path to escape.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "serve/http.h"

namespace titik::serve {

class StaticFiles {
 public:
  // Loads every file below `folder`, without dot files. "name.br" is the compressed form of "name".
  // kNotFound when there is no such folder.
  static Result<StaticFiles> load(const std::string& folder);

  // GET and HEAD alike; 404 as plain text when there is none.
  [[nodiscard]] Response answer(const Request& request) const;

 private:
  struct File {
    std::shared_ptr<const std::string> bytes;
    std::shared_ptr<const std::string> brotli;  // null: none
    std::string etag;                           // without quotes
    std::string mime;
    bool immutable = false;  // the name changes with the content
  };
  std::map<std::string, File, std::less<>> files_;  // by path, "/engine.1a2b3c4d.wasm"
};

// A content hash of 8 or more hex digits stands between the name and its extension.
bool has_content_hash(std::string_view file_name);
std::string_view mime_type_of(std::string_view file_name);
// True when an If-None-Match header names `etag` (without quotes), or "*".
bool matches_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace titik::serve
