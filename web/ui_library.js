// The imports of ui.wasm (see ui_imports.h): each hands on to the page object given at creation.
// Plain functions: Emscripten 3.1.6 reads this file with a parser that knows no newer forms.
mergeInto(LibraryManager.library, {
  titik_js_send: function(command, photoJob) { Module['page']['send'](UTF8ToString(command), photoJob); },
  titik_js_nodes: function(nodes) { Module['page']['nodes'](UTF8ToString(nodes)); },
  titik_js_show_history: function(routes) { Module['page']['showHistory'](UTF8ToString(routes)); },
  titik_js_watch_position: function(on) { Module['page']['watchPosition'](!!on); },
  titik_js_camera: function(wish) { Module['page']['camera'](wish); },
  titik_js_cover_photo: function(job, sha256, cells, columns) {
    Module['page']['coverPhoto'](job, UTF8ToString(sha256), UTF8ToString(cells), columns);
  },
  titik_js_load_language: function(code) { Module['page']['loadLanguage'](UTF8ToString(code)); },
  titik_js_persist: function() { Module['page']['persist'](); },
  titik_js_keep: function(task) { Module['page']['keep'](task); },
  titik_js_share: function(name, text, link) { Module['page']['share'](UTF8ToString(name), UTF8ToString(text), UTF8ToString(link)); },
  titik_js_take_over: function() { Module['page']['takeOver'](); },
  titik_js_take_new_version: function() { Module['page']['takeNewVersion'](); },
  titik_js_install: function() { Module['page']['install'](); },
  titik_js_refuse_install: function() { Module['page']['refuseInstall'](); },
  titik_js_notify: function() { Module['page']['notify'](); },
  titik_js_request_image: function(slot, sha256, longEdge) {
    Module['page']['requestImage'](slot, UTF8ToString(sha256), longEdge);
  },
  titik_js_draw_piece: function(piece, size, weight, facts) {
    return Module['page']['drawPiece'](UTF8ToString(piece), size, weight, facts);
  },
  titik_js_random: function(bytes, count) { crypto.getRandomValues(HEAPU8.subarray(bytes, bytes + count)); },
});
