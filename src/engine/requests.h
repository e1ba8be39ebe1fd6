// The HTTP requests that the engine makes, built from the profile and the wire format.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/host.h"
#include "report/city_profile.h"
#include "report/report.h"
#include "store/repository.h"
#include "sync/outbox.h"
#include "sync/refresh.h"

namespace titik::engine {

// Where and as whom.
struct Address {
  const report::CityProfile& profile;
  std::string token;    // of the device; empty: none
  std::string user_id;
  std::string language;  // that refusals are to be told in: "id" or "en"; empty: the browser says
};

HttpRequest register_request(const Address& address);
HttpRequest ask_request(const Address& address, std::string_view report_id);
// `boundary`: 32 random hex digits.
HttpRequest upload_request(const Address& address, const store::OutboxPhoto& photo, int number, std::string_view boundary);
enum class Photos { kSent, kFollow };
HttpRequest create_request(const Address& address, const store::StoredReport& stored,
                           const std::vector<store::OutboxPhoto>& photos, Photos when);

// Resumable uploads: whether there are any, and of one photo the beginning, its offset, and a piece of it.
HttpRequest way_request(const Address& address);
HttpRequest thumbnail_request(const Address& address, std::string_view report_id, const store::OutboxPhoto& photo);
HttpRequest begin_request(const Address& address, std::string_view report_id, const store::OutboxPhoto& photo, int number);
HttpRequest offset_request(const Address& address, const store::OutboxPhoto& photo);
HttpRequest bytes_request(const Address& address, const store::OutboxPhoto& photo, std::int64_t from, std::int64_t bytes);

// Nothing when the question cannot be asked: evidence on another server, which must not see our token.
// `cursor`: of the last changes that were told; may be empty.
std::optional<HttpRequest> question_request(const Address& address, const sync::Question& question,
                                            std::string_view cursor);

}  // namespace titik::engine
