// Where a request comes from. A proxy that we trust tells it in X-Forwarded-For and X-Forwarded-Proto; from anybody
// else these headers count for nothing. Addresses are looked at to bound what one of them may ask for
// (serve/rate_limit.h), and are neither kept nor logged.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/http.h"

namespace titik::serve {

// An IPv4 address as the IPv6 one that holds it (::ffff:a.b.c.d).
using IpAddress = std::array<std::uint8_t, 16>;
std::optional<IpAddress> parse_address(std::string_view text);

class TrustedProxies {
 public:
  // "127.0.0.1, ::1, 10.0.0.0/8". kInvalidArgument names the part that is none.
  static Result<TrustedProxies> parse(std::string_view list);
  [[nodiscard]] bool contains(const IpAddress& address) const;

 private:
  struct Network {
    IpAddress address{};
    int bits = 128;
  };
  std::vector<Network> networks_;
};
// Only a program on this machine can come from there.
inline constexpr std::string_view kDefaultTrustedProxies = "127.0.0.1, ::1";

struct Origin {
  // Who is counted together: an IPv4 address, or an IPv6 network of 64 bits, which one customer has. Empty: a program
  // on this machine, without a proxy's word for whom; it is not counted.
  std::string counted_as;
  bool https = false;
};
Origin origin_of(const Request& request, const TrustedProxies& proxies);

}  // namespace titik::serve
