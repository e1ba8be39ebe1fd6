// What stands between a request and the handlers, besides the table of routes: who is counted as whom, how much they
// may ask for, and the officers' passwords.
#pragma once

#include "serve/client_address.h"
#include "serve/password.h"
#include "serve/rate_limit.h"

namespace titik::serve {

struct Gate {
  TrustedProxies proxies;
  RateLimits limits;
  PasswordHasher passwords;
};

}  // namespace titik::serve
