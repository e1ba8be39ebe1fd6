// Carries requests and answers over HTTP/1.1 with cpp-httplib. Only upstream_client.cc includes it too.
//
// Limits here: 64 threads, one for each connection (put nginx in front for many slow clients); request
// line and headers together at most 32 KB, which the library alone would read without end; 15 s for each
// read or write, 5 minutes for a whole request, 5 s between requests, less when others wait.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "serve/http.h"

namespace titik::serve {

class HttpServer {
 public:
  using Handle = std::function<Response(const Request&)>;  // called from several threads at once
  // Sees what no Handle answered before it goes out, to write it down: a head that cannot be read, whose Request has
  // no method and the headers that were understood, or a Handle that threw, which Response::fault tells. Gives it back.
  using Refused = std::function<Response(const Request&, Response)>;

  // `other_url`: of a server that pages may speak to besides this one (report::CityProfile::lapor_base_url).
  explicit HttpServer(Handle handle, const std::string& other_url = {}, Refused refused = {});
  ~HttpServer();

  // Binds and starts to answer. Port 0: any free one. Answers the port. kStorage when it is taken.
  Result<int> start(const std::string& host, int port);
  // Takes no new connections, ends the requests that run, and waits for them.
  void stop();

 private:
  class Adapter;
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace titik::serve
