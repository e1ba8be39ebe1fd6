// Work that must be done by one process at a time, however many share the database: whoever holds the lease of its
// name. It ends by itself when its holder does not renew it, and at once when the holder is a process of this machine
// that is no more. The machines' clocks must agree within a few seconds.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "serve/sql.h"

namespace titik::serve {

class Lease {
 public:
  Lease(Sql& sql, std::string name);

  // Takes or renews it until `now + duration`. False: another holds it.
  Result<bool> take(UnixMillis now, UnixMillis duration);
  // Gives it back; nothing when another holds it.
  Result<Ok> release();

 private:
  Sql& sql_;
  std::string name_;
  std::string owner_;
};

}  // namespace titik::serve
