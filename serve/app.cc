#include "serve/app.h"

#include "base/id.h"
#include "serve/access_log.h"
#include "serve/claims.h"

namespace titik::serve {
namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return 422;
    case ErrorCode::kMalformed: return 400;
    case ErrorCode::kTooLarge: return 413;
    case ErrorCode::kUnsupported: return 415;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kConflict: return 409;
    case ErrorCode::kUnauthorized: return 401;
    case ErrorCode::kForbidden: return 403;
    default: return 500;
  }
}

}  // namespace

Response refusal(int status, std::string_view message, std::vector<lapor::FieldError> errors) {
  return json_response(status, lapor::write_error({std::string(message), std::move(errors)}));
}

Response refusal_of(const Error& error) {
  const bool ours = status_of(error.code) == 500 || error.where == "database" || error.where == "files";
  if (ours) {
    Response response = refusal(500, "Server sedang bermasalah. Laporan Anda tetap tersimpan di ponsel; coba lagi nanti.");
    response.fault = error.where + ": " + error.message;
    return response;
  }
  if (error.code == ErrorCode::kMalformed) {
    // What came is not what any client of ours sends; the sentence is for the citizen, the code for programs.
    return refusal(400, "Permintaan tidak dapat dibaca. Perbarui aplikasi lalu coba lagi.",
                   {{error.where, "malformed", "Bagian ini tidak dapat dibaca."}});
  }
  std::vector<lapor::FieldError> errors;
  if (!error.where.empty()) {
    errors.push_back({error.where, std::string(error_code_name(error.code)), error.message});
  }
  return refusal(status_of(error.code), error.message, std::move(errors));
}

Response try_later(UnixMillis wait) {
  Response response = refusal(429, "Terlalu banyak permintaan. Coba lagi sebentar lagi; tidak ada yang hilang.");
  response.headers.emplace_back("Retry-After", std::to_string((wait + kSecond - 1) / kSecond));
  return response;
}

Result<bool> may_see(App& app, const Actor& actor, const StoredReport& report) {
  if (actor.role == Role::kCitizen) return app.repository.is_of(report, actor.caller_id);
  if (!may_see(actor, report.agency_id)) return false;
  TRY(AccessLog(app.repository.sql()).note(actor, report, app.now()));
  return true;
}

Result<StoredReport> visible_report(App& app, const Actor& actor, std::string_view tracking_id) {
  const Error not_found{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  if (!is_lapor_id(tracking_id)) return not_found;
  StoredReport report = TRY(app.repository.report(std::stoll(std::string(tracking_id))));
  if (TRY(may_see(app, actor, report))) return report;
  // A phone that follows it by a code sees what there is to see, and does nothing with it (api_claims.cc).
  const bool follows = actor.role == Role::kCitizen && TRY(Claims(app.repository.sql()).is_watched_by(report.tracking_id, actor.caller_id));
  if (!follows) return not_found;
  return report;
}

Result<StoredReport> own_report(App& app, const Actor& actor, std::string_view report_id) {
  const Error not_found{ErrorCode::kNotFound, "", "Laporan tidak ditemukan."};
  if (!is_uuid(report_id)) return not_found;
  StoredReport report = TRY(app.repository.report_by_key(report_id));
  if (!TRY(may_see(app, actor, report))) return not_found;
  return report;
}

Result<std::string> idempotency_key(const Request& request) {
  std::string key = request.header("Idempotency-Key");
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (!key.empty() && !is_uuid(key)) {
    return Error{ErrorCode::kInvalidArgument, "Idempotency-Key", "Nomor laporan dari ponsel tidak sah."};
  }
  return key;
}

}  // namespace titik::serve
