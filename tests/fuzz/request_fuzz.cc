// libFuzzer target of the whole server below its HTTP library: request_fuzz CORPUS
// An input is a request: a line "WHO METHOD TARGET", headers a line each, an empty line, the body. WHO is a phone, an
// agency (another system), an officer (the coordinator), or anybody. It goes through routing, credentials, limits and
// handlers to the database. Checked, beyond "no sanitizer report": every answer has a status that HTTP knows, no fault
// of ours comes of what a stranger sent, JSON is JSON, no header breaks its line.
#include <cstdlib>
#include <iostream>
#include <memory>

#include "serve/accounts.h"
#include "serve/test_world.h"

namespace {

using namespace titik;
using namespace titik::serve;

void require(bool truth, const std::string& what) {
  if (truth) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

class Server : public World {
 public:
  Server() {
    repository->sql().execute("PRAGMA synchronous = OFF").value();  // the disk is not what is tested
    who["phone"] = phone();
    who["agency"] = agency();
    Accounts accounts(repository->sql(), gate.passwords);
    (void)accounts.add({.name = "siti", .role = Role::kCoordinator, .agency_id = {}}, "sandi yang panjang", now).value();
    const Response in = call("POST", "/titik/1/office/session", {{"X-Titik-Office", "1"}},
                             R"({"name":"siti","password":"sandi yang panjang"})");
    for (const auto& [name, value] : in.headers) {
      if (name == "Set-Cookie" && value.starts_with("titik_session=")) who["officer"]["Cookie"] = value.substr(0, value.find(';'));
    }
    require(who["officer"].contains("Cookie"), "no session");
    who["officer"]["X-Titik-Office"] = "1";
    // Something to ask for: a report with an answer, an upload begun, a thumbnail waited for.
    const std::string id = create_report(who["phone"]);
    require(follow_up(who["agency"], id, "Dikerjakan", {kJpeg}).status == 201, "no answer");
  }
  void TestBody() override {}
  std::map<std::string, Headers> who;
};

std::string_view line_of(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

std::string word_of(std::string_view& line) {
  const std::string word(line.substr(0, line.find(' ')));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<Server> server;
  static int asked = 0;
  if (asked++ % 2'000 == 0) server = std::make_unique<Server>();  // before the database grows large
  std::string_view input(reinterpret_cast<const char*>(data), size);
  std::string_view first = line_of(input);
  const std::string who = word_of(first), method = word_of(first);
  const std::string target(first);
  World::Headers headers = server->who[who];
  for (std::string_view line = line_of(input); !line.empty(); line = line_of(input)) {
    const std::size_t colon = line.find(": ");
    if (colon != line.npos) headers[std::string(line.substr(0, colon))] = std::string(line.substr(colon + 2));
  }
  server->now += kSecond;
  server->log.clear();
  const Response response = server->call(method, target, headers, std::string(input));
  require(response.status >= 200 && response.status < 600, "status " + std::to_string(response.status));
  require(response.fault.empty(), "a fault of ours: " + response.fault);
  if (!response.text().empty() && response.content_type.starts_with("application/json")) {
    require(parse_json(response.text()).ok(), "no JSON: " + std::string(response.text()));
  }
  for (const auto& [name, value] : response.headers) {
    require(name.find_first_of("\r\n") == name.npos && value.find_first_of("\r\n") == value.npos, "a header of two lines: " + name);
  }
  return 0;
}
