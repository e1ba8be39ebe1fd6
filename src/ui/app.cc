#include "ui/app.h"

#include <algorithm>
#include <type_traits>

#include "report/validation.h"
#include "ui/format.h"

namespace titik::ui {
namespace {

constexpr UnixMillis kAutosaveAfter = 500;    // ms after the last change
constexpr UnixMillis kAutosaveAtLatest = 600;  // ms after the first unsaved one: with the way to the disk, a kill costs less than 1 s
constexpr UnixMillis kClockRefresh = kMinute;   // "tinggal 5 jam" grows old

constexpr float kToastFoot = kPrimaryHeight + 12 + kMargin;  // above the steps' buttons and the bar

}  // namespace

void App::start() { send(engine::Start{}); }

std::int64_t App::send(engine::CommandBody body, int photo_job) {
  const std::int64_t id = next_command_++;
  host_.send({id, std::move(body)}, photo_job);
  return id;
}

// --- Events ---------------------------------------------------------------------------------------

void App::event(const engine::Event& event) {
  std::visit(
      [&](const auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, engine::Reply>) {
          reply(e);
        } else if constexpr (std::is_same_v<E, engine::ReportsChanged>) {
          if (!model.started) host_.keep(KeepTask::kLook);
          model.reports = e.reports;
          model.started = true;
          hide_deleted();
          model.fatal.clear();  // the engine runs (again)
        } else if constexpr (std::is_same_v<E, engine::ReportChanged>) {
          report_changed(e.report);
        } else if constexpr (std::is_same_v<E, engine::ReportRemoved>) {
          model.details.erase(e.report_id);
        } else if constexpr (std::is_same_v<E, engine::ProfileChanged>) {
          Result<report::CityProfile> city = report::parse_city_profile(e.json);
          if (city.ok()) {
            const bool other_city = !model.city || model.city->id != city->id;
            model.city = std::move(city).value();
            if (other_city) place_view = nearby_view = std::nullopt;
          }
        } else if constexpr (std::is_same_v<E, engine::SaveStateChanged>) {
          model.save = e;
        } else if constexpr (std::is_same_v<E, engine::SyncStateChanged>) {
          model.sync = e;
        } else if constexpr (std::is_same_v<E, engine::CountsChanged>) {
          model.counts = e.counts;
        } else if constexpr (std::is_same_v<E, engine::PublicReportsChanged>) {
          model.nearby = e.reports;
        } else if constexpr (std::is_same_v<E, engine::StorageChanged>) {
          model.storage = e;
        } else if constexpr (std::is_same_v<E, engine::ReportsImported>) {
          carry = {.stage = Carry::kDone, .imported = e};
          host_.keep(KeepTask::kLook);
        } else if constexpr (std::is_same_v<E, engine::StorageNotice>) {
          model.notice = e;
        } else if constexpr (std::is_same_v<E, engine::SettingsChanged>) {
          model.settings = e.settings;
          if (!e.settings.language.empty() && e.settings.language != code_of(language()) && !language_chosen_) {
            host_.load_language(e.settings.language);
          }
        }
      },
      event);
}

void App::reply(const engine::Reply& reply) {
  const auto found = waiting_.find(reply.id);
  if (found == waiting_.end()) return;
  const auto handle = std::move(found->second);
  waiting_.erase(found);
  handle(reply);
}

void App::report_changed(const engine::ReportDetail& report) {
  model.details[report.draft.id] = report;
  if (!draft_ || draft_->id != report.draft.id) return;
  if (opening_) return;  // draft_opened()
  // The words belong to whoever types them; the photos belong to the store.
  draft_->photos = report.draft.photos;
  hide_deleted();
  if (selected_photo >= draft_->photos.size()) selected_photo = draft_->photos.empty() ? 0 : draft_->photos.size() - 1;
}

// --- Frame ----------------------------------------------------------------------------------------

