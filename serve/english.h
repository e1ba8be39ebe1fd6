// What the API refuses with, in English, for whoever asks for it (Accept-Language). Indonesian is what the code says;
// this is its other half, so that a refusal has one form in both.
#pragma once

#include <string>
#include <string_view>

#include "serve/http.h"

namespace titik::serve {

// Whether a client would rather read English: "en" weighs more than "id" (RFC 9110, 12.5.4). Without a word: no.
bool prefers_english(std::string_view accept_language);

// "" for a sentence that is not known.
std::string in_english(std::string_view indonesian);

// The refusal (status 400 and above, in our JSON) with its sentences in English where they are known, and with
// Content-Language. Everything else as it is. Where another form is spoken, it is made of this one afterwards (routes.cc).
Response in_language_of(std::string_view accept_language, Response response);

}  // namespace titik::serve
