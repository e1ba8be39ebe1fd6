#include "report/report.h"

#include <array>

namespace titik::report {
namespace {

struct StatusNames {
  Status status;
  std::string_view name;
  std::string_view label;
};

constexpr std::array kStatuses = {
    StatusNames{Status::kUnverified, "belum_terverifikasi", "Belum Terverifikasi"},
    StatusNames{Status::kVerified, "terverifikasi", "Terverifikasi"},
    StatusNames{Status::kInProcess, "proses", "Proses"},
    StatusNames{Status::kAnsweredByCitizen, "ditanggapi_pelapor", "Ditanggapi oleh Pelapor"},
    StatusNames{Status::kClosedByAdmin, "ditutup_admin", "Ditutup oleh Admin"},
    StatusNames{Status::kClosedBySystem, "ditutup_sistem", "Ditutup oleh Sistem"},
    StatusNames{Status::kOnHold, "tunda", "Tunda"},
    StatusNames{Status::kArchivedByAdmin, "diarsipkan_admin", "Diarsipkan oleh Admin"},
    StatusNames{Status::kArchivedBySystem, "diarsipkan_sistem", "Diarsipkan oleh Sistem"},
};

// Lower case, letters only, so that spacing and case do not matter.
std::string folded(std::string_view label) {
  std::string out;
  for (const char c : label) {
    if (c >= 'a' && c <= 'z') out.push_back(c);
    if (c >= 'A' && c <= 'Z') out.push_back(static_cast<char>(c - 'A' + 'a'));
  }
  return out;
}

}  // namespace

std::optional<Classification> classification_from_number(std::int64_t number) {
  if (number < 1 || number > 3) return std::nullopt;
  return static_cast<Classification>(number);
}

std::string_view phone_state_name(PhoneState state) {
  switch (state) {
    case PhoneState::kDraft: return "draf";
    case PhoneState::kQueued: return "antre";
    case PhoneState::kSending: return "mengirim";
    case PhoneState::kReceived: return "diterima";
    case PhoneState::kNeedsAttention: return "perlu_perhatian";
  }
  return "draf";
}

std::optional<PhoneState> phone_state_from_name(std::string_view name) {
  for (const PhoneState state : {PhoneState::kDraft, PhoneState::kQueued, PhoneState::kSending,
                                 PhoneState::kReceived, PhoneState::kNeedsAttention}) {
    if (phone_state_name(state) == name) return state;
  }
  return std::nullopt;
}

std::string_view status_name(Status status) {
  for (const StatusNames& names : kStatuses) {
    if (names.status == status) return names.name;
  }
  return "belum_terverifikasi";
}

std::string_view status_label(Status status) {
  for (const StatusNames& names : kStatuses) {
    if (names.status == status) return names.label;
  }
  return "Belum Terverifikasi";
}

std::optional<Status> status_from_name(std::string_view name) {
  for (const StatusNames& names : kStatuses) {
    if (names.name == name) return names.status;
  }
  return std::nullopt;
}

std::optional<Status> status_from_label(std::string_view label) {
  const std::string wanted = folded(label);
  if (wanted == "belumditindaklanjuti") return Status::kVerified;
  for (const StatusNames& names : kStatuses) {
    if (folded(names.label) == wanted) return names.status;
  }
  return std::nullopt;
}

StatusGroup status_group(Status status) {
  switch (status) {
    case Status::kUnverified:
    case Status::kVerified:
    case Status::kOnHold: return StatusGroup::kNotYet;
    case Status::kInProcess:
    case Status::kAnsweredByCitizen: return StatusGroup::kInProcess;
    case Status::kClosedByAdmin:
    case Status::kClosedBySystem:
    case Status::kArchivedByAdmin:
    case Status::kArchivedBySystem: return StatusGroup::kDone;
  }
  return StatusGroup::kNotYet;
}

}  // namespace titik::report
