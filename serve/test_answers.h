// With TITIK_ANSWERS=FILE the native tests write down what they asked and were answered, a JSON line each, and the
// table of routes: tests/openapi holds serve/openapi.yaml to it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <mutex>

#include "base/json.h"
#include "serve/routes.h"

namespace titik::serve {

inline void write_down(const Json& line) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  static std::ofstream file(std::getenv("TITIK_ANSWERS"));
  static const bool routes_written = [] {
    for (const RouteSummary& route : all_routes()) {
      file << to_text({{"method", route.method}, {"pattern", route.pattern}}) << "\n";
    }
    return true;
  }();
  (void)routes_written;
  file << to_text(line) << std::endl;
}

inline void record_answer(const Request& request, const Response& response) {
  if (!std::getenv("TITIK_ANSWERS")) return;
  write_down({{"method", request.method}, {"target", request.target}, {"status", response.status},
              {"type", response.content_type}, {"body", response.text()}});
}

}  // namespace titik::serve
