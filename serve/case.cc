#include "serve/case.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace titik::serve {
namespace {

using report::Status;

constexpr int kDefaultHours = 72;  // of a category that the profile no longer has

int hours_of(const Case& subject, const report::CityProfile& profile) {
  const report::Category* category = profile.category(subject.category_id);
  return category ? category->hours : kDefaultHours;
}

std::string agency_name(const report::CityProfile& profile, std::string_view id) {
  const report::Agency* agency = profile.agency(id);
  return agency ? agency->short_name : std::string(id);
}

Error wanting(std::string_view where, std::string_view message) {
  return Error{ErrorCode::kInvalidArgument, std::string(where), std::string(message)};
}

bool says_nothing(const Step& step, const CityRules& city) { return city.acknowledgements.says_nothing(step.text); }

// What a step weighs, whatever it is called and whatever lies with it (docs/domain.md: an acknowledgement is not a
// follow-up). Evidence without words, or with a bare "ok", speaks for itself.
Action weighed(const Step& step, const CityRules& city) {
  const bool is_acknowledgement = city.acknowledgements.is_all_of(step.text);
  switch (step.action) {
    case Action::kAct:
    case Action::kRefuse:
    case Action::kAsk: return is_acknowledgement ? Action::kAcknowledge : step.action;
    case Action::kAnswer:  // "ok" settles no question
      return is_acknowledgement || (step.files == 0 && says_nothing(step, city)) ? Action::kAcknowledge : step.action;
    default: return step.action;
  }
}

Result<Ok> check_agency(const Case& subject, const Actor& actor, const Step& step, const CityRules& city) {
  if (city.profile.agency(step.agency_id) == nullptr) return wanting("agency", "Instansi tujuan tidak dikenal.");
  if (step.action != Action::kHandOn) return Ok{};
  if (step.agency_id == subject.agency_id) return wanting("agency", "Laporan sudah ada pada instansi itu.");
  const bool of_agency = actor.role == Role::kLiaison || actor.role == Role::kHead;
  if (of_agency && subject.hand_ons >= kMostHandOns) {
    return Error{ErrorCode::kForbidden, "agency",
                 "Laporan ini sudah dua kali diteruskan. Minta koordinator menentukan instansinya."};
  }
  return Ok{};
}

Result<Ok> check_needs(const Rule& rule, const Case& subject, const Actor& actor, const Step& step, UnixMillis now,
                       const CityRules& city) {
  if (needs(rule, Need::kText) && trimmed(step.text).empty() && step.files == 0) {
    return wanting("text", "Tulis tanggapan atau lampirkan foto.");
  }
  if (needs(rule, Need::kReason) && says_nothing(step, city)) {
    return wanting("reason", "Tulis alasannya: yang tertulis belum menjelaskan apa-apa.");
  }
  if (needs(rule, Need::kEvidence) && step.files == 0) {
    if (needs_evidence(subject, city.profile)) {
      return wanting("photo", "Tindakan untuk kategori ini perlu bukti: lampirkan foto atau dokumen.");
    }
    if (says_nothing(step, city)) return wanting("text", "Tulis apa yang sudah dilakukan.");
  }
  if (needs(rule, Need::kSettled) && subject.times.follow_up_stopped_at == 0) {
    return wanting("reason", "Laporan hanya dapat ditutup sesudah tindak lanjut berbukti atau penolakan beralasan.");
  }
  if (needs(rule, Need::kSettledOrReason) && subject.times.follow_up_stopped_at == 0 && says_nothing(step, city)) {
    return wanting("reason", "Laporan hanya dapat ditutup dengan bukti (tindak lanjut berfoto) atau alasan.");
  }
  if (needs(rule, Need::kAgency)) TRY(check_agency(subject, actor, step, city));
  if (needs(rule, Need::kInTime) && !may_still_reopen(subject.times, now, city.days)) {
    return Error{ErrorCode::kConflict, "status",
                 "Laporan hanya dapat dibuka kembali dalam 10 hari kerja sesudah ditutup. Buat laporan baru."};
  }
  if (needs(rule, Need::kRating) && (step.rating < 1 || step.rating > 5)) {
    return wanting("rating", "Beri nilai 1 sampai 5.");
  }
  return Ok{};
}

// The scheduler may come late, or twice.
Result<Ok> check_due(const Case& subject, Action action, UnixMillis now) {
  const bool settled = subject.times.follow_up_stopped_at != 0;
  bool due = true;
  if (action == Action::kEscalate) due = escalation_is_due(subject.times, now);
  if (action == Action::kCloseSilent) due = silence_has_run_out(subject.times, now) && settled;
  if (action == Action::kArchiveSilent) due = silence_has_run_out(subject.times, now) && !settled;
  if (!due) return Error{ErrorCode::kConflict, "clock", "Waktunya belum tiba."};
  return Ok{};
}

// Its words go into the thread between citizen and agency.
bool in_thread(Action action) {
  switch (action) {
    case Action::kAcknowledge:
    case Action::kAnswer:
    case Action::kAct:
    case Action::kRefuse:
    case Action::kAsk:
    case Action::kReply:
    case Action::kReopen:
    case Action::kRate: return true;
    default: return false;
  }
}

void move_clocks(Case& subject, Action action, Role role, UnixMillis now, const CityRules& city) {
  ReportTimes& times = subject.times;
  switch (action) {
    case Action::kVerify:
    case Action::kDispose: note_verified(times, now); break;
    case Action::kHandOn: note_handed_on(times, now, hours_of(subject, city.profile)); break;
    case Action::kAcknowledge: note_response(times, now); break;
    case Action::kAnswer:  // what was asked is settled by its agency's answer, a complaint is not
      if (role == Role::kMayor) note_response(times, now);
      else if (subject.classification == report::Classification::kComplaint) note_answer(times, now, city.days);
      else note_settled(times, now, city.days);
      break;
    case Action::kAct:
    case Action::kRefuse: note_settled(times, now, city.days); break;
    case Action::kAsk: note_question(times, now, city.days); break;
    case Action::kHold: note_hold(times, now); break;
    case Action::kResume: break;  // take() has resumed
    case Action::kArchive:
    case Action::kClose:
    case Action::kCloseSilent:
    case Action::kArchiveSilent: note_closed(times, now); break;
    case Action::kReply: note_citizen(times, now, city.days); break;
    case Action::kReopen: note_reopened(times, now, hours_of(subject, city.profile)); break;
    case Action::kHide:
    case Action::kRate: break;
    case Action::kEscalate: note_escalated(times); break;
  }
}

std::string with_reason(std::string text, std::string_view reason) {
  if (!trimmed(reason).empty()) text += ": " + std::string(trimmed(reason));
  return text;
}

std::string rating_words(int rating) {
  constexpr std::array kWords = {"Sangat Tidak Memuaskan", "Kurang Memuaskan", "Netral", "Cukup Memuaskan", "Sangat Memuaskan"};
  return kWords.at(static_cast<std::size_t>(rating - 1));
}

// Of a settled report it is the citizen's answer to it that waits.
std::string escalation_words(const Case& after, const CityRules& city) {
  const bool is_settled = after.times.follow_up_stopped_at != 0;
  if (after.times.level != Level::kHead) {
    return std::string(is_settled ? "Tanggapan pelapor masih belum dijawab" : "Masih lewat tenggat") + ". Diteruskan ke kantor wali kota";
  }
  const report::Agency* agency = city.profile.agency(after.agency_id);
  const std::string to = agency && agency->vertical ? "koordinator kota: " + agency->short_name + " di luar kewenangan kota"
                                                    : "kepala " + agency_name(city.profile, after.agency_id);
  return std::string(is_settled ? "Tanggapan pelapor belum dijawab" : "Tenggat lewat") + ". Diteruskan ke " + to;
}

// What the citizen reads of the step's last line; "" when the thread says it. `moved`: it changed the state.
std::string words_of(const Case& after, Action action, const Step& step, bool moved, const CityRules& city) {
  switch (action) {
    case Action::kVerify: return "Laporan terverifikasi";
    case Action::kDispose: return with_reason(passed_on_words(city.profile, after.agency_id), step.text);
    case Action::kHandOn: return with_reason("Bukan wewenang instansi sebelumnya. " + passed_on_words(city.profile, after.agency_id), step.text);
    case Action::kAcknowledge:
    case Action::kAnswer:
    case Action::kAct:
    case Action::kRefuse:
    case Action::kAsk: return moved ? "Laporan diproses" : "";
    case Action::kHold: return with_reason("Ditunda", step.text);
    case Action::kResume: return with_reason("Dilanjutkan", step.text);
    case Action::kArchive: return with_reason("Diarsipkan", step.text);
    case Action::kClose: return with_reason("Laporan ditutup", step.text);
    case Action::kHide: return with_reason("Dirahasiakan, tidak lagi tampil di halaman publik", step.text);
    case Action::kReply: return moved ? "Pelapor menanggapi" : "";
    case Action::kReopen: return "Pelapor membuka kembali laporan";
    case Action::kRate: return "Pelapor memberi nilai " + std::to_string(step.rating) + " dari 5: " + rating_words(step.rating);
    case Action::kEscalate: return escalation_words(after, city);
    case Action::kCloseSilent: return "Ditutup oleh sistem: 10 hari kerja tanpa tanggapan pelapor";
    case Action::kArchiveSilent: return "Diarsipkan oleh sistem: pertanyaan tidak dijawab pelapor dalam 10 hari kerja";
  }
  return "";
}

}  // namespace

