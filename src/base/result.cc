#include "base/result.h"

#include <array>

namespace titik {
namespace {

struct NamedCode {
  ErrorCode code;
  std::string_view name;
};

constexpr std::array kNames = {
    NamedCode{ErrorCode::kInvalidArgument, "invalid_argument"},
    NamedCode{ErrorCode::kMalformed, "malformed"},
    NamedCode{ErrorCode::kTooLarge, "too_large"},
    NamedCode{ErrorCode::kUnsupported, "unsupported"},
    NamedCode{ErrorCode::kNotFound, "not_found"},
    NamedCode{ErrorCode::kConflict, "conflict"},
    NamedCode{ErrorCode::kUnauthorized, "unauthorized"},
    NamedCode{ErrorCode::kForbidden, "forbidden"},
    NamedCode{ErrorCode::kStorage, "storage"},
    NamedCode{ErrorCode::kCorrupt, "corrupt"},
    NamedCode{ErrorCode::kNetwork, "network"},
    NamedCode{ErrorCode::kInternal, "internal"},
};

}  // namespace

std::string_view error_code_name(ErrorCode code) {
  for (const NamedCode& named : kNames) {
    if (named.code == code) return named.name;
  }
  return "internal";
}

ErrorCode error_code_from_name(std::string_view name) {
  for (const NamedCode& named : kNames) {
    if (named.name == name) return named.code;
  }
  return ErrorCode::kInternal;
}

}  // namespace titik
