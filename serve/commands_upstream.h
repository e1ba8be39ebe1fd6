// The commands of the link with SP4N-LAPOR! and of the file that cities exchange.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "serve/config.h"
#include "serve/office.h"
#include "serve/options.h"

namespace titik::serve {

inline constexpr std::string_view kUpstreamUsage = R"(
  sync-upstream                    sekali jalan: mengirim yang menunggu ke SP4N-LAPOR! dan mengambil kabar
  upstream                         apa yang belum terkirim ke SP4N-LAPOR!, dan sebabnya
  upstream-again NOMOR             mengirim lagi yang ditolak atau yang tidak diketahui sampainya
  upstream-is NOMOR --id ID        laporan itu sudah ada di SP4N-LAPOR!, dengan nomor ini
  export-csv --file FILE [--names ya] [--secret ya]
                                   semua laporan dalam kolom berkas ekspor SP4N-LAPOR!
  import-csv --file FILE [--link ya]
                                   laporan dari berkas itu; dengan --link kabarnya diikuti di SP4N-LAPOR!
)";

// The options of one of these commands, besides those of all; nothing for any other command.
std::optional<std::set<std::string>> upstream_options_of(const std::string& command);
// True for commands that take a report's number.
bool upstream_wants_report(const std::string& command);
// Runs it, and says what it did.
Result<Ok> run_upstream_command(Office& office, const Config& config, const std::string& command, const Options& options);

}  // namespace titik::serve
