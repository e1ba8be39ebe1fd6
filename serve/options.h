// "--name value" and plain words, as they come on the command line.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace titik::serve {

struct Options {
  std::vector<std::string> words;                           // in order
  std::map<std::string, std::vector<std::string>> values;   // by name, without "--"

  [[nodiscard]] bool has(const std::string& name) const { return values.contains(name); }
  // The last value given, or `fallback`.
  [[nodiscard]] std::string value(const std::string& name, const std::string& fallback = {}) const;
  [[nodiscard]] std::vector<std::string> all(const std::string& name) const;
};

// Nothing when an option is not in `known` or lacks its value; `problem` then says which.
std::optional<Options> parse_options(const std::vector<std::string>& arguments, const std::set<std::string>& known,
                                     std::string& problem);

}  // namespace titik::serve
