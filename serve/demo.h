// A few reports that look like real ones, for a first look at the system. No personal data.
#pragma once

#include "base/result.h"
#include "serve/office.h"

namespace titik::serve {

// How many were added: none when they are there already.
Result<int> fill_demo(Office& office);

}  // namespace titik::serve
