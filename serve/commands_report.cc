#include "serve/commands_report.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/utf8.h"
#include "serve/access_log.h"
#include "serve/print.h"
#include "serve/thumbnails.h"

namespace titik::serve {
namespace {

struct Command {
  std::string_view name;
  Action action;
  std::string_view required;  // option; "" for none
};
// Beside `show` and `follow-up`, which are more than a step.
constexpr std::array kSteps = {
    Command{"verify", Action::kVerify, ""},         Command{"dispose", Action::kDispose, "agency"},
    Command{"hand-on", Action::kHandOn, "agency"},  Command{"hold", Action::kHold, "reason"},
    Command{"resume", Action::kResume, ""},         Command{"archive", Action::kArchive, "reason"},
    Command{"close", Action::kClose, ""},
};

const Command* step_named(const std::string& name) {
  for (const Command& command : kSteps) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string words_of(const Options& options, const std::string& name) {
  return std::string(trimmed(clean_text(options.value(name), Lines::kMany)));
}

Result<Ok> show(Office& office, std::int64_t tracking_id) {
  const StoredReport report = TRY(office.repository->report(tracking_id));
  TRY(AccessLog(office.repository->sql()).note(office.actor(), report, system_now()));
  const std::vector<lapor::LogEntry> history = TRY(office.repository->history(tracking_id));
  constexpr int kAllOnOnePage = 10'000;
  const lapor::FollowUpPage thread = TRY(office.repository->follow_ups(tracking_id, 1, kAllOnOnePage));
  const std::vector<StoredFile> photos = TRY(office.repository->files_of_report(tracking_id));
  const int pending = TRY(office.repository->photos_pending(tracking_id));
  const std::size_t thumbnails = TRY(ThumbnailStore(office.repository->sql()).of(tracking_id)).size();
  print_report(office, report, photos, pending, thumbnails, history, thread.items, system_now());
  return Ok{};
}

Result<NewFile> take_photo(Office& office, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, path, "foto tidak ada atau tidak dapat dibaca"};
  IncomingFile incoming = TRY(office.files.receive());
  std::string block(64 * 1024, '\0');
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    TRY(incoming.write(std::string_view(block).substr(0, static_cast<std::size_t>(in.gcount()))));
  }
  const KeptFile kept = TRY(incoming.keep());
  return NewFile{kept.sha256, kept.bytes, std::string(kept.type.mime),
                 clean_text(std::filesystem::path(path).filename().string(), Lines::kOne)};
}

Result<Done> follow_up(Office& office, std::int64_t tracking_id, const Options& options) {
  const StoredReport report = TRY(office.repository->report(tracking_id));
  const std::string agency_id = options.value("institution", report.agency_id);
  const report::Agency* agency = office.profile.agency(agency_id);
  if (!agency) return Error{ErrorCode::kInvalidArgument, "--institution", "instansi tidak dikenal: " + agency_id};
  Words words;
  for (const std::string& path : options.all("photo")) words.files.push_back(TRY(take_photo(office, path)));
  Step step{.action = words.files.empty() ? Action::kAnswer : Action::kAct, .text = words_of(options, "text"),
            .agency_id = {}, .institution = agency->short_name};
  if (options.has("kind")) step.action = TRY(follow_up_action(options.value("kind")));
  const Done done = TRY(office.workflow->write(tracking_id, office.actor(), step, words, system_now()));
  if (const std::string_view notice = notice_of(step.action, done.counted); !notice.empty()) std::cerr << notice << "\n";
  return done;
}

}  // namespace

std::optional<std::set<std::string>> report_command_options(const std::string& command) {
  if (command == "show") return std::set<std::string>{};
  if (command == "follow-up") return std::set<std::string>{"text", "kind", "photo", "institution"};
  const Command* step = step_named(command);
  if (!step) return std::nullopt;
  if (step->action == Action::kVerify || step->action == Action::kResume) return std::set<std::string>{};
  if (step->required == "agency") return std::set<std::string>{"agency", "reason"};
  return std::set<std::string>{"reason"};
}

std::string required_option(const std::string& command) {
  if (command == "follow-up") return "text";
  const Command* step = step_named(command);
  return step ? std::string(step->required) : "";
}

Result<Ok> run_report_command(Office& office, const std::string& command, std::int64_t tracking_id, const Options& options) {
  if (command == "show") return show(office, tracking_id);
  Case now;
  if (command == "follow-up") {
    now = TRY(follow_up(office, tracking_id, options)).subject;
  } else {
    const Step step{.action = step_named(command)->action, .text = words_of(options, "reason"), .agency_id = options.value("agency")};
    now = TRY(office.workflow->take(tracking_id, office.actor(), step, system_now())).subject;
  }
  std::cout << tracking_id << ": " << report::status_label(now.status) << "\n";
  return Ok{};
}

}  // namespace titik::serve
