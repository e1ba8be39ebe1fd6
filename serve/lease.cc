#include "serve/lease.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "serve/crypto.h"

namespace titik::serve {
namespace {

// Names the machine since its start, and the namespace in which a process number means something.
std::string machine() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  std::error_code error;
  return boot + " " + std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
}

// "machine/process/random": the process was here, and is not any more.
bool is_gone(const std::string& owner) {
  const std::size_t last = owner.rfind('/');
  const std::size_t before = last == owner.npos || last == 0 ? owner.npos : owner.rfind('/', last - 1);
  if (before == owner.npos || owner.substr(0, before) != machine()) return false;
  const std::string number = owner.substr(before + 1, last - before - 1);
  pid_t process = 0;
  std::from_chars(number.data(), number.data() + number.size(), process);
  return process > 0 && kill(process, 0) != 0 && errno == ESRCH;
}

}  // namespace

Lease::Lease(Sql& sql, std::string name)
    : sql_(sql), name_(std::move(name)), owner_(machine() + "/" + std::to_string(getpid()) + "/" + random_hex(8)) {}

Result<bool> Lease::take(UnixMillis now, UnixMillis duration) {
  const SqlLock lock(sql_.mutex());
  return sql_.transaction([&]() -> Result<bool> {
    Statement held = TRY(sql_.prepare("SELECT owner, until FROM lease WHERE name = ?1"));
    TRY(held.bind(1, name_));
    const bool is_known = TRY(held.step());
    if (is_known && held.text(0) != owner_ && held.integer(1) > now && !is_gone(held.text(0))) return false;
    held.reset();
    Statement row = TRY(sql_.prepare("INSERT INTO lease(name, owner, until) VALUES (?1, ?2, ?3) "
                                     "ON CONFLICT(name) DO UPDATE SET owner = excluded.owner, until = excluded.until"));
    TRY(row.bind_all(name_, owner_, now + duration));
    TRY(row.run());
    return true;
  });
}

Result<Ok> Lease::release() {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("DELETE FROM lease WHERE name = ?1 AND owner = ?2"));
  TRY(row.bind_all(name_, owner_));
  return row.run();
}

}  // namespace titik::serve
