// GeoReport v2, as a client of the specification reads it.
#include "serve/open311.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

// The members that the specification names for each answer, in the elements of `list`.
void expect_members(const Json& list, std::initializer_list<const char*> names) {
  ASSERT_TRUE(list.is_array());
  ASSERT_FALSE(list.empty());
  for (const Json& one : list) {
    for (const char* name : names) EXPECT_TRUE(one.contains(name)) << name;
  }
}

// A reader of XML that knows no more than elements and text: enough to say whether it is well-formed, and to look.
class Xml {
 public:
  explicit Xml(std::string_view text) : text_(text) {
    const std::size_t begin = text.find("?>");
    at_ = begin == text.npos ? text.size() : begin + 3;
    well_formed = text.starts_with("<?xml") && element("") && trimmed_rest();
  }
  bool well_formed = false;
  std::map<std::string, std::vector<std::string>> values;  // by path: "service_requests/request/lat"
  std::string first(const std::string& path) { return values[path].empty() ? "" : values[path].front(); }

 private:
  bool element(const std::string& parent) {
    if (at_ >= text_.size() || text_[at_] != '<') return false;
    const std::size_t end = text_.find('>', at_);
    if (end == text_.npos) return false;
    const std::string name(text_.substr(at_ + 1, end - at_ - 1));
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != name.npos) return false;
    const std::string path = parent.empty() ? name : parent + "/" + name;
    at_ = end + 1;
    std::string text;
    while (at_ < text_.size() && !text_.substr(at_).starts_with("</")) {
      if (text_[at_] == '<') {
        if (!element(path)) return false;
      } else if (text_[at_] == '&') {
        const std::size_t semicolon = text_.find(';', at_);
        if (semicolon == text_.npos || semicolon - at_ > 6) return false;
        const std::string_view entity = text_.substr(at_, semicolon - at_ + 1);
        if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;") return false;
        text += entity == "&amp;" ? '&' : entity == "&lt;" ? '<' : entity == "&gt;" ? '>' : '"';
        at_ = semicolon + 1;
      } else {
        text += text_[at_++];
      }
    }
    const std::string closing = "</" + name + ">";
    if (!text_.substr(std::min(at_, text_.size())).starts_with(closing)) return false;
    at_ += closing.size();
    values[path].push_back(text);
    return true;
  }
  bool trimmed_rest() const { return text_.substr(at_) == "\n"; }
  std::string_view text_;
  std::size_t at_ = 0;
};

class Open311 : public World {
 protected:
  Json get(const std::string& what, int status = 200) {
    const Response response = call("GET", "/open311/v2/" + what, {});
    EXPECT_EQ(response.status, status) << what << " " << response.text();
    Result<Json> body = parse_json(response.text());
    return body.ok() ? *body : Json();
  }
  Response post(const std::string& body, Headers headers = {}) {
    headers["Content-Type"] = "application/x-www-form-urlencoded";
    return call("POST", "/open311/v2/requests.json", headers, body);
  }
  // As the limits know where requests come from.
  std::string counted_address() { return origin_of({"GET", "/", {}, 0, {}, peer}, gate.proxies).counted_as; }
  static std::string key_of(const Headers& who) { return who.at("Authorization").substr(7); }
  Headers who = phone();
};

