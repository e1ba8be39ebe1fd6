#include "serve/command.h"

#include <algorithm>
#include <array>
#include <iostream>

#include "base/id.h"
#include "base/utf8.h"

namespace titik::serve {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

const std::set<std::string> kOptionsOfAll = {"clock", "config", "data", "database", "files", "profile"};

// Fields of a report: their errors say all in their sentence. Any other place helps the operator.
constexpr std::array<std::string_view, 7> kFieldsOfReports = {"agency", "kind", "photo", "reason", "role", "status", "text"};

int wrong_usage(const std::vector<CommandGroup>& groups, std::string_view problem) {
  std::cerr << "titik-serve: " << problem << "\n\n";
  for (const CommandGroup& group : groups) std::cerr << group.usage;
  return kWrongUsage;
}

// The one that the first word names, or the first two.
const Command* command_named(const std::vector<CommandGroup>& groups, const std::vector<std::string>& arguments) {
  const std::string two = arguments.size() > 1 ? arguments[0] + " " + arguments[1] : "";
  for (const CommandGroup& group : groups) {
    for (const Command& command : group.commands) {
      if (command.name == arguments[0] || command.name == two) return &command;
    }
  }
  return nullptr;
}

std::string wrong_words(Takes takes, const std::vector<std::string>& words) {
  const bool one = words.size() == 1;
  const bool number = one && is_lapor_id(words[0]);
  switch (takes) {
    case Takes::kNothing: return words.empty() ? "" : "tidak memerlukan kata lain";
    case Takes::kNumber: return number ? "" : "perlu satu nomor (1 sampai 10 angka)";
    case Takes::kMaybeNumber: return number || words.empty() ? "" : "perlu satu nomor (1 sampai 10 angka), atau tidak sama sekali";
    case Takes::kName: return one ? "" : "perlu satu nama";
  }
  return "";
}

// "2026-12-01T09:00:00Z"
std::optional<UnixMillis> read_clock(std::string_view text) {
  const std::optional<CivilTime> date = parse_date(text.substr(0, 10));
  if (!date || text.size() != 20 || text[10] != 'T' || text.back() != 'Z') return std::nullopt;
  return parse_lapor_time(format_lapor_time(from_civil(*date, 0), 0).substr(0, 11) + std::string(text.substr(11, 8)), 0);
}

// What is wrong with how it was called; "" for nothing.
std::string problem_with(const Command& command, const Options& options) {
  if (const std::string problem = wrong_words(command.takes, options.words); !problem.empty()) return std::string(command.name) + " " + problem;
  for (const std::string& name : command.required) {
    if (trimmed(options.value(name)).empty()) return std::string(command.name) + " perlu --" + name;
  }
  if (options.has("clock") && !read_clock(options.value("clock"))) return "--clock ditulis sebagai 2026-12-01T09:00:00Z";
  return command.objection ? command.objection(options) : "";
}

Result<Ok> carry_out(const Command& command, const Options& options) {
  if (options.has("clock")) set_clock(*read_clock(options.value("clock")));
  const Config config = TRY(read_config(options, process_environment));
  Invocation call{.config = config, .options = options, .number = 0, .name = {}};
  if (!options.words.empty() && command.takes == Takes::kName) call.name = options.words[0];
  else if (!options.words.empty()) call.number = std::stoll(options.words[0]);
  if (command.without_office) return command.without_office(call);
  Office office = TRY(open_office(config));
  return command.run(office, call);
}

}  // namespace

void print_error(const Error& error) {
  const bool says_all = error.where.empty() || std::find(kFieldsOfReports.begin(), kFieldsOfReports.end(), error.where) != kFieldsOfReports.end();
  std::cerr << "titik-serve: " << (says_all ? "" : error.where + ": ") << error.message << "\n";
}

int run_command(const std::vector<CommandGroup>& groups, const std::vector<std::string>& arguments) {
  if (arguments.empty()) return wrong_usage(groups, "perintah belum disebut");
  const Command* command = command_named(groups, arguments);
  if (!command) return wrong_usage(groups, "perintah tidak dikenal: " + arguments.front());
  std::set<std::string> known = command->options;
  known.insert(kOptionsOfAll.begin(), kOptionsOfAll.end());
  const auto name_words = 1 + std::count(command->name.begin(), command->name.end(), ' ');
  std::string problem;
  const auto options = parse_options({arguments.begin() + name_words, arguments.end()}, known, problem);
  if (options) problem = problem_with(*command, *options);
  if (!problem.empty()) return wrong_usage(groups, problem);
  const Result<Ok> done = carry_out(*command, *options);
  if (!done.ok()) print_error(done.error());
  return done.ok() ? kDone : kFailed;
}

}  // namespace titik::serve
