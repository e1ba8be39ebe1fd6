// The whole story over a real socket.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include "serve/http_server.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "serve/test_world.h"

namespace titik::serve {
namespace {

// A socket to the server; -1: none.
int connected(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return socket;
  close(socket);
  return -1;
}

struct HttpTest : World {
  HttpTest() : server([this](const Request& request) { return handle(app, request); }, {}, [this](const Request& request, Response response) {
    refused.push_back(request.method + " " + std::to_string(response.status) + " " + response.fault);
    response.headers.emplace_back("X-Request-Id", "0123");
    return response;
  }) {
    port = server.start("127.0.0.1", 0).value();
  }

  // Sends raw bytes, closes its own side, and answers all that comes back.
  [[nodiscard]] std::string raw(const std::string& bytes) const {
    const int socket = connected(port);
    if (socket < 0) return "cannot connect";
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t count = send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
    (void)shutdown(socket, SHUT_WR);
    std::string answer;
    char buffer[4096];
    for (ssize_t count = 0; (count = recv(socket, buffer, sizeof buffer, 0)) > 0;) answer.append(buffer, static_cast<std::size_t>(count));
    close(socket);
    return answer;
  }

  std::vector<std::string> refused;  // "METHOD STATUS FAULT" of each that no handler answered
  HttpServer server;
  int port = 0;
};

httplib::Headers headers_of(const World::Headers& headers) { return {headers.begin(), headers.end()}; }

TEST_F(HttpTest, AWholeStory) {
  httplib::Client client("127.0.0.1", port);
  client.set_keep_alive(true);
  client.set_default_headers(headers_of(channel()));
  auto device = client.Post("/titik/1/devices");
  ASSERT_TRUE(device);
  ASSERT_EQ(device->status, 201);
  client.set_default_headers(headers_of(with(lapor::read_device(device->body).value().token)));

  const std::string photo = kJpeg + std::string(3'000'000, 'p');
  auto sent = client.Post("/lapor/3.0.0/complaints/complaint/file", httplib::MultipartFormDataItems{{"attachments[]", photo, "a.jpg", "image/jpeg"}});
  ASSERT_TRUE(sent);
  ASSERT_EQ(sent->status, 200) << sent->body;
  const auto uploaded = lapor::read_uploaded(sent->body).value();
  EXPECT_EQ(uploaded.images.at(0).sha256, sha256_hex(photo));

  auto created = client.Post("/lapor/3.0.0/complaints/complaint", report_json("Lubang", "[" + uploaded.images[0].id + "]"), "application/json");
  ASSERT_TRUE(created);
  ASSERT_EQ(created->status, 201) << created->body;
  const std::string id = lapor::read_created(created->body)->tracking_id;
  auto file = client.Get("/titik/1/files/" + uploaded.images[0].id);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->body, photo);
  auto told = client.Get("/lapor/3.0.0/complaints/" + id + "/complaint");
  ASSERT_TRUE(told);
  EXPECT_EQ(lapor::read_detail(told->body, 420)->status_name, "Belum Terverifikasi");
  auto head = client.Head("/titik/1/health");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
}

TEST_F(HttpTest, EveryAnswerCarriesTheSecurityHeaders) {
  for (const std::string& request : {"GET / HTTP/1.1\r\n\r\n", "GET /titik/1/health HTTP/1.1\r\n\r\n", "NONSENSE\r\n\r\n",
                                     "GET /titik/1/counts/x HTTP/1.1\r\n\r\n", "TRACE / HTTP/1.1\r\n\r\n",
                                     "POST /titik/1/devices HTTP/1.1\r\nContent-Length: 0\r\n\r\n"}) {
    const std::string answer = raw(request);
    ASSERT_TRUE(answer.starts_with("HTTP/1.1 ")) << request;
    for (const auto& [name, value] : security_headers()) {
      EXPECT_NE(answer.find(name + ": " + value), std::string::npos) << name << " in " << request;
    }
  }
}

// The library's client unpacks what comes; each coding is read by another's decoder.
TEST_F(HttpTest, AnswersAreCompressedForWhoeverCanReadThem) {
  const Headers who = phone();
  for (int i = 0; i < 5; ++i) (void)create_report(who);
  httplib::Client client("127.0.0.1", port);
  const auto list = [&](const httplib::Headers& headers) { return client.Get("/titik/1/public/reports", headers); };
  const auto plain = list({{"Accept-Encoding", "identity"}});
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->has_header("Content-Encoding"));
  EXPECT_EQ(plain->get_header_value("Vary"), "Accept-Encoding");
  for (const std::string coding : {"br", "gzip"}) {
    const auto answer = list({{"Accept-Encoding", coding}});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->get_header_value("Content-Encoding"), coding);
    EXPECT_EQ(answer->get_header_value("Vary"), "Accept-Encoding");
    EXPECT_LT(std::stoul(answer->get_header_value("Content-Length")) * 2, plain->body.size()) << coding;
    EXPECT_EQ(answer->body, plain->body) << coding;
    EXPECT_EQ(answer->get_header_value("ETag"), "W/" + plain->get_header_value("ETag"));
    const auto head = client.Head("/titik/1/public/reports", httplib::Headers{{"Accept-Encoding", coding}});
    ASSERT_TRUE(head);
    EXPECT_EQ(head->get_header_value("Content-Encoding"), coding);
    EXPECT_EQ(head->get_header_value("Content-Length"), answer->get_header_value("Content-Length"));
    const auto again = list({{"Accept-Encoding", coding}, {"If-None-Match", answer->get_header_value("ETag")}});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, 304);
    EXPECT_EQ(again->get_header_value("ETag"), answer->get_header_value("ETag"));
    EXPECT_FALSE(again->has_header("Content-Encoding"));
  }
}

