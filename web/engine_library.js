// The functions of engine_imports.h. Each only takes its text or bytes out of the module's memory and
// hands them to the object `titik` that the worker gave to the module; names are quoted, so that the
// closure compiler leaves them alone. Emscripten 3.1.6 takes function expressions here, not arrows.
mergeInto(LibraryManager.library, {
  titik_js_now: function () { return Date.now(); },
  titik_js_random: function (bytes, count) { crypto.getRandomValues(HEAPU8.subarray(bytes, bytes + count)); },
  titik_js_event: function (json, length) { Module['titik']['event'](UTF8ToString(json, length)); },
  titik_js_fatal: function (code, codeLength, message, length) {
    Module['titik']['fatal'](UTF8ToString(code, codeLength), UTF8ToString(message, length));
  },
  titik_js_http: function (json, length) { Module['titik']['http'](UTF8ToString(json, length)); },
  titik_js_timer: function (at) { Module['titik']['timer'](at); },
  titik_js_check_receipt: function (lines, length, words, wordsLength) {
    Module['titik']['checkReceipt'](UTF8ToString(lines, length), HEAPU8.slice(words, words + wordsLength));
  },
  titik_js_delete_blobs: function (json, length) { Module['titik']['deleteBlobs'](UTF8ToString(json, length)); },
  titik_js_pages_begin: function (commit, pageCount, sumHigh, sumLow, whole) {
    Module['titik']['pagesBegin'](commit, pageCount, sumHigh >>> 0, sumLow >>> 0, whole);
  },
  titik_js_pages_put: function (number, sumHigh, sumLow, page) {
    Module['titik']['pagesPut'](number, sumHigh >>> 0, sumLow >>> 0, HEAPU8.slice(page, page + 8192).buffer);
  },
  titik_js_pages_commit: function () { Module['titik']['pagesCommit'](); },
});
