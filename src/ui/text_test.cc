// Words, numbers, times and states.
#include "ui/text.h"

#include <gtest/gtest.h>

#include <string>

#include "report/report.h"
#include "ui/format.h"
#include "ui/test_host.h"

namespace titik::ui {
namespace {

constexpr ZoneOffset kWib = 420;
// 2026-11-21 14:10 WIB
constexpr UnixMillis kNow = 1'795'245'000'000;

// Speaks English while it lives.
struct InEnglish {
  InEnglish() { EXPECT_TRUE(speak_english(english_table())); }
  ~InEnglish() { speak_indonesian(); }
};

TEST(Texts, AnEnglishTableThatDoesNotFitIsRefused) {
  const std::string whole = english_table();
  ASSERT_GT(whole.size(), 1000u);
  std::string other = whole;
  other[12] = static_cast<char>(other[12] ^ 1);  // another number of texts in the first line
  std::string shorter = whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1);
  std::string hollow = whole;
  hollow.erase(hollow.find('\n') + 1, hollow.find('\n', hollow.find('\n') + 1) - hollow.find('\n') - 1);  // an empty text
  for (const std::string& table : {std::string(), std::string("\n"), std::string(100'000, 'a'), std::string(1000, '\n'), other, shorter,
                                   hollow, whole.substr(0, whole.size() - 1), whole + "more\n"}) {
    EXPECT_FALSE(speak_english(table));
    EXPECT_EQ(language(), Language::kIndonesian);
    EXPECT_EQ(tr(Text::kMakeReport), "Buat laporan");
  }
}

TEST(Texts, AreSpokenInTheLanguageChosen) {
  EXPECT_EQ(code_of(language()), "id");
  EXPECT_EQ(tr(Text::kMakeReport), "Buat laporan");
  const std::string_view kept = tr(Text::kMakeReport);
  {
    const InEnglish english;
    EXPECT_EQ(code_of(language()), "en");
    EXPECT_EQ(tr(Text::kMakeReport), "Make a report");
    EXPECT_EQ(tr(Text::kPhotoLabel, {"1", "3"}), "Photo 1 of 3");
    EXPECT_EQ(kept, "Buat laporan");
  }
  EXPECT_EQ(tr(Text::kMakeReport), "Buat laporan");
}

TEST(Texts, EnglishHasAFormForOne) {
  EXPECT_EQ(tr(Plural::kCheckPhotos, 1, {"1", "3 KB"}), "1 foto, 3 KB");
  EXPECT_EQ(tr(Plural::kCheckPhotos, 2, {"2", "3 KB"}), "2 foto, 3 KB");
  const InEnglish english;
  EXPECT_EQ(tr(Plural::kCheckPhotos, 0, {"0", "3 KB"}), "0 photos, 3 KB");
  EXPECT_EQ(tr(Plural::kCheckPhotos, 1, {"1", "3 KB"}), "1 photo, 3 KB");
  EXPECT_EQ(tr(Plural::kCheckPhotos, 2, {"2", "3 KB"}), "2 photos, 3 KB");
  EXPECT_EQ(tr(Plural::kNearbyCount, 1001, {"1,001"}), "1,001 public reports");
}

TEST(Texts, PlaceholdersAreReplacedOnce) {
  EXPECT_EQ(tr(Text::kCheckCategory, {"Jalan", "Dinas PUPR", "72 jam"}), "Jalan, ke Dinas PUPR, 72 jam");
  EXPECT_EQ(tr(Text::kPhotoLabel, {"1", "3"}), "Foto 1 dari 3");
  // A value is not a pattern: what a citizen writes stays what it is.
  EXPECT_EQ(tr(Text::kCountsTitle, {"{0} {1}"}), "Laporan warga {0} {1}");
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
  for (const auto& [iso, words] : {std::pair{"2026-01-31", "31 Januari 2026"}, {"2026-02-28", "28 Februari 2026"},
                                   {"2026-03-01", "1 Maret 2026"}, {"2026-04-01", "1 April 2026"}, {"2026-06-01", "1 Juni 2026"},
                                   {"2026-07-01", "1 Juli 2026"}, {"2026-08-17", "17 Agustus 2026"}, {"2026-09-01", "1 September 2026"},
                                   {"2026-10-01", "1 Oktober 2026"}, {"2026-12-25", "25 Desember 2026"}}) {
    EXPECT_EQ(date_words(iso), words);
  }
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

TEST(Format, TimePassedIsJustNowInTheFirstMinute) {
  EXPECT_EQ(ago(kNow, kNow), "baru saja");
  EXPECT_EQ(ago(kNow + kHour, kNow), "baru saja");  // a clock that was set back
  EXPECT_EQ(ago(kNow - 59 * kSecond, kNow), "baru saja");
  EXPECT_EQ(ago(kNow - 60 * kSecond, kNow), "1 menit lalu");
  EXPECT_EQ(ago(kNow - 59 * kMinute, kNow), "59 menit lalu");
  EXPECT_EQ(ago(kNow - 60 * kMinute, kNow), "1 jam lalu");
  EXPECT_EQ(ago(kNow - 23 * kHour, kNow), "23 jam lalu");
  EXPECT_EQ(ago(kNow - 47 * kHour, kNow), "47 jam lalu");
  EXPECT_EQ(ago(kNow - 48 * kHour, kNow), "2 hari lalu");
}

TEST(FormatInEnglish, NumbersAndSizes) {
  const InEnglish english;
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1204), "1,204");
  EXPECT_EQ(grouped(-1'234'567), "-1,234,567");
  EXPECT_EQ(data_size(999'000), "999 KB");
  EXPECT_EQ(data_size(1'240'000), "1.2 MB");
  EXPECT_EQ(data_size(1'234'560'000), "1.2 GB");
  EXPECT_EQ(metres(1234.5), "1,235");
}

TEST(FormatInEnglish, Dates) {
  const InEnglish english;
  for (const auto& [iso, words] : {std::pair{"2026-01-01", "1 January 2026"}, {"2026-05-31", "31 May 2026"},
                                   {"2026-08-17", "17 August 2026"}, {"2026-12-25", "25 December 2026"}}) {
    EXPECT_EQ(date_words(iso), words);
  }
  EXPECT_EQ(moment(kNow, kNow, kWib), "Today 14:10");
  EXPECT_EQ(moment(kNow - 15 * kHour, kNow, kWib), "Yesterday 23:10");
  EXPECT_EQ(moment(kNow - 200 * kDay, kNow, kWib), "5 May 2026 14:10");
  EXPECT_EQ(clock_time(kNow - 6 * kHour - 5 * kMinute, kWib), "08:05");
}

TEST(FormatInEnglish, Durations) {
  const InEnglish english;
  EXPECT_EQ(duration(0), "1 minute");
  EXPECT_EQ(duration(kMinute), "1 minute");
  EXPECT_EQ(duration(2 * kMinute), "2 minutes");
  EXPECT_EQ(duration(59 * kMinute), "59 minutes");
  EXPECT_EQ(duration(kHour), "1 hour");
  EXPECT_EQ(duration(2 * kHour), "2 hours");
  EXPECT_EQ(duration(23 * kHour), "23 hours");
  EXPECT_EQ(duration(24 * kHour), "24 hours");
  EXPECT_EQ(duration(48 * kHour), "2 days");
  EXPECT_EQ(duration(1500 * kDay), "1,500 days");
  EXPECT_EQ(ago(kNow - 59 * kSecond, kNow), "just now");
  EXPECT_EQ(ago(kNow - 60 * kSecond, kNow), "1 minute ago");
  EXPECT_EQ(ago(kNow - 2 * kHour, kNow), "2 hours ago");
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

TEST(Chips, AreInEnglishToo) {
  const InEnglish english;
  using report::PhoneState;
  using report::Status;
  EXPECT_EQ(words_of(report_chips(summary(PhoneState::kDraft), kNow)), "Draft");
  EXPECT_EQ(words_of(report_chips(summary(PhoneState::kReceived, Status::kVerified, kNow + kHour), kNow)), "Checked | 1 hour left");
  EXPECT_EQ(words_of(report_chips(summary(PhoneState::kReceived, Status::kInProcess, kNow - 3 * kDay), kNow)), "In process | 3 days overdue");
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
