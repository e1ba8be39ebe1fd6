// The command line of the city's staff, on the same data folder as the running server.
#pragma once

#include <string>
#include <vector>

namespace titik::serve {

// What follows the program's name. Answers the exit code: 0 done, 1 refused or failed (the reason is on
// stderr), 2 wrong usage (the usage is on stderr).
int run(const std::vector<std::string>& arguments);

}  // namespace titik::serve
