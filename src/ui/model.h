// What the interface knows: made only of the engine's events.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/messages.h"
#include "report/city_profile.h"

namespace titik::ui {

struct Model {
  std::optional<report::CityProfile> city;
  bool started = false;  // the list of reports has come
  std::vector<engine::ReportSummary> reports;
  std::map<std::string, engine::ReportDetail> details;  // of reports opened in this session
  engine::SaveStateChanged save;
  engine::SyncStateChanged sync;
  std::optional<report::Counts> counts;
  std::optional<std::vector<report::PublicReport>> nearby;
  engine::StorageChanged storage;
  engine::Settings settings;
  engine::StorageNotice notice;
  std::string fatal;  // code from the engine's worker; empty while all is well

  [[nodiscard]] const engine::ReportSummary* summary(const std::string& id) const {
    for (const engine::ReportSummary& report : reports) {
      if (report.id == id) return &report;
    }
    return nullptr;
  }
  [[nodiscard]] const engine::ReportDetail* detail(const std::string& id) const {
    const auto found = details.find(id);
    return found == details.end() ? nullptr : &found->second;
  }
};

}  // namespace titik::ui