Result<CityRules> CityRules::of(report::CityProfile profile, std::string_view json) {
  Acknowledgements acknowledgements = TRY(Acknowledgements::of_profile(json));
  std::vector<Area> areas = TRY(areas_of_profile(json, profile));
  WorkingDays days(profile);
  return CityRules{std::move(profile), std::move(days), std::move(acknowledgements), std::move(areas)};
}

Case new_case(std::string_view agency_id, std::string_view category_id, report::Classification classification,
              UnixMillis now, const CityRules& city) {
  Case fresh;
  fresh.agency_id = agency_id;
  fresh.category_id = category_id;
  fresh.classification = classification;
  fresh.times = times_of_new(now, hours_of(fresh, city.profile), city.days);
  return fresh;
}

std::string passed_on_words(const report::CityProfile& profile, std::string_view agency_id) {
  const report::Agency* agency = profile.agency(agency_id);
  if (agency && agency->vertical) return "Urusan " + agency->short_name + ", di luar kewenangan kota: diteruskan koordinator lewat SP4N-LAPOR!";
  return "Diteruskan ke " + agency_name(profile, agency_id);
}

bool needs_evidence(const Case& subject, const report::CityProfile& profile) {
  if (subject.classification != report::Classification::kComplaint) return false;
  const report::Category* category = profile.category(subject.category_id);
  return category == nullptr || category->evidence_required;
}

