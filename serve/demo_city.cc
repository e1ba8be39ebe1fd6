#include "serve/demo_city.h"

#include <algorithm>
#include <array>
#include <random>

#include "report/validation.h"
#include "serve/crypto.h"
#include "serve/entered.h"

namespace titik::serve {
namespace {

struct Subject {
  std::string_view category;
  int share;  // of 100 reports
  std::array<std::string_view, 3> titles;
  std::string_view content;
  std::string_view answer;
  std::string_view done;
};

constexpr Subject kSubjects[] = {
    {"jalan", 22, {"Jalan berlubang di depan pasar", "Aspal ambles selebar satu meter", "Lubang menganga di lajur kiri"},
     "Sudah beberapa pekan, makin dalam setelah hujan. Pengendara sering menghindar mendadak.",
     "Lokasi sudah ditinjau regu pemeliharaan jalan.", "Lubang ditambal aspal panas dan dipadatkan; lajur sudah dapat dilewati."},
    {"lampu-jalan", 16, {"Lampu jalan padam", "Tiga tiang lampu mati berturut-turut", "Lampu jalan menyala siang, padam malam"},
     "Setelah magrib jalan gelap dan warga takut lewat.", "Tim penerangan memeriksa panel.", "Lampu dan sekring diganti; seluruh titik menyala."},
    {"sampah", 15, {"Tumpukan sampah di tepi jalan", "Sampah tidak diangkut lima hari", "TPS liar di lahan kosong"},
     "Baunya sampai ke rumah warga dan mulai menutup bahu jalan.", "Armada diarahkan ke lokasi.", "Sampah diangkut dan lokasi disemprot; papan larangan dipasang."},
    {"drainase", 10, {"Parit tersumbat lumpur", "Selokan ambruk menutup aliran", "Gorong-gorong mampet"},
     "Air meluap ke teras rumah setiap hujan lebat.", "Alat keruk dijadwalkan.", "Sedimen dikeruk sepanjang 40 meter dan aliran lancar kembali."},
    {"air-bersih", 8, {"Pipa air bocor di pinggir jalan", "Air mati sejak dua hari", "Air keruh dan berbau"},
     "Beberapa rumah di gang ini mengalami hal yang sama.", "Petugas pipa dijadwalkan datang.", "Sambungan pipa diganti; aliran dan tekanan normal."},
    {"banjir", 6, {"Genangan setinggi lutut", "Jalan terendam setiap hujan", "Air sungai naik ke jalan"},
     "Surutnya lebih dari tiga jam, anak sekolah harus memutar.", "Pompa bergerak disiapkan.", "Pintu air diperbaiki dan saluran dibersihkan."},
    {"parkir", 5, {"Parkir liar menutup trotoar", "Mobil parkir dua lapis", "Juru parkir tanpa karcis"},
     "Setiap sore pejalan kaki harus turun ke badan jalan.", "Petugas akan menertibkan.", "Penertiban dilakukan; rambu dan marka dilarang parkir dipasang."},
    {"lalu-lintas", 4, {"Lampu merah tidak menyala", "Rambu roboh tertabrak", "Marka zebra cross hilang"},
     "Simpang ini ramai pada jam sekolah.", "Teknisi simpang menuju lokasi.", "Lampu isyarat diperbaiki dan diuji pada jam sibuk."},
    {"pohon", 4, {"Dahan pohon hampir patah", "Pohon tumbang menutup jalan", "Pohon condong ke kabel"},
     "Akarnya sudah terangkat dan dahan retak.", "Regu pohon disiapkan.", "Dahan dipangkas dan sisa kayu diangkut."},
    {"listrik", 3, {"Kabel listrik menjuntai", "Tiang listrik miring", "Trafo berdengung keras"},
     "Ketinggiannya hanya dua meter dari jalan.", "Laporan diteruskan ke petugas jaringan.", "Kabel dikencangkan dan jaringan diperiksa."},
    {"kependudukan", 3, {"Antrean KTP dari subuh", "KK belum terbit satu bulan", "Loket tutup sebelum jamnya"},
     "Sudah dua kali datang dan diminta kembali lagi.", "Kami periksa berkasnya.", "Dokumen sudah terbit dan dapat diambil di loket."},
    {"sosial", 2, {"Lansia belum menerima bantuan", "Data bantuan tidak diperbarui", "Bantuan sembako terlambat"},
     "Warga yang bersangkutan tinggal sendiri.", "Petugas pendamping akan mengunjungi.", "Sudah dikunjungi dan diusulkan pada penyaluran bulan ini."},
    {"kesehatan", 1, {"Puskesmas penuh, antre lama", "Obat rutin kosong", "Loket puskesmas lambat"},
     "Pasien lansia menunggu lebih dari tiga jam.", "Kami koordinasikan dengan puskesmas.", "Jam layanan ditambah dan stok obat tersedia."},
    {"lainnya", 1, {"Papan nama jalan hilang", "Taman kota gelap", "Kursi halte rusak"},
     "Mohon diperiksa oleh dinas terkait.", "Kami teruskan kepada yang berwenang.", "Sudah diperbaiki."},
};

constexpr std::string_view kRefusal = "Lokasi berada di lahan milik pribadi, di luar kewenangan kota. Kami sudah memberi tahu pemiliknya.";
constexpr std::array kChannels = {"112", "whatsapp", "telepon", "datang", "gerai"};

// The same numbers on every machine: the distributions of the standard library are not.
class Dice {
 public:
  int below(int end) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(end)); }
  double share() { return static_cast<double>(engine_()) / 4294967296.0; }

