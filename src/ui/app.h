// The interface as a whole: which screen is shown, what is being edited, what waits to be saved.
// Screens (screens/) draw from it and call back into it; the host feeds it events.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/messages.h"
#include "geo/fix_selection.h"
#include "geo/map_view.h"
#include "ui/host.h"
#include "ui/model.h"
#include "ui/route.h"
#include "ui/text.h"
#include "ui/widgets/ui.h"

namespace titik::ui {

// A photo on its way from the chooser into the store.
struct PhotoJob {
  int id = 0;
  std::string report_id;
  std::int64_t bytes = 0;    // of the file chosen
  bool from_camera = false;
  UnixMillis taken_at = 0;   // of a camera's: the moment of capture
  enum class Stage { kReading, kShrinking, kSaving } stage = Stage::kReading;
};

// The browser's storage, as far as it tells.
struct StorageSeen {
  bool kept = false;       // the browser does not clear it by itself
  bool week = false;       // Safari in a tab: cleared when it is not opened for seven days
  std::int64_t used = -1;  // bytes of all we keep; negative: not told
  std::int64_t free = -1;
};

// The file in which reports go to another phone: made here, or opened here.
struct Carry {
  enum Stage { kNone, kPacking, kReady, kReading, kDone, kFailed } stage = kNone;
  std::int64_t bytes = 0;      // kReady
  bool shares = false;         // kReady: the phone can share it; else it is saved
  enum Problem { kBroken, kCompressed, kNewer, kFull, kLater } problem = kBroken;  // kFailed
  engine::ReportsImported imported;  // kDone
};

// The camera in the page, as the page tells of it. The numbers are web/camera.js's.
struct CameraNow {
  enum State {
    kNone,      // this browser has none to offer
    kOff,
    kOpening,
    kLive,
    kRefused,   // by the citizen, or by the browser's settings
    kMissing,
    kBusy,      // another app has it, or it broke off
  } state = kNone;
  bool has_torch = false;
  bool torch = false;
  bool taking = false;      // until the picture has come
  bool take_failed = false; // the last one did not
};

// How this phone can put the app on its home screen.
enum class InstallOffer {
  kNone,    // it is there already, was refused, or the browser cannot
  kPrompt,  // the browser asks
  kIos,     // only by the person's own hand: Bagikan → Tambah ke Layar Utama
};

// Whether the citizen is told of what happens while no page is open.
enum class Notify {
  kNone,     // this browser does nothing then
  kAsk,      // not asked yet
  kOn,
  kBlocked,  // by the citizen, or by the browser's settings
};

class App {
 public:
  App(Host& host, Ui& ui) : host_(host), ui_(ui) {}

  // --- From the host ------------------------------------------------------------------------------
  void start();
  void event(const engine::Event& event);
  void fatal(std::string code) { model.fatal = std::move(code); }
  void frame(const FrameInput& input);
  // Milliseconds until frame() wants to be called without an event; negative: not at all.
  [[nodiscard]] std::int64_t milliseconds_to_wake() const;
  // The page is hidden or about to go: saves at once.
  void hidden();
  void shown() { send(engine::Wake{engine::WakeReason::kShown}); }
  // The page was opened, or its history moved, to these screens (route.h); hostile text is none.
  void navigate(std::string_view routes);
  // Escape.
  void back();
  void position(const geo::Fix& fix);
  void position_failed(bool denied);
  // Whether asking for the place asks the citizen first; until it is known, it does.
  void place_permission(bool granted) { place_allowed = granted; }
  // A file was chosen for the draft being edited. Answers the job's number, or 0 when it is refused.
  // `taken_at`: of a camera's, when.
  int photo_chosen(std::int64_t bytes, bool from_camera, UnixMillis taken_at = 0);
  void photo_stage(int job, PhotoJob::Stage stage);
  void photo_failed(int job, std::string_view code, std::string_view where);
  void photo_ready(int job, report::Photo photo);
  void camera_changed(CameraNow::State state, bool has_torch);
  void camera_failed();  // no picture came of the last wish for one
  // The words the host was asked for, or those the page starts with; an empty table when they could
  // not be had. False: they are not spoken.
  bool language_loaded(std::string_view code, std::string_view table);

  void storage_seen(const StorageSeen& seen) { storage = seen; }
  void carried(Carry now) { carry = std::move(now); }

  // A newer version was downloaded and waits.
  void new_version_waiting() { new_version = true; }
  // Beranda is shown and nothing is open or unsaved: the page may be loaded anew without a question.
  [[nodiscard]] bool idle_at_root() const;

