// The older generations of the LAPOR! interface, as observed in public clients (docs/api.md, "Older generations"): the
// XML push of 2018, the list of topics, and the public page of a report. What is pushed goes the way of every create:
// same rules, same clock, exactly once.
#include <algorithm>

#include "base/id.h"
#include "base/utf8.h"
#include "serve/crypto.h"
#include "serve/handlers.h"
#include "serve/open311.h"
#include "serve/public_answers.h"
#include "serve/upstream_wire.h"
#include "serve/xml.h"

namespace titik::serve {
namespace {

// As `titik-serve token` and POST /titik/1/devices give it; clients of that time put it in braces and write it large.
std::string plain_token(std::string_view token) {
  std::string plain(trimmed(token));
  if (plain.size() >= 2 && plain.starts_with('{') && plain.ends_with('}')) plain = plain.substr(1, plain.size() - 2);
  std::transform(plain.begin(), plain.end(), plain.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return plain;
}

// Who has the token that stands in the body: another system or a phone, as on the other faces.
Result<Caller> caller_of(App& app, const std::string& token) {
  const std::optional<Caller> caller = TRY(app.repository.caller_by_token(sha256_hex(token)));
  if (!caller || caller->kind == CallerKind::kOffice) {
    return Error{ErrorCode::kForbidden, "token", "Token tidak ada atau tidak dikenal. Mintalah kepada pengelola server."};
  }
  return *caller;
}

// Of a phone what routes.cc counts when the token is in a header. 0: it may.
UnixMillis wait_of(App& app, const Caller& caller, Budget budget) {
  return caller.kind == CallerKind::kDevice ? app.gate.limits.take_request(budget, true, std::to_string(caller.id), app.now()) : 0;
}

// --- the push -----------------------------------------------------------------------------------

Error invalid(std::string_view where, std::string_view message) {
  return Error{ErrorCode::kInvalidArgument, std::string(where), std::string(message)};
}

// Not guessed at: a report whose flag cannot be read might be published against its writer's wish.
Result<bool> flag_of(const XmlElement& element, std::string_view name) {
  const std::string* value = element.attribute(name);
  const std::string_view flag = value ? trimmed(*value) : std::string_view();
  if (flag != "0" && flag != "1") return invalid(name, "Isi rahasia dan anonim dengan 0 atau 1.");
  return flag == "1";
}

std::string text_of(const XmlElement* parent, std::string_view name, Lines lines) {
  const XmlElement* element = parent ? parent->child(name) : nullptr;
  return element ? std::string(trimmed(clean_text(element->text, lines))) : std::string();
}

struct Push {
  bool is_secret = false, is_anonymous = false;
  std::string email, phone, first_name, last_name, words;
};

Result<Push> push_of(const XmlElement& root) {
  const XmlElement* report = root.child("laporan");
  if (root.name != "lapor" || !report) return invalid("laporan", "Kirim <lapor> dengan <laporan> di dalamnya.");
  const XmlElement* reporter = root.child("pelapor");
  Push push{.is_secret = TRY(flag_of(*report, "rahasia")), .is_anonymous = TRY(flag_of(*report, "anonim"))};
  push.email = text_of(reporter, "email", Lines::kOne);
  push.phone = text_of(reporter, "telpon", Lines::kOne);
  push.first_name = text_of(reporter, "namadepan", Lines::kOne);
  push.last_name = text_of(reporter, "namabelakang", Lines::kOne);
  push.words = text_of(report, "isi", Lines::kMany);
  return push;
}

// The same push by the same caller on one day is the same report. The token, which is nowhere kept, is part of it, so
// that nobody can try out by the key which telephone an anonymous report was sent with.
std::string key_of(const std::string& token, std::string_view today, const Push& push) {
  std::string words = token;
  for (const std::string_view part : {today, std::string_view(push.is_secret ? "1" : "0"), std::string_view(push.is_anonymous ? "1" : "0"),
                                      std::string_view(push.email), std::string_view(push.phone), std::string_view(push.first_name),
                                      std::string_view(push.last_name), std::string_view(push.words)}) {
    words += '\0';  // which XML cannot hold
    words += part;
  }
  return uuid_of(words);
}

// The format knows neither kind nor category nor place: a complaint of today, in the profile's last category, which is
// for all that is in no other. A title is public at once, a text when the office has seen it: of the words nothing goes
// into the title. The e-mail address is not kept, and of an anonymous one neither is the rest.
lapor::CreateRequest request_of(const App& app, const Push& push, std::string today) {
  const report::Category& category = app.profile.categories.back();
  report::Draft draft{.category_id = category.id, .title = category.name, .content = push.words, .incident_date = std::move(today)};
  draft.is_secret = push.is_secret;
  draft.is_anonymous = push.is_anonymous;
  if (!push.is_anonymous) {
    draft.reporter_name = std::string(prefix_of(trimmed(push.first_name + " " + push.last_name), report::kMaxName));
    draft.reporter_phone = push.phone;
  }
  return {.draft = std::move(draft), .lapor_category_id = category.lapor_category_id, .channel = app.profile.channel};
}

Response xml_response(int status, const Json& body) {
  Response response = json_response(status, open311::to_xml(body, "lapor", {}));
  response.content_type = "text/xml; charset=utf-8";
  return response;
}

// --- the public page ----------------------------------------------------------------------------

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\n': out += "<br>"; break;
      default: out += c;
    }
  }
  return out;
}

