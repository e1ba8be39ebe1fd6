#include "serve/demo.h"

#include "report/clock.h"
#include "report/validation.h"
#include "serve/crypto.h"
#include "serve/demo_city.h"
#include "serve/upstream_store.h"

namespace titik::serve {
namespace {

enum class Fate { kNew, kVerified, kAnswered, kCitizenReplied, kClosed };

struct Example {
  std::string_view category;
  std::string_view title;
  std::string_view content;
  std::string_view landmark;
  double north;     // degrees from the city's centre
  double east;
  int hours_ago;
  Fate fate;
  std::string_view reply;   // of the agency
  std::string_view reason;  // on closing
};

constexpr Example kExamples[] = {
    {"jalan", "Jalan berlubang di tikungan pasar", "Lubang selebar setengah meter di lajur kiri, sudah dua kali motor jatuh.",
     "Tikungan sebelum pasar, depan toko bangunan", 0.0071, -0.0042, 150, Fate::kClosed,
     "Petugas sudah meninjau; penambalan dijadwalkan besok pagi.", "Lubang sudah ditambal dan ruas jalan dibuka kembali."},
    {"lampu-jalan", "Lampu jalan padam tiga tiang", "Tiga tiang berturut-turut padam sejak Senin, jalan gelap setelah magrib.",
     "Antara jembatan dan simpang empat", -0.0103, 0.0066, 100, Fate::kClosed,
     "Tim teknik memeriksa panel penerangan.", "Sekring panel diganti, ketiga lampu menyala kembali."},
    {"sampah", "Tumpukan sampah di TPS liar", "Sampah menumpuk sampai ke badan jalan dan berbau.",
     "Sebelah lapangan voli, RT 12", 0.0125, 0.0090, 70, Fate::kAnswered,
     "Armada pengangkut diarahkan ke lokasi hari ini.", ""},
    {"drainase", "Parit tersumbat, air meluap saat hujan", "Parit penuh lumpur dan plastik, air masuk ke teras rumah warga.",
     "Samping masjid, RT 05", -0.0057, -0.0121, 52, Fate::kCitizenReplied,
     "Kami sudah mencatat lokasi dan menyiapkan alat keruk.", ""},
    {"air-bersih", "Pipa air bocor di pinggir jalan", "Air mengalir terus dari sambungan pipa, aliran ke rumah mengecil.",
     "Depan pos ronda", 0.0031, 0.0148, 30, Fate::kAnswered, "Petugas pipa dijadwalkan datang sore ini.", ""},
    {"parkir", "Parkir liar menutup trotoar", "Mobil parkir di trotoar setiap sore, pejalan kaki harus turun ke jalan.",
     "Depan deretan ruko", -0.0012, 0.0023, 20, Fate::kVerified, "", ""},
    {"banjir", "Genangan setinggi mata kaki", "Setiap hujan lebat air tergenang lebih dari dua jam.",
     "Simpang tiga dekat sekolah dasar", 0.0160, -0.0080, 9, Fate::kVerified, "", ""},
    {"pohon", "Dahan pohon hampir patah", "Dahan besar retak dan menggantung di atas jalan.",
     "Depan taman kota", -0.0089, -0.0035, 3, Fate::kNew, "", ""},
};

// Through the same steps as a real report, at the times it would have had.
Result<Ok> add_example(Office& office, std::int64_t caller_id, const Example& example, UnixMillis now) {
  const UnixMillis received = now - example.hours_ago * kHour;
  report::Draft draft;
  draft.title = example.title;
  draft.content = example.content;
  draft.landmark = example.landmark;
  const auto [tracking_id, agency_name] =
      TRY(create_demo_report(office, caller_id, example.category, std::move(draft), example.north, example.east, received));

  const UnixMillis step = example.hours_ago * kHour / 5;
  const Actor agency_staff = office.actor();
  const std::int64_t id = tracking_id;
  const auto take = [&](const Step& what, UnixMillis at) { return office.workflow->write(id, agency_staff, what, {}, at); };
  if (example.fate != Fate::kNew) TRY(take({.action = Action::kVerify}, received + step));
  if (!example.reply.empty()) {
    TRY(take({.action = Action::kAnswer, .text = std::string(example.reply), .agency_id = {}, .institution = agency_name}, received + 2 * step));
  }
  if (example.fate == Fate::kCitizenReplied) {
    const Actor citizen{.kind = ActorKind::kDevice, .role = Role::kCitizen, .agency_id = {}, .id = caller_id, .name = {}, .caller_id = caller_id};
    TRY(office.workflow->write(tracking_id, citizen, {.action = Action::kReply, .text = "Air masih meluap tadi malam, mohon dipercepat."},
                               {}, received + 3 * step));
  }
  if (example.fate == Fate::kClosed) {
    TRY(office.workflow->take(tracking_id, agency_staff, {.action = Action::kClose, .text = std::string(example.reason)}, received + 4 * step));
  }
  return Ok{};
}

// Thousands of steps, none of which anybody waits for: their commits need not each reach the disk.
Result<Ok> quickly(Repository& repository, bool on) {
  Sql& sql = repository.sql();
  const SqlLock lock(sql.mutex());
  if (sql.dialect() == Dialect::kSqlite) return sql.execute(on ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL");
  return sql.execute(on ? "SET synchronous_commit = off" : "SET synchronous_commit = on");
}

}  // namespace

Result<int> fill_demo(Office& office) {
  constexpr std::string_view kDone = "demo";
  if (!TRY(office.repository->setting(kDone)).empty()) return 0;
  // Nothing that was made up comes among what citizens wrote, nor to SP4N-LAPOR!.
  const bool is_empty = TRY(office.workflow->rows({.limit = 1})).empty();
  if (!is_empty || TRY(UpstreamStore(office.repository->sql()).has_begun())) {
    return Error{ErrorCode::kConflict, "", "Kota ini sudah berisi laporan atau terhubung dengan SP4N-LAPOR!. Laporan contoh hanya untuk basis data yang kosong."};
  }
  // Set first: a run that stops half-way is not repeated over what it left.
  TRY(office.repository->set_setting(kDone, "1"));
  const UnixMillis now = system_now();
  const std::int64_t caller_id =
      TRY(office.repository->add_caller(CallerKind::kDevice, "contoh", sha256_hex(random_hex(32)), now));
  int added = kDemoPast;
  TRY(quickly(*office.repository, true));
  TRY(fill_past(office, caller_id, now));
  TRY(quickly(*office.repository, false));
  for (const Example& example : kExamples) {
    TRY(add_example(office, caller_id, example, now));
    ++added;
  }
  return added;
}

}  // namespace titik::serve
