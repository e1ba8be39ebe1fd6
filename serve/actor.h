// In whose name a caller acts: the one place where credentials become a role of the workflow. A phone is its
// citizen, another system stands for the coordinator, the command line is the administrator. Officers:
// serve/accounts.h.
#pragma once

#include "serve/repository.h"
#include "serve/workflow.h"

namespace titik::serve {

Actor actor_of(const Caller& caller);

}  // namespace titik::serve
