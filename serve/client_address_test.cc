#include "serve/client_address.h"

#include <gtest/gtest.h>

namespace titik::serve {
namespace {

Origin from(const std::string& peer, const std::string& forwarded, const char* proxies = "127.0.0.1, ::1, 10.0.0.0/8",
            const std::string& proto = "") {
  Request request;
  request.peer = peer;
  if (!forwarded.empty()) request.headers["X-Forwarded-For"] = forwarded;
  if (!proto.empty()) request.headers["X-Forwarded-Proto"] = proto;
  return origin_of(request, TrustedProxies::parse(proxies).value());
}
std::string counted(const std::string& address) { return from(address, "").counted_as; }

TEST(ClientAddress, OnlyATrustedProxyIsBelieved) {
  EXPECT_EQ(from("203.0.113.7", "198.51.100.1").counted_as, counted("203.0.113.7"));
  EXPECT_EQ(from("10.1.2.3", "198.51.100.1").counted_as, counted("198.51.100.1"));
  EXPECT_EQ(from("127.0.0.1", "198.51.100.1").counted_as, counted("198.51.100.1"));
  EXPECT_EQ(from("127.0.0.1", "198.51.100.1", "192.0.2.1").counted_as, "");  // not told by a trusted one
  EXPECT_TRUE(from("10.1.2.3", "198.51.100.1", "10.0.0.0/8", "https").https);
  EXPECT_FALSE(from("203.0.113.7", "", "10.0.0.0/8", "https").https);
  EXPECT_FALSE(from("10.1.2.3", "198.51.100.1", "10.0.0.0/8", "http").https);
}

TEST(ClientAddress, WhatTheClientWroteBeforeTheProxyCountsForNothing) {
  EXPECT_EQ(from("10.1.2.3", "1.1.1.1, 198.51.100.1").counted_as, counted("198.51.100.1"));
  EXPECT_EQ(from("10.1.2.3", "1.1.1.1, 198.51.100.1, 10.9.9.9").counted_as, counted("198.51.100.1"));
  EXPECT_EQ(from("10.1.2.3", "garbage").counted_as, counted("10.1.2.3"));
  EXPECT_EQ(from("10.1.2.3", "198.51.100.1:4711").counted_as, counted("198.51.100.1"));
  EXPECT_EQ(from("10.1.2.3", "[2001:db8::1]:4711").counted_as, counted("2001:db8::2"));
}

TEST(ClientAddress, AnIpv6CustomerIsOneNetwork) {
  EXPECT_EQ(counted("2001:db8:1:2::1"), counted("2001:db8:1:2:ffff::9"));
  EXPECT_NE(counted("2001:db8:1:2::1"), counted("2001:db8:1:3::1"));
  EXPECT_NE(counted("203.0.113.7"), counted("203.0.113.8"));
  EXPECT_EQ(counted("::ffff:203.0.113.7"), counted("203.0.113.7"));
  EXPECT_EQ(counted("127.0.0.1"), "");
  EXPECT_EQ(counted("::1"), "");
  EXPECT_EQ(counted(""), "");
}

TEST(ClientAddress, ListsOfProxies) {
  EXPECT_TRUE(TrustedProxies::parse("").ok());
  for (const char* wrong : {"proxy", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::1/129", "10.0.0.1,,::1", "10.0.0.0/8x"}) {
    EXPECT_FALSE(TrustedProxies::parse(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace titik::serve
