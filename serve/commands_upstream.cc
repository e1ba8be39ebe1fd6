#include <algorithm>
#include <charconv>
#include <iostream>

#include "base/id.h"
#include "serve/commands.h"
#include "serve/csv_exchange.h"
#include "serve/upstream_link.h"

namespace titik::serve {
namespace {

constexpr std::string_view kUsage = R"(
SP4N-LAPOR!
  sync-upstream                    sekali jalan: mengirim yang menunggu ke SP4N-LAPOR! dan mengambil kabar
  upstream                         apa yang belum terkirim ke SP4N-LAPOR!, dan sebabnya
  upstream-again NOMOR             mengirim lagi yang ditolak atau yang tidak diketahui sampainya
  upstream-is NOMOR --id ID        laporan itu sudah ada di SP4N-LAPOR!, dengan nomor ini
  export-csv --file FILE [--names ya] [--secret ya]
                                   semua laporan dalam kolom berkas ekspor SP4N-LAPOR!
  import-csv --file FILE [--link ya]
                                   laporan dari berkas itu; dengan --link kabarnya diikuti di SP4N-LAPOR!
)";

bool says_yes(const Options& options, const std::string& name) { return options.value(name) == "ya"; }

std::string objection_to_answers(const Options& options) {
  for (const std::string name : {"names", "secret", "link"}) {
    if (options.has(name) && options.value(name) != "ya" && options.value(name) != "tidak") return "--" + name + ": ya atau tidak";
  }
  return "";
}

// How much has not arrived, by its state.
Result<Ok> print_backlog(Office& office) {
  constexpr std::pair<std::string_view, std::string_view> kStates[] = {
      {"waiting", "menunggu giliran, foto, atau percobaan berikutnya"}, {"sending", "dikirim, belum diketahui sampainya"},
      {"asks", "perlu ditentukan orang"}, {"refused", "ditolak SP4N-LAPOR!"}};
  const UpstreamStore::Backlog backlog = TRY(UpstreamStore(office.repository->sql()).backlog());
  std::int64_t all = 0;
  for (const auto& [state, count] : backlog.counts) all += count;
  std::cout << all << " belum terkirim\n";
  for (const auto& [name, words] : kStates) {
    for (const auto& [state, count] : backlog.counts) {
      if (state == name && count > 0) std::cout << "  " << count << "  " << words << "\n";
    }
  }
  return Ok{};
}

Result<Ok> sync(Office& office, const Invocation& call) {
  if (call.config.upstream.empty()) return Error{ErrorCode::kInvalidArgument, "--upstream", "belum diisi: berkas pengaturan SP4N-LAPOR!"};
  const UpstreamConfig upstream = TRY(read_upstream_config(call.config.upstream, office.profile));
  // As if it were this time, to see what a day costs.
  UnixMillis at = 0;
  const std::string at_text = call.options.value("at");
  std::from_chars(at_text.data(), at_text.data() + at_text.size(), at);
  UpstreamLink link(*office.repository, *office.workflow, office.files, office.profile, upstream, [at] { return at > 0 ? at : system_now(); },
                    [](const std::string& line) { std::cerr << line << "\n"; });
  TRY(link.start());
  if (at == 0) TRY(link.hurry());
  if (!TRY(link.round())) return Error{ErrorCode::kConflict, "", "proses lain sedang mengerjakannya"};
  TRY(link.release());
  return print_backlog(office);
}

Result<Ok> show_trouble(Office& office, const Invocation&) {
  UpstreamStore store(office.repository->sql());
  const std::vector<UpstreamItem> items = TRY(store.troubled());
  for (const UpstreamItem& item : items) {
    std::cout << item.tracking_id << "  " << upstream_kind_name(item.kind) << "  " << item.state << "  " << item.attempts
              << " kali dicoba  " << item.last_error << "\n";
  }
  return print_backlog(office);
}

Result<Ok> set_number(Office& office, const Invocation& call) {
  const std::int64_t tracking_id = call.number;
  const std::string id = call.options.value("id");
  UpstreamStore store(office.repository->sql());
  if (!is_lapor_id(id)) return Error{ErrorCode::kInvalidArgument, "--id", "harus 1 sampai 10 angka"};
  const auto report = TRY(store.report(tracking_id));
  if (!report) return Error{ErrorCode::kNotFound, "", "Laporan ini tidak untuk SP4N-LAPOR!."};
  if (!report->upstream_id.empty()) return Error{ErrorCode::kConflict, "", "Laporan ini sudah bernomor " + report->upstream_id + "."};
  if (TRY(store.report_there(id))) return Error{ErrorCode::kConflict, "--id", "nomor itu milik laporan lain"};
  if (TRY(store.set_upstream_id(tracking_id, id, system_now(), system_now()))) return Ok{};
  return Error{ErrorCode::kConflict, "", "Laporan ini sudah dihapus."};
}

Result<Ok> take_file(Office& office, const Invocation& call) {
  const Options& options = call.options;
  // Taken for another city's, what is SP4N-LAPOR!'s would be sent there as new.
  const bool is_said = says_yes(options, "link") || options.value("link") == "tidak";
  if (!is_said && TRY(UpstreamStore(office.repository->sql()).has_begun())) {
    return Error{ErrorCode::kInvalidArgument, "--link",
                 "tulis --link ya kalau nomor di berkas itu milik SP4N-LAPOR!, atau --link tidak kalau milik kota lain"};
  }
  UpstreamConfig upstream;
  if (says_yes(options, "link") && !call.config.upstream.empty()) upstream = TRY(read_upstream_config(call.config.upstream, office.profile));
  const std::string path = options.value("file");
  const ImportResult result = TRY(import_csv(*office.repository, *office.workflow, office.profile, says_yes(options, "link") ? &upstream : nullptr, path));
  std::cout << result.added << " laporan ditambahkan, " << result.known << " sudah ada, " << result.ours << " milik kami, " << result.refused
            << " baris tidak diambil\n";
  if (result.errors.empty()) return Ok{};
  std::string all = std::to_string(result.refused) + " baris tidak diambil. Perbaiki lalu ulangi; yang sudah diambil tidak diambil dua kali:";
  for (const Error& error : result.errors) all += "\n  " + error.where + ": " + error.message;
  return Error{ErrorCode::kInvalidArgument, path, all};
}

Result<Ok> give_file(Office& office, const Invocation& call) {
  const ExportChoice choice{says_yes(call.options, "names"), says_yes(call.options, "secret")};
  const int count = TRY(export_csv(*office.repository, office.profile, choice, office.actor(), call.options.value("file")));
  std::cout << count << " laporan ditulis\n";
  return Ok{};
}

Result<Ok> send_again(Office& office, const Invocation& call) {
  return UpstreamStore(office.repository->sql()).send_again(call.number, system_now());
}

}  // namespace

CommandGroup upstream_commands() {
  return {kUsage,
          {{.name = "sync-upstream", .options = {"upstream", "at"}, .run = sync},
           {.name = "upstream", .run = show_trouble},
           {.name = "upstream-again", .takes = Takes::kNumber, .run = send_again},
           {.name = "upstream-is", .takes = Takes::kNumber, .options = {"id"}, .required = {"id"}, .run = set_number},
           {.name = "export-csv", .options = {"file", "names", "secret"}, .required = {"file"}, .objection = objection_to_answers, .run = give_file},
           {.name = "import-csv", .options = {"file", "link", "upstream"}, .required = {"file"}, .objection = objection_to_answers, .run = take_file}}};
}

}  // namespace titik::serve