void App::frame(const FrameInput& input) {
  now_ = host_.now();
  if (fix_ && fix_->finished(now_)) finish_fix();
  save_if_due();
  take_new_version_when_saved();
  FrameInput scaled = input;
  scaled.text_scale = std::clamp(input.text_scale * static_cast<float>(model.settings.text_scale) / 100, 1.0f, 2.0f);
  ui_.begin(scaled);
  if (!model.fatal.empty()) {
    draw_fatal(*this, ui_);
    ui_.end();
    return;
  }
  const Screen screen = current().screen;
  ui_.in_group("screen", current().serial, [&] {
    // Nothing can be typed that the stored draft would overwrite, or that is too late to be sent.
    if (is_editing(screen) && opening_) return draw_waiting(tr(Text::kEditReport), tr(Text::kOpening));
    if (is_editing(screen) && submitting_) return draw_waiting(tr(Text::kStepCheck), tr(Text::kSaving));
    switch (screen) {
      case Screen::kHome: return draw_home(*this, ui_);
      case Screen::kReports: return draw_reports(*this, ui_);
      case Screen::kNearby: return draw_nearby(*this, ui_);
      case Screen::kMore: return draw_more(*this, ui_);
      case Screen::kPhoto: return draw_photo_step(*this, ui_);
      case Screen::kPlace: return draw_place_step(*this, ui_);
      case Screen::kStory: return draw_story_step(*this, ui_);
      case Screen::kCheck: return draw_check_step(*this, ui_);
      case Screen::kSent: return draw_sent(*this, ui_);
      case Screen::kDetail: return draw_detail(*this, ui_);
      case Screen::kViewer: return draw_viewer(*this, ui_);
      case Screen::kReceipt: return draw_receipt(*this, ui_);
      case Screen::kStorage: return draw_storage(*this, ui_);
      case Screen::kCamera: return draw_camera(*this, ui_);
      case Screen::kCover: return draw_cover(*this, ui_);
    }
  });
  if (ui_.toast(kToastFoot)) {
    if (deletion_) undo_deletion();
    else refresh();
  }
  if (ui_.milliseconds_to_wake() < 0) finish_deletion();  // the toast is gone
  ui_.end();
  finish_pops();
}

void App::draw_waiting(std::string_view heading, std::string_view words) {
  if (ui_.top_bar({.title = tr(Text::kNewReport), .back = tr(Text::kClose)}) == Ui::TopBar::kBack) {
    pop(static_cast<int>(std::count_if(stack_.begin(), stack_.end(), [](const Entry& one) { return is_editing(one.screen); })));
  }
  ui_.gap(16);
  ui_.heading(heading, 1);
  ui_.gap(8);
  ui_.status(words, Tone::kNeutral, "refresh-cw");
}

std::int64_t App::milliseconds_to_wake() const {
  std::int64_t wake = -1;
  const auto sooner = [&](std::int64_t in) { wake = wake < 0 ? std::max<std::int64_t>(in, 0) : std::min(wake, std::max<std::int64_t>(in, 0)); };
  if (change_at_ != 0) sooner(std::min(last_change_at_ + kAutosaveAfter, change_at_ + kAutosaveAtLatest) - now_);
  if (fix_) sooner(kSecond);
  const bool clock_runs = std::any_of(model.reports.begin(), model.reports.end(), [](const auto& report) {
    return report.follow_up_due_at != 0 && report.follow_up_stopped_at == 0;
  });
  if (clock_runs) sooner(kClockRefresh);
  if (const std::int64_t toast = ui_.milliseconds_to_wake(); toast >= 0) sooner(toast);
  return wake;
}

void App::hidden() {
  if (change_at_ != 0) save_now();
}

// --- Navigation -----------------------------------------------------------------------------------

void App::show_tab(Screen tab) {
  if (!refreshing()) refresh_ = {};
  set_stack({{.screen = tab}});
}

void App::show_photo(std::size_t index) {
  stack_.back().index = index;
  photo_view = {};
  host_.show_history(write_stack(stack_));
}

void App::look_at_evidence(const std::string& path) {
  if (looked_at_ == path) return;
  looked_at_ = path;
  if (!path.empty()) send(engine::LoadEvidence{current().report_id, path});
}

void App::push(Screen screen, std::string report_id, std::size_t index) {
  std::vector<Entry> next = stack_;
  next.push_back({.screen = screen, .report_id = std::move(report_id), .index = index});
  set_stack(std::move(next));
}

void App::finish_pops() {
  if (pops_ == 0) return;
  if (change_at_ != 0) save_now();
  const std::size_t above = stack_.size() - 1;
  const std::size_t gone = std::min(static_cast<std::size_t>(pops_), above);
  pops_ = 0;
  if (gone > 0) set_stack({stack_.begin(), stack_.end() - static_cast<std::ptrdiff_t>(gone)});
}

void App::back() {
  pop();
  finish_pops();
}

void App::navigate(std::string_view routes) {
  if (change_at_ != 0) save_now();
  std::vector<Entry> next = read_stack(routes);
  if (is_editing(next.back().screen) && next.back().report_id.empty()) {
    forget_editing();
    start_draft(host_.new_report_id(), next.back().category_id);
    for (Entry& entry : next) {
      if (is_editing(entry.screen)) entry.report_id = draft_->id;
    }
  }
  set_stack(std::move(next));
}

