// Open reports of the same kind near a place: offered instead of a second report, never forced.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "serve/app.h"

namespace titik::serve {

struct SimilarReport {
  PublicItem item;
  double metres = 0;  // as the crow flies, of places rounded to about 11 m
};

// The nearest first, at most five. Not among them: secret, archived and finished ones.
Result<std::vector<SimilarReport>> similar_reports(App& app, const report::GeoPoint& point, const std::string& category);
Json similar_json(const App& app, const std::vector<SimilarReport>& reports);

}  // namespace titik::serve
