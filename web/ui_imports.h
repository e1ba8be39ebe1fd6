// Every JavaScript function that ui.wasm calls. Implemented in ui_library.js, which hands each on to
// the page object that main.js passes in. All texts are UTF-8, zero-terminated, and copied at once.
#pragma once

#include <cstdint>

extern "C" {
// Posts a command (JSON) to the engine. `photo_job` > 0: the two files of that job go along.
void titik_js_send(const char* command, int photo_job);
// The semantic nodes, when they changed (JSON, write_nodes(): those that stayed are bare ids).
void titik_js_nodes(const char* nodes);
// The stack of screens, one route a line (ui/route.h); the browser's history becomes the same.
void titik_js_show_history(const char* routes);
// Starts or stops Geolocation.
void titik_js_watch_position(int on);
// What the camera shall do: Host::Camera of ui/host.h.
void titik_js_camera(int wish);
// Covers cells of a stored photo; answers with titik_ui_photo_ready or titik_ui_photo_failed.
void titik_js_cover_photo(int job, const char* sha256, const char* cells, int columns);
// Fetches the words of "id" or "en"; answers with titik_ui_language.
void titik_js_load_language(const char* code);
// Asks for persistent storage; called while a tap is handled.
void titik_js_persist();
// Does a KeepTask of ui/host.h.
void titik_js_keep(int task);
// Shares or saves a text as a file, within a tap, with the address of `link` at its end.
void titik_js_share(const char* name, const char* text, const char* link);
// Takes the engine over from another tab.
void titik_js_take_over();
// Loads the page anew, in the version that waits.
void titik_js_take_new_version();
// Shows the browser's question whether to install; called while a tap is handled.
void titik_js_install();
// Remembers that it was refused.
void titik_js_refuse_install();
// Asks the citizen whether to notify; called while a tap is handled. Answers with titik_ui_notify.
void titik_js_notify();
// Decodes the stored picture and answers with titik_ui_image(slot, …).
void titik_js_request_image(int slot, const char* sha256, int long_edge);
// Draws a piece of text that our fonts do not hold (ui/widgets/foreign_text.h). Fills `facts` with left,
// top, width, height, advance and 1 for coloured; answers 4 × width × height bytes, to be freed here.
std::uint8_t* titik_js_draw_piece(const char* piece, double size, int weight, float* facts);
// Fills `bytes` from a cryptographic source.
void titik_js_random(std::uint8_t* bytes, int count);
}
