#include "serve/http_server.h"

// The library was compiled with these; its structs have other layouts without them (its .pc file).
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include <httplib.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <exception>
#include <optional>
#include <thread>
#include <typeinfo>

#include "lapor/lapor.h"
#include "serve/english.h"

namespace titik::serve {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kThreads = 64;  // one for each connection; what is heavy has locks of its own
constexpr std::size_t kMaxHeaderBytes = 32 * 1024;
constexpr milliseconds kReadWriteTimeout{15'000};
constexpr milliseconds kRequestTimeout{300'000};
constexpr milliseconds kIdleTimeout{5'000};
constexpr milliseconds kIdleSlice{100};  // how often an idle connection looks whether others wait
constexpr milliseconds kIdleGrace{1'000};  // which it lets pass first: its next request may be on its way
constexpr milliseconds kLinger{2'000};
constexpr std::size_t kLingerBytes = 64 * 1024 * 1024;
constexpr int kBacklog = 128;

// Waits for `events` on the socket; true when they came.
bool wait_for(socket_t socket, short events, milliseconds timeout) {
  pollfd entry{socket, events, 0};
  int result = 0;
  do {
    result = poll(&entry, 1, static_cast<int>(timeout.count()));
  } while (result < 0 && errno == EINTR);
  return result > 0;
}

// A socket with a read buffer, a bound on the bytes of a request's head, and a deadline for all of it.
class Connection : public httplib::Stream {
 public:
  explicit Connection(socket_t socket) : socket_(socket) {}

  void begin_request() {
    deadline_ = Clock::now() + kRequestTimeout;
    head_left_ = kMaxHeaderBytes;
    in_head_ = true;
    unread_body_ = false;
  }
  void head_is_read() { in_head_ = false; }
  [[nodiscard]] bool head_is_too_long() const { return in_head_ && head_left_ == 0; }
  // The body was not taken, or only in part: what comes next on this connection is not a request.
  void leave_body() { unread_body_ = true; }
  [[nodiscard]] bool has_unread_body() const { return unread_body_; }

  [[nodiscard]] bool has_buffered() const { return begin_ < end_; }

  // Closing with unread bytes would make the kernel send a reset, and the client lose our answer.
  void linger() {
    (void)::shutdown(socket_, SHUT_WR);
    const auto until = Clock::now() + kLinger;
    for (std::size_t total = 0; total < kLingerBytes;) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
      if (left.count() <= 0 || !wait_for(socket_, POLLIN, left)) return;
      const ssize_t count = recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (count <= 0) return;
      total += static_cast<std::size_t>(count);
    }
  }

  bool is_readable() const override { return has_buffered() || wait_for(socket_, POLLIN, kReadWriteTimeout); }
  bool is_writable() const override { return wait_for(socket_, POLLOUT, kReadWriteTimeout); }

  ssize_t read(char* out, std::size_t size) override {
    if (!has_buffered() && !fill()) return -1;
    if (end_ == 0) return 0;  // the other side has closed
    std::size_t count = std::min(size, end_ - begin_);
    if (in_head_) {
      count = std::min(count, head_left_);
      if (count == 0) return -1;
      head_left_ -= count;
    }
    std::memcpy(out, buffer_.data() + begin_, count);
    begin_ += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* bytes, std::size_t size) override {
    if (Clock::now() >= deadline_ || !is_writable()) return -1;
    return send(socket_, bytes, size, MSG_NOSIGNAL);
  }

  // "" when the other end has no address (a local socket).
  [[nodiscard]] std::string peer() const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
    const void* bytes = nullptr;
    if (address.ss_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    if (address.ss_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (!bytes || !inet_ntop(address.ss_family, bytes, text.data(), text.size())) return {};
    return text.data();
  }

  // Addresses are not kept: nothing in the library may depend on who is calling.
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_; }

 private:
  bool fill() {
    begin_ = end_ = 0;
    if (Clock::now() >= deadline_ || !wait_for(socket_, POLLIN, kReadWriteTimeout)) return false;
    const ssize_t count = recv(socket_, buffer_.data(), buffer_.size(), 0);
    if (count < 0) return false;
    end_ = static_cast<std::size_t>(count);
    return true;
  }

  socket_t socket_;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::size_t head_left_ = 0;
  bool in_head_ = false;
  bool unread_body_ = false;
  std::array<char, 16 * 1024> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// The library's thread pool, which also knows how many connections wait for a thread.
class CountingPool : public httplib::TaskQueue {
 public:
  CountingPool(std::size_t threads, std::atomic<int>& waiting) : pool_(threads), waiting_(waiting) {}
  void enqueue(std::function<void()> task) override {
    ++waiting_;
    pool_.enqueue([this, task = std::move(task)] {
      --waiting_;
      task();
    });
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  httplib::ThreadPool pool_;
  std::atomic<int>& waiting_;
};

// What is known of the request that this thread works on. The library's own request is reduced to "/"
// before its routing: its std::regex and its multipart parser never see what a stranger sent.
struct Current {
  Connection* connection = nullptr;
  Request request;
  bool is_captured = false;  // false: the library could not read the head
  bool is_answered = false;  // false: what goes out is the library's own
  int problem = 0;           // HTTP status of a head that we refuse; 0: none
  std::string fault;         // of the library's own answer
};
thread_local Current current;

std::optional<std::int64_t> parse_length(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || text.starts_with('+')) {
    return std::nullopt;
  }
  return value;
}

// Takes the request out of the library's hands.
void capture(httplib::Request& request) {
  current.connection->head_is_read();
  current.is_captured = true;
  current.request.method = request.method;
  current.request.target = request.target;
  current.request.peer = current.connection->peer();
  for (const auto& [name, value] : request.headers) current.request.headers.emplace(name, value);

  const bool chunked = request.has_header("Transfer-Encoding");
  const std::size_t lengths = request.get_header_value_count("Content-Length");
  current.request.content_length = 0;
  if (chunked) current.request.content_length = std::nullopt;
  if (lengths > 0) {
    current.request.content_length = parse_length(request.get_header_value("Content-Length"));
    // Two ways to say where the body ends are one too many (RFC 9112, 6.3).
    if (lengths > 1 || chunked || !current.request.content_length) current.problem = 400;
  }
  if (request.has_header("Content-Encoding")) current.problem = 415;  // no compressed bodies: no bombs

  request.path.assign(1, '/');  // not = "/": GCC 12 sees an overlap that is not there
  request.ranges.clear();
  for (const char* name : {"Content-Type", "Range", "Accept-Encoding"}) request.headers.erase(name);
}

// Hands our answer to the library, which does not compress it (capture() took Accept-Encoding away): ours
// may be compressed already. As a body, not as a content provider: those are cut short by stop().
void emit(Response&& response, httplib::Response& out) {
  out.status = response.status;
  for (const auto& [name, value] : response.headers) out.set_header(name, value);
  if (current.connection->has_unread_body()) out.set_header("Connection", "close");
  if (response.body && !response.body->empty()) out.set_content(*response.body, response.content_type);
  current.is_answered = true;
}

// In the words of the same refusals in routes.cc and app.cc.
std::string_view words_of(int status) {
  switch (status) {
    case 413:
    case 431: return "Permintaan terlalu besar. Kurangi isinya lalu coba lagi.";
    case 414: return "Alamat tidak dapat dibaca.";
    default: break;
  }
  if (status >= 500) return "Server sedang bermasalah. Laporan Anda tetap tersimpan di ponsel; coba lagi nanti.";
  return "Permintaan tidak dapat dibaca.";
}

// Its type alone: what() may quote what a citizen wrote.
std::string fault_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return std::string("uncaught exception ") + typeid(error).name();
  } catch (...) {
    return "uncaught exception";
  }
}

}  // namespace

class HttpServer::Adapter : public httplib::Server {
 public:
  Adapter(Handle handle, const std::string& other_url, Refused refused)
      : handle_(std::move(handle)), refused_(std::move(refused)) {
    httplib::Headers headers;
    for (const auto& [name, value] : security_headers(other_url)) headers.emplace(name, value);
    set_default_headers(std::move(headers));
    set_keep_alive_timeout(static_cast<time_t>(std::chrono::duration_cast<seconds>(kIdleTimeout).count()));
    // The library's default shares a port with whoever has it already.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_tcp_nodelay(true);
    set_keep_alive_max_count(1000);  // told to the client; a connection ends by time, not by count
    new_task_queue = [this] { return new CountingPool(kThreads, waiting_); };
    set_error_handler([this](const httplib::Request& request, httplib::Response& response) {
      if (!current.is_answered) answer_instead(request, response);
    });
    set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr thrown) {
      response.status = 500;
      current.fault = fault_of(thrown);
    });

    const auto without_body = [this](const httplib::Request&, httplib::Response& out) {
      current.request.read_body = [](const BodySink&) { return true; };
      if (current.request.content_length != 0) current.connection->leave_body();  // a GET with a body
      emit(answer(), out);
    };
    const auto with_body = [this](const httplib::Request&, httplib::Response& out,
                                  const httplib::ContentReader& reader) {
      bool whole = current.request.content_length == 0;
      current.request.read_body = [&](const BodySink& sink) {
        if (whole) return true;
        bool wanted = true;
        const bool read = reader([&](const char* bytes, std::size_t count) {
          wanted = sink(std::string_view(bytes, count));
          return wanted;
        });
        whole = read && wanted;
        return whole;
      };
      Response response = answer();
      if (!whole) current.connection->leave_body();
      emit(std::move(response), out);
    };
    Get("/", without_body);
    Options("/", without_body);
    Post("/", with_body);
    Put("/", with_body);
    Patch("/", with_body);
    Delete("/", with_body);
  }

  void widen_backlog() { (void)::listen(svr_sock_, kBacklog); }

 private:
  Response answer() {
    if (current.problem) return refusal(current.problem);
    try {
      return handle_(current.request);
    } catch (...) {
      return refusal(500, fault_of(std::current_exception()));
    }
  }

  // What no Handle answers, in the form and the language of its own refusals.
  [[nodiscard]] Response refusal(int status, const std::string& fault = {}) const {
    Response response = json_response(status, lapor::write_error({std::string(words_of(status)), {}}));
    response = in_language_of(current.request.header("Accept-Language"), std::move(response));
    response.fault = fault;
    return refused_ ? refused_(current.request, std::move(response)) : response;
  }

  // For what the library would answer by itself (400, 414, 416, 500). Where the next request begins is then unknown.
  void answer_instead(const httplib::Request& request, httplib::Response& out) {
    current.connection->leave_body();
    if (!current.is_captured) {
      for (const auto& [name, value] : request.headers) current.request.headers.emplace(name, value);
    }
    if (out.status >= 500 && current.fault.empty()) current.fault = "the HTTP library gave up";
    emit(refusal(current.connection->head_is_too_long() ? 431 : out.status, current.fault), out);
  }

  // Called by the library on a thread of the pool, for each connection; the socket is ours to close.
  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket);
    bool again = wait_for_request(connection);
    while (again) {
      connection.begin_request();
      current = Current{};
      current.connection = &connection;
      bool closed = false;
      // When others wait for a thread this answer is told to be the connection's last: what is closed without a word
      // may take a request with it.
      const bool last = svr_sock_ == INVALID_SOCKET || waiting_ > 0;
      again = process_request(connection, last, closed, capture);
      if (connection.has_unread_body()) {
        connection.linger();
        again = false;
      }
      again = again && !closed && !last && wait_for_request(connection);
    }
    current = Current{};
    (void)::shutdown(socket, SHUT_RDWR);
    (void)::close(socket);
    return true;
  }

  // False: nothing came in time, or the thread is wanted elsewhere.
  bool wait_for_request(const Connection& connection) {
    const auto begun = Clock::now();
    while (!connection.has_buffered()) {
      if (wait_for(connection.socket(), POLLIN, kIdleSlice)) return true;
      const auto idle = Clock::now() - begun;
      if (svr_sock_ == INVALID_SOCKET || idle >= kIdleTimeout || (waiting_ > 0 && idle >= kIdleGrace)) return false;
    }
    return true;
  }

  Handle handle_;
  Refused refused_;
  std::atomic<int> waiting_ = 0;
};

struct HttpServer::Running {
  Running(Handle handle, const std::string& other_url, Refused refused)
      : adapter(std::move(handle), other_url, std::move(refused)) {}
  Adapter adapter;
  std::thread thread;
};

HttpServer::HttpServer(Handle handle, const std::string& other_url, Refused refused)
    : running_(std::make_unique<Running>(std::move(handle), other_url, std::move(refused))) {}

HttpServer::~HttpServer() { stop(); }

Result<int> HttpServer::start(const std::string& host, int port) {
  Adapter& adapter = running_->adapter;
  const int bound = port == 0 ? adapter.bind_to_any_port(host) : adapter.bind_to_port(host, port) ? port : -1;
  if (bound <= 0) {
    return Error{ErrorCode::kStorage, "port", "alamat " + host + ":" + std::to_string(port) + " tidak dapat dipakai"};
  }
  adapter.widen_backlog();
  running_->thread = std::thread([&adapter] { (void)adapter.listen_after_bind(); });
  while (!adapter.is_running()) std::this_thread::sleep_for(milliseconds(1));
  return bound;
}

void HttpServer::stop() {
  if (!running_->thread.joinable()) return;
  running_->adapter.stop();
  running_->thread.join();
}

}  // namespace titik::serve
