// libFuzzer target of a request's head: http_fuzz CORPUS
// An input is a target ("/complaints/1?page=2"), a line end, and headers, a line each. They go through every function
// that reads them before a handler does: path and query, forms, cookies, languages, conditions, proxies' words for where
// a request comes from, and the files of the client. Checked, beyond "no sanitizer report": what is decoded can be
// encoded again; no path leaves the client's folder; who is no proxy of ours is believed nothing.
// The line-by-line reading of the head itself is cpp-httplib's, which is not compiled here.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <stdlib.h>

#include "serve/client_address.h"
#include "serve/credentials.h"
#include "serve/english.h"
#include "serve/http.h"
#include "serve/static_files.h"

namespace {

using namespace titik::serve;

constexpr std::string_view kPage = "<!doctype html><title>uji</title>";
constexpr std::string_view kPageCompressed = "not really brotli";
constexpr std::string_view kSecret = "outside of the client";

void require(bool truth, std::string_view what) {
  if (truth) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

std::string encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

void check_target(const std::string& target) {
  if (const auto path = decoded_path(target)) {
    require(path->starts_with('/') && path->find('\0') == path->npos && path->size() <= target.size(), "a path");
    require(decoded_path("/" + encoded(path->substr(1))) == *path, "a path is decoded otherwise than it was encoded");
  }
  const std::size_t question = target.find('?');
  if (question == target.npos) return;
  const std::string query = target.substr(question + 1, target.find('#') - question - 1);
  const auto fields = form_fields(query);
  std::string again;
  for (const auto& [name, value] : fields) {
    require(!name.empty() && name.size() + value.size() <= query.size(), "a field");
    if (target.find('#') == target.npos || target.find('#') > question) require(query_value(target, name) == value, "a query's value");
    again += (again.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
  }
  require(form_fields(again) == fields, "a form is decoded otherwise than it was encoded");
}

void check_headers(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    std::string loud = name;
    for (char& c : loud) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    require(request.header(loud) == value, "a header by another case of its name");
  }
  for (const std::string_view name : {kSessionCookie, kBrowserCookie}) {
    const std::string value = cookie_value(request, name);
    require(value.find(';') == value.npos, "a cookie with its neighbour");
    require(value.empty() || request.header("Cookie").find(std::string(name) + "=" + value) != std::string::npos, "a cookie of nobody's");
  }
  (void)check_own_page(request);
  const std::string wanted = request.header("Accept-Language");
  const Response said = in_language_of(wanted, json_response(404, R"({"message":"Laporan tidak ditemukan.","errors":[]})"));
  require(said.status == 404 && (said.header("Content-Language") == "en") == prefers_english(wanted), "a language that nobody asked for");
  (void)TrustedProxies::parse(request.header("X-Forwarded-For"));
}

void check_origin(Request request) {
  static const TrustedProxies proxies = TrustedProxies::parse("127.0.0.1, ::1, 10.0.0.0/8, 2001:db8::/32").value();
  Request bare = request;
  bare.headers.clear();
  for (const char* stranger : {"203.0.113.7", "2001:db9::1", "", "x"}) {
    request.peer = bare.peer = stranger;
    const Origin told = origin_of(request, proxies);
    const Origin known = origin_of(bare, proxies);
    require(told.counted_as == known.counted_as && !told.https, "a stranger's word for where it is");
  }
  for (const char* proxy : {"127.0.0.1", "::1", "10.1.2.3"}) {
    request.peer = proxy;
    const std::size_t counted = origin_of(request, proxies).counted_as.size();
    require(counted == 0 || counted == 8 || counted == 16, "who is counted");
  }
}

struct Client {
  Client() {
    std::string name = "/tmp/titik-http-fuzz-XXXXXX";
    folder = mkdtemp(name.data());
    std::filesystem::create_directories(folder + "/client/deep");
    write("/secret.html", kSecret);
    write("/client/index.html", kPage);
    write("/client/index.html.br", kPageCompressed);
    write("/client/deep/main.0123456789.js", kPage);
    files = StaticFiles::load(folder + "/client").value();
  }
  ~Client() { std::filesystem::remove_all(folder); }
  void write(const std::string& name, std::string_view text) const { std::ofstream(folder + name, std::ios::binary) << text; }
  std::string folder;
  StaticFiles files;
};

void check_client(const Request& request) {
  static const Client client;
  const Response response = client.files.answer(request);
  require(response.status == 200 || response.status == 304 || response.status == 404, "a status of the client's files");
  if (response.status == 200) require(response.text() == kPage || response.text() == kPageCompressed, "a file that is none of the client's");
  if (response.status == 304) require(response.text().empty(), "a body with 304");
  if (response.text() == kPageCompressed) require(response.header("Content-Encoding") == "br", "brotli that is not called so");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = [&] {
    const std::string_view text = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), text.size() + 1));
    return text;
  };
  Request request{.method = "GET", .target = std::string(line()), .headers = {}, .content_length = 0, .read_body = {}};
  while (!input.empty()) {
    const std::string_view header = line();
    const std::size_t colon = header.find(": ");
    if (colon != header.npos) request.headers[std::string(header.substr(0, colon))] = std::string(header.substr(colon + 2));
  }
  check_target(request.target);
  check_headers(request);
  check_client(request);
  check_origin(std::move(request));
  return 0;
}
