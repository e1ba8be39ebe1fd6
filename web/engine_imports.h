// Everything that the engine module asks of JavaScript. The functions are in engine_library.js, which
// hands them to the worker (engine_worker.js). None calls back before it returns. Text is UTF-8 with
// its length in bytes; 64-bit numbers travel as double (times, commits: exact up to 2^53) or in halves.
#pragma once

#include <cstdint>

extern "C" {

// Milliseconds since 1970, by the phone's clock.
double titik_js_now();
// Fills `bytes` from crypto.getRandomValues.
void titik_js_random(std::uint8_t* bytes, std::uint32_t count);
// Posts one event of messages.h to the page.
void titik_js_event(const char* json, std::uint32_t length);
// The engine cannot work. `code`: "corrupt", "newer" or "storage"; see engine_worker.js, "fatal".
void titik_js_fatal(const char* code, std::uint32_t code_length, const char* message, std::uint32_t length);
// Starts a request, described as JSON: {id, method, url, headers: [[name, value]], body: [{text} or
// {blob}], timeout, blob_for_report}. Ends in titik_http_done, titik_http_blob or titik_http_failed.
void titik_js_http(const char* json, std::uint32_t length);
// titik_tick at `at` (as titik_js_now), in place of the time set before; 0: none.
void titik_js_timer(double at);
// Checks a receipt. `lines`: jws, x, y and words_sha256 of engine::ReceiptCheck. Ends in titik_receipt_checked.
void titik_js_check_receipt(const char* lines, std::uint32_t length, const char* words, std::uint32_t words_length);
// Deletes stored blobs; `json` is an array of their SHA-256.
void titik_js_delete_blobs(const char* json, std::uint32_t length);

// One batch of pages: begin, put for each page (8192 bytes, copied at once), commit.
// Ends in titik_pages_done. `sum_high` and `sum_low` are the halves of a checksum (store/page_check.h).
// `whole`: the batch is the whole database, and what is stored is not part of it: nothing, or something
// damaged, which is set aside in the same step.
void titik_js_pages_begin(double commit, std::uint32_t page_count, std::uint32_t sum_high, std::uint32_t sum_low,
                          bool whole);
void titik_js_pages_put(std::uint32_t number, std::uint32_t sum_high, std::uint32_t sum_low,
                        const std::uint8_t* page);
void titik_js_pages_commit();

}  // extern "C"
