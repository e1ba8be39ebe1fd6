// The imports of ui.wasm (see ui_imports.h): each hands on to the page object given at creation.
mergeInto(LibraryManager.library, {
  titik_js_send: (command, photoJob) => Module['page']['send'](UTF8ToString(command), photoJob),
  titik_js_nodes: (nodes) => Module['page']['nodes'](UTF8ToString(nodes)),
  titik_js_push_history: () => Module['page']['pushHistory'](),
  titik_js_go_back: (screens) => Module['page']['goBack'](screens),
  titik_js_watch_position: (on) => Module['page']['watchPosition'](!!on),
  titik_js_persist: () => Module['page']['persist'](),
  titik_js_take_over: () => Module['page']['takeOver'](),
  titik_js_request_image: (slot, sha256, longEdge) => Module['page']['requestImage'](slot, UTF8ToString(sha256), longEdge),
  titik_js_random: (bytes, count) => { crypto.getRandomValues(HEAPU8.subarray(bytes, bytes + count)); },
});