std::string_view kind_label(std::string_view kind) {
  if (kind == "action") return "Tindak lanjut";
  if (kind == "refusal") return "Tidak dapat ditindaklanjuti";
  if (kind == "question") return "Pertanyaan";
  return "Tanggapan";
}

std::string_view group_label(report::StatusGroup group) {
  switch (group) {
    case report::StatusGroup::kNotYet: return "Belum";
    case report::StatusGroup::kInProcess: return "Proses";
    case report::StatusGroup::kDone: return "Selesai";
  }
  return "Belum";
}

// Without styles and scripts: the Content-Security-Policy of every answer allows none in a page, and the few words need
// none. Search engines are asked to leave it alone: what is taken back later would stay in theirs.
std::string page_of(std::string_view title, std::string_view body) {
  std::string html = "<!doctype html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n<title>";
  html += escaped(title);
  html += "</title>\n</head>\n<body>\n<main>\n";
  html += body;
  return html + "</main>\n<p><a href=\"/\">Buka Titik Lapor</a></p>\n</body>\n</html>\n";
}

std::string time_of(const report::CityProfile& profile, UnixMillis time) {
  return "<time datetime=\"" + format_rfc3339(time) + "\">" + format_lapor_time(time, profile.zone).substr(0, 16) + " " +
         escaped(profile.zone_name) + "</time>";
}

std::string answer_html(const report::CityProfile& profile, const PublicAnswer& answer, const std::vector<EvidenceFinding>& findings) {
  std::string html = "<article>\n<h3>" + escaped(answer.institution.empty() ? "Instansi" : answer.institution) + ": ";
  html += kind_label(answer.kind);
  html += "</h3>\n<p>" + time_of(profile, answer.at) + "</p>\n";
  if (!answer.content.empty()) html += "<p>" + escaped(answer.content) + "</p>\n";
  for (const PublicEvidence& picture : answer.evidence) {
    const std::string path = "/titik/1/public/files/" + std::to_string(picture.file_id);
    html += "<p><a href=\"" + path + "\"><img src=\"" + path + "\" width=\"280\" loading=\"lazy\" alt=\"Foto bukti\"></a></p>\n";
  }
  for (const EvidenceFinding& finding : findings) {
    if (finding.follow_up_id == answer.id) html += "<p>Pemeriksaan bukti: " + escaped(finding_text(finding)) + "</p>\n";
  }
  return html + "</article>\n";
}

std::string report_html(const App& app, const PublicDetail& report, const std::vector<EvidenceFinding>& findings) {
  const report::CityProfile& profile = app.profile;
  const PublicItem& item = report.item;
  const report::Category* category = profile.category(item.category_id);
  const report::Agency* agency = profile.agency(item.agency_id);
  std::string html = "<h1>" + escaped(item.title) + "</h1>\n<dl>\n";
  const auto row = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    html += "<dt>";
    html += name;
    html += "</dt><dd>" + value + "</dd>\n";
  };
  row("Nomor laporan", std::to_string(item.tracking_id));
  row("Status", std::string(group_label(report::status_group(item.status))) + " (" + escaped(report::status_label(item.status)) + ")");
  row("Diterima", time_of(profile, item.received_at));
  row("Kategori", category ? escaped(category->name) : "");
  row("Instansi", agency ? escaped(agency->name) : "");
  row("Kelurahan", escaped(village_name(profile, item.village_code)));
  row("Kota", escaped(profile.name));
  html += "</dl>\n";
  if (!report.content.empty()) html += "<h2>Isi laporan</h2>\n<p>" + escaped(report.content) + "</p>\n";
  html += "<h2>Perjalanan laporan</h2>\n<ol>\n";
  for (const PublicStep& step : report.steps) {
    html += "<li>" + time_of(profile, step.at) + " " + escaped(report::status_label(step.status)) + "</li>\n";
  }
  html += "</ol>\n<h2>Jawaban instansi</h2>\n";
  if (report.answers.empty()) html += "<p>Belum ada.</p>\n";
  for (const PublicAnswer& answer : report.answers) html += answer_html(profile, answer, findings);
  return html;
}

