// `titik-serve check`: what an operator should mend before citizens find it. Changes nothing: not a byte of the data
// folder, not the schema, also while a server runs on them.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "serve/config.h"

namespace titik::serve {

struct Finding {
  enum class Weight { kGood, kWarning, kWrong };
  Weight weight = Weight::kGood;
  std::string about;  // "basis data"
  std::string text;   // what is so, and for what is not good what to do, in Indonesian
};

// `all_files`: reads every stored photo, which takes its time, and holds it to its hash.
std::vector<Finding> check_city(const Config& config, bool all_files, UnixMillis now);

}  // namespace titik::serve
