#include "serve/print.h"

#include <iostream>

#include "base/utf8.h"
#include "report/clock.h"

namespace titik::serve {
namespace {

// Padded or cut to `width` code points.
std::string column(std::string_view text, std::size_t width) {
  std::string out(prefix_of(text, width));
  out.append(width - count_code_points(out), ' ');
  return out;
}

void print_field(std::string_view name, std::string_view value) {
  if (!value.empty()) std::cout << column(name, 14) << value << "\n";
}

std::string local_time(const Office& office, UnixMillis time) {
  return format_lapor_time(time, office.profile.zone) + " " + office.profile.zone_name;
}

std::string agency_name(const Office& office, std::string_view id) {
  const report::Agency* agency = office.profile.agency(id);
  return agency ? agency->short_name : std::string(id);
}

std::string place_in_words(const report::Place& place) {
  std::string text = std::to_string(place.point.latitude) + ", " + std::to_string(place.point.longitude);
  if (place.accuracy_m > 0) text += " (±" + std::to_string(static_cast<std::int64_t>(place.accuracy_m)) + " m)";
  return text + ", sumber " + std::string(report::place_source_name(place.source));
}

// The reporter's identity is shown to the office unless they asked to stay unnamed: it is not even stored then.
void print_words(const Office& office, const StoredReport& report) {
  const Result<lapor::CreateRequest> request = lapor::read_create(report.request, office.profile);
  if (!request.ok()) return;
  const report::Draft& draft = request->draft;
  print_field("Kejadian", draft.incident_date);
  print_field("Pelapor", draft.is_anonymous ? "anonim" : draft.reporter_name);
  print_field("Telepon", draft.is_anonymous ? "" : draft.reporter_phone);
  print_field("Sifat", report.is_secret ? "rahasia" : "");
  print_field("Patokan", draft.landmark);
  if (draft.place) print_field("Lokasi", place_in_words(*draft.place));
  if (request->privacy_version != 0) print_field("Privasi", "pemberitahuan versi " + std::to_string(request->privacy_version));
  std::cout << "\n" << draft.content << "\n";
}

}  // namespace

std::string clock_in_words(const StoredReport& report, UnixMillis now) {
  if (report.follow_up_stopped_at != 0) return "sudah ditindaklanjuti";
  if (report.follow_up_due_at == 0) return "-";
  if (report.status == report::Status::kOnHold) return "berhenti sementara";
  const report::Remaining left = report::remaining(report.follow_up_due_at, now);
  const std::string_view unit = left.unit == report::Remaining::Unit::kDays    ? " hari"
                                : left.unit == report::Remaining::Unit::kHours ? " jam"
                                                                               : " menit";
  return (left.overdue ? "lewat " : "tinggal ") + std::to_string(left.count) + std::string(unit);
}

void print_list(const Office& office, const std::vector<StoredReport>& reports, UnixMillis now) {
  std::cout << column("NOMOR", 11) << column("STATUS", 25) << column("TENGGAT", 23) << column("INSTANSI", 18)
            << "JUDUL\n";
  for (const StoredReport& report : reports) {
    std::cout << column(std::to_string(report.tracking_id), 11) << column(report::status_label(report.status), 24)
              << " " << column(clock_in_words(report, now), 22) << " "
              << column(agency_name(office, report.agency_id), 17) << " " << report.title << "\n";
  }
  std::cout << reports.size() << " laporan\n";
}

void print_report(const Office& office, const StoredReport& report, const std::vector<StoredFile>& photos, int photos_pending, std::size_t thumbnails,
                  const std::vector<lapor::LogEntry>& history, const std::vector<lapor::FollowUp>& thread,
                  UnixMillis now) {
  const report::Category* category = office.profile.category(report.category_id);
  print_field("Nomor", std::to_string(report.tracking_id));
  print_field("Judul", report.title);
  print_field("Status", report::status_label(report.status));
  print_field("Kategori", category ? category->name : report.category_id);
  print_field("Instansi", agency_name(office, report.agency_id));
  print_field("Diterima", local_time(office, report.received_at));
  print_field("Tenggat", clock_in_words(report, now));
  const std::string pending = photos_pending > 0 ? ", " + std::to_string(photos_pending) + " masih dikirim dari ponsel" : "";
  const std::string ahead = thumbnails > 0 ? " (" + std::to_string(thumbnails) + " gambar kecil sudah ada)" : "";
  print_field("Foto", std::to_string(photos.size()) + pending + ahead);
  print_words(office, report);
  std::cout << "\nRiwayat\n";
  for (const lapor::LogEntry& entry : history) {
    std::cout << "  " << local_time(office, entry.at) << "  " << entry.text
              << (entry.institution.empty() ? "" : " (" + entry.institution + ")") << "\n";
  }
  if (!thread.empty()) std::cout << "\nTindak lanjut\n";
  for (const lapor::FollowUp& one : thread) {
    const std::string who = one.institution_from.empty() ? "Pelapor" : one.institution_from;
    std::cout << "  " << local_time(office, one.at) << "  " << who << ": " << one.content;
    if (!one.attachments.empty()) std::cout << " [" << one.attachments.size() << " lampiran]";
    std::cout << "\n";
  }
}

}  // namespace titik::serve
