// The data folder as a whole, opened for one run of the program.
#pragma once

#include <memory>
#include <string>

#include "report/city_profile.h"
#include "serve/actor.h"
#include "serve/config.h"
#include "serve/files.h"
#include "serve/partial_files.h"
#include "serve/public_face.h"
#include "serve/repository.h"
#include "serve/workflow_store.h"

namespace titik::serve {

struct Office {
  std::unique_ptr<Repository> repository;
  FileStore files;
  std::unique_ptr<PartialFiles> partial_files;
  std::unique_ptr<PublicFace> public_face;
  report::CityProfile profile;
  std::string profile_json;
  std::unique_ptr<Workflow> workflow;
  Caller staff;  // in whose name the command line acts

  [[nodiscard]] Actor actor() const { return actor_of(staff); }
};

struct LoadedProfile {
  report::CityProfile profile;
  std::string json;
  CityRules rules;
};
// From `config.profile`, else from where it was `last_served`; kNotFound, with what to do, when neither is known. A bad
// one names the field in `where`.
Result<LoadedProfile> load_profile(const Config& config, const std::string& last_served);

// Makes the folder when it is missing and `config.profile` is given. Errors as load_profile().
Result<Office> open_office(const Config& config);

// From now on, commands without a profile take `config.profile`, when there is one, however it was given.
Result<Ok> remember_profile(const Config& config, Repository& repository);

UnixMillis system_now();
// For tests: the clock shows `now`, and runs on from there. Call it before anything asks for the time.
void set_clock(UnixMillis now);

}  // namespace titik::serve
