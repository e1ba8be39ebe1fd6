// A request and an answer as plain values. Handlers are functions from one to the other and know nothing
// of the library that carries them (http_server.cc does).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace titik::serve {

// Header names compare without regard to case.
struct HeaderLess {
  bool operator()(std::string_view a, std::string_view b) const;
};

// Takes one piece of a body; false stops the reading.
using BodySink = std::function<bool(std::string_view)>;

struct Request {
  std::string method;
  std::string target;  // as sent: "/complaints/7000001/followups?page=2"
  std::map<std::string, std::string, HeaderLess> headers;
  // Bytes that follow; nothing when the body is chunked.
  std::optional<std::int64_t> content_length;
  // Hands the body to the sink, piece by piece, once. False: the connection failed, or the sink stopped.
  std::function<bool(const BodySink&)> read_body;
  // The address at the other end of the connection: a client, or a proxy (client_address.h). Never kept.
  std::string peer = {};

  // "" when there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::shared_ptr<const std::string> body;  // null: none
  std::vector<std::pair<std::string, std::string>> headers;
  std::string fault;  // ours, for the log; never sent

  [[nodiscard]] std::string_view text() const { return body ? std::string_view(*body) : std::string_view(); }
  // "" when there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
};

Response json_response(int status, std::string json);

// Calls `use` with each element of a header that is a list, without the blanks around it.
void for_each_element(std::string_view list, const std::function<void(std::string_view)>& use);

// The path of a target, percent-decoded; nothing when it is not a well-formed absolute path.
std::optional<std::string> decoded_path(std::string_view target);
// A cookie of the request; "" when there is none.
std::string cookie_value(const Request& request, std::string_view name);
// A query parameter, percent-decoded; "" when there is none.
std::string query_value(std::string_view target, std::string_view name);
// The fields of application/x-www-form-urlencoded.
std::map<std::string, std::string> form_fields(std::string_view body);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(UnixMillis time);

// Sent with every answer, whoever makes it. Pages may also speak to the server of `other_url`, when there is one.
std::vector<std::pair<std::string, std::string>> security_headers(const std::string& other_url = {});

}  // namespace titik::serve
