// What the interface asks of the page it lives in (web/ui_host.cc; a scripted one in tests).
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "engine/messages.h"
#include "ui/widgets/ui.h"

namespace titik::ui {

// What the page does about what is kept on this phone.
enum class KeepTask {
  kLook,     // at the browser's storage: App::storage_seen() follows
  kPack,     // everything unsent into one file: App::carried() follows
  kHandOver, // shares or saves that file; within a tap
  kErase,    // everything of ours on this phone; then the page begins anew
};

class Host : public ImageSource {
 public:
  virtual UnixMillis now() = 0;
  virtual std::string new_report_id() = 0;  // UUIDv7

  // Hands a command to the engine. For AddPhoto and ReplacePhoto, `photo_job` says which job's two files go along.
  virtual void send(const engine::Command& command, int photo_job = 0) = 0;

  // The stack of screens now (route.h), one route a line: the browser's history becomes the same.
  // What moves it from outside arrives as App::navigate().
  virtual void show_history(const std::string& routes) = 0;

  // Geolocation: positions arrive as App::position() until stopped.
  virtual void watch_position(bool on) = 0;

  // The camera in the page: what becomes of it arrives as App::camera_changed(), a picture as
  // App::photo_chosen(). While it is on, its live picture lies over the node of Role::kCamera.
  enum class Camera { kOff, kOn, kTake, kTorchOff, kTorchOn };
  virtual void camera(Camera wish) = 0;

  // Covers cells of the stored photo ('1' in `cells`, columns × rows, row by row) beyond recovery;
  // App::photo_ready() or photo_failed() follows with this job.
  virtual void cover_photo(int job, const std::string& sha256, const std::string& cells, std::size_t columns) = 0;

  // Fetches the words of this language ("id", "en"); they arrive as App::language_loaded().
  virtual void load_language(std::string_view code) = 0;

  // Asks the browser to keep our storage; must be called while a tap is being handled.
  virtual void ask_for_persistence() = 0;
  virtual void keep(KeepTask task) = 0;
  // Shares or saves `text` as a file of this name, within a tap; at its end the address of `link`, a path or whole.
  virtual void share(const std::string& name, const std::string& text, const std::string& link) = 0;
  virtual void take_over() = 0;  // from another tab

  // Loads the page anew, in the version that waits. Nothing may be unsaved.
  virtual void take_new_version() = 0;
  // Shows the browser's own question whether to install; must be called while a tap is being handled.
  virtual void install() = 0;
  virtual void refuse_install() = 0;  // remembered on this phone
  // Shows the browser's question whether it may notify; must be called while a tap is being handled.
  virtual void ask_to_notify() = 0;
};

}  // namespace titik::ui
