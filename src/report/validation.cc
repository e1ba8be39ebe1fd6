#include "report/validation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "base/id.h"
#include "base/utf8.h"

namespace titik::report {
namespace {

// White space, controls, and characters that draw nothing: a title of these is no title.
bool is_invisible(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

bool is_blank(std::string_view text) {
  for (std::size_t offset = 0; offset < text.size();) {
    if (!is_invisible(next_code_point(text, offset))) return false;
  }
  return true;
}

bool is_too_long(std::string_view text, std::size_t limit) {
  // A code point has at most four bytes, so the count of a far longer text is not needed.
  return text.size() > limit * 4 || count_code_points(text) > limit;
}

// 8–15 digits (E.164 allows 15), an optional leading +, spaces and hyphens apart.
bool is_phone(std::string_view text) {
  const std::string_view phone = trimmed(text);
  std::size_t digits = 0;
  for (std::size_t i = 0; i < phone.size(); ++i) {
    const char c = phone[i];
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (c != ' ' && c != '-' && !(c == '+' && i == 0)) {
      return false;
    }
  }
  return digits >= 8 && digits <= 15;
}

// Collects at most one problem for each field, so that a screen shows one sentence under each.
class Problems {
 public:
  void add_if(bool wrong, Field field, ProblemCode code) {
    if (wrong && (found_.empty() || found_.back().field != field)) found_.push_back({field, code});
  }
  std::vector<Problem> take() && { return std::move(found_); }

 private:
  std::vector<Problem> found_;
};

void check_photos(const std::vector<Photo>& photos, Problems& problems) {
  problems.add_if(photos.size() > kMaxPhotos, Field::kPhotos, ProblemCode::kTooLong);
  for (const Photo& photo : photos) {
    problems.add_if(!is_sha256(photo.sha256) || photo.bytes < 1, Field::kPhotos, ProblemCode::kInvalid);
    problems.add_if(photo.bytes > kMaxFileBytes, Field::kPhotos, ProblemCode::kTooLong);
  }
}

void check_place(const Draft& draft, Problems& problems) {
  if (draft.place) {
    const double accuracy = draft.place->accuracy_m;
    problems.add_if(!is_valid_point(draft.place->point) || !std::isfinite(accuracy) || accuracy < 0,
                    Field::kPlace, ProblemCode::kInvalid);
  } else {
    problems.add_if(is_blank(draft.landmark), Field::kPlace, ProblemCode::kMissing);
  }
  problems.add_if(is_too_long(draft.landmark, kMaxLandmark), Field::kLandmark, ProblemCode::kTooLong);
}

void check_incident_date(const Draft& draft, std::string_view today, Problems& problems) {
  const std::string& date = draft.incident_date;
  if (draft.classification != Classification::kComplaint) {
    problems.add_if(!date.empty(), Field::kIncidentDate, ProblemCode::kInvalid);
    return;
  }
  problems.add_if(date.empty(), Field::kIncidentDate, ProblemCode::kMissing);
  problems.add_if(!parse_date(date), Field::kIncidentDate, ProblemCode::kInvalid);
  // Dates of this form sort as text.
  problems.add_if(date > today, Field::kIncidentDate, ProblemCode::kInFuture);
}

void check_identity(const Draft& draft, Problems& problems) {
  problems.add_if(draft.is_anonymous && !draft.reporter_name.empty(), Field::kReporterName,
                  ProblemCode::kInvalid);
  problems.add_if(is_too_long(draft.reporter_name, kMaxName), Field::kReporterName, ProblemCode::kTooLong);
  problems.add_if(draft.is_anonymous && !draft.reporter_phone.empty(), Field::kReporterPhone,
                  ProblemCode::kInvalid);
  problems.add_if(draft.reporter_phone.size() > kMaxPhone, Field::kReporterPhone, ProblemCode::kTooLong);
  problems.add_if(!draft.reporter_phone.empty() && !is_phone(draft.reporter_phone), Field::kReporterPhone,
                  ProblemCode::kInvalid);
}

// --- reads_like_emergency: the words, and how they are found.

// One word, or words in a row. What 112 takes: fire, accident, rescue, illness, disaster, crime
// under way. Left out because citizens mostly write them about something else: "api" (kereta api),
// "darurat" (unit gawat darurat), "meninggal" (civil registry), "pencurian", "pohon tumbang",
// "banjir" (a category of its own). A false alarm costs one tap; a missed one may cost a life.
constexpr auto kEmergencies = std::to_array<std::string_view>({
    // Fire.
    "kebakaran", "terbakar", "kobaran api", "api membesar", "ledakan", "meledak", "kebocoran gas",
    "gas bocor",
    // Accidents.
    "kecelakaan", "tabrakan", "tertabrak", "ditabrak", "tabrak lari", "terlindas", "tertimpa", "tertimbun",
    "korban jiwa", "korban luka", "luka parah", "luka berat",
    // Water and electricity.
    "tenggelam", "hanyut", "terseret arus", "tersengat listrik", "tersetrum", "kesetrum",
    // Illness.
    "pingsan", "tidak sadarkan diri", "tak sadarkan diri", "tidak sadar diri", "serangan jantung", "sesak napas",
    "sesak nafas", "kejang", "keracunan", "pendarahan", "perdarahan",
    // Disaster.
    "longsor", "tanah longsor", "gempa", "banjir bandang", "puting beliung", "bangunan roboh", "rumah roboh",
    "terjebak banjir", "terjebak api", "terjebak di dalam",
    // Crime under way.
    "perampokan", "dirampok", "rampok", "begal", "dibegal", "pembegalan", "penculikan", "diculik",
    "pembunuhan", "penikaman", "ditikam", "dibacok", "tawuran", "bunuh diri", "ada bom",
});

// After one of these the word names a danger that is feared, not one that is here: "jalan rawan
// kecelakaan" is a report about a road.
constexpr auto kFeared = std::to_array<std::string_view>(
    {"rawan", "rentan", "potensi", "berpotensi", "mencegah", "pencegahan", "menghindari"});

// Small words that Indonesian writes onto the end of another: "kebakarannya", "kecelakaanlah".
constexpr auto kEnclitics = std::to_array<std::string_view>({"nya", "lah", "kah", "pun"});

// Lower-case ASCII words between single spaces, with a space at both ends: " ada kebakaran ".
// Everything else, also the typographic quotes that phones insert, separates words.
std::string words_of(std::string_view text) {
  std::string out = " ";
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out.push_back(c);
    } else if (c >= 'A' && c <= 'Z') {
      out.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if (out.back() != ' ') {
      out.push_back(' ');
    }
  }
  if (out.back() != ' ') out.push_back(' ');
  return out;
}

// True when a word ends at `rest`, an enclitic apart.
bool ends_word(std::string_view rest) {
  if (rest.starts_with(' ')) return true;
  return std::any_of(kEnclitics.begin(), kEnclitics.end(), [&](std::string_view enclitic) {
    return rest.starts_with(enclitic) && rest.substr(enclitic.size()).starts_with(' ');
  });
}

// `before` ends with the space in front of the word in question.
bool is_feared(std::string_view before) {
  before.remove_suffix(1);
  const std::string_view last = before.substr(before.rfind(' ') + 1);
  return std::find(kFeared.begin(), kFeared.end(), last) != kFeared.end();
}

bool mentions(std::string_view words, std::string_view emergency) {
  for (std::size_t at = words.find(emergency); at != std::string_view::npos;
       at = words.find(emergency, at + 1)) {
    if (words[at - 1] == ' ' && ends_word(words.substr(at + emergency.size())) &&
        !is_feared(words.substr(0, at))) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view field_name(Field field) {
  switch (field) {
    case Field::kId: return "id";
    case Field::kClassification: return "classification";
    case Field::kCategory: return "category_id";
    case Field::kTitle: return "title";
    case Field::kContent: return "content";
    case Field::kIncidentDate: return "incident_date";
    case Field::kReporterName: return "reporter_name";
    case Field::kReporterPhone: return "reporter_phone";
    case Field::kPlace: return "place";
    case Field::kLandmark: return "landmark";
    case Field::kPhotos: return "photos";
  }
  return "id";
}

std::string_view problem_code_name(ProblemCode code) {
  switch (code) {
    case ProblemCode::kMissing: return "missing";
    case ProblemCode::kTooLong: return "too_long";
    case ProblemCode::kInvalid: return "invalid";
    case ProblemCode::kInFuture: return "in_future";
  }
  return "invalid";
}

std::vector<Problem> validate(const Draft& draft, const CityProfile& profile, std::string_view today) {
  Problems problems;
  problems.add_if(!is_uuid(draft.id), Field::kId,
                  draft.id.empty() ? ProblemCode::kMissing : ProblemCode::kInvalid);
  // The order of the screens: Foto, Lokasi, Cerita.
  check_photos(draft.photos, problems);
  check_place(draft, problems);
  problems.add_if(!classification_from_number(static_cast<std::int64_t>(draft.classification)),
                  Field::kClassification, ProblemCode::kInvalid);
  problems.add_if(draft.category_id.empty(), Field::kCategory, ProblemCode::kMissing);
  problems.add_if(profile.category(draft.category_id) == nullptr, Field::kCategory, ProblemCode::kInvalid);
  problems.add_if(is_blank(draft.title), Field::kTitle, ProblemCode::kMissing);
  problems.add_if(is_too_long(draft.title, kMaxTitle), Field::kTitle, ProblemCode::kTooLong);
  problems.add_if(is_blank(draft.content), Field::kContent, ProblemCode::kMissing);
  problems.add_if(is_too_long(draft.content, kMaxContent), Field::kContent, ProblemCode::kTooLong);
  check_incident_date(draft, today, problems);
  check_identity(draft, problems);
  return std::move(problems).take();
}

Draft normalised(Draft draft) {
  const auto clean = [](std::string& text, Lines lines) {
    text = std::string(trimmed(clean_text(text, lines)));
  };
  clean(draft.title, Lines::kOne);
  clean(draft.content, Lines::kMany);
  clean(draft.landmark, Lines::kOne);
  clean(draft.incident_date, Lines::kOne);
  clean(draft.reporter_name, Lines::kOne);
  clean(draft.reporter_phone, Lines::kOne);
  if (draft.classification != Classification::kComplaint) draft.incident_date.clear();
  if (draft.is_anonymous) {
    draft.reporter_name.clear();
    draft.reporter_phone.clear();
  }
  return draft;
}

bool reads_like_emergency(std::string_view title, std::string_view content) {
  for (const std::string& words : {words_of(title), words_of(content)}) {
    if (std::any_of(kEmergencies.begin(), kEmergencies.end(),
                    [&](std::string_view emergency) { return mentions(words, emergency); })) {
      return true;
    }
  }
  return false;
}

}  // namespace titik::report
