// Reports that look like real ones, for a first look at the system: a year of them (demo_city.h), and eight of the last
// days that show each state. No personal data.
#pragma once

#include "base/result.h"
#include "serve/office.h"

namespace titik::serve {

// How many were added: none when they are there already.
Result<int> fill_demo(Office& office);

}  // namespace titik::serve
