// The command line of the city's staff, on the same data folder as the running server. Each command is an entry of a
// table (command.h); each file commands_*.cc has the group of its subject.
#pragma once

#include <string>
#include <vector>

#include "serve/command.h"

namespace titik::serve {

// What follows the program's name. Answers the exit code: 0 done, 1 refused or failed (the reason is on
// stderr), 2 wrong usage (the usage is on stderr).
int run(const std::vector<std::string>& arguments);

CommandGroup report_commands();    // one report: show, and the steps of the workflow
CommandGroup upstream_commands();  // the link with SP4N-LAPOR!, and the file that cities exchange
CommandGroup account_commands();   // officers' accounts, tokens that are taken back, who has read what
CommandGroup privacy_commands();   // one citizen's data

// commands_serve.cc: serves until SIGINT or SIGTERM.
std::string objection_to_serve(const Options& options);
Result<Ok> serve(Office& office, const Invocation& call);

}  // namespace titik::serve
