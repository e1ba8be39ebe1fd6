// Penyimpanan: how safe what is on this phone is, how much it is, the file that takes unsent reports to
// another phone, and the end of it all.
#include <algorithm>

#include "ui/format.h"
#include "ui/screens/parts.h"

namespace titik::ui {
namespace {

constexpr TextDesc kSmall = {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true};

void draw_sizes(App& app, Ui& ui) {
  const engine::StorageChanged& ours = app.model.storage;
  struct Line { std::string_view icon; Text name; std::int64_t bytes; };
  const Line lines[] = {
      {"image", Text::kStepPhoto, ours.photo_bytes - ours.thumbnail_bytes - ours.evidence_bytes},
      {"list", Text::kSizeThumbnails, ours.thumbnail_bytes},
      {"building-2", Text::kSizeEvidence, ours.evidence_bytes},
      {"file-text", Text::kSizeTexts, ours.database_bytes},
      {"house", Text::kSizeApp, std::max<std::int64_t>(0, app.storage.used - ours.photo_bytes - ours.database_bytes)},
      {"hard-drive", Text::kSizeFree, app.storage.free},
  };
  const std::size_t count = app.storage.used < 0 ? 4 : 6;  // the last two where the browser tells
  ui.card({}, [&] {
    for (std::size_t i = 0; i < count; ++i) {
      ui.list_row({.icon = lines[i].icon, .title = tr(lines[i].name), .value = data_size(lines[i].bytes), .chevron = false}, i + 1 == count);
    }
  });
}

// In the order of Carry::Problem.
constexpr Text kProblems[] = {Text::kCarryBroken, Text::kCarryCompressed, Text::kCarryNewer, Text::kCarryFull, Text::kCarryLater};

void draw_carry(App& app, Ui& ui) {
  const Carry& carry = app.carry;
  const bool busy = carry.stage == Carry::kPacking || carry.stage == Carry::kReading;
  const bool nothing = std::all_of(app.model.reports.begin(), app.model.reports.end(),
                                   [](const auto& report) { return report.state == report::PhoneState::kReceived && !report.photos_on_way; });
  ui.heading(tr(Text::kCarry), 2);
  ui.gap(4);
  ui.text(tr(Text::kCarryText), kSmall);
  ui.gap(kGap);
  if (carry.stage == Carry::kReady) {
    if (ui.button(tr(carry.shares ? Text::kCarryShare : Text::kCarrySave), {.icon = "send"})) app.hand_over();
  } else if (ui.button(tr(Text::kCarryPack), {.kind = ButtonKind::kSecondary, .icon = "file-text", .disabled = busy || nothing})) {
    app.pack();
  }
  ui.gap(8);
  const float height = std::max(kTouch, ui.canvas().line_height(TextSize::kBody) + 22);
  ui.file_button(ui.take(height), tr(Text::kCarryOpen), tr(Text::kCarryOpen), "plus", ButtonKind::kOutline,
                 kArchive | (busy ? static_cast<std::uint32_t>(kDisabled) : 0u));
  ui.gap(8);
  if (carry.stage == Carry::kFailed) return ui.banner({}, tr(kProblems[carry.problem]), Tone::kDanger, "circle-alert", true);
  std::string words;
  if (carry.stage == Carry::kPacking) words = tr(Text::kCarryPacking);
  if (carry.stage == Carry::kReading) words = tr(Text::kCarryReading);
  if (carry.stage == Carry::kReady) words = tr(Text::kCarryReady, {data_size(carry.bytes)});
  if (carry.stage == Carry::kDone) {
    words = tr(Text::kCarryDone, {std::to_string(carry.imported.added), std::to_string(carry.imported.updated), std::to_string(carry.imported.known)});
  }
  ui.status(words, busy ? Tone::kNeutral : Tone::kSuccess, words.empty() ? "" : busy ? "refresh-cw" : "check");
}

}  // namespace

std::string storage_words(const App& app) {
  const Model& model = app.model;
  return tr(Plural::kStorageDetail, model.storage.drafts,
            {grouped(model.storage.drafts), data_size(model.storage.photo_bytes + model.storage.database_bytes),
             model.save.saved_at == 0 ? std::string(tr(Text::kStorageNever)) : ago(model.save.saved_at, app.now())});
}

void draw_storage(App& app, Ui& ui) {
  if (ui.top_bar({.title = tr(Text::kMoreTitle), .back = tr(Text::kBack)}) == Ui::TopBar::kBack) app.pop();
  ui.scroller(tr(Text::kPage), between(ui, ui.take(0).y, 0), [&] {
    ui.gap(16);
    ui.heading(tr(Text::kStorage), 1);
    ui.gap(4);
    ui.text(storage_words(app), kSmall);
    ui.gap(kGap);
    const App::StorageLight light = app.storage_light();
    ui.banner(light.title, light.text, light.tone, light.tone == Tone::kSuccess ? "check" : "triangle-alert");
    ui.gap(kGap);
    if (light.can_ask) {
      if (ui.button(tr(Text::kStorageKeep), {.kind = ButtonKind::kSecondary, .icon = "lock"})) app.ask_to_keep();
      ui.gap(kGap);
    }
    draw_sizes(app, ui);
    ui.gap(20);
    draw_carry(app, ui);
    ui.gap(20);
    ui.heading(tr(Text::kErase), 2);
    ui.gap(4);
    ui.text(tr(Text::kEraseHint), kSmall);
    ui.gap(kGap);
    if (ui.button(tr(Text::kErase), {.kind = ButtonKind::kDanger, .icon = "trash-2"})) app.confirm_erase = true;
    ui.gap(kGap);
  });
  if (!app.confirm_erase) return;
  const int answer = ui.dialog({.title = tr(Text::kEraseTitle), .text = tr(Text::kEraseText), .action = tr(Text::kDeleteYes),
                                .cancel = tr(Text::kCancel), .kind = ButtonKind::kDanger, .icon = "trash-2"});
  if (answer != 0) app.confirm_erase = false;
  if (answer == 1) app.erase_everything();
}

}  // namespace titik::ui