Result<Outcome> take(Case& subject, const Actor& actor, const Step& step, UnixMillis now, const CityRules& city) {
  // 1. May they? The role, the report, the state.
  if (!may_act_on(actor, subject.agency_id, subject.times.level == Level::kMayor)) {
    return Error{ErrorCode::kForbidden, "role", "Laporan ini bukan bagian Anda."};
  }
  TRY(rule_for(step.action, subject.status, actor.role));
  // 2. What does it weigh? Then that must be allowed too, and have all it needs.
  const Action action = weighed(step, city);
  const Rule rule = TRY(rule_for(action == Action::kAcknowledge && actor.role == Role::kMayor ? step.action : action,
                                 subject.status, actor.role));
  TRY(check_needs(rule, subject, actor, step, now, city));
  TRY(check_due(subject, action, now));

  // 3. Each change of state is a line; the last one says what was done.
  Outcome outcome{.counted = action, .lines = {}};
  Case after = subject;
  const std::string note = in_thread(step.action) ? "" : step.text;
  const std::vector<Status> states = path(rule, subject.status, subject.before_hold);
  if (subject.status == Status::kOnHold && !states.empty()) note_resumed(after.times, now, city.days);
  if (step.action == Action::kHold) after.before_hold = subject.status;
  // On hold the state stays; it is the agency's turn when it goes on.
  if (action == Action::kReply && subject.status == Status::kOnHold && subject.before_hold == Status::kInProcess) after.before_hold = Status::kAnsweredByCitizen;
  if (needs(rule, Need::kAgency)) after.agency_id = step.agency_id;
  if (action == Action::kHandOn) ++after.hand_ons;
  if (action == Action::kRate) after.rating = step.rating;
  move_clocks(after, action, actor.role, now, city);
  for (const Status to : states) {
    const bool last = to == states.back();
    outcome.lines.push_back({.action = last ? action : Action::kVerify,
                             .from = after.status,
                             .to = to,
                             .text = last ? words_of(after, action, step, true, city) : "Laporan terverifikasi",
                             .institution = last ? step.institution : "",
                             .note = last ? note : ""});
    after.status = to;
    if (to != Status::kUnverified && is_open(to) && to != Status::kOnHold) note_verified(after.times, now);
  }
  if (states.empty()) {
    outcome.lines.push_back({.action = action, .from = after.status, .to = after.status,
                             .text = words_of(after, action, step, false, city), .institution = step.institution,
                             .note = note});
  }
  subject = std::move(after);
  return outcome;
}

std::vector<Possible> possible_steps(const Case& subject, const Actor& actor, const CityRules& city) {
  std::vector<Possible> steps;
  if (actor.role == Role::kCitizen || !may_act_on(actor, subject.agency_id, subject.times.level == Level::kMayor)) return steps;
  const bool is_settled = subject.times.follow_up_stopped_at != 0;
  const bool has_handed_on_enough = (actor.role == Role::kLiaison || actor.role == Role::kHead) && subject.hand_ons >= kMostHandOns;
  for (const Action action : kActions) {
    const Result<Rule> rule = rule_for(action, subject.status, actor.role);
    if (!rule.ok() || (needs(*rule, Need::kSettled) && !is_settled) || (action == Action::kHandOn && has_handed_on_enough)) continue;
    steps.push_back({.action = action,
                     .needs_reason = needs(*rule, Need::kReason) || needs(*rule, Need::kText) || (needs(*rule, Need::kSettledOrReason) && !is_settled),
                     .needs_evidence = needs(*rule, Need::kEvidence) && needs_evidence(subject, city.profile),
                     .needs_agency = needs(*rule, Need::kAgency)});
  }
  return steps;
}

std::string_view notice_of(Action asked, Action counted) {
  if (asked == counted || counted != Action::kAcknowledge) return "";
  return "Tulisan ini hanya menyatakan laporan diterima, jadi dicatat sebagai tanda terima: tenggat tindak lanjut tetap "
         "berjalan. Tenggat berhenti dengan tindakan yang berbukti atau penolakan yang beralasan.";
}

}  // namespace titik::serve
