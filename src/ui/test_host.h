// The interface under test: a page, a history and an engine that do what the test says, and a person
// who knows the screen only by its nodes, as a screen reader does.
//
//   TestPhone phone;
//   phone.start();
//   phone.tap("Buat laporan");
//   phone.type("Judul", "Lubang");
//   phone.wait(500);
//   EXPECT_EQ(phone.host.sent<engine::SaveDraft>().size(), 1u);
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ui/app.h"
#include "ui/widgets/test_context.h"

namespace titik::ui {

// Counts and remembers what the interface asks of the page.
class TestHost : public Host {
 public:
  UnixMillis now() override { return clock; }
  std::string new_report_id() override;
  void send(const engine::Command& command, int photo_job) override;
  void show_history(const std::string& routes) override;
  [[nodiscard]] std::size_t depth() const { return history.size() - 1; }
  void watch_position(bool on) override { watching = on; }
  void camera(Camera wish) override { camera_wishes.push_back(wish); }
  void cover_photo(int job, const std::string& sha256, const std::string& cells, std::size_t columns) override {
    covers.push_back({job, sha256, cells, columns});
  }
  void load_language(std::string_view code) override { languages_asked.emplace_back(code); }
  void ask_for_persistence() override { ++persistence_asked; }
  void keep(KeepTask task) override { kept.push_back(task); }
  void share(const std::string& name, const std::string& text, const std::string& link) override { shared = {name, text, link}; }
  void take_over() override { ++taken_over; }
  void take_new_version() override { ++versions_taken; }
  void install() override { ++installs; }
  void refuse_install() override { ++installs_refused; }
  void ask_to_notify() override { ++notify_asked; }
  Texture find(const std::string& sha256, int long_edge) override;

  // All commands of one kind that were sent, oldest first.
  template <typename Body>
  [[nodiscard]] std::vector<Body> sent() const {
    std::vector<Body> found;
    for (const engine::Command& command : commands) {
      if (const Body* body = std::get_if<Body>(&command.body)) found.push_back(*body);
    }
    return found;
  }

  UnixMillis clock = 0;
  std::vector<engine::Command> commands;
  std::vector<int> photo_jobs;       // of each command; 0: none
  std::vector<std::string> history = {"#/"};  // routes of the browser's entries, up to where it stands
  bool watching = false;
  std::vector<Camera> camera_wishes;
  struct CoverWish { int job; std::string sha256, cells; std::size_t columns; };
  std::vector<CoverWish> covers;
  std::vector<std::string> languages_asked;
  int persistence_asked = 0;
  std::vector<KeepTask> kept;
  struct Shared { std::string name, text, link; } shared;  // the last file
  int taken_over = 0;
  int versions_taken = 0;
  int installs = 0;
  int installs_refused = 0;
  int notify_asked = 0;
  bool has_pictures = true;

 private:
  int next_id_ = 1;
};

// What the engine would say to each command; slow on demand, so that what happens between can be seen.
class TestEngine {
 public:
  struct Report {
    report::Draft draft;
    report::PhoneState state = report::PhoneState::kDraft;
  };
  // Answers command number `index` of the host's list.
  std::vector<engine::Event> answer(const engine::Command& command);
  // Error for the next command of any kind; then none.
  std::optional<Error> next_error;
  std::map<std::string, Report> reports;
  std::string profile;  // JSON

 private:
  [[nodiscard]] engine::ReportsChanged list() const;
  [[nodiscard]] engine::ReportChanged detail(const std::string& id) const;
};

class TestPhone {
 public:
  TestPhone();

  // Start and its answers; Beranda is drawn.
  void start();
  // One frame.
  void frame();
  // The page's rest: frames and answers, until nothing more happens.
  void settle();
  // Time passes in steps of 50 ms, with frames when the interface wants them.
  void wait(UnixMillis length);
  void answer();    // all commands not yet answered
  void go_back(std::size_t screens);  // the browser's own button

  void send_event(const engine::Event& event);
  void tap(std::string_view name);  // a button, checkbox, radio or map; then settles
  void type(std::string_view name, std::string value);  // then draws, without settling
  // A photo that was chosen and reduced; answers its job.
  int add_photo(char digit, bool from_camera = false, std::optional<report::Place> place = {});

  [[nodiscard]] const Node* find(std::string_view name) const;
  [[nodiscard]] const Node* find(Role role, std::string_view name) const;
  [[nodiscard]] const Node* role(Role role) const;            // the first of it
  [[nodiscard]] bool shows(std::string_view words) const;     // in any node's label or hint
  [[nodiscard]] std::string status() const;                   // words of role=status
  [[nodiscard]] Rect on_screen(const Node& node) const;       // its rectangle, of the whole screen
  [[nodiscard]] const std::vector<Node>& nodes() const { return ui.nodes(); }

  TestContext context;
  TestHost host;
  TestEngine engine;
  Ui ui{host};
  App app{host, ui};
  FrameInput input = {.size = {360, 640}, .pixel_ratio = 2};
  bool engine_is_slow = false;  // answers come with answer() only

 private:
  std::size_t answered_ = 0;
};

// 2026-11-21 14:10 WIB.
inline constexpr UnixMillis kTestNow = 1'795'245'000'000;

std::string test_hash(char digit);  // 64 times
std::string english_table();  // en.txt as the build made it
std::string read_profile(std::string_view city = "kota-jambi");
report::Photo test_photo(char digit);
// A draft that may be sent.
report::Draft whole_draft(std::string id);

bool is_interactive(Role role);

}  // namespace titik::ui
