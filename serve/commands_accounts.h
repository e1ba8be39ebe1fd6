// The command line's part about people: officers' accounts, tokens that are taken back, and who has read what.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace titik::serve {

extern const std::string_view kAccountUsage;
bool is_account_command(std::string_view command);
// `arguments`: the command and what follows. Answers as run() does.
int run_account_command(const std::vector<std::string>& arguments);

}  // namespace titik::serve
