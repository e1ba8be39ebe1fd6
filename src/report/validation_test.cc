#include "report/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>
#include <string>

namespace titik::report {

void PrintTo(const Problem& problem, std::ostream* out) {
  *out << field_name(problem.field) << " " << problem_code_name(problem.code);
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kToday = "2026-11-21";

CityProfile profile() {
  CityProfile city;
  city.agencies = {Agency{.id = "pupr"}};
  city.categories = {Category{.id = "jalan", .agency = "pupr"}};
  return city;
}

Photo photo() { return Photo{.sha256 = std::string(64, 'a'), .bytes = 1}; }

Draft complaint() {
  Draft draft;
  draft.id = "01936f00-0000-7000-8000-000000000001";
  draft.category_id = "jalan";
  draft.title = "Lubang besar di jalan";
  draft.content = "Lubang sedalam 30 cm.";
  draft.incident_date = kToday;
  draft.landmark = "Depan pasar, RT 05";
  return draft;
}

std::vector<Problem> check(const Draft& draft) { return validate(draft, profile(), kToday); }

// The problems after one change to a good draft.
template <typename Change>
std::vector<Problem> after(Change change) {
  Draft draft = complaint();
  change(draft);
  return check(draft);
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Validate, AcceptsAGoodDraft) { EXPECT_THAT(check(complaint()), IsEmpty()); }

TEST(Validate, NamesEverythingThatAnEmptyDraftLacksInTheOrderOfTheScreens) {
  EXPECT_THAT(check(Draft{}), ElementsAre(Problem{Field::kId, ProblemCode::kMissing},
                                          Problem{Field::kPlace, ProblemCode::kMissing},
                                          Problem{Field::kCategory, ProblemCode::kMissing},
                                          Problem{Field::kTitle, ProblemCode::kMissing},
                                          Problem{Field::kContent, ProblemCode::kMissing},
                                          Problem{Field::kIncidentDate, ProblemCode::kMissing}));
}

TEST(Validate, RequiresAUuid) {
  EXPECT_THAT(after([](Draft& d) { d.id = "1"; }), ElementsAre(Problem{Field::kId, ProblemCode::kInvalid}));
}

TEST(Validate, RequiresAKnownCategory) {
  EXPECT_THAT(after([](Draft& d) { d.category_id = "taman"; }),
              ElementsAre(Problem{Field::kCategory, ProblemCode::kInvalid}));
}

TEST(Validate, RefusesAClassificationOutsideItsRange) {
  EXPECT_THAT(after([](Draft& d) {
                d.classification = static_cast<Classification>(9);
                d.incident_date.clear();
              }),
              ElementsAre(Problem{Field::kClassification, ProblemCode::kInvalid}));
}

TEST(Validate, RequiresVisibleTitleAndContent) {
  // Spaces, line breaks, no-break space, zero-width space, ideographic space, byte order mark.
  const std::string blank = " \t\r\n\u00A0\u200B\u3000\uFEFF";
  EXPECT_THAT(after([&](Draft& d) { d.title = blank; }),
              ElementsAre(Problem{Field::kTitle, ProblemCode::kMissing}));
  EXPECT_THAT(after([&](Draft& d) { d.content = blank; }),
              ElementsAre(Problem{Field::kContent, ProblemCode::kMissing}));
}

TEST(Validate, CountsLimitsInCodePoints) {
  const auto title = [](std::size_t count) {
    return after([=](Draft& d) { d.title = repeated("😀", count); });
  };
  EXPECT_THAT(title(kMaxTitle), IsEmpty());
  EXPECT_THAT(title(kMaxTitle + 1), ElementsAre(Problem{Field::kTitle, ProblemCode::kTooLong}));
  const auto content = [](std::size_t count) {
    return after([=](Draft& d) { d.content = repeated("a", count); });
  };
  EXPECT_THAT(content(kMaxContent), IsEmpty());
  EXPECT_THAT(content(kMaxContent + 1), ElementsAre(Problem{Field::kContent, ProblemCode::kTooLong}));
  const auto landmark = [](std::size_t count) {
    return after([=](Draft& d) { d.landmark = repeated("é", count); });
  };
  EXPECT_THAT(landmark(kMaxLandmark), IsEmpty());
  EXPECT_THAT(landmark(kMaxLandmark + 1), ElementsAre(Problem{Field::kLandmark, ProblemCode::kTooLong}));
  const auto name = [](std::size_t count) {
    return after([=](Draft& d) { d.reporter_name = repeated("é", count); });
  };
  EXPECT_THAT(name(kMaxName), IsEmpty());
  EXPECT_THAT(name(kMaxName + 1), ElementsAre(Problem{Field::kReporterName, ProblemCode::kTooLong}));
}

TEST(Validate, AComplaintNeedsADateThatExistsAndIsNotInTheFuture) {
  const auto date = [](std::string_view text) { return after([=](Draft& d) { d.incident_date = text; }); };
  EXPECT_THAT(date("2026-11-21"), IsEmpty());
  EXPECT_THAT(date("2024-02-29"), IsEmpty());
  EXPECT_THAT(date("2026-11-22"), ElementsAre(Problem{Field::kIncidentDate, ProblemCode::kInFuture}));
  EXPECT_THAT(date("2027-01-01"), ElementsAre(Problem{Field::kIncidentDate, ProblemCode::kInFuture}));
  EXPECT_THAT(date(""), ElementsAre(Problem{Field::kIncidentDate, ProblemCode::kMissing}));
  for (const std::string_view text : {"2026-02-30", "21-11-2026", "2026-11-2", "kemarin", "2026-11-21 "}) {
    EXPECT_THAT(date(text), ElementsAre(Problem{Field::kIncidentDate, ProblemCode::kInvalid})) << text;
  }
}

TEST(Validate, OtherKindsHaveNoDate) {
  for (const Classification kind : {Classification::kInformationRequest, Classification::kAspiration}) {
    Draft draft = complaint();
    draft.classification = kind;
    EXPECT_THAT(check(draft), ElementsAre(Problem{Field::kIncidentDate, ProblemCode::kInvalid}));
    draft.incident_date.clear();
    EXPECT_THAT(check(draft), IsEmpty());
  }
}

TEST(Validate, APlaceOrALandmarkIsEnough) {
  const Place place{.point = {-1.61, 103.61}, .accuracy_m = 12};
  Draft draft = complaint();
  draft.landmark = " \u00A0";
  EXPECT_THAT(check(draft), ElementsAre(Problem{Field::kPlace, ProblemCode::kMissing}));
  draft.place = place;
  EXPECT_THAT(check(draft), IsEmpty());
}

TEST(Validate, APlaceIsOnTheEarthAndItsAccuracyIsANumber) {
  const auto place = [](GeoPoint point, double accuracy) {
    return after([=](Draft& d) { d.place = Place{.point = point, .accuracy_m = accuracy}; });
  };
  EXPECT_THAT(place({-1.6, 103.6}, 0), IsEmpty());
  const auto invalid = ElementsAre(Problem{Field::kPlace, ProblemCode::kInvalid});
  EXPECT_THAT(place({-91, 103.6}, 5), invalid);
  EXPECT_THAT(place({0, 181}, 5), invalid);
  EXPECT_THAT(place({std::nan(""), 0}, 5), invalid);
  EXPECT_THAT(place({0, 0}, -1), invalid);
  EXPECT_THAT(place({0, 0}, std::nan("")), invalid);
  EXPECT_THAT(place({0, 0}, std::numeric_limits<double>::infinity()), invalid);
}

TEST(Validate, APhoneNumberHas8To15Digits) {
  const auto phone = [](std::string_view text) { return after([=](Draft& d) { d.reporter_phone = text; }); };
  for (const std::string_view good : {"", "08123456", "+62 812-3456-7890", "123456789012345", " 08123456 "}) {
    EXPECT_THAT(phone(good), IsEmpty()) << good;
  }
  for (const std::string_view bad : {"0812345", "1234567890123456", "0812+345678", "++628123456", "08123456a",
                                     "(0741) 60000", "+", "   "}) {
    EXPECT_THAT(phone(bad), ElementsAre(Problem{Field::kReporterPhone, ProblemCode::kInvalid})) << bad;
  }
  EXPECT_THAT(phone("0 8 1 2 3 4 5 6 7 8 9"), ElementsAre(Problem{Field::kReporterPhone, ProblemCode::kTooLong}));
}

TEST(Validate, AnAnonymousReportCarriesNoIdentity) {
  Draft draft = complaint();
  draft.is_anonymous = true;
  EXPECT_THAT(check(draft), IsEmpty());
  draft.reporter_name = "Sari";
  draft.reporter_phone = "08123456789";
  EXPECT_THAT(check(draft), ElementsAre(Problem{Field::kReporterName, ProblemCode::kInvalid},
                                        Problem{Field::kReporterPhone, ProblemCode::kInvalid}));
  draft.is_anonymous = false;
  EXPECT_THAT(check(draft), IsEmpty());
}

TEST(Validate, TakesFivePhotosOfLimitedSize) {
  EXPECT_THAT(after([](Draft& d) { d.photos.assign(kMaxPhotos, photo()); }), IsEmpty());
  EXPECT_THAT(after([](Draft& d) { d.photos.assign(kMaxPhotos + 1, photo()); }),
              ElementsAre(Problem{Field::kPhotos, ProblemCode::kTooLong}));
  const auto bytes = [](std::int64_t count) {
    return after([=](Draft& d) {
      d.photos = {photo(), photo()};
      d.photos[1].bytes = count;
    });
  };
  EXPECT_THAT(bytes(kMaxFileBytes), IsEmpty());
  EXPECT_THAT(bytes(kMaxFileBytes + 1), ElementsAre(Problem{Field::kPhotos, ProblemCode::kTooLong}));
  EXPECT_THAT(bytes(0), ElementsAre(Problem{Field::kPhotos, ProblemCode::kInvalid}));
  EXPECT_THAT(bytes(-1), ElementsAre(Problem{Field::kPhotos, ProblemCode::kInvalid}));
}

TEST(Validate, APhotoHasASha256) {
  for (const std::string& hash : {std::string(), std::string(63, 'a'), std::string(64, 'A'), std::string(64, 'g')}) {
    EXPECT_THAT(after([&](Draft& d) {
                  d.photos = {photo()};
                  d.photos[0].sha256 = hash;
                }),
                ElementsAre(Problem{Field::kPhotos, ProblemCode::kInvalid}));
  }
}

TEST(Names, AreStable) {
  EXPECT_EQ(field_name(Field::kCategory), "category_id");
  EXPECT_EQ(field_name(Field::kIncidentDate), "incident_date");
  EXPECT_EQ(field_name(Field::kPhotos), "photos");
  EXPECT_EQ(problem_code_name(ProblemCode::kMissing), "missing");
  EXPECT_EQ(problem_code_name(ProblemCode::kTooLong), "too_long");
  EXPECT_EQ(problem_code_name(ProblemCode::kInvalid), "invalid");
  EXPECT_EQ(problem_code_name(ProblemCode::kInFuture), "in_future");
}

TEST(Normalised, CleansAndTrimsTexts) {
  Draft draft = complaint();
  draft.title = "  Lubang\nbesar\u202E \x01";
  draft.content = "\r\nBaris satu\r\nBaris dua\t\xFF\n";
  draft.landmark = " depan\tpasar ";
  draft.reporter_name = "\x7F Sari ";
  draft.reporter_phone = " 0812 3456 789\n";
  draft = normalised(draft);
  EXPECT_EQ(draft.title, "Lubang besar");
  EXPECT_EQ(draft.content, "Baris satu\nBaris dua\t\uFFFD");
  EXPECT_EQ(draft.landmark, "depan pasar");
  EXPECT_EQ(draft.reporter_name, "Sari");
  EXPECT_EQ(draft.reporter_phone, "0812 3456 789");
  EXPECT_THAT(check(draft), IsEmpty());
  EXPECT_EQ(normalised(draft), draft);
}

TEST(Normalised, DropsTheDateOfKindsThatHaveNone) {
  Draft draft = complaint();
  EXPECT_EQ(normalised(draft).incident_date, kToday);
  draft.classification = Classification::kAspiration;
  EXPECT_EQ(normalised(draft).incident_date, "");
}

TEST(Normalised, DropsTheIdentityOfAnAnonymousReportAndOnlyThat) {
  Draft draft = complaint();
  draft.reporter_name = "Sari";
  draft.reporter_phone = "08123456789";
  draft.photos = {photo()};
  EXPECT_EQ(normalised(draft).reporter_name, "Sari");
  draft.is_anonymous = true;
  const Draft sent = normalised(draft);
  EXPECT_EQ(sent.reporter_name, "");
  EXPECT_EQ(sent.reporter_phone, "");
  draft.reporter_name.clear();
  draft.reporter_phone.clear();
  EXPECT_EQ(sent, draft);
}

TEST(ReadsLikeEmergency, FindsWhatIsHappeningNow) {
  for (const std::string_view text :
       {"Kebakaran di pasar", "RUMAH TERBAKAR!!!", "ada kecelakaan,tolong", "Anak tenggelam di sungai",
        "tabrakan beruntun", "orang pingsan", "perampokan di minimarket", "ledakan tabung gas", "tanah longsor",
        "warga tersengat listrik", "tersengat\nlistrik", "ada korban jiwa", "“kebakaran”", "kebakarannya besar",
        "kecelakaanlah", "tidak sadarkan diri", "bekas kebakaran"}) {
    EXPECT_TRUE(reads_like_emergency(text, "")) << text;
    EXPECT_TRUE(reads_like_emergency("Tolong", text)) << text;
  }
}

TEST(ReadsLikeEmergency, LeavesOrdinaryReportsAlone) {
  for (const std::string_view text :
       {"", "Lubang besar di jalan", "Lampu jalan mati", "Pembakaran sampah tiap sore", "listrik padam",
        "pelintasan kereta api rusak", "antrean unit gawat darurat", "akta meninggal belum jadi",
        "jalan rawan kecelakaan", "untuk mencegah kecelakaan", "berpotensi longsor", "korban", "sangat jiwa", "tembok antilongsor retak",
        "gang Longsoran", "tersengat panas", "koran jiwa korban", "keracunanku"}) {
    EXPECT_FALSE(reads_like_emergency(text, text)) << text;
  }
}

TEST(ReadsLikeEmergency, WordsDoNotJoinAcrossTitleAndContent) {
  EXPECT_FALSE(reads_like_emergency("tersengat", "listrik"));
}

TEST(ReadsLikeEmergency, AFearedOneDoesNotHideARealOne) {
  EXPECT_TRUE(reads_like_emergency("Jalan rawan kecelakaan", "Baru saja ada kecelakaan lagi"));
  EXPECT_TRUE(reads_like_emergency("rawan kecelakaan dan ada kecelakaan", ""));
}

}  // namespace
}  // namespace titik::report
