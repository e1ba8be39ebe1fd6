#include "serve/english.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/json.h"
#include "base/utf8.h"

namespace titik::serve {
namespace {

struct Sentence {
  std::string_view indonesian;  // "{}" stands for what differs, once
  std::string_view english;
};

constexpr Sentence kSentences[] = {
    // Anybody
    {"Permintaan tidak dapat dibaca.", "The request cannot be read."},
    {"Permintaan tidak dapat dibaca. Perbarui aplikasi lalu coba lagi.", "The request cannot be read. Update the app and try again."},
    {"Bagian ini tidak dapat dibaca.", "This part cannot be read."},
    {"Permintaan terlalu besar. Kurangi isinya lalu coba lagi.", "The request is too large. Make it smaller and try again."},
    {"Alamat tidak dapat dibaca.", "The address cannot be read."},
    {"Alamat ini tidak ada.", "There is no such address."},
    {"Cara memanggil alamat ini tidak didukung.", "This address does not take that method."},
    {"Terlalu banyak permintaan. Coba lagi sebentar lagi; tidak ada yang hilang.", "Too many requests. Try again in a moment; nothing is lost."},
    {"Server sedang bermasalah. Laporan Anda tetap tersimpan di ponsel; coba lagi nanti.", "The server has a problem. Your report stays on your phone; try again later."},
    {"Data publik sedang disusun ulang. Coba lagi sebentar lagi.", "The public figures are being put together anew. Try again in a moment."},
    {"Tingkat: liaison, head, atau mayor.", "Level: liaison, head, or mayor."},
    {"Foto rusak atau terpotong. Ambil atau pilih foto lain.", "The photo is damaged or cut off. Take or choose another."},
    {"Laporan tidak ditemukan.", "Report not found."},
    {"Berkas tidak ditemukan.", "File not found."},
    {"Tidak ada gambar untuk berkas ini.", "There is no picture of this file."},
    {"Laporan ini tidak menunggu foto itu.", "This report does not wait for that photo."},
    {"Gambar kecil tidak dapat dibaca atau terlalu besar.", "The thumbnail cannot be read, or is too large."},
    // Who asks
    {"Kepala permintaan `token` (kode kanal dalam kurung kurawal) tidak ada.", "The header `token` (the channel's code in braces) is missing."},
    {"Kepala permintaan `token` bukan kode kanal kota ini.", "The header `token` is not this city's channel code."},
    {"Kepala permintaan `Authorization: Bearer …` tidak ada.", "The header `Authorization: Bearer …` is missing."},
    {"Kode perangkat pada `Authorization` tidak dikenal. Daftarkan perangkat ini lagi.", "The device code in `Authorization` is not known. Register this device again."},
    {"Hanya instansi yang boleh melakukan ini.", "Only agencies may do this."},
    {"Hanya ponsel warga yang dapat melakukan ini.", "Only a citizen's phone can do this."},
    {"Masuklah dahulu.", "Log in first."},
    {"Sesi Anda sudah berakhir. Masuklah lagi.", "Your session has ended. Log in again."},
    {"Permintaan ini tidak datang dari halaman kantor.", "This request does not come from the office's page."},
    {"Nama atau kata sandi terlalu panjang.", "Name or password is too long."},
    {"Nama atau kata sandi salah.", "Wrong name or password."},
    {"Perangkat ini tidak ada.", "There is no such device."},
    {"Hanya administrator yang boleh melakukan ini.", "Only an administrator may do this."},
    {"Hanya untuk ponsel warga.", "For citizens' phones only."},
    {"Tulis \"hapus\".", "Write \"hapus\"."},
    {"Tulis \"hapus\" untuk menghapus semua laporan ponsel ini.", "Write \"hapus\" to erase all reports of this phone."},
    // To follow with a code
    {"Kode ini tidak berlaku. Minta kode baru kepada pelapor.", "This code is not valid. Ask the reporter for a new one."},
    {"Periksa kode, atau minta yang baru.", "Check the code, or ask for a new one."},
    {"Anda mengikuti laporan ini dengan kode. Hanya pelapornya yang dapat menanggapi.", "You follow this report with a code. Only its reporter can answer."},
    {"Hanya ponsel warga yang dapat mengikuti laporan dengan kode.", "Only a citizen's phone can follow a report with a code."},
    // A report
    {"Nomor laporan ini sudah dipakai untuk isi yang lain. Simpan sebagai laporan baru.", "This report's number is taken by other content. Save it as a new report."},
    {"`since` adalah angka dari jawaban sebelumnya.", "`since` is a number from the answer before."},
    {"Laporan belum lengkap atau ada isian yang perlu diperbaiki.", "The report is incomplete, or something in it needs mending."},
    {"Periksa bagian ini.", "Check this part."},
    {"Pilih jenis laporan.", "Choose the kind of report."},
    {"Pilih kategori.", "Choose a category."},
    {"Kategori ini tidak ada di kota ini. Pilih kategori lain.", "This city has no such category. Choose another one."},
    {"Judul terlalu panjang: paling banyak 150 huruf.", "The title is too long: at most 150 letters."},
    {"Isi judul laporan.", "Give the report a title."},
    {"Isi laporan terlalu panjang: paling banyak 5000 huruf.", "The report is too long: at most 5000 letters."},
    {"Ceritakan apa yang terjadi.", "Tell what has happened."},
    {"Isi tanggal kejadian.", "Fill in the date of the incident."},
    {"Tanggal kejadian tidak boleh sesudah hari ini.", "The date of the incident cannot be after today."},
    {"Tanggal kejadian tidak sah. Pilih tanggal lain.", "The date of the incident is not valid. Choose another one."},
    {"Nama terlalu panjang: paling banyak 100 huruf.", "The name is too long: at most 100 letters."},
    {"Nomor telepon tidak sah. Tulis 8 sampai 15 angka.", "The phone number is not valid. Write 8 to 15 digits."},
    {"Tandai lokasi di peta atau tulis patokannya.", "Mark the place on the map, or write a landmark."},
    {"Lokasi tidak sah. Tandai lagi di peta.", "The place is not valid. Mark it on the map again."},
    {"Patokan terlalu panjang: paling banyak 200 huruf.", "The landmark is too long: at most 200 letters."},
    {"Paling banyak 5 foto, 10 MB per foto.", "At most 5 photos of 10 MB each."},
    {"Foto tidak terbaca. Ambil atau pilih foto lagi.", "The photo cannot be read. Take or choose another one."},
    {"Nomor laporan dari ponsel tidak sah.", "The report's number from the phone is not valid."},
    {"Nomor laporan dari ponsel tidak sah. Buat laporan baru.", "The report's number from the phone is not valid. Make a new report."},
    {"Nomor laporan di kepala dan isi permintaan berbeda.", "The report's numbers in the header and in the body differ."},
    {"Foto yang menyusul tidak disebut sebagai lampiran.", "Photos that follow are not named as attachments."},
    {"Foto belum sampai di server. Unggah ulang foto lalu kirim lagi.", "The photo has not reached the server. Upload it again, then send."},
    {"Satu foto disebut dua kali. Hapus salah satunya.", "One photo is named twice. Remove one of them."},
    {"Jumlah foto yang sampai tidak sama dengan yang dikirim. Unggah ulang foto.", "Not as many photos arrived as were sent. Upload them again."},
    {"Foto yang sampai berbeda dari yang dikirim. Unggah ulang foto.", "The photo that arrived differs from the one that was sent. Upload it again."},
    {"Foto sudah dipakai pada laporan lain. Unggah ulang foto lalu kirim lagi.", "The photo belongs to another report already. Upload it again, then send."},
    // Files
    {"Tidak ada berkas yang dikirim.", "No file was sent."},
    {"Pilih paling sedikit satu foto.", "Choose at least one photo."},
    {"Berkas terlalu besar: paling besar 10 MB per berkas.", "The file is too large: at most 10 MB each."},
    {"Berkas terlalu besar: paling banyak 5 berkas, 10 MB per berkas.", "Too large: at most 5 files of 10 MB each."},
    {"Paling banyak 5 berkas. Kurangi jumlah foto.", "At most 5 files. Take fewer photos."},
    {"Berkas bukan foto JPEG, PNG, WebP atau dokumen PDF. Pilih berkas lain.", "The file is no JPEG, PNG or WebP photo and no PDF. Choose another one."},
    {"Berkas kosong. Pilih foto lain.", "The file is empty. Choose another photo."},
    {"Berkas yang sampai berbeda dari yang dikirim. Unggah ulang.", "The file that arrived differs from the one that was sent. Upload it again."},
    {"Tulisan terlalu panjang.", "The text is too long."},
    {"Terlalu banyak bagian.", "Too many parts."},
    {"Kepala bagian terlalu panjang.", "A part's header is too long."},
    {"Kirim berkas sebagai multipart/form-data.", "Send files as multipart/form-data."},
    {"Versi tus tidak dikenal.", "Unknown version of tus."},
    {"Unggahan dilanjutkan dari tempat yang salah.", "The upload goes on at the wrong place."},
    {"Berkas rusak di jalan. Unggah lagi.", "The file was damaged on its way. Upload it again."},
    {"Berkas lebih besar dari yang diberitahukan.", "The file is larger than announced."},
    {"Unggahan ini tidak ada, atau sudah kedaluwarsa. Mulai lagi.", "There is no such upload, or it has expired. Begin again."},
    {"Unggahan ini dilanjutkan dari sambungan lain.", "This upload goes on over another connection."},
    {"Kepala permintaan Upload-Length tidak ada atau bukan angka.", "The header Upload-Length is missing or no number."},
    {"Kepala permintaan Upload-Offset tidak ada atau bukan angka.", "The header Upload-Offset is missing or no number."},
    {"Upload-Metadata terlalu panjang.", "Upload-Metadata is too long."},
    {"Kirim potongan berkas sebagai application/offset+octet-stream.", "Send pieces of a file as application/offset+octet-stream."},
    {"Terlalu banyak unggahan yang belum selesai. Selesaikan dulu yang lama.", "Too many unfinished uploads. Finish the old ones first."},
    // Answers, and the agencies' work
    {"Tanggapan terlalu panjang.", "The answer is too long."},
    {"Tulis paling banyak 5000 huruf.", "Write at most 5000 letters."},
    {"Tanggapan masih kosong.", "The answer is still empty."},
    {"Tulis tanggapan atau lampirkan foto.", "Write an answer, or attach a photo."},
    {"Instansi tujuan tidak dikenal.", "There is no such agency."},
    {"Isi dengan id instansi dari daftar instansi.", "Fill in an agency's id from the list of agencies."},
    {"Nomor tanggapan ini sudah dipakai untuk isi yang lain.", "This answer's number is taken by other words."},
    {"Jenis tanggapan: acknowledgement, answer, action, refusal atau question.", "Kind of answer: acknowledgement, answer, action, refusal or question."},
    {"Laporan sudah ada pada instansi itu.", "That agency has the report already."},
    {"Laporan ini sudah dua kali diteruskan. Minta koordinator menentukan instansinya.", "This report was handed on twice. Ask the coordinator to name the agency."},
    {"Tulis alasannya: yang tertulis belum menjelaskan apa-apa.", "Write the reason: what is written explains nothing yet."},
    {"Tindakan untuk kategori ini perlu bukti: lampirkan foto atau dokumen.", "An action in this category needs evidence: attach a photo or a document."},
    {"Tulis apa yang sudah dilakukan.", "Write what has been done."},
    {"Laporan hanya dapat ditutup sesudah tindak lanjut berbukti atau penolakan beralasan.", "A report can only be closed after an action with evidence, or a reasoned refusal."},
    {"Laporan hanya dapat ditutup dengan bukti (tindak lanjut berfoto) atau alasan.", "A report can only be closed with evidence (an action with photos), or a reason."},
    {"Laporan hanya dapat dibuka kembali dalam 10 hari kerja sesudah ditutup. Buat laporan baru.", "A report can only be reopened within 10 working days of closing. Make a new report."},
    {"Laporan berstatus {}, jadi ini tidak dapat dilakukan.", "The report's state is {}, so this cannot be done."},
    {"Beri nilai 1 sampai 5.", "Rate from 1 to 5."},
    {"Waktunya belum tiba.", "It is not time yet."},
    {"Laporan ini bukan bagian Anda.", "This report is not yours to work on."},
    {"Peran Anda tidak boleh melakukan ini.", "Your role may not do this."},
    {"Pelapor menulis lagi sementara itu. Baca dahulu, lalu kirim lagi.", "The reporter has written again meanwhile. Read it first, then send again."},
    {"Urutan: due, atau tanpa urutan.", "Order: due, or none."},
    {"`before` adalah yang diberikan `next_before`.", "`before` is what `next_before` gave."},
    {"`seen` adalah nomor tanggapan terakhir yang dibaca.", "`seen` is the number of the last follow-up that was read."},
    // Entered by the office
    {"Catatan laporan belum lengkap.", "The record is incomplete."},
    {"Pilih 112, telepon, whatsapp, pers, datang, atau gerai.", "Choose 112, telepon, whatsapp, pers, datang, or gerai."},
    {"Catat persetujuan warga: lisan atau tertulis (publik hanya untuk pers).", "Record the citizen's consent: lisan or tertulis (publik for the press alone)."},
    {"Sertakan nomor laporan (UUID) agar tidak tercatat dua kali.", "Send a report number (UUID), so that it is not recorded twice."},
    {"Status ini tidak dikenal.", "There is no such status."},
    // The older generations of LAPOR!
    {"Token tidak ada atau tidak dikenal. Mintalah kepada pengelola server.", "The token is missing or not known. Ask whoever runs the server for one."},
    {"Kirim <lapor> dengan <laporan> di dalamnya.", "Send <lapor> with a <laporan> in it."},
    {"Isi rahasia dan anonim dengan 0 atau 1.", "Set rahasia and anonim to 0 or 1."},
    {"XML ini terlalu besar atau terlalu dalam. Kirim satu laporan saja.", "This XML is too large or too deep. Send one report alone."},
    {"XML harus versi 1.0 dalam UTF-8.", "The XML must be of version 1.0, in UTF-8."},
    {"DOCTYPE dan instruksi pemrosesan tidak diterima dalam XML ini.", "DOCTYPE and processing instructions are not taken in this XML."},
    // Open311
    {"jurisdiction_id tidak dikenal; server ini melayani {}.", "jurisdiction_id is not known; this server serves {}."},
    {"api_key tidak ada atau tidak dikenal.", "api_key is missing, or not known."},
    {"service_code tidak ada.", "There is no such service_code."},
    {"service_code tidak ada dalam daftar services.", "service_code is not in the list of services."},
    {"Terlalu banyak service_code.", "Too many service_codes."},
    {"service_request_id tidak ada.", "There is no such service_request_id."},
    {"service_request_id bukan angka.", "service_request_id is no number."},
    {"Paling banyak 50 service_request_id.", "At most 50 service_request_ids."},
    {"token tidak ada.", "There is no such token."},
    {"{} bukan waktu W3C, misalnya 2026-11-21T00:00:00Z.", "{} is no W3C time, such as 2026-11-21T00:00:00Z."},
    {"status: open atau closed.", "status: open or closed."},
    {"lat dan long bukan derajat yang sah.", "lat and long are no valid degrees."},
    {"Lokasi wajib: lat dan long, address_string, atau address_id.", "The place is needed: lat and long, address_string, or address_id."},
    // Near by, and the public face
    {"Lokasi tidak sah.", "The place is not valid."},
    {"Pilih sudah baik atau belum.", "Say whether it is mended or not."},
    {"Lokasi ponsel diperlukan untuk konfirmasi.", "The phone's position is needed to confirm."},
    {"Tulis bulan sebagai 2026-11.", "Write a month as 2026-11."},
    {"Pilih salah satu: agency, category, village, atau channel.", "Choose one: agency, category, village, or channel."},
    {"Isi latitude dan longitude dalam derajat.", "Give latitude and longitude in degrees."},
    {"Isi works dengan true atau false.", "Set works to true or false."},
    {"Nyalakan lokasi lalu coba lagi.", "Turn on your location and try again."},
    {"Lokasi ponsel belum cukup tepat. Tunggu sebentar di tempat terbuka, lalu coba lagi.", "The phone's position is not exact enough. Wait a moment in the open, then try again."},
    {"Laporan ini tidak punya titik lokasi, jadi tidak dapat dikonfirmasi dari tempat.", "This report has no point on the map, so it cannot be confirmed from the place."},
    {"Konfirmasi hanya dapat diberikan di dekat lokasi laporan (paling jauh 200 meter).", "You can only confirm near the place of the report (200 metres at most)."},
    {"Belum ada perbaikan yang dilaporkan instansi untuk laporan ini.", "The agency has not told of a repair for this report."},
    {"Kategori ini tidak ada di kota ini.", "This city has no such category."},
    {"Instansi ini tidak ada di kota ini.", "This city has no such agency."},
    {"Kelurahan ini tidak ada di kota ini.", "This city has no such village."},
    {"Pilih kategori dari profil kota.", "Choose a category of the city's profile."},
    {"Pilih jangka waktu yang lebih pendek.", "Choose a shorter period."},
    {"Isi by dengan day, month, year, agency, category, village, atau channel.", "Set by to day, month, year, agency, category, village, or channel."},
    {"Isi bbox dengan empat angka: barat,selatan,timur,utara.", "Give bbox four numbers: west,south,east,north."},
    {"Tulis tanggal sebagai 2026-11-21.", "Write a date as 2026-11-21."},
    {"Status: belum, proses, atau selesai.", "Status: belum, proses, or selesai."},
    {"Isi after dengan `next` dari jawaban sebelumnya.", "Set after to `next` of the answer before."},
    {"Isi limit dengan angka 1 sampai 200.", "Set limit to a number from 1 to 200."},
};

std::string_view trimmed_left(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  return text;
}

// The text between what stands before and behind "{}" in `pattern`; nothing when they do not stand there.
std::optional<std::string_view> between(std::string_view text, std::string_view pattern) {
  const std::size_t hole = pattern.find("{}");
  const std::string_view head = pattern.substr(0, hole), tail = pattern.substr(hole + 2);
  if (text.size() < head.size() + tail.size() || !text.starts_with(head) || !text.ends_with(tail)) return std::nullopt;
  return text.substr(head.size(), text.size() - head.size() - tail.size());
}

void translate(Json& object, const char* key) {
  const std::string english = in_english(string_or(object, key));
  if (!english.empty()) object[key] = english;
}

}  // namespace

bool prefers_english(std::string_view accept_language) {
  double english = 0, indonesian = 0;
  while (!accept_language.empty()) {
    std::string_view range = trimmed_left(accept_language.substr(0, accept_language.find(',')));
    accept_language.remove_prefix(std::min(accept_language.size(), accept_language.find(',') == accept_language.npos ? accept_language.size() : accept_language.find(',') + 1));
    double weight = 1;
    if (const std::size_t q = range.find("q="); q != range.npos) weight = std::strtod(std::string(range.substr(q + 2)).c_str(), nullptr);
    const auto is = [&](std::string_view tag) {
      return range.size() >= 2 && (range[0] | 0x20) == tag[0] && (range[1] | 0x20) == tag[1] && (range.size() == 2 || std::string_view("-; ").find(range[2]) != std::string_view::npos);
    };
    if (is("en")) english = std::max(english, weight);
    if (is("id")) indonesian = std::max(indonesian, weight);
  }
  return english > indonesian;
}

std::string in_english(std::string_view indonesian) {
  for (const Sentence& sentence : kSentences) {
    if (sentence.indonesian == indonesian) return std::string(sentence.english);
    if (sentence.indonesian.find("{}") == std::string_view::npos) continue;
    const std::optional<std::string_view> differs = between(indonesian, sentence.indonesian);
    if (!differs) continue;
    std::string english(sentence.english);
    return english.replace(english.find("{}"), 2, *differs);
  }
  return "";
}

Response in_language_of(std::string_view accept_language, Response response) {
  if (response.status < 400 || !response.content_type.starts_with("application/json") || !prefers_english(accept_language)) return response;
  Result<Json> body = parse_json(response.text());
  if (!body.ok() || !body->is_object()) return response;
  translate(*body, "message");
  if (const auto errors = body->find("errors"); errors != body->end() && errors->is_array()) {
    for (Json& error : *errors) {
      if (error.is_object()) translate(error, "message");
    }
  }
  response.body = std::make_shared<const std::string>(to_text(*body));
  response.headers.emplace_back("Content-Language", "en");
  response.headers.emplace_back("Vary", "Accept-Language");
  return response;
}

}  // namespace titik::serve
