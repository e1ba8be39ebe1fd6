// Thousands of things that a person, a phone and a network may do, in any order: none crashes, none
// makes two nodes with one id, none loses or doubles a report. Seeds are fixed: a failure comes again.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "ui/test_screen.h"

namespace titik::ui {
namespace {

class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed) { phone.start(); }

  void run(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
      const int what = below(100);
      if (what < 50) activate();
      else if (what < 62) type();
      else if (what < 70) photo();
      else if (what < 76) place();
      else if (what < 84) page();
      else if (what < 94) event();
      else touch();
      if (one_in(3)) phone.frame();
      if (one_in(2)) phone.answer();
      phone.frame();
      check();
    }
    phone.answer();
    for (int i = 0; i < 3; ++i) phone.settle();
    at_rest();
  }

  TestPhone phone;

 private:
  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }
  bool one_in(int count) { return below(count) == 0; }
  double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }

  const Node* any(bool (*fits)(const Node&)) {
    std::vector<const Node*> found;
    for (const Node& node : phone.nodes()) {
      if (fits(node)) found.push_back(&node);
    }
    return found.empty() ? nullptr : found[static_cast<std::size_t>(below(static_cast<int>(found.size())))];
  }

  void activate() {
    // Sometimes two taps before a frame, as on a slow phone.
    for (int i = one_in(5) ? 2 : 1; i > 0; --i) {
      const Node* node = any([](const Node& one) { return is_interactive(one.role); });
      // The way to Kirim is long: help a little.
      if (one_in(4)) {
        for (const std::string_view name : {"Buat laporan", "Lanjut", "Kirim laporan", "Ubah laporan", "Lihat laporan"}) {
          if (const Node* next = phone.find(Role::kButton, name)) node = next;
        }
      }
      if (node && !(node->state & kDisabled)) phone.ui.activate(node->id);
    }
    if (one_in(40)) phone.ui.activate(static_cast<NodeId>(random_()));
  }

  void type() {
    const Node* field = any([](const Node& one) { return one.role == Role::kTextField || one.role == Role::kTextArea || one.role == Role::kDateField; });
    if (!field) return;
    static const std::string kTexts[] = {
        "", "Lubang", "Depan warung Bu Siti, RT 03", "2026-11-20", "2027-01-01", "bukan tanggal", "081234567890", "12",
        "baris satu\nbaris dua\n\n", std::string(6000, 'a'), "kata " + std::string(300, 'x') + " kata", "\xF0\x9F\x9A\xA7 \xE2\x80\xAE",
        "\xFF\xFE\x80", std::string("a\0b", 3), "{0} {1} %s %n"};
    phone.ui.focus_changed(field->id, one_in(2));
    phone.ui.text_changed(field->id, kTexts[static_cast<std::size_t>(below(static_cast<int>(std::size(kTexts))))]);
  }

  void photo() {
    if (jobs_.empty() || one_in(2)) {
      if (const int job = phone.app.photo_chosen(below(9'000'000), one_in(2)); job > 0) jobs_.push_back(job);
      return;
    }
    const auto index = static_cast<std::size_t>(below(static_cast<int>(jobs_.size())));
    const int job = jobs_[index];
    switch (below(4)) {
      case 0: phone.app.photo_stage(job, static_cast<PhotoJob::Stage>(below(3))); return;
      case 1: phone.app.photo_failed(job, one_in(2) ? "malformed" : "storage", one_in(2) ? "empty" : ""); break;
      default: {
        report::Photo photo = test_photo(static_cast<char>('a' + below(6)));
        if (one_in(2)) photo.place = report::Place{.point = {between(-2, -1), 103}, .source = report::PlaceSource::kExif};
        phone.app.photo_ready(job, photo);
      }
    }
    jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void place() {
    if (one_in(4)) phone.app.position_failed(one_in(2));
    else phone.app.position({.point = {between(-100, 100), between(-200, 200)}, .accuracy_m = between(-5, 3000), .at = phone.host.clock});
  }

  void page() {
    switch (below(7)) {
      case 0: phone.input.size = {static_cast<float>(between(200, 900)), static_cast<float>(between(200, 1200))}; break;
      case 1: phone.input.text_scale = static_cast<float>(between(0.5, 3)); break;
      case 2: phone.input.dark = !phone.input.dark; break;
      case 3: phone.host.clock += below(30'000); break;
      case 4: phone.app.hidden(); break;
      case 5: phone.app.shown(); break;
      default:
        history();
    }
  }

  // The browser's back and forward, and an address typed by hand.
  void history() {
    routes_.insert(phone.host.history.back());
    if (one_in(2) && phone.host.depth() > 0) {
      phone.go_back(1 + static_cast<std::size_t>(below(static_cast<int>(phone.host.depth()))));
      return;
    }
    std::string stack;
    for (int i = below(4); i >= 0; --i) stack += *std::next(routes_.begin(), below(static_cast<int>(routes_.size()))) + "\n";
    phone.app.navigate(stack);
  }

  void event() {
    using report::PhoneState;
    switch (below(8)) {
      case 0: phone.app.event(engine::SaveStateChanged{.unsaved = one_in(2), .saved_at = one_in(2) ? phone.host.clock : 0, .problem = one_in(8) ? "storage" : ""}); break;
      case 1: phone.app.event(engine::CountsChanged{{below(100'000), below(1000), below(1000)}}); break;
      case 2: {
        engine::PublicReportsChanged reports;
        for (int i = below(6); i > 0; --i) {
          reports.reports.push_back({.tracking_id = "1", .title = one_in(3) ? "" : "Sampah", .category_id = "sampah", .status_name = one_in(2) ? "proses" : "?",
                                     .point = report::GeoPoint{between(-90, 90), between(-180, 180)}, .received_at = kTestNow});
        }
        phone.app.event(reports);
        break;
      }
      case 3:
        // The city answers: reports move on by themselves.
        for (auto& [id, report] : phone.engine.reports) {
          if (report.state == PhoneState::kQueued) report.state = one_in(2) ? PhoneState::kReceived : PhoneState::kNeedsAttention;
        }
        break;
      case 4: phone.engine.next_error = Error{one_in(2) ? ErrorCode::kStorage : ErrorCode::kConflict, "", ""}; break;
      case 5: phone.app.event(engine::Reply{.id = below(10'000), .error = {}, .problems = {}}); break;
      case 6: {
        if (phone.engine.reports.empty()) break;
        const std::string id = phone.engine.reports.begin()->first;
        engine::ReportDetail report = {.draft = phone.engine.reports.begin()->second.draft, .state = phone.engine.reports.begin()->second.state,
                                       .received_at = kTestNow, .tracking_id = "7000001", .status_name = "proses", .photos_sent = below(7)};
        for (int i = below(5); i > 0; --i) {
          report.timeline.push_back({.kind = static_cast<engine::TimelineEntry::Kind>(below(6)), .at = kTestNow, .who = one_in(2) ? "Dinas PUPR" : "",
                                     .text = one_in(2) ? "Diteruskan ke Dinas PUPR" : "", .evidence = {{.sha256 = one_in(2) ? test_hash('e') : "", .file_name = "a.jpg", .extension = one_in(2) ? "jpg" : "pdf"}}});
        }
        phone.app.event(engine::ReportChanged{report});
        break;
      }
      default: phone.app.event(engine::SettingsChanged{{.text_scale = 100 + 25 * below(5)}});
    }
  }

  void touch() {
    using Phase = Gestures::Phase;
    const Point at = {static_cast<float>(between(-20, 900)), static_cast<float>(between(-20, 1200))};
    const double now = static_cast<double>(phone.host.clock - kTestNow) / 1000;
    phone.ui.pointer(static_cast<Phase>(below(4)), below(3), at, now + between(0, 0.1));
    if (one_in(3)) phone.ui.wheel(at, {0, static_cast<float>(between(-900, 900))}, one_in(2));
    if (const Node* scroller = phone.role(Role::kScroller); scroller && one_in(3)) phone.ui.scrolled(scroller->id, static_cast<float>(between(-100, 5000)));
    if (const Node* map = phone.role(Role::kMap); map && one_in(2)) {
      phone.ui.map_key(map->id, {64, -64}, one_in(2) ? 2.0f : 0.5f);
      if (one_in(3)) phone.ui.map_tap(map->id, at);
    }
  }

  void check() {
    for (const std::string& problem : check_ids(phone)) ADD_FAILURE() << problem;
    // Said only when true: nothing waits in the interface, and the engine has nothing unsaved.
    if (phone.find(Role::kStatus, "Tersimpan di ponsel")) {
      EXPECT_FALSE(phone.app.model.save.unsaved);
      EXPECT_TRUE(phone.app.model.save.problem.empty());
    }
  }

  void at_rest() {
    // A history entry for each screen above the root, no more and no less: the root's bar is there
    // exactly when there is nothing to go back to.
    const bool is_root = phone.find(Role::kButton, "Beranda") != nullptr;
    EXPECT_EQ(phone.host.depth() == 0, is_root) << "depth " << phone.host.depth();
    std::set<std::string> submitted;
    for (const engine::Submit& submit : phone.host.sent<engine::Submit>()) submitted.insert(submit.report_id);
    for (const std::string& id : submitted) EXPECT_FALSE(id.empty());
  }

  std::mt19937 random_;
  std::vector<int> jobs_;
  std::set<std::string> routes_ = {"", "#/", "#/laporan", "#/baru?kategori=jalan", "#/baru", "#/draf/nonsense/foto", "#/laporan/0192f0c0-0000-7000-8000-000000000000"};
};

class RandomWalk : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomWalk, NeverCrashesAndNeverDoublesAnId) {
  Walk walk(GetParam());
  walk.run(600);
  if (HasFailure()) GTEST_LOG_(INFO) << "seed " << GetParam() << ", screen " << static_cast<int>(walk.phone.app.current().screen);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, ::testing::Range(1u, 21u));

}  // namespace
}  // namespace titik::ui