 private:
  std::mt19937 engine_{638};
};

const Subject& subject_by_share(int percent) {
  for (const Subject& subject : kSubjects) {
    if (percent < subject.share) return subject;
    percent -= subject.share;
  }
  return kSubjects[0];
}

// Evidence as agencies often have it: a page that says what was done. PDF 1.4, one line of text.
std::string minutes_of_work(std::string_view number) {
  const std::string text = "BT /F1 14 Tf 60 760 Td (Berita acara pekerjaan, laporan " + std::string(number) + ") Tj ET";
  std::string pdf = "%PDF-1.4\n";
  std::vector<std::size_t> places;
  for (const std::string& object :
       {std::string("<< /Type /Catalog /Pages 2 0 R >>"), std::string("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        std::string("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                    "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"),
        "<< /Length " + std::to_string(text.size()) + " >>\nstream\n" + text + "\nendstream"}) {
    places.push_back(pdf.size());
    pdf += std::to_string(places.size()) + " 0 obj\n" + object + "\nendobj\n";
  }
  const std::size_t table = pdf.size();
  pdf += "xref\n0 5\n0000000000 65535 f \n";
  for (const std::size_t place : places) {
    const std::string digits = std::to_string(place);
    pdf += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
  }
  return pdf + "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

// One report on its way; its steps happen while they are in the past.
class Past {
 public:
  Past(Office& office, std::int64_t caller_id, Dice& dice, UnixMillis now) : office_(office), caller_id_(caller_id), dice_(dice), now_(now) {}

  Result<Ok> add(UnixMillis received, bool closes) {
    subject_ = &subject_by_share(dice_.below(100));
    category_ = office_.profile.category(subject_->category);
    if (category_ == nullptr) category_ = &office_.profile.categories.front();  // a city without this one
    TRY(create(received));
    const UnixMillis hours = category_->hours * kHour;
    // Two of three in time, a few very late.
    const double late = dice_.share();
    const UnixMillis took = static_cast<UnixMillis>(static_cast<double>(hours) * (0.1 + 3 * late * late * late));
    TRY(step({.action = Action::kVerify}, received + took / 8));
    if (dice_.below(4) == 0) TRY(step({.action = Action::kAcknowledge, .text = "Terima kasih, laporan akan kami tindak lanjuti."}, received + took / 6));
    if (dice_.below(3) > 0) TRY(step({.action = Action::kAnswer, .text = std::string(subject_->answer)}, received + took / 3));
    else TRY(step({.action = Action::kAcknowledge, .text = "Laporan diterima."}, received + took / 3));
    if (!closes) return Ok{};
    if (dice_.below(100) < 8) TRY(step({.action = Action::kRefuse, .text = std::string(kRefusal)}, received + took));
    else TRY(act(received + took));
    return close(received + took);
  }

 private:
  Result<Ok> create(UnixMillis received) {
    report::Draft draft;
    draft.title = subject_->titles[static_cast<std::size_t>(dice_.below(3))];
    draft.content = subject_->content;
    draft.landmark = "RT " + std::to_string(1 + dice_.below(40));
    if (!office_.profile.districts.empty()) {
      const auto& district = office_.profile.districts[static_cast<std::size_t>(dice_.below(static_cast<int>(office_.profile.districts.size())))];
      draft.landmark += ", Kelurahan " + district.villages[static_cast<std::size_t>(dice_.below(static_cast<int>(district.villages.size())))].name;
    }
    draft.is_secret = dice_.below(25) == 0;
    const auto offset = [&] { return 0.035 * (dice_.share() + dice_.share() - 1); };  // degrees, denser in the middle
    const double north = offset(), east = offset();
    const DemoReport made = TRY(create_demo_report(office_, caller_id_, category_->id, std::move(draft), north, east, received));
    id_ = made.tracking_id;
    agency_name_ = made.agency_name;
    if (dice_.below(7) != 0) return Ok{};
    const char* channel = kChannels[static_cast<std::size_t>(dice_.below(static_cast<int>(kChannels.size())))];
    Actor writer = office_.actor();
    writer.caller_id = caller_id_;
    Sql& sql = office_.repository->sql();
    const SqlLock lock(sql.mutex());
    return sql.transaction([&] { return note_entered(sql, id_, writer, {.channel = channel, .consent = "lisan"}, received); });
  }

  Result<Ok> step(Step what, UnixMillis at, const Words& words = {}) {
    if (at > now_) return Ok{};
    what.institution = agency_name_;
    TRY(office_.workflow->write(id_, office_.actor(), what, words, at));
    return Ok{};
  }

  Result<Ok> act(UnixMillis at) {
    const std::string number = std::to_string(id_);
    IncomingFile incoming = TRY(office_.files.receive());
    TRY(incoming.write(minutes_of_work(number)));
    const KeptFile kept = TRY(incoming.keep());
    return step({.action = Action::kAct, .text = std::string(subject_->done)}, at,
                {.files = {{kept.sha256, kept.bytes, std::string(kept.type.mime), "berita-acara-" + number + ".pdf"}}});
  }

  // By the agency, or by the citizen's silence; then one of three citizens says how it was.
  Result<Ok> close(UnixMillis settled) {
    const UnixMillis silent = TRY(office_.workflow->row(id_)).subject.times.closes_at;
    UnixMillis closed = settled + (1 + dice_.below(40)) * kHour;
    if (silent < now_ && dice_.below(3) == 0) {
      closed = silent;
      TRY(office_.workflow->take(id_, system_actor(), {.action = Action::kCloseSilent}, closed));
    } else {
      TRY(office_.workflow->take(id_, office_.actor(), {.action = Action::kClose, .text = "Selesai ditangani."}, closed));
    }
    if (dice_.below(3) != 0) return Ok{};
    const Actor citizen{.kind = ActorKind::kDevice, .role = Role::kCitizen, .agency_id = {}, .id = caller_id_, .name = {}, .caller_id = caller_id_};
    constexpr std::array kRatings = {5, 4, 4, 5, 3, 2, 4, 5, 1, 4};
    TRY(office_.workflow->write(id_, citizen, {.action = Action::kRate, .rating = kRatings[static_cast<std::size_t>(dice_.below(10))]}, {},
                                std::min(now_, closed + dice_.below(48) * kHour)));
    return Ok{};
  }

  Office& office_;
  std::int64_t caller_id_;
  Dice& dice_;
  UnixMillis now_;
  const Subject* subject_ = nullptr;
  const report::Category* category_ = nullptr;
  std::int64_t id_ = 0;  // the tracking number
  std::string agency_name_;
};

}  // namespace

