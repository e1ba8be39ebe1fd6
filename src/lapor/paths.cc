#include "lapor/lapor.h"

namespace titik::lapor {

std::string detail_path(std::string_view complaint_id) {
  return "/complaints/" + std::string(complaint_id) + "/complaint";
}

std::string follow_ups_path(std::string_view complaint_id, int page) {
  return "/complaints/" + std::string(complaint_id) + "/followups?page=" + std::to_string(page);
}

std::string reject_path(std::string_view complaint_id) {
  return "/complaints/process/" + std::string(complaint_id) + "/reject";
}

std::string thumbnail_path(std::string_view report_id, std::string_view photo_sha256) {
  return own_report_path(report_id) + "/thumbnails/" + std::string(photo_sha256);
}

std::string own_report_path(std::string_view report_id) {
  return std::string(kPublicReportsPath) + "/" + std::string(report_id);
}

std::string changes_path(std::string_view since) {
  return std::string(kPublicReportsPath) + "/changes?since=" + std::string(since);
}

std::string token_header(std::string_view channel_token) {
  std::string out = "{";
  for (const char c : channel_token) {
    out.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  out.push_back('}');
  return out;
}

}  // namespace titik::lapor
