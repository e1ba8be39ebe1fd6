#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/utf8.h"
#include "serve/access_log.h"
#include "serve/commands.h"
#include "serve/print.h"
#include "serve/thumbnails.h"

namespace titik::serve {
namespace {

constexpr std::string_view kUsage = R"(
Satu laporan
  show NOMOR                       satu laporan dengan riwayatnya
  verify NOMOR                     menyatakan laporan terverifikasi
  dispose NOMOR --agency ID [--reason TEKS]
                                   menentukan instansi yang menangani
  hand-on NOMOR --agency ID [--reason TEKS]
                                   bukan wewenang: diteruskan, tenggat kota mulai lagi
  follow-up NOMOR --text TEKS [--kind JENIS] [--photo FILE]... [--institution ID]
                                   tanggapan instansi. JENIS: acknowledgement, answer, action, refusal, question;
                                   bawaan: action dengan foto, answer tanpa foto
  hold NOMOR --reason TEKS         menunda; tenggat berhenti sementara
  resume NOMOR                     melanjutkan yang ditunda
  archive NOMOR --reason TEKS      mengarsipkan
  close NOMOR [--reason TEKS]      menutup laporan yang sudah berbukti, atau dengan alasan
  hide NOMOR --reason TEKS         merahasiakan: tidak tampil lagi di halaman publik; tidak dapat dibatalkan
)";

void say_state(std::int64_t tracking_id, const Case& now) {
  std::cout << tracking_id << ": " << report::status_label(now.status) << "\n";
}

std::string words_of(const Options& options, const std::string& name) {
  return std::string(trimmed(clean_text(options.value(name), Lines::kMany)));
}

Result<Ok> show(Office& office, const Invocation& call) {
  const std::int64_t tracking_id = call.number;
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

Result<Ok> follow_up(Office& office, const Invocation& call) {
  const Options& options = call.options;
  const StoredReport report = TRY(office.repository->report(call.number));
  const std::string agency_id = options.value("institution", report.agency_id);
  const report::Agency* agency = office.profile.agency(agency_id);
  if (!agency) return Error{ErrorCode::kInvalidArgument, "--institution", "instansi tidak dikenal: " + agency_id};
  Words words;
  for (const std::string& path : options.all("photo")) words.files.push_back(TRY(take_photo(office, path)));
  Step step{.action = words.files.empty() ? Action::kAnswer : Action::kAct, .text = words_of(options, "text"),
            .agency_id = {}, .institution = agency->short_name};
  if (options.has("kind")) step.action = TRY(follow_up_action(options.value("kind")));
  const Done done = TRY(office.workflow->write(call.number, office.actor(), step, words, system_now()));
  if (const std::string_view notice = notice_of(step.action, done.counted); !notice.empty()) std::cerr << notice << "\n";
  say_state(call.number, done.subject);
  return Ok{};
}

// A command that is one step of the workflow.
auto step(Action action) {
  return [action](Office& office, const Invocation& call) -> Result<Ok> {
    const Step step{.action = action, .text = words_of(call.options, "reason"), .agency_id = call.options.value("agency"), .institution = {}};
    say_state(call.number, TRY(office.workflow->take(call.number, office.actor(), step, system_now())).subject);
    return Ok{};
  };
}

}  // namespace

CommandGroup report_commands() {
  const auto n = Takes::kNumber;
  return {kUsage,
          {{.name = "show", .takes = n, .run = show},
           {.name = "verify", .takes = n, .run = step(Action::kVerify)},
           {.name = "dispose", .takes = n, .options = {"agency", "reason"}, .required = {"agency"}, .run = step(Action::kDispose)},
           {.name = "hand-on", .takes = n, .options = {"agency", "reason"}, .required = {"agency"}, .run = step(Action::kHandOn)},
           {.name = "follow-up", .takes = n, .options = {"text", "kind", "photo", "institution"}, .required = {"text"}, .run = follow_up},
           {.name = "hold", .takes = n, .options = {"reason"}, .required = {"reason"}, .run = step(Action::kHold)},
           {.name = "resume", .takes = n, .run = step(Action::kResume)},
           {.name = "archive", .takes = n, .options = {"reason"}, .required = {"reason"}, .run = step(Action::kArchive)},
           {.name = "close", .takes = n, .options = {"reason"}, .run = step(Action::kClose)},
           {.name = "hide", .takes = n, .options = {"reason"}, .required = {"reason"}, .run = step(Action::kHide)}}};
}

}  // namespace titik::serve
