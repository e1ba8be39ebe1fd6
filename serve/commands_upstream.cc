#include "serve/commands_upstream.h"

#include <algorithm>
#include <charconv>
#include <iostream>

#include "base/id.h"
#include "serve/csv_exchange.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

bool says_yes(const Options& options, const std::string& name) { return options.value(name) == "ya"; }

Result<Ok> sync(Office& office, const Config& config, const Options& options) {
  if (config.upstream.empty()) return Error{ErrorCode::kInvalidArgument, "--upstream", "belum diisi: berkas pengaturan SP4N-LAPOR!"};
  const UpstreamConfig upstream = TRY(read_upstream_config(config.upstream, office.profile));
  // As if it were this time, to see what a day costs.
  UnixMillis at = 0;
  const std::string at_text = options.value("at");
  std::from_chars(at_text.data(), at_text.data() + at_text.size(), at);
  UpstreamLink link(*office.repository, *office.workflow, office.files, office.profile, upstream, [at] { return at > 0 ? at : system_now(); },
                    [](const std::string& line) { std::cerr << line << "\n"; });
  TRY(link.start());
  if (at == 0) TRY(link.hurry());
  if (!TRY(link.round())) return Error{ErrorCode::kConflict, "", "proses lain sedang mengerjakannya"};
  TRY(link.release());
  std::cout << UpstreamStore(office.repository->sql()).troubled().value().size() << " belum terkirim\n";
  return Ok{};
}

Result<Ok> show_trouble(Office& office) {
  UpstreamStore store(office.repository->sql());
  const std::vector<UpstreamItem> items = TRY(store.troubled());
  for (const UpstreamItem& item : items) {
    std::cout << item.tracking_id << "  " << upstream_kind_name(item.kind) << "  " << item.state << "  " << item.attempts
              << " kali dicoba  " << item.last_error << "\n";
  }
  if (items.empty()) std::cout << "Tidak ada yang tertahan.\n";
  return Ok{};
}

Result<Ok> set_number(Office& office, std::int64_t tracking_id, const std::string& id) {
  UpstreamStore store(office.repository->sql());
  if (!is_lapor_id(id)) return Error{ErrorCode::kInvalidArgument, "--id", "harus 1 sampai 10 angka"};
  const auto report = TRY(store.report(tracking_id));
  if (!report) return Error{ErrorCode::kNotFound, "", "Laporan ini tidak untuk SP4N-LAPOR!."};
  if (!report->upstream_id.empty()) return Error{ErrorCode::kConflict, "", "Laporan ini sudah bernomor " + report->upstream_id + "."};
  if (TRY(store.report_there(id))) return Error{ErrorCode::kConflict, "--id", "nomor itu milik laporan lain"};
  if (TRY(store.set_upstream_id(tracking_id, id, system_now(), system_now()))) return Ok{};
  return Error{ErrorCode::kConflict, "", "Laporan ini sudah dihapus."};
}

Result<Ok> take_file(Office& office, const Config& config, const Options& options) {
  // Taken for another city's, what is SP4N-LAPOR!'s would be sent there as new.
  const bool is_said = says_yes(options, "link") || options.value("link") == "tidak";
  if (!is_said && TRY(UpstreamStore(office.repository->sql()).has_begun())) {
    return Error{ErrorCode::kInvalidArgument, "--link",
                 "tulis --link ya kalau nomor di berkas itu milik SP4N-LAPOR!, atau --link tidak kalau milik kota lain"};
  }
  UpstreamConfig upstream;
  if (says_yes(options, "link") && !config.upstream.empty()) upstream = TRY(read_upstream_config(config.upstream, office.profile));
  const std::string path = options.value("file");
  const ImportResult result = TRY(import_csv(*office.repository, *office.workflow, office.profile, says_yes(options, "link") ? &upstream : nullptr, path));
  std::cout << result.added << " laporan ditambahkan, " << result.known << " sudah ada, " << result.ours << " milik kami, " << result.refused
            << " baris tidak diambil\n";
  if (result.errors.empty()) return Ok{};
  std::string all = std::to_string(result.refused) + " baris tidak diambil. Perbaiki lalu ulangi; yang sudah diambil tidak diambil dua kali:";
  for (const Error& error : result.errors) all += "\n  " + error.where + ": " + error.message;
  return Error{ErrorCode::kInvalidArgument, path, all};
}

}  // namespace

std::optional<std::set<std::string>> upstream_options_of(const std::string& command) {
  if (command == "sync-upstream") return std::set<std::string>{"upstream", "at"};
  if (command == "upstream" || command == "upstream-again") return std::set<std::string>{};
  if (command == "upstream-is") return std::set<std::string>{"id"};
  if (command == "export-csv") return std::set<std::string>{"file", "names", "secret"};
  if (command == "import-csv") return std::set<std::string>{"file", "link", "upstream"};
  return std::nullopt;
}

bool upstream_wants_report(const std::string& command) { return command == "upstream-again" || command == "upstream-is"; }

Result<Ok> run_upstream_command(Office& office, const Config& config, const std::string& command, const Options& options) {
  if (command == "sync-upstream") return sync(office, config, options);
  if (command == "upstream") return show_trouble(office);
  if (command == "export-csv") {
    const ExportChoice choice{says_yes(options, "names"), says_yes(options, "secret")};
    const int count = TRY(export_csv(*office.repository, office.profile, choice, office.actor(), options.value("file")));
    std::cout << count << " laporan ditulis\n";
    return Ok{};
  }
  if (command == "import-csv") return take_file(office, config, options);
  const std::int64_t tracking_id = std::stoll(options.words.front());
  if (command == "upstream-is") return set_number(office, tracking_id, options.value("id"));
  return UpstreamStore(office.repository->sql()).send_again(tracking_id, system_now());
}

}  // namespace titik::serve
