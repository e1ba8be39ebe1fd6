// A form with files, received piece by piece: fields in memory, files on disk.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "serve/app.h"

namespace titik::serve {

struct UploadedForm {
  struct File {
    KeptFile kept;
    std::string file_name;  // cleaned
  };
  std::map<std::string, std::string> fields;
  std::vector<File> files;
};

// Reads multipart/form-data with at most report::kMaxPhotos files, whatever their field is called; also
// urlencoded forms and flat JSON objects, which older clients send where there is no file.
// kTooLarge, kUnsupported and kInvalidArgument say in Indonesian which file is wrong; kMalformed.
Result<UploadedForm> receive_form(App& app, const Request& request);

// The text a header may quote: no controls, quotes or separators, ASCII only, never empty.
std::string safe_file_name(std::string_view name, std::string_view extension);

}  // namespace titik::serve
