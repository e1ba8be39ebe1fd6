// Answers made smaller for whoever can read them so: lists and threads cost a phone what they weigh.
#pragma once

#include <string_view>

#include "serve/http.h"

namespace titik::serve {

// True when an Accept-Encoding header names `coding` ("br", "gzip") with a weight above 0 (RFC 9110, 12.5.3).
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

// The answer in Brotli (RFC 7932) or gzip (RFC 1952), whichever of them `accept_encoding` takes, Brotli first. As it
// was when it takes none, when the answer is no text, is in some coding already, or has less than 512 bytes, which
// hardly shrink. The ETag of a text is weak for whoever takes a coding, in a 304 too: the bytes may be others (RFC 9110,
// 8.8.1); matches_etag() compares weakly. What is large enough or has an ETag says what it depends on (Vary).
//
// Nothing here can be guessed by its length (BREACH): what is secret in a body is told to whoever holds a token that no
// page of another origin makes a browser send (Authorization; a SameSite=Strict cookie).
Response compressed(std::string_view accept_encoding, Response response);

}  // namespace titik::serve