// Everything that a change of screens brings with it, in one place: what was edited is saved, what is
// shown is asked for, the browser's history follows.
void App::set_stack(std::vector<Entry> next) {
  // 1. What is not edited any more is saved and let go; what is edited from now on is opened.
  const auto edited = std::find_if(next.begin(), next.end(), [](const Entry& one) { return is_editing(one.screen); });
  if (draft_ && (edited == next.end() || edited->report_id != draft_->id)) forget_editing();
  if (edited != next.end() && !draft_) open_draft(edited->report_id);
  // 2. A screen that stays is the same visit, with its place in the list.
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (i < stack_.size() && stack_[i].same_place(next[i])) {
      next[i].serial = stack_[i].serial;
      continue;
    }
    next[i].serial = next_serial_++;
    if (!is_root(next[i].screen) && !next[i].report_id.empty() && !is_editing(next[i].screen)) shown.push_back(next[i].report_id);
    if (next[i].screen == Screen::kStorage) host_.keep(KeepTask::kLook);
    if (next[i].screen == Screen::kNearby) refresh_nearby();
  }
  const unsigned before = current().serial;
  const Screen left = current().screen;
  stack_ = std::move(next);
  if (left == Screen::kCamera && current().screen != left) {
    host_.camera(Host::Camera::kOff);
    if (camera.state != CameraNow::kNone) camera = {.state = CameraNow::kOff};
  }
  if (current().serial != before) enter_screen();
  // 3. What a new screen shows.
  for (const std::string& id : shown) {
    waiting_[send(engine::OpenReport{id})] = [this, id](const engine::Reply& reply) {
      if (reply.error) {
        missing_.insert(id);
        return;
      }
      // A link to what is still a draft leads to where it can be finished.
      const engine::ReportDetail* report = model.detail(id);
      if (report && report->state == report::PhoneState::kDraft && current().screen == Screen::kDetail && current().report_id == id) {
        std::vector<Entry> steps = stack_;
        steps.back() = {.screen = Screen::kPhoto, .report_id = id};
        set_stack(std::move(steps));
      }
    };
  }
  // 4. The browser.
  host_.show_history(write_stack(stack_));
}

// --- Editing --------------------------------------------------------------------------------------

void App::new_report() {
  start_draft(host_.new_report_id(), {});
  push(Screen::kPhoto, draft_->id);
}

void App::start_draft(std::string id, std::string category_id) {
  draft_ = report::Draft{.id = std::move(id), .category_id = std::move(category_id), .incident_date = today(), .created_at = now_, .updated_at = now_};
  in_store_ = opening_ = submitting_ = show_problems = confirm_delete = save_refused_ = false;
  change_at_ = 0;
  selected_photo = 0;
  place_problem = {};
  place_view.reset();
}

// Saved first, if there is anything to save.
void App::forget_editing() {
  if (!draft_) return;
  if (change_at_ != 0) save_now();
  if (!fix_for_.empty()) finish_fix();  // its photos get what was found
  draft_.reset();
  opening_ = submitting_ = false;
}

void App::open_draft(const std::string& id) {
  if (deletion_ && deletion_->sha256.empty() && deletion_->report_id == id) undo_deletion();
  start_draft(id, {});
  opening_ = true;
  waiting_[send(engine::OpenReport{id})] = [this, id](const engine::Reply& reply) { draft_opened(id, reply); };
}

void App::draft_opened(const std::string& id, const engine::Reply& reply) {
  if (!draft_ || draft_->id != id || !opening_) return;
  opening_ = false;
  const engine::ReportDetail* report = model.detail(id);
  if (reply.error || !report) {
    // Never saved, or deleted since: a new report in its place, at the same step.
    start_draft(host_.new_report_id(), {});
    std::vector<Entry> next = stack_;
    for (Entry& entry : next) {
      if (is_editing(entry.screen)) entry.report_id = draft_->id;
    }
    set_stack(std::move(next));
    return;
  }
  using report::PhoneState;
  if (report->state != PhoneState::kDraft && report->state != PhoneState::kNeedsAttention) {
    // Sent since: it can be read, no longer written.
    draft_.reset();
    std::vector<Entry> next = stack_;
    std::erase_if(next, [](const Entry& entry) { return is_editing(entry.screen); });
    if (next.back().report_id != id) next.push_back({.screen = Screen::kDetail, .report_id = id});
    set_stack(std::move(next));
    return;
  }
  draft_ = report->draft;
  hide_deleted();
  in_store_ = true;
  show_problems = report->state == PhoneState::kNeedsAttention;
}

void App::edit_report(const std::string& id) { push(Screen::kPhoto, id); }

void App::open_report(const std::string& id) {
  const engine::ReportSummary* summary = model.summary(id);
  push(summary && summary->state == report::PhoneState::kDraft ? Screen::kPhoto : Screen::kDetail, id);
}

void App::changed() {
  if (!draft_ || opening_) return;
  draft_->updated_at = now_;
  if (change_at_ == 0) change_at_ = now_;
  last_change_at_ = now_;
  confirm_delete = false;
}

