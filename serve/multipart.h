// Reads multipart/form-data (RFC 7578) as it streams in, in little memory whatever is sent. The parser of
// the HTTP library is not used: it holds parts in memory and matches hostile headers with std::regex.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace titik::serve {

struct PartHead {
  std::string name;
  std::string file_name;  // last component only; empty for plain fields
  bool is_file = false;   // a file name was given, even an empty one
};

class PartReceiver {
 public:
  virtual ~PartReceiver() = default;
  // An error from any of these ends the reading and is handed on.
  virtual Result<Ok> begin(const PartHead& head) = 0;
  virtual Result<Ok> data(std::string_view bytes) = 0;
  virtual Result<Ok> end() = 0;
};

// The boundary of a Content-Type, or "" when it is not multipart/form-data with a good one.
std::string multipart_boundary(std::string_view content_type);

class MultipartReader {
 public:
  static constexpr std::size_t kMaxHead = 4096;  // bytes of one part's headers
  static constexpr int kMaxParts = 32;

  MultipartReader(std::string_view boundary, PartReceiver& receiver);

  // kMalformed; kTooLarge: too many parts or too long headers; or the receiver's error.
  Result<Ok> feed(std::string_view bytes);
  // kMalformed when the closing boundary has not come.
  Result<Ok> finish();

 private:
  enum class State { kPreamble, kAfterBoundary, kHead, kBody, kDone };
  Result<bool> step();  // false: needs more bytes
  Result<bool> step_boundary();
  Result<bool> step_body();
  Result<bool> step_head();

  std::string delimiter_;  // "\r\n--boundary"
  PartReceiver& receiver_;
  std::string buffer_ = "\r\n";  // so that the first boundary looks like the others
  State state_ = State::kPreamble;
  int parts_ = 0;
};

}  // namespace titik::serve
