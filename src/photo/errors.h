// The errors of photo.h. Without a sentence: code and place say it, and photo.wasm would carry all of them.
#pragma once

#include "base/result.h"

namespace titik::photo {

Error failure(ErrorCode code, const char* where);

inline Error malformed() { return failure(ErrorCode::kMalformed, "format"); }
inline Error cut_off() { return failure(ErrorCode::kMalformed, "cut_off"); }

}  // namespace titik::photo