void App::save_if_due() {
  if (change_at_ == 0) return;
  if (now_ - last_change_at_ >= kAutosaveAfter || now_ - change_at_ >= kAutosaveAtLatest) save_now();
}

void App::save_now() {
  if (!draft_ || opening_) return;
  change_at_ = 0;
  in_store_ = true;
  ++saves_under_way_;
  const std::int64_t id = send(engine::SaveDraft{*draft_});
  waiting_[id] = [this](const engine::Reply& reply) {
    --saves_under_way_;
    save_refused_ = reply.error.has_value();
  };
}

App::SaveStatus App::save_status() const {
  if (save_refused_ || !model.save.problem.empty()) return {tr(Text::kSaveFailed), Tone::kDanger, "triangle-alert"};
  if (!in_store_ && change_at_ == 0) return {};
  if (change_at_ != 0 || saves_under_way_ > 0 || model.save.unsaved) return {tr(Text::kSaving), Tone::kNeutral, "refresh-cw"};
  return {tr(Text::kSaved), Tone::kSuccess, "check"};
}

void App::save_and_tell() {
  if (!draft_ || opening_) return;
  save_now();
  const std::int64_t id = next_command_ - 1;
  waiting_[id] = [this, then = std::move(waiting_[id])](const engine::Reply& reply) {
    then(reply);
    if (!reply.error) toast(Text::kDraftSaved, Tone::kSuccess);
  };
}

void App::delete_draft() {
  if (!draft_) return;
  if (change_at_ != 0) save_now();  // what is undone comes back whole
  if (in_store_) begin_deletion(draft_->id, {});
  else toast(Text::kDraftDeleted, Tone::kNeutral);
  set_stack({stack_.front()});
}

void App::submit() {
  if (!draft_ || opening_ || submitting_) return;
  show_problems = true;
  if (!problems().empty()) return;
  finish_deletion();
  // The words first, so that what is queued is what was seen.
  save_now();
  const std::string id = draft_->id;
  host_.ask_for_persistence();
  submitting_ = true;
  const std::int64_t command = send(engine::Submit{id});
  waiting_[command] = [this, id](const engine::Reply& reply) {
    // The citizen may have gone elsewhere meanwhile, and stays there.
    if (!draft_ || draft_->id != id) return;
    submitting_ = false;
    if (reply.error) {
      // What is wrong with the fields is on the screen; anything else is a store that refused.
      save_refused_ = reply.problems.empty();
      return;
    }
    change_at_ = 0;
    // The steps are done: back leads to where the report was begun.
    std::vector<Entry> next = stack_;
    std::erase_if(next, [](const Entry& entry) { return is_editing(entry.screen); });
    next.push_back({.screen = Screen::kSent, .report_id = id});
    set_stack(std::move(next));
  };
}

std::vector<report::Problem> App::problems() const {
  if (!draft_ || !model.city) return {};
  return report::validate(report::normalised(*draft_), *model.city, today());
}

std::string_view App::problem_of(report::Field field) const {
  if (!show_problems) return {};
  for (const report::Problem& problem : problems()) {
    if (problem.field == field) return problem_words(problem);
  }
  return {};
}

void App::refresh() {
  if (refreshing()) return;
  refresh_ = {Refresh::kUnderWay, 0};
  // What waits is tried, and open reports are asked for. The public list's answer tells whether the city
  // can be reached at all.
  send(engine::Wake{engine::WakeReason::kOnline});
  waiting_[send(engine::LoadPublicReports{})] = [this](const engine::Reply& reply) {
    refresh_ = {reply.error ? Refresh::kFailed : Refresh::kDone, host_.now()};
    if (reply.error) toast(Text::kRefreshFailed, Tone::kWarning, Text::kRetry);
  };
}

void App::set_text_scale(int percent) {
  model.settings.text_scale = percent;
  send(engine::SaveSettings{model.settings});
}

// Its new id is the engine's: the list shows it.
void App::send_as_new(const std::string& id) {
  send(engine::SendAsNew{id});
  show_tab(Screen::kReports);
}

void App::set_photos_wait(bool wait) {
  model.settings.photos_wait = wait;
  send(engine::SaveSettings{model.settings});
}

// The choice is kept once its words are here: a language that cannot be had is not one to start in.
void App::choose_language(Language chosen) {
  language_failed = false;
  language_chosen_ = chosen;
  host_.load_language(code_of(chosen));
}

bool App::language_loaded(std::string_view code, std::string_view table) {
  const bool spoken = code == code_of(Language::kEnglish) ? speak_english(table) : (speak_indonesian(), true);
  if (!language_chosen_ || code_of(*language_chosen_) != code) return spoken;
  language_chosen_.reset();
  language_failed = !spoken;
  if (spoken) {
    model.settings.language = code;
    send(engine::SaveSettings{model.settings});
  }
  return spoken;
}

}  // namespace titik::ui
