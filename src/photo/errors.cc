#include "photo/errors.h"

namespace titik::photo {

Error failure(ErrorCode code, const char* where) { return {code, where, {}}; }

}  // namespace titik::photo