  // --- For the screens ----------------------------------------------------------------------------
  [[nodiscard]] const Entry& current() const { return stack_.back(); }
  void show_tab(Screen tab);
  void show_photo(std::size_t index);  // the viewer shows this one instead
  // The viewer shows evidence of which there is no more than a small picture: the whole one is asked for, once
  // each time it is looked at. Empty: something else is shown.
  void look_at_evidence(const std::string& path);
  void push(Screen screen, std::string report_id = {}, std::size_t index = 0);
  void pop(int screens = 1) { pops_ += screens; }  // with the end of this frame

  void new_report();
  void edit_report(const std::string& id);
  void open_report(const std::string& id);
  // The engine knows no report of this id: a link from elsewhere.
  [[nodiscard]] bool is_missing(const std::string& id) const { return missing_.contains(id); }
  [[nodiscard]] report::Draft& draft() { return *draft_; }
  [[nodiscard]] bool has_draft() const { return draft_.has_value(); }
  void changed();         // the draft was changed: save it soon
  void save_now();
  void save_and_tell();   // the same, and a toast when it is durable
  void remove_photo(std::size_t index);
  void open_camera();
  void take_picture();
  void retry_camera() { host_.camera(Host::Camera::kOn); }
  void switch_torch();
  // On this screen the photo `index` of the draft is covered; null when there is none.
  [[nodiscard]] const report::Photo* photo_to_cover() const;
  void apply_cover();
  [[nodiscard]] bool covering() const { return cover_job_.id != 0; }
  void delete_draft();     // both can be undone while the toast says so
  void submit();
  void send_now() { send(engine::SendNow{}); }
  void dismiss_notice() { send(engine::DismissNotice{}); }
  void send_as_new(const std::string& id);
  void mark_sms(const std::string& id) { send(engine::MarkSms{id}); }
  void set_text_scale(int percent);
  void set_photos_wait(bool wait);
  void choose_language(Language chosen);
  // Spoken, or soon.
  [[nodiscard]] Language chosen_language() const { return language_chosen_.value_or(language()); }
  void find_me();
  void set_place(const report::GeoPoint& point);
  [[nodiscard]] bool searching_place() const { return fix_.has_value(); }
  [[nodiscard]] const std::optional<geo::FixSelection>& fix() const { return fix_; }
  void refresh_nearby() { send(engine::LoadPublicReports{}); }
  // Asks the city for what is new, because the citizen wants it now.
  void refresh();
  struct Refresh {
    enum { kNone, kUnderWay, kDone, kFailed } state = kNone;
    UnixMillis at = 0;  // of the answer
  };
  [[nodiscard]] const Refresh& last_refresh() const { return refresh_; }
  [[nodiscard]] bool refreshing() const { return refresh_.state == Refresh::kUnderWay; }
  // How safe what is here is, in words and with what to do about it.
  struct StorageLight { Tone tone = Tone::kSuccess; std::string_view title; std::string text; bool can_ask = false; };
  [[nodiscard]] StorageLight storage_light() const;
  void ask_to_keep() { host_.ask_for_persistence(); }
  void pack();
  void hand_over() { host_.keep(KeepTask::kHandOver); }
  void erase_everything();
  void share(const std::string& name, const std::string& text, const std::string& link) {
    if (carry.stage == Carry::kFailed) carry = {};
    sharing = true;
    host_.share(name, text, link);
  }
  void take_over() { host_.take_over(); }
  void take_new_version();  // as soon as everything is saved
  // After the first report was handed over, until it was answered.
  [[nodiscard]] bool offers_install() const;
  void install();
  void refuse_install();
  void ask_to_notify() { host_.ask_to_notify(); }

  [[nodiscard]] std::vector<report::Problem> problems() const;
  // The problem of one field, in words, once the citizen has asked to send; else empty.
  [[nodiscard]] std::string_view problem_of(report::Field field) const;

  // "Menyimpan…", "Tersimpan di ponsel", or nothing when there is nothing to save yet.
  struct SaveStatus { std::string_view text; Tone tone = Tone::kNeutral; std::string_view icon; };
  [[nodiscard]] SaveStatus save_status() const;

  [[nodiscard]] UnixMillis now() const { return now_; }
  [[nodiscard]] ZoneOffset zone() const { return model.city ? model.city->zone : 420; }
  [[nodiscard]] std::string today() const { return format_date(to_civil(now_, zone())); }
  Ui& ui() { return ui_; }

