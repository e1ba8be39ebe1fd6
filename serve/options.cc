#include "serve/options.h"

namespace titik::serve {

std::string Options::value(const std::string& name, const std::string& fallback) const {
  const auto found = values.find(name);
  return found == values.end() ? fallback : found->second.back();
}

std::vector<std::string> Options::all(const std::string& name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::vector<std::string>() : found->second;
}

std::optional<Options> parse_options(const std::vector<std::string>& arguments, const std::set<std::string>& known,
                                     std::string& problem) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].starts_with("--")) {
      options.words.push_back(arguments[i]);
      continue;
    }
    std::string name = arguments[i].substr(2);
    std::optional<std::string> value;
    if (const std::size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    if (!known.contains(name)) {
      problem = "pilihan tidak dikenal: --" + name;
      return std::nullopt;
    }
    if (!value) {
      problem = "--" + name + " perlu nilai";
      return std::nullopt;
    }
    options.values[name].push_back(*value);
  }
  return options;
}

}  // namespace titik::serve