TEST(SecurityHeaders, NameTheOtherServerOfTheProfile) {
  const std::string policy = security_headers("https://lapor.example/api/3").front().second;
  EXPECT_NE(policy.find("; connect-src 'self' https://lapor.example; "), std::string::npos) << policy;
  EXPECT_NE(security_headers().front().second.find("; connect-src 'self'; "), std::string::npos);
}

TEST_F(HttpTest, HeadsAreBounded) {
  const std::string many = "GET /titik/1/health HTTP/1.1\r\n" + [] {
    std::string lines;
    for (int i = 0; i < 400; ++i) lines += "X-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n";
    return lines;
  }() + "\r\n";
  EXPECT_FALSE(raw(many).starts_with("HTTP/1.1 2"));
  EXPECT_FALSE(raw("GET /titik/1/health?" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 2"));
  EXPECT_TRUE(raw("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 414"));
  EXPECT_TRUE(raw("GET /titik/1/health HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200"));
}

// Its head says JSON, its body is the documented form, in a language that was asked for.
void expect_refusal(const std::string& answer, bool is_english, const std::string& why) {
  const std::string head = answer.substr(0, answer.find("\r\n\r\n"));
  EXPECT_NE(head.find("Content-Type: application/json; charset=utf-8"), std::string::npos) << why << "\n" << head;
  EXPECT_NE(head.find("X-Request-Id: 0123"), std::string::npos) << why;
  EXPECT_EQ(head.find("Content-Language: en") != std::string::npos, is_english) << why;
  const Result<Json> body = parse_json(answer.substr(head.size() + 4));
  ASSERT_TRUE(body.ok()) << why << "\n" << answer;
  const std::string message = string_or(*body, "message");
  EXPECT_EQ(in_english(message).empty(), is_english) << why << ": " << message;
}

TEST_F(HttpTest, WhatNoHandlerAnswersHasItsFormToo) {
  std::string many;
  for (int i = 0; i < 400; ++i) many += "X-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n";
  const std::string english = "Accept-Language: en\r\n";
  const struct {
    std::string head;
    std::string refused;     // as HttpTest::refused has it
    bool headers_are_known;  // so that the language is
  } kCases[] = {
      {"NONSENSE\r\n" + english, " 400 ", false},
      {"BREW / HTTP/1.1\r\n" + english, " 400 ", false},
      {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + english, " 414 ", false},
      {"GET / HTTP/1.1\r\n" + english + many, " 431 ", true},
      {"GET / HTTP/1.1\r\nRange: bytes=x\r\n" + english, " 416 ", true},
      {"TRACE / HTTP/1.1\r\n" + english, "TRACE 400 ", true},
      {"POST / HTTP/1.1\r\nContent-Length: x\r\n" + english, "POST 400 ", true},
      {"POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Encoding: gzip\r\n" + english, "POST 415 ", true},
  };
  for (const auto& one : kCases) {
    const std::string name = one.head.substr(0, 40);
    refused.clear();
    expect_refusal(raw(one.head + "\r\n"), one.headers_are_known, name);
    EXPECT_EQ(refused, std::vector{one.refused}) << name;
  }
}

TEST_F(HttpTest, AHandlerThatThrowsIsOurFault) {
  std::string fault;
  HttpServer throwing([](const Request&) -> Response { throw std::out_of_range("Siti 0812"); }, {}, [&](const Request&, Response response) {
    fault = response.fault;
    response.headers.emplace_back("X-Request-Id", "0123");
    return response;
  });
  port = throwing.start("127.0.0.1", 0).value();
  for (const char* head : {"GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nContent-Length: 3\r\n"}) {
    fault.clear();
    const std::string answer = raw(std::string(head) + "Accept-Language: en\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 500"));
    expect_refusal(answer, true, head);
    EXPECT_NE(fault.find("out_of_range"), std::string::npos) << fault;
    EXPECT_EQ((answer + fault).find("Siti"), std::string::npos) << "what() may quote a citizen";
  }
}

// What follows a head that was not understood may be the body of one that claims to come from a proxy.
TEST_F(HttpTest, AHeadThatIsNotUnderstoodEndsTheConnection) {
  const std::string inner = "GET /titik/1/health HTTP/1.1\r\n\r\n";
  for (const std::string& head : {std::string("BREW /"), std::string("TRACE /"), "POST /" + std::string(9000, 'a')}) {
    const std::string answer = raw(head + " HTTP/1.1\r\nContent-Length: " + std::to_string(inner.size()) + "\r\n\r\n" + inner);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 4")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << head.substr(0, 20);
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << head.substr(0, 20);
  }
}

TEST_F(HttpTest, ARefusedBodyIsNotTheNextRequest) {
  // Refused for its credentials; what follows must not be read as a request of its own.
  const std::string inner = "GET /titik/1/health HTTP/1.1\r\n\r\n";
  const std::string answer = raw("POST /lapor/3.0.0/complaints/complaint HTTP/1.1\r\nContent-Length: " +
                                 std::to_string(inner.size()) + "\r\n\r\n" + inner);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 401"));
  EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos);
  EXPECT_TRUE(raw("POST /titik/1/devices HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                  .starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(raw("POST /titik/1/devices HTTP/1.1\r\nContent-Length: x\r\n\r\n").starts_with("HTTP/1.1 400"));
}

TEST_F(HttpTest, AnOversizedUploadIsCutAndStillAnswered) {
  const Headers who = phone();
  const std::string head = "POST /lapor/3.0.0/complaints/complaint/file HTTP/1.1\r\ntoken: " + who.at("token") +
                           "\r\nAuthorization: " + who.at("Authorization") +
                           "\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: ";
  const std::string body = form_of({kJpeg + std::string(11 * 1024 * 1024, 'x')});
  EXPECT_TRUE(raw(head + std::to_string(body.size()) + "\r\n\r\n" + body).starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(raw(head + "999999999999\r\n\r\nabc").starts_with("HTTP/1.1 413"));
}

TEST_F(HttpTest, ATakenPortIsSaid) {
  HttpServer second([](const Request&) { return Response{}; });
  EXPECT_FALSE(second.start("127.0.0.1", port).ok());
}

// A connection that is used again until the server says that it was the last time.
class KeptConnection {
 public:
  explicit KeptConnection(int port) : port_(port) {}
  ~KeptConnection() { end(); }
  KeptConnection(const KeptConnection&) = delete;
  KeptConnection& operator=(const KeptConnection&) = delete;

  // Whether the whole answer came.
  bool get(const char* target) {
    if (socket_ < 0) socket_ = connected(port_);
    const std::string head = std::string("GET ") + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    if (send(socket_, head.data(), head.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(head.size())) return false;
    std::string answer;
    std::size_t body = std::string::npos, length = 0;
    while (body == std::string::npos || answer.size() < body + length) {
      char buffer[4096];
      const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) return false;
      answer.append(buffer, static_cast<std::size_t>(count));
      if (body != std::string::npos || answer.find("\r\n\r\n") == std::string::npos) continue;
      body = answer.find("\r\n\r\n") + 4;
      length = std::stoul(answer.substr(answer.find("Content-Length: ") + 16));
    }
    if (answer.find("Connection: close") < body) end();
    return answer.starts_with("HTTP/1.1 200");
  }

 private:
  void end() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
  }
  int port_;
  int socket_ = -1;
};

// More connections than threads, each at rest now and then: none is closed while its next request is on its way.
TEST_F(HttpTest, NoRequestIsLostWhenManyShareTheThreads) {
  constexpr int kClients = 100, kRequests = 20;
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  for (int number = 0; number < kClients; ++number) {
    clients.emplace_back([&, number] {
      KeptConnection connection(port);
      for (int i = 0; i < kRequests; ++i) {
        if (!connection.get("/titik/1/profile")) return;
        ++answered;
        std::this_thread::sleep_for(std::chrono::milliseconds((number * 7 + i * 13) % 120));
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, kClients * kRequests);
}

TEST_F(HttpTest, StopFinishesWhatRuns) {
  std::atomic<bool> inside = false;
  HttpServer slow([&](const Request&) {
    inside = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return json_response(200, "{}");
  });
  const int slow_port = slow.start("127.0.0.1", 0).value();
  int status = 0;
  std::thread caller([&] {
    const auto answer = httplib::Client("127.0.0.1", slow_port).Get("/x");
    status = answer ? answer->status : -1;
  });
  while (!inside) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  slow.stop();
  caller.join();
  EXPECT_EQ(status, 200);
}

}  // namespace
}  // namespace titik::serve