Result<DemoReport> create_demo_report(Office& office, std::int64_t caller_id, std::string_view category_id, report::Draft draft,
                                      double north, double east, UnixMillis received) {
  const report::Category* category = office.profile.category(category_id);
  if (!category) category = &office.profile.categories.front();  // a city without this one
  const report::Agency* agency = office.profile.agency_of_category(category->id);
  const std::string agency_name = agency ? agency->short_name : "";
  draft.id = new_uuid(received);
  draft.category_id = category->id;
  draft.is_anonymous = true;
  draft.incident_date = format_date(to_civil(received, office.profile.zone));
  draft.place = report::Place{.point = {office.profile.centre.latitude + north, office.profile.centre.longitude + east},
                              .accuracy_m = 12, .source = report::PlaceSource::kGps, .at = received};
  draft.created_at = received;
  const std::string key = draft.id;
  const report::Classification classification = draft.classification;
  const Created created = TRY(office.repository->create_report(
      {.city = office.profile.id,
       .caller_id = caller_id,
       .key = key,
       .request = {.draft = report::normalised(std::move(draft)), .lapor_category_id = category->lapor_category_id},
       .opening = new_case(agency ? agency->id : "", category->id, classification, received, office.workflow->city()),
       .passed_on = agency ? passed_on_words(office.profile, agency->id) : "",
       .now = received}));
  return DemoReport{std::stoll(created.receipt.tracking_id), agency_name};
}

Result<Ok> fill_past(Office& office, std::int64_t caller_id, UnixMillis now) {
  constexpr int kNewest = 40;  // the last weeks' are open, and some that were never settled
  constexpr int kOpen = kDemoPast - kDemoPastClosed;
  Dice dice;
  // By day, mostly; one after the other, as tracking numbers are given.
  std::vector<UnixMillis> moments;
  for (int i = 0; i < kDemoPast; ++i) {
    const UnixMillis day = day_of(now, office.profile.zone) - 7 - (kDemoPast - i) * 330 / kDemoPast;
    const int minute = 6 * 60 + (dice.below(15 * 60) + dice.below(15 * 60)) / 2;
    moments.push_back(day * kDay - office.profile.zone * kMinute + minute * kMinute);
  }
  std::sort(moments.begin(), moments.end());
  std::vector<bool> closes(kDemoPast, true);
  std::fill(closes.end() - kNewest, closes.end(), false);
  for (int left = kOpen - kNewest; left > 0;) {
    const auto at = static_cast<std::size_t>(dice.below(kDemoPast - kNewest));
    if (closes[at]) --left;
    closes[at] = false;
  }
  for (int i = 0; i < kDemoPast; ++i) {
    const auto at = static_cast<std::size_t>(i);
    TRY(Past(office, caller_id, dice, now).add(moments[at], closes[at]));
  }
  return Ok{};
}

}  // namespace titik::serve
