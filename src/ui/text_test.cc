// Words, numbers, times and states.
#include "ui/text.h"

#include <gtest/gtest.h>

#include "report/report.h"
#include "ui/format.h"

namespace titik::ui {
namespace {

constexpr ZoneOffset kWib = 420;
// 2026-11-21 14:10 WIB
constexpr UnixMillis kNow = 1'795'245'000'000;

TEST(Texts, NoneIsEmpty) {
#define TEXT(name, words) EXPECT_FALSE(tr(Text::name).empty()) << #name;
#include "texts.inc"
#undef TEXT
}

// A brace left over would be read aloud.
TEST(Texts, PlaceholdersAreZeroToTwoInOrder) {
#define TEXT(name, words)                                                                      \
  {                                                                                            \
    const std::string filled = tr(Text::name, {"", "", ""});                                   \
    EXPECT_EQ(filled.find('{'), std::string::npos) << #name;                                   \
    EXPECT_EQ(filled.find('}'), std::string::npos) << #name;                                   \
    const std::string_view pattern = tr(Text::name);                                           \
    if (pattern.find("{2}") != std::string_view::npos) EXPECT_NE(pattern.find("{1}"), std::string_view::npos) << #name; \
    if (pattern.find("{1}") != std::string_view::npos) EXPECT_NE(pattern.find("{0}"), std::string_view::npos) << #name; \
  }
#include "texts.inc"
#undef TEXT
}

TEST(Texts, PlaceholdersAreReplacedOnce) {
  EXPECT_EQ(tr(Text::kCheckCategory, {"Jalan", "Dinas PUPR", "72"}), "Jalan, ke Dinas PUPR, 72 jam");
  EXPECT_EQ(tr(Text::kPhotoLabel, {"1", "3"}), "Foto 1 dari 3");
  // A value is not a pattern: what a citizen writes stays what it is.
  EXPECT_EQ(tr(Text::kForwardedTo, {"{0} {1}"}), "Diteruskan ke {0} {1}");
  // Too few values leave the rest as it is, rather than reading beyond them.
  EXPECT_EQ(tr(Text::kPhotoLabel, {"1"}), "Foto 1 dari {1}");
  EXPECT_EQ(tr(Text::kBack, {"x"}), "Kembali");
}

TEST(Format, GroupsThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1.000");
  EXPECT_EQ(grouped(12345), "12.345");
  EXPECT_EQ(grouped(1'234'567), "1.234.567");
  EXPECT_EQ(grouped(-999), "-999");
  EXPECT_EQ(grouped(-123'456), "-123.456");
}

TEST(Format, SizesAreInKbAndMb) {
  EXPECT_EQ(data_size(0), "0 KB");
  EXPECT_EQ(data_size(1), "1 KB");
  EXPECT_EQ(data_size(612'000), "612 KB");
  EXPECT_EQ(data_size(999'000), "999 KB");
  EXPECT_EQ(data_size(1'000'000), "1,0 MB");
  EXPECT_EQ(data_size(3'440'000), "3,4 MB");
  EXPECT_EQ(data_size(3'450'000), "3,5 MB");
}

TEST(Format, MetresAreWhole) {
  EXPECT_EQ(metres(12.4), "12");
  EXPECT_EQ(metres(1234.5), "1.235");
}

TEST(Format, DatesAreInWords) {
  EXPECT_EQ(date_words("2026-11-21"), "21 November 2026");
  EXPECT_EQ(date_words("2026-05-01"), "1 Mei 2026");
  EXPECT_EQ(date_words(""), "");
  EXPECT_EQ(date_words("kemarin"), "kemarin");
  EXPECT_EQ(date_words("2026-02-30"), "2026-02-30");
}

TEST(Format, MomentsAreTodayYesterdayOrADate) {
  EXPECT_EQ(moment(kNow, kNow, kWib), "Hari ini 14.10");
  EXPECT_EQ(moment(kNow - 14 * kHour, kNow, kWib), "Hari ini 00.10");
  EXPECT_EQ(moment(kNow - 15 * kHour, kNow, kWib), "Kemarin 23.10");
  EXPECT_EQ(moment(kNow - 2 * kDay, kNow, kWib), "19 Nov 2026 14.10");
  EXPECT_EQ(moment(kNow - 200 * kDay, kNow, kWib), "5 Mei 2026 14.10");
  // A server whose clock runs ahead.
  EXPECT_EQ(moment(kNow + 2 * kDay, kNow, kWib), "23 Nov 2026 14.10");
  EXPECT_EQ(clock_time(kNow, 480), "15.10");
}

TEST(Format, DurationsAreInTheUnitAPersonWouldSay) {
  EXPECT_EQ(duration(0), "1 menit");
  EXPECT_EQ(duration(-kHour), "1 menit");
  EXPECT_EQ(duration(10 * kMinute), "10 menit");
  EXPECT_EQ(duration(5 * kHour), "5 jam");
  EXPECT_EQ(duration(2 * kDay), "2 hari");
  EXPECT_EQ(duration(1500 * kDay), "1.500 hari");
}

std::string words_of(const std::vector<std::pair<std::string, ChipDesc>>& chips) {
  std::string words;
  for (const auto& [text, desc] : chips) words += (words.empty() ? "" : " | ") + text;
  return words;
}

engine::ReportSummary summary(report::PhoneState state, report::Status status = report::Status::kVerified,
                              UnixMillis due = 0, UnixMillis stopped = 0) {
  return {.id = "1", .state = state,
          .status_name = state == report::PhoneState::kReceived ? std::string(report::status_name(status)) : "",
          .follow_up_due_at = due, .follow_up_stopped_at = stopped};
}

TEST(Chips, SayWhereAReportIsOnThePhone) {
  using report::PhoneState;
  EXPECT_EQ(words_of(report_chips(summary(PhoneState::kDraft), kNow)), "Draf");
  EXPECT_EQ(words_of(report_chips(summary(PhoneState::kQueued), kNow)), "Menunggu jaringan");
  EXPECT_EQ(words_of(report_chips(summary(PhoneState::kSending), kNow)), "Mengirim…");
  EXPECT_EQ(words_of(report_chips(summary(PhoneState::kNeedsAttention), kNow)), "Perlu perhatian");
  engine::ReportSummary fresh = summary(PhoneState::kReceived);
  fresh.status_name.clear();
  EXPECT_EQ(words_of(report_chips(fresh, kNow)), "Terkirim");
}

TEST(Chips, SayWhatTheCityDoesWithItAndTheClock) {
  using report::PhoneState;
  using report::Status;
  const auto chips = [](Status status, UnixMillis due, UnixMillis stopped) {
    return report_chips(summary(PhoneState::kReceived, status, due, stopped), kNow);
  };
  EXPECT_EQ(words_of(chips(Status::kUnverified, 0, 0)), "Belum diperiksa");
  EXPECT_EQ(words_of(chips(Status::kVerified, kNow + 5 * kHour + 1, 0)), "Sudah diperiksa | Tinggal 5 jam");
  EXPECT_EQ(words_of(chips(Status::kInProcess, kNow - 3 * kDay, 0)), "Proses | Lewat 3 hari");
  EXPECT_EQ(words_of(chips(Status::kInProcess, kNow + kDay, kNow - kHour)), "Proses | Sudah ditindak");
  EXPECT_EQ(words_of(chips(Status::kClosedByAdmin, kNow + kDay, kNow - kHour)), "Selesai");
  EXPECT_EQ(words_of(chips(Status::kOnHold, 0, 0)), "Ditunda");
  EXPECT_EQ(words_of(chips(Status::kArchivedBySystem, 0, 0)), "Diarsipkan");
  EXPECT_EQ(words_of(chips(Status::kAnsweredByCitizen, 0, 0)), "Ditanggapi pelapor");

  EXPECT_EQ(chips(Status::kVerified, kNow + kHour, 0)[1].second.tone, Tone::kWarning);
  EXPECT_EQ(chips(Status::kVerified, kNow - kHour, 0)[1].second.tone, Tone::kDanger);
}

TEST(Chips, AStateOfANewerServerIsShownAsItIs) {
  engine::ReportSummary report = summary(report::PhoneState::kReceived);
  report.status_name = "dimediasi";
  EXPECT_EQ(words_of(report_chips(report, kNow)), "dimediasi");
}

TEST(Problems, EveryFieldHasItsOwnWords) {
  using report::Field;
  using report::ProblemCode;
  for (const Field field : {Field::kId, Field::kClassification, Field::kCategory, Field::kTitle, Field::kContent,
                            Field::kIncidentDate, Field::kReporterName, Field::kReporterPhone, Field::kPlace,
                            Field::kLandmark, Field::kPhotos}) {
    for (const ProblemCode code : {ProblemCode::kMissing, ProblemCode::kTooLong, ProblemCode::kInvalid, ProblemCode::kInFuture}) {
      EXPECT_FALSE(problem_words({field, code}).empty());
    }
  }
  EXPECT_EQ(problem_words({Field::kTitle, ProblemCode::kMissing}), "Tulis judul singkat.");
  EXPECT_EQ(problem_words({Field::kTitle, ProblemCode::kTooLong}), "Judul terlalu panjang, paling banyak 150 huruf.");
  EXPECT_EQ(problem_words({Field::kIncidentDate, ProblemCode::kInFuture}), "Tanggal kejadian tidak boleh setelah hari ini.");
  EXPECT_EQ(problem_words({Field::kPlace, ProblemCode::kMissing}), "Tandai tempatnya di peta, atau tulis patokan.");
}

}  // namespace
}  // namespace titik::ui
