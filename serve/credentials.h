// From what a request shows to who it is: a phone, another system, or an officer; and whether the door is theirs.
#pragma once

#include <string>

#include "serve/app.h"
#include "serve/routes.h"

namespace titik::serve {

struct Visitor {
  Caller caller;            // unset for officers and for anybody
  Actor actor;
  std::string new_session;  // not "": the officer's browser is to keep this token from now on
};

// kUnauthorized: not known; kForbidden: known, and not for them.
Result<Visitor> visitor_of(App& app, const Request& request, Access access);

// What changes something in an officer's name must come from a page of ours: with the header X-Titik-Office, which no
// page of another site can send without asking us first, and, where the browser tells an Origin, with ours.
Result<Ok> check_own_page(const Request& request);

// Cookies of officers' browsers, for the office's addresses alone, out of reach of scripts.
inline constexpr std::string_view kSessionCookie = "titik_session";
inline constexpr std::string_view kBrowserCookie = "titik_browser";
// Set-Cookie. `life` 0: removes it.
std::string set_cookie(std::string_view name, std::string_view value, UnixMillis life, const Origin& origin);

}  // namespace titik::serve
