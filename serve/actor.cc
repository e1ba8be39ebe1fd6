#include "serve/actor.h"

namespace titik::serve {

Actor actor_of(const Caller& caller) {
  Actor actor{.kind = ActorKind::kDevice, .role = Role::kCitizen, .agency_id = {}, .id = caller.id, .name = {}, .caller_id = caller.id};
  if (caller.kind == CallerKind::kDevice) return actor;
  const bool system = caller.kind == CallerKind::kIntegration;
  actor.kind = system ? ActorKind::kIntegration : ActorKind::kOffice;
  actor.role = system ? Role::kIntegration : Role::kAdministrator;
  actor.name = caller.name;
  return actor;
}

}  // namespace titik::serve
