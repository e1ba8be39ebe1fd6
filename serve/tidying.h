// The housekeeping of an office, with what its profile says of retention (open_office() has checked it).
#pragma once

#include "serve/erasure.h"
#include "serve/housekeeping.h"
#include "serve/office.h"
#include "serve/retention.h"

namespace titik::serve {

struct Tidying {
  explicit Tidying(Office& office)
      : erasure(*office.repository, office.files, *office.partial_files, *office.workflow),
        retention(office.repository->sql(), erasure, Retention::of_profile(office.profile_json).value(), office.profile.zone),
        housekeeping(*office.repository, office.files, *office.partial_files, &retention) {}
  Erasure erasure;
  RetentionSweep retention;
  Housekeeping housekeeping;
};

}  // namespace titik::serve
