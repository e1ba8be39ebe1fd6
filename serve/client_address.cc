#include "serve/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace titik::serve {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int kCountedBits = 64;

bool is_version_4(const IpAddress& address) { return std::equal(kMapped.begin(), kMapped.end(), address.begin()); }

bool is_loopback(const IpAddress& address) {
  IpAddress six{};
  six[15] = 1;
  return address == six || (is_version_4(address) && address[12] == 127);
}

// The parts between commas, from the last to the first.
std::vector<std::string_view> parts_from_the_end(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const std::size_t comma = list.rfind(',');
    parts.push_back(trimmed(list.substr(comma == list.npos ? 0 : comma + 1)));
    list = list.substr(0, comma == list.npos ? 0 : comma);
  }
  return parts;
}

// As a proxy may write it: "203.0.113.7", "[2001:db8::1]:4711", "203.0.113.7:4711".
std::optional<IpAddress> parse_forwarded(std::string_view text) {
  if (text.starts_with('[')) return parse_address(text.substr(1, text.find(']') - 1));
  if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
  return parse_address(text);
}

}  // namespace

std::optional<IpAddress> parse_address(std::string_view text) {
  const std::string terminated(text);
  IpAddress address{};
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  std::copy(kMapped.begin(), kMapped.end(), address.begin());
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + kMapped.size()) == 1) return address;
  return std::nullopt;
}

Result<TrustedProxies> TrustedProxies::parse(std::string_view list) {
  TrustedProxies proxies;
  for (const std::string_view part : parts_from_the_end(list)) {
    const std::size_t slash = part.find('/');
    const std::optional<IpAddress> address = parse_address(part.substr(0, slash));
    const int most = address && is_version_4(*address) ? 32 : 128;
    int bits = most;
    bool good = address.has_value();
    if (good && slash != part.npos) {
      const std::string_view digits = part.substr(slash + 1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
      good = error == std::errc() && end == digits.data() + digits.size() && bits >= 0 && bits <= most;
    }
    if (!good) {
      return Error{ErrorCode::kInvalidArgument, "trusted-proxies", "bukan alamat IP atau jaringan: " + std::string(part)};
    }
    proxies.networks_.push_back({*address, bits + 128 - most});
  }
  return proxies;
}

bool TrustedProxies::contains(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    for (int bit = 0; bit < network.bits; ++bit) {
      const auto byte = static_cast<std::size_t>(bit / 8);
      const int mask = 0x80 >> (bit % 8);
      if ((address[byte] & mask) != (network.address[byte] & mask)) return false;
    }
    return true;
  });
}

Origin origin_of(const Request& request, const TrustedProxies& proxies) {
  std::optional<IpAddress> client = parse_address(request.peer);
  if (!client) return {};
  Origin origin;
  bool told = false;
  if (proxies.contains(*client)) {
    origin.https = request.header("X-Forwarded-Proto") == "https";
    // Each proxy writes whom it has spoken to at the end: the last that is no proxy of ours is the client. What stands
    // before it, the client may have written.
    const std::string forwarded = request.header("X-Forwarded-For");
    for (const std::string_view part : parts_from_the_end(forwarded)) {
      const std::optional<IpAddress> before = parse_forwarded(part);
      if (!before) break;
      client = before;
      told = true;
      if (!proxies.contains(*before)) break;
    }
  }
  if (!told && is_loopback(*client)) return origin;
  const std::size_t counted = is_version_4(*client) ? client->size() : kCountedBits / 8;
  origin.counted_as.assign(client->begin(), client->begin() + static_cast<std::ptrdiff_t>(counted));
  return origin;
}

}  // namespace titik::serve
