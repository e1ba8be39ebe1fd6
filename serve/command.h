// One command of the command line as data: what it takes, and what it does. commands.cc has the list of all.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/office.h"
#include "serve/options.h"

namespace titik::serve {

enum class Takes { kNothing, kNumber, kMaybeNumber, kName };  // besides options

// What a command is given. `number`: of a report or a device, 0 when there is none.
struct Invocation {
  const Config& config;
  const Options& options;
  std::int64_t number = 0;
  std::string name;
};

struct Command {
  std::string_view name;                     // one word or two: "verify", "account add"
  Takes takes = Takes::kNothing;
  std::set<std::string> options = {};        // besides those of all commands
  std::set<std::string> required = {};       // of `options`: must be given, and not blank
  // What else is wrong with how it was called; "" for nothing.
  std::function<std::string(const Options&)> objection = {};
  // One of the two: before anything is opened, or on the open office.
  std::function<Result<Ok>(const Invocation&)> without_office = {};
  std::function<Result<Ok>(Office&, const Invocation&)> run = {};
};

struct CommandGroup {
  std::string_view usage;  // lines for a person
  std::vector<Command> commands;
};

// Finds the command, checks how it was called and runs it. Answers the exit code, as run() in commands.h.
int run_command(const std::vector<CommandGroup>& groups, const std::vector<std::string>& arguments);

// On stderr: what went wrong, and where, unless the sentence says so.
void print_error(const Error& error);

}  // namespace titik::serve