  Model model;
  std::vector<PhotoJob> photo_jobs;
  // Why a photo could not be added, until the next attempt; of the report being edited.
  [[nodiscard]] std::string_view photo_problem() const;
  std::optional<Text> place_problem;  // shown on the place step
  bool place_allowed = false;         // the citizen has allowed it before: no question will come
  std::size_t selected_photo = 0;
  bool show_problems = false;         // the citizen asked to send
  bool confirm_delete = false;
  bool confirm_erase = false;
  bool sharing = false;               // share() was asked for: `carry` tells when it could not be had
  StorageSeen storage;
  Carry carry;
  bool new_version = false;
  InstallOffer install_offer = InstallOffer::kNone;
  Notify notify = Notify::kNone;
  bool language_failed = false;       // the one just chosen could not be had
  std::optional<geo::MapView> place_view;
  std::optional<geo::MapView> nearby_view;
  PhotoView photo_view;               // of the viewer
  CameraNow camera;
  Cover cover;                        // of the photo being covered
  bool keep_original = false;         // of it

 private:
  std::int64_t send(engine::CommandBody body, int photo_job = 0);
  void reply(const engine::Reply& reply);
  void report_changed(const engine::ReportDetail& report);
  void save_if_due();
  [[nodiscard]] bool nothing_under_way() const;
  void take_new_version_when_saved();
  void finish_fix();
  void toast(Text words, Tone tone, std::optional<Text> action = {}, double seconds = Ui::kToastTime);
  void begin_deletion(std::string report_id, std::string sha256);
  void hide_deleted();
  void undo_deletion();
  void finish_deletion();
  void keep_fix();  // what the search found, for the photos it was about
  void set_stack(std::vector<Entry> next);
  void enter_screen();  // the topmost is another than before
  // The best position known for something that happened at `at`.
  [[nodiscard]] std::optional<report::Place> place_at(UnixMillis at) const;
  void search_for_photo();
  void finish_pops();
  void start_draft(std::string id, std::string category_id);
  void open_draft(const std::string& id);
  void forget_editing();
  void draft_opened(const std::string& id, const engine::Reply& reply);
  void draw_waiting(std::string_view heading, std::string_view words);

  Host& host_;
  Ui& ui_;
  UnixMillis now_ = 0;
  std::vector<Entry> stack_ = {{}};
  unsigned next_serial_ = 1;
  int pops_ = 0;                       // screens to leave when the frame is drawn
  std::set<std::string> missing_;
  std::int64_t next_command_ = 1;

  std::optional<report::Draft> draft_;
  bool in_store_ = false;              // the draft was saved at least once
  bool opening_ = false;               // waits for the engine to tell the draft's content
  bool submitting_ = false;            // waits for the engine to take the report over
  UnixMillis change_at_ = 0;           // of the oldest unsaved change; 0: none
  UnixMillis last_change_at_ = 0;
  int saves_under_way_ = 0;
  bool save_refused_ = false;          // the last save of the draft was
  std::map<std::int64_t, std::function<void(const engine::Reply&)>> waiting_;

  // Deleted for the citizen, not yet in the store: whatever ends the page before leaves it as it was.
  struct Deletion {
    std::string report_id;
    std::string sha256;  // of the photo; empty: the whole draft
  };
  std::optional<Deletion> deletion_;
  bool wants_new_version_ = false;
  std::optional<Language> language_chosen_;  // by the citizen, its words not here yet
  Refresh refresh_;

  int next_job_ = 1;
  std::string looked_at_;  // path of the evidence that was asked for last
  std::map<std::string, Text> photo_problems_;  // by report
  std::optional<geo::FixSelection> fix_;
  std::string fix_for_;                // report the search is for
  bool fix_at_capture_ = false;        // started by taking a photo: does not override a better place
  std::optional<report::Place> last_place_;  // what the last search found, for photos of that minute

  struct CoverJob { int id = 0; std::string report_id, sha256; engine::Original original = engine::Original::kDelete; } cover_job_;
};

// One function a screen; each draws the whole of it.
void draw_home(App& app, Ui& ui);
void draw_reports(App& app, Ui& ui);
void draw_nearby(App& app, Ui& ui);
void draw_more(App& app, Ui& ui);
void draw_photo_step(App& app, Ui& ui);
void draw_place_step(App& app, Ui& ui);
void draw_story_step(App& app, Ui& ui);
void draw_check_step(App& app, Ui& ui);
void draw_sent(App& app, Ui& ui);
void draw_detail(App& app, Ui& ui);
void draw_viewer(App& app, Ui& ui);
void draw_receipt(App& app, Ui& ui);
void draw_storage(App& app, Ui& ui);
void draw_camera(App& app, Ui& ui);
void draw_cover(App& app, Ui& ui);
void draw_fatal(App& app, Ui& ui);

}  // namespace titik::ui