// The same for what is secret, archived, or not there.
Response no_page() {
  Response response = json_response(404, page_of("Laporan tidak ditemukan", "<h1>Laporan tidak ditemukan</h1>\n"
                                                 "<p>Nomor ini tidak ada, atau laporannya tidak terbuka untuk umum.</p>\n"));
  response.content_type = "text/html; charset=utf-8";
  return response;
}

}  // namespace

Response in_xml(Response refused) {
  if (refused.status < 400 || !refused.content_type.starts_with("application/json")) return refused;
  const Result<Json> body = parse_json(refused.text());
  if (!body.ok()) return refused;
  refused.body = std::make_shared<const std::string>(open311::to_xml(*body, "lapor", {}));
  refused.content_type = "text/xml; charset=utf-8";
  return refused;
}

Response post_stream(App& app, Call& call) {
  const Result<XmlElement> root = read_xml(call.body);
  if (!root.ok()) return refusal_of(root.error());
  const std::string* told = root->attribute("token");
  const std::string token = plain_token(told ? *told : "");
  const Result<Caller> caller = caller_of(app, token);
  if (!caller.ok()) return refusal_of(caller.error());
  if (const UnixMillis wait = wait_of(app, *caller, Budget::kReport); wait > 0) return try_later(wait);
  const Result<Push> push = push_of(*root);
  if (!push.ok()) return refusal_of(push.error());

  // The key goes where clients that are not ours have theirs: post_report() asks no place of them.
  const std::string today = format_date(to_civil(app.now(), app.profile.zone));
  Request keyed = call.request;
  if (keyed.header("Idempotency-Key").empty()) keyed.headers["Idempotency-Key"] = key_of(token, today, *push);
  Call create{keyed, {}, *caller, actor_of(*caller), lapor::write_create(request_of(app, *push, today)), call.origin};
  const Response created = post_report(app, create);
  if (created.status >= 300) return created;
  const Result<lapor::Receipt> receipt = lapor::read_created(created.text());
  if (!receipt.ok()) return refusal_of(receipt.error());
  return xml_response(created.status, {{"trackingid", receipt->tracking_id}, {"transaksiid", receipt->report_id}});
}

// The ids are those that a create is sent with: LAPOR!'s, or the numbers that stand in for them (lapor_ids_are_placeholders).
Response post_topics(App& app, Call& call) {
  std::string token;
  if (trimmed(call.body).starts_with('{')) {
    const Result<Json> body = parse_json(call.body);
    if (!body.ok()) return refusal_of(body.error());
    token = string_or(*body, "KEYTOKEN");
  } else {
    const auto fields = form_fields(call.body);
    if (const auto field = fields.find("KEYTOKEN"); field != fields.end()) token = field->second;
  }
  const Result<Caller> caller = caller_of(app, plain_token(token));
  if (!caller.ok()) return refusal_of(caller.error());
  if (const UnixMillis wait = wait_of(app, *caller, Budget::kNone); wait > 0) return try_later(wait);
  Json topics = Json::array();
  for (const report::Category& category : app.profile.categories) {
    topics.push_back({{"id", category.lapor_category_id}, {"parent", "0"}, {"topic_name", category.name}});
  }
  return json_response(200, to_text(topics));
}

Response get_report_page(App& app, Call& call) {
  if (!is_lapor_id(call.ids[0])) return no_page();
  if (const auto refused = not_current(app)) return *refused;
  const Result<std::optional<PublicDetail>> detail = app.public_face.detail(std::stoll(call.ids[0]));
  if (!detail.ok()) return refusal_of(detail.error());
  if (!*detail) return no_page();
  const PublicDetail& report = **detail;
  const Result<std::vector<EvidenceFinding>> findings = app.proofs.findings(report.item.tracking_id);
  if (!findings.ok()) return refusal_of(findings.error());
  const std::string title = "Laporan " + std::to_string(report.item.tracking_id) + ": " + report.item.title;
  return public_answer(call, "text/html; charset=utf-8", page_of(title, report_html(app, report, *findings)));
}

}  // namespace titik::serve
