#include "serve/entered.h"

#include "serve/upstream_store.h"
#include "serve/workflow_store.h"

#include <array>
#include <utility>

namespace titik::serve {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kChannels = {{
    {"112", "Call Center 112"},
    {"telepon", "telepon"},
    {"whatsapp", "WhatsApp"},
    {"pers", "media massa"},
    {"datang", "datang langsung"},
    {"gerai", "gerai lapangan"},
}};

}  // namespace

std::string_view channel_label(std::string_view channel) {
  for (const auto& [name, label] : kChannels) {
    if (name == channel) return label;
  }
  return {};
}

bool is_consent(std::string_view consent) { return consent == "lisan" || consent == "tertulis" || consent == "publik"; }

Result<Ok> note_entered(Sql& sql, std::int64_t tracking_id, const Actor& by, const Entered& entered, UnixMillis now) {
  Statement own = TRY(sql.prepare("SELECT 1 FROM report WHERE tracking_id = ?1 AND caller_id = ?2"));
  TRY(own.bind_all(tracking_id, by.caller_id));
  if (!TRY(own.step())) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  Statement row = TRY(sql.prepare(
      "INSERT INTO entered_report(tracking_id, channel, consent, contact_name, contact_phone, entered_by, entered_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING"));
  TRY(row.bind_all(tracking_id, entered.channel, entered.consent, entered.contact_name, entered.contact_phone, by.caller_id, now));
  TRY(row.run());
  if (row.changes() == 0) return Ok{};
  return add_history(sql, tracking_id, {.at = now, .action = "enter", .text = "Dicatat petugas dari " + std::string(channel_label(entered.channel)),
                                        .actor_kind = std::string(actor_kind_name(by.kind)), .actor_role = std::string(role_name(by.role)),
                                        .actor_name = by.name, .actor_id = by.id});
}

std::string channel_sql() {
  return "coalesce(nullif(report.channel, ''), "
         "(SELECT channel FROM entered_report WHERE entered_report.tracking_id = report.tracking_id), "
         "(SELECT 'lapor' FROM upstream_report WHERE upstream_report.tracking_id = report.tracking_id AND origin = 'theirs'), "
         "(SELECT CASE WHEN kind = 'integration' THEN 'sistem' WHEN kind = 'office' AND name = '" + std::string(kFileCaller) + "' THEN 'lapor' END "
         "FROM caller WHERE caller.id = report.caller_id), 'app')";
}

Result<std::string> channel_of(Sql& sql, std::int64_t tracking_id) {
  Statement row = TRY(sql.prepare("SELECT " + channel_sql() + " FROM report WHERE tracking_id = ?1"));
  TRY(row.bind(1, tracking_id));
  if (!TRY(row.step())) return Error{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  return row.text(0);
}

Result<std::optional<Entered>> EnteredReports::of(std::int64_t tracking_id) {
  const SqlLock lock(sql_.mutex());
  Statement row = TRY(sql_.prepare("SELECT channel, consent, contact_name, contact_phone FROM entered_report WHERE tracking_id = ?1"));
  TRY(row.bind(1, tracking_id));
  if (!TRY(row.step())) return std::optional<Entered>();
  return std::optional(Entered{row.text(0), row.text(1), row.text(2), row.text(3)});
}

}  // namespace titik::serve