TEST_F(Open311, DiscoveryServicesAndDefinitions) {
  const Json discovery = get("discovery.json");
  for (const char* name : {"changeset", "contact", "key_service", "endpoints"}) EXPECT_TRUE(discovery.contains(name)) << name;
  expect_members(discovery["endpoints"], {"specification", "url", "changeset", "type", "formats"});
  const Json services = get("services.json");
  expect_members(services, {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"});
  EXPECT_EQ(services.size(), 2u);
  EXPECT_EQ(string_or(get("services/jalan.json"), "service_code"), "jalan");
  expect_members(get("services/none.json", 404), {"code", "description"});
  expect_members(get("services.json?jurisdiction_id=elsewhere", 404), {"code", "description"});
  EXPECT_EQ(get("services.json?jurisdiction_id=kota-uji").size(), 2u);
  get("nothing.json", 404);
}

TEST_F(Open311, WhatIsPostedForXmlIsAnsweredInXml) {
  const Response xml = call("POST", "/open311/v2/requests.xml", {{"Content-Type", "application/x-www-form-urlencoded"}},
                            "api_key=" + key_of(who) + "&service_code=jalan&lat=-1.6123&long=103.6&description=Lubang");
  EXPECT_EQ(xml.status, 201) << xml.text();
  EXPECT_TRUE(xml.text().starts_with("<?xml")) << xml.text();
}

TEST_F(Open311, AnotherSystemsReportsAreCountedApartFromPhones) {
  for (const Headers& by : {who, agency()}) {
    ASSERT_EQ(post("api_key=" + key_of(by) + "&service_code=jalan&lat=-1.6123&long=103.6&description=Lubang").status, 201);
  }
  const Json counts = *parse_json(call("GET", "/titik/1/public/counts?by=channel", {}).text());
  std::map<std::string, std::int64_t> received;
  for (const Json& row : member(counts, "counts")) received[string_or(row, "value")] = integer_or(row, "received");
  EXPECT_EQ(received, (std::map<std::string, std::int64_t>{{"app", 1}, {"sistem", 1}}));
}

TEST_F(Open311, WhatIsPostedIsAReportLikeAnyOther) {
  const std::string fields = "api_key=" + key_of(who) + "&service_code=jalan&lat=-1.6123&long=103.6&description=Lubang+besar%0Adi+tikungan&first_name=Siti&phone=081234567890&address_string=RT+05";
  const Response response = post(fields);
  ASSERT_EQ(response.status, 201) << response.text();
  const Json posted = *parse_json(response.text());
  expect_members(posted, {"service_request_id", "service_notice", "account_id"});
  const std::string id = string_or(posted[0], "service_request_id");
  // Asked again because the answer was lost: the same one.
  now += 90 * kSecond;
  EXPECT_EQ(post(fields).status, 200);
  EXPECT_EQ(string_or((*parse_json(post(fields).text()))[0], "service_request_id"), id);
  const Json list = get("requests.json");
  expect_members(list, {"service_request_id", "status", "status_notes", "service_name", "service_code", "description",
                        "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
                        "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url"});
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(string_or(list[0], "description"), "Jalan");  // until the office has seen the text
  EXPECT_EQ(list[0].dump().find("Siti"), std::string::npos);
  EXPECT_EQ(string_or(get("tokens/" + id + ".json")[0], "service_request_id"), id);
  EXPECT_EQ(detail(who, id).status_code, "belum_terverifikasi");  // the key's own device follows it
  ASSERT_TRUE(workflow.take(std::stoll(id), desk(), {.action = Action::kVerify}, now).ok());
  EXPECT_EQ(string_or(get("requests/" + id + ".json")[0], "description"), "Lubang besar\ndi tikungan");
}

TEST_F(Open311, WhatCannotBeTakenIsRefusedInItsForm) {
  const std::string key = "api_key=" + key_of(who);
  const auto status = [&](const std::string& fields) {
    const Response response = post(fields);
    expect_members(*parse_json(response.text()), {"code", "description"});
    return response.status;
  };
  EXPECT_EQ(status("service_code=jalan&lat=-1.6&long=103.6&description=x"), 403);
  EXPECT_EQ(status("api_key=wrong&service_code=jalan&lat=-1.6&long=103.6&description=x"), 403);
  EXPECT_EQ(status(key + "&service_code=none&lat=-1.6&long=103.6&description=x"), 400);
  EXPECT_EQ(status(key + "&service_code=jalan&description=x"), 400);
  EXPECT_EQ(status(key + "&service_code=jalan&lat=x&long=103.6&description=x"), 400);
  EXPECT_EQ(status(key + "&service_code=jalan&lat=-1.6&long=103.6&phone=12&description=x"), 400);
  EXPECT_EQ(status(key + "&service_code=jalan&lat=-1.6&long=103.6&description=" + std::string(5001, 'x')), 400);
  EXPECT_EQ(status(key + "&jurisdiction_id=x&service_code=jalan&lat=-1.6&long=103.6&description=x"), 404);
  for (const char* bad : {"requests.json?status=x", "requests.json?start_date=x", "requests.json?service_request_id=x"}) {
    expect_members(get(bad, 400), {"code", "description"});
  }
}

// A client of the specification reads no other form, whoever refuses.
TEST_F(Open311, WhatTheRoutesRefuseIsInItsFormToo) {
  const auto ask = [&](const std::string& method, const std::string& target, int status, const std::string& body = "") {
    const Response response = call(method, "/open311/v2/" + target, {{"Content-Type", "application/x-www-form-urlencoded"}}, body);
    EXPECT_EQ(response.status, status) << method << " " << target;
    if (target.find(".xml") == target.npos) {
      expect_members(*parse_json(response.text()), {"code", "description"});
      EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
    } else {
      EXPECT_EQ(response.content_type, "text/xml; charset=utf-8");
      Xml xml(response.text());
      EXPECT_TRUE(xml.well_formed) << response.text();
      EXPECT_EQ(xml.values["errors/error/code"], std::vector<std::string>{std::to_string(status)}) << response.text();
      EXPECT_FALSE(xml.first("errors/error/description").empty());
    }
    return response;
  };
  for (const std::string format : {".json", ".xml"}) {
    ask("GET", "nothing" + format + "?x=1", 404);
    EXPECT_EQ(ask("DELETE", "requests" + format, 405).header("Allow"), "GET, POST");
    ask("POST", "requests" + format, 413, std::string(kMaxJsonBody + 1, 'x'));
    peer = "203.0.113.9";
    while (app.gate.limits.take(Budget::kRequest, false, counted_address(), now) == 0) {}
    EXPECT_NE(ask("GET", "services" + format, 429).header("Retry-After"), "");
    peer.clear();
  }
  ask("GET", "%00", 400);
}

TEST_F(Open311, ItsRefusalsAreInTheLanguageThatIsAskedFor) {
  const std::string form = "api_key=" + key_of(who) + "&service_code=jalan&lat=-1.6&long=103.6&phone=12&description=x";
  const Headers english = {{"Accept-Language", "en"}, {"Content-Type", "application/x-www-form-urlencoded"}};
  const auto said = [&](const std::string& method, const std::string& target, const std::string& body = "") {
    const Response response = call(method, "/open311/v2/" + target, english, body);
    EXPECT_EQ(response.header("Content-Language"), "en") << target;
    if (target.find(".xml") == target.npos) {
      const Json errors = *parse_json(response.text());
      return errors.is_array() && !errors.empty() ? string_or(errors[0], "description") : "";
    }
    Xml xml(response.text());
    EXPECT_TRUE(xml.well_formed) << response.text();
    return xml.first("errors/error/description");
  };
  for (const std::string format : {".json", ".xml"}) {
    EXPECT_EQ(said("GET", "nothing" + format), "There is no such address.");
    EXPECT_EQ(said("GET", "requests/9" + format), "There is no such service_request_id.");
    EXPECT_EQ(said("GET", "services" + format + "?jurisdiction_id=x%26y"), "jurisdiction_id is not known; this server serves kota-uji.");
    EXPECT_EQ(said("GET", "requests" + format + "?end_date=x"), "end_date is no W3C time, such as 2026-11-21T00:00:00Z.");
    // Of a field that the rules of every create refuse, with its name.
    const std::string refused = said("POST", "requests" + format, form);
    EXPECT_TRUE(refused.ends_with(": The phone number is not valid. Write 8 to 15 digits.")) << refused;
  }
  EXPECT_EQ(call("GET", "/open311/v2/requests/9.xml", {}).header("Content-Language"), "");
}

// What a phone may report is counted, by whichever door it comes.
TEST_F(Open311, CountsAsAnyOtherReport) {
  const std::string form = "api_key=" + key_of(who) + "&service_code=jalan&lat=-1.6&long=103.6&description=";
  peer = "203.0.113.9";
  ASSERT_EQ(post(form + "satu").status, 201);
  const std::string device = std::to_string(repository->caller_by_token(sha256_hex(key_of(who))).value()->id);
  while (app.gate.limits.take(Budget::kReport, true, device, now) == 0) {}
  const Response too_often = post(form + "dua");
  EXPECT_EQ(too_often.status, 429);
  EXPECT_NE(too_often.header("Retry-After"), "");
  expect_members(*parse_json(too_often.text()), {"code", "description"});
  who = phone();
  EXPECT_EQ(post("api_key=" + key_of(who) + "&service_code=jalan&lat=-1.6&long=103.6&description=tiga").status, 201);
  while (app.gate.limits.take(Budget::kReport, false, counted_address(), now) == 0) {}
  EXPECT_EQ(post("api_key=" + key_of(who) + "&service_code=jalan&lat=-1.6&long=103.6&description=empat").status, 429);
  EXPECT_EQ(call("GET", "/open311/v2/requests.json", {}).status, 200);
}

TEST_F(Open311, RequestsAreFiltered) {
  const std::string first = create_report(who);
  now += 100 * kDay;
  const std::string second = create_report(who);
  (void)create(who, report_json("Rahasia", "[]", R"(,"is_secret":true)"));
  const auto ids = [&](const std::string& question) {
    std::string text;
    const Json list = get("requests.json" + question);
    for (const Json& one : list) text += string_or(one, "service_request_id") + " ";
    return text;
  };
  EXPECT_EQ(ids(""), second + " ");  // 90 days
  EXPECT_EQ(ids("?service_request_id=" + first + "," + second), second + " " + first + " ");
  EXPECT_EQ(ids("?start_date=2026-11-01T00:00:00Z"), first + " ");
  EXPECT_EQ(ids("?end_date=2026-11-30T00:00:00%2B07:00"), first + " ");
  EXPECT_EQ(ids("?start_date=2020-01-01T00:00:00Z&end_date=2026-11-30T00:00:00Z"), first + " ");
  EXPECT_EQ(ids("?service_code=lampu-jalan"), "");
  EXPECT_EQ(ids("?service_code=lampu-jalan,jalan"), second + " ");
  EXPECT_EQ(ids("?status=closed"), "");
  EXPECT_EQ(ids("?status=open"), second + " ");
  EXPECT_EQ(ids("?status=open,closed"), second + " ");
  get("requests/9999999.json", 404);
  get("requests/x.json", 404);
  get("tokens/9999999.json", 404);
}

TEST_F(Open311, XmlSaysTheSame) {
  ASSERT_EQ(create(who, report_json("A <b> & 'c' ]]>")).status, 201);
  const Response response = call("GET", "/open311/v2/requests.xml?status=open", {});
  EXPECT_EQ(response.content_type, "text/xml; charset=utf-8");
  Xml xml(response.text());
  EXPECT_TRUE(xml.well_formed) << response.text();
  EXPECT_EQ(xml.values["service_requests/request/description"], std::vector<std::string>{"A <b> & 'c' ]]>"});
  EXPECT_EQ(xml.values["service_requests/request/lat"].size(), 1u);
  Xml discovery(call("GET", "/open311/v2/discovery.xml", {}).text());
  EXPECT_TRUE(discovery.well_formed);
  EXPECT_EQ(discovery.values["discovery/endpoints/endpoint/formats/format"].size(), 2u);
  Xml services(call("GET", "/open311/v2/services.xml", {}).text());
  EXPECT_TRUE(services.well_formed);
  EXPECT_EQ(services.values["services/service/metadata"], (std::vector<std::string>{"false", "false"}));
  const Response refused = call("GET", "/open311/v2/requests/9.xml", {});
  EXPECT_EQ(refused.status, 404);
  Xml error(refused.text());
  EXPECT_TRUE(error.well_formed);
  EXPECT_EQ(error.values["errors/error/code"], std::vector<std::string>{"404"});
  EXPECT_FALSE(Xml("<?xml version=\"1.0\"?>\n<a><b></a>\n").well_formed);
}

TEST(Open311Time, IsReadAsW3cWritesIt) {
  EXPECT_EQ(open311::read_time("1970-01-01T00:00:01Z", 420), 1000);
  EXPECT_EQ(open311::read_time("1970-01-01T07:00:00+07:00", 0), 0);
  EXPECT_EQ(open311::read_time("1970-01-01T07:00:00.25 07:00", 0), 0);
  EXPECT_EQ(open311::read_time("1970-01-01", 420), -7 * kHour);
  for (const char* bad : {"", "1970-01-01T", "1970-01-01T25:00:00Z", "1970-13-01", "1970-01-01T00:00:00Zx", "1970-01-01T00:00:00+7"}) {
    EXPECT_FALSE(open311::read_time(bad, 0)) << bad;
  }
}

}  // namespace
}  // namespace titik::serve
