// The commands that work on one report: `titik-serve verify 7000001`. In the name of the office, as an administrator.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "serve/office.h"
#include "serve/options.h"

namespace titik::serve {

inline constexpr std::string_view kReportUsage = R"(  show NOMOR                       satu laporan dengan riwayatnya
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
)";

// The options that the command takes; nothing when it is none of these.
std::optional<std::set<std::string>> report_command_options(const std::string& command);
// The one among them that must be given; "" for none.
std::string required_option(const std::string& command);

// Runs it and prints how the report stands then.
Result<Ok> run_report_command(Office& office, const std::string& command, std::int64_t tracking_id, const Options& options);

}  // namespace titik::serve
