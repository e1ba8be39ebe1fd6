// The lists that officers' systems choose from.
#include "serve/handlers.h"

namespace titik::serve {

Response get_institutions(App& app, Call&) {
  std::vector<lapor::Institution> institutions;
  for (const report::Agency& agency : app.profile.agencies) {
    institutions.push_back({agency.lapor_institution_id, agency.name});
  }
  return json_response(200, lapor::write_institutions(institutions));
}

Response get_templates(App&, Call&) {
  static const std::vector<lapor::ReplyTemplate> kTemplates = {
      {"received", "Laporan diterima", "answer", "Terima kasih. Laporan Anda kami terima dan kami periksa."},
      {"in_process", "Sedang dikerjakan", "answer", "Petugas kami sedang menangani laporan Anda di lapangan."},
      {"done", "Selesai dikerjakan", "action", "Pekerjaan sudah selesai. Bukti foto terlampir."},
      {"need_detail", "Perlu keterangan", "answer", "Mohon lengkapi patokan lokasi agar petugas dapat menemukannya."},
  };
  return json_response(200, lapor::write_templates(kTemplates));
}

}  // namespace titik::serve
