// The monitoring port (`--monitor-port`): GET /metrics, for machines inside. Not on the public port.
#pragma once

#include "serve/app.h"

namespace titik::serve {

Response monitor(App& app, const Request& request);

}  // namespace titik::serve
