#include "ui/gallery.h"

namespace titik::ui {
namespace {

constexpr TextDesc kSmall = {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true};
constexpr std::string_view kPhotoA = "a", kPhotoB = "b";  // the gallery's host paints them

void section(Ui& ui, std::string_view name) {
  ui.gap(16);
  ui.heading(name, 2);
  ui.gap(8);
}

void actions(Ui& ui) {
  section(ui, "Heading, text");
  ui.heading("Level 2 is this", 2);
  ui.heading("Level 3 is this", 3);
  ui.text("Body text wraps where the column ends and is never cut, however large the letters are.");
  ui.text("Secondary and small, in the middle", {.style = {TextSize::kSmall, Weight::kRegular}, .secondary = true, .align = Align::kCentre});
  section(ui, "Button");
  const std::pair<ButtonKind, std::string_view> kinds[] = {{ButtonKind::kPrimary, "Primary"}, {ButtonKind::kSecondary, "Secondary"},
      {ButtonKind::kOutline, "Outline"}, {ButtonKind::kText, "Text only"}, {ButtonKind::kDanger, "Danger"}, {ButtonKind::kOnAccent, "On accent"}};
  for (const auto& [kind, name] : kinds) {
    ui.button(name, {.kind = kind, .icon = kind == ButtonKind::kDanger ? "trash-2" : kind == ButtonKind::kPrimary ? "send" : ""});
    ui.gap(8);
  }
  ui.button("Disabled", {.disabled = true});
  ui.gap(8);
  ui.button_pair("Kembali", {.kind = ButtonKind::kOutline, .height = kPrimaryHeight}, "Lanjut", {}, kSecondShare);
  ui.gap(8);
  const Rect icons = ui.take(kTouch);
  ui.icon_button({icons.x, icons.y, kTouch, kTouch}, "refresh-cw", "Icon button");
  ui.icon_button({icons.x + 56, icons.y, kTouch, kTouch}, "x", "Icon button on a photo", true);
  ui.text_button({icons.right() - 120, icons.y, 120, kTouch}, "Text button");
  ui.gap(8);
  ui.file_button(ui.take(kTouch), "File button", "File button", "camera", ButtonKind::kSecondary, 0);
  section(ui, "Link, list row");
  ui.link("Darurat? Telepon 112", "Telepon 112", "tel:112", "phone", Tone::kDanger);
  ui.gap(kGap);
  ui.card({}, [&] {
    ui.list_row({.icon = "map-pin", .title = "With a value", .value = "Kota Jambi"}, false);
    ui.list_row({.icon = "hard-drive", .title = "With details", .detail = "2 draf, 1,1 MB", .tone = Tone::kSuccess}, false);
    ui.list_row({.icon = "trash-2", .title = "Dangerous", .tone = Tone::kDanger}, true);
  });
  ui.gap(96);  // the toast lies here
}

void forms(Gallery& it, Ui& ui) {
  section(ui, "Text field, text area, date");
  ui.text_field("Judul", it.title, {.hint = "Apa yang rusak?"});
  ui.gap(kGap);
  ui.text_area("Isi laporan", it.story, {.hint = "Sejak kapan, seberapa parah, siapa yang terganggu"});
  ui.gap(kGap);
  ui.text_field("Nomor telepon", it.wrong, {.error = "Tulis nomor telepon, misalnya 0812 3456 7890", .max_length = 2, .flags = kPhone, .always_count = true});
  ui.gap(kGap);
  ui.date_field("Tanggal kejadian", it.date, "21 November 2026");
  section(ui, "Radio group, icon grid");
  if (const auto chosen = ui.radio_pills("Jenis", {"Pengaduan", "Informasi", "Aspirasi"}, {"Pengaduan", "Informasi", "Aspirasi"}, it.kind)) it.kind = *chosen;
  ui.gap(kGap);
  if (const auto chosen = ui.icon_grid("Kategori", {{"Jalan", "map", "72 jam"}, {"Lampu jalan", "house", "24 jam"}, {"Sampah", "trash-2", "24 jam"}}, it.category, "Pilih kategori")) it.category = chosen;
  section(ui, "Checkbox as a switch");
  ui.card({}, [&] {
    if (ui.switch_row("Rahasia", "Hanya kota yang melihatnya", "lock", it.secret)) it.secret = !it.secret;
    ui.gap(8);
    if (ui.switch_row("Anonim", "Nama dan nomor Anda tidak dikirim", "eye-off", it.anonymous)) it.anonymous = !it.anonymous;
  });
}

void content(Ui& ui) {
  section(ui, "Card, chip, clock chip");
  ui.card({}, [&] {
    ui.chips({{"Neutral", {}}, {"Accent", {.tone = Tone::kAccent}}, {"Success", {.tone = Tone::kSuccess, .icon = "check"}}, {"Info", {.tone = Tone::kInfo}},
              {"Warning", {.tone = Tone::kWarning, .icon = "clock"}}, {"Danger", {.tone = Tone::kDanger}},
              {"Tinggal 2 hari", {.tone = Tone::kWarning, .share = 0.7f}}, {"Tinggal 1 jam", {.tone = Tone::kWarning, .share = 0.04f}}});
  });
  ui.gap(8);
  ui.card_button("card", 0, "A card that is a button", [&] { ui.text("A card that is a button"); });
  section(ui, "Banner, status, progress");
  for (const Tone tone : {Tone::kInfo, Tone::kSuccess, Tone::kWarning, Tone::kDanger}) {
    ui.banner("Judul", "Satu kalimat yang menjelaskan.", tone, "info");
    ui.gap(8);
  }
  ui.status("Tersimpan di ponsel", Tone::kSuccess, "check");
  ui.gap(8);
  ui.progress_bar(0.4f, "Mengirim foto 2 dari 3");
  ui.gap(8);
  const Rect rings = ui.take(64);
  ui.progress_ring({rings.x, rings.y, 64, 64}, 0.6f, "60 %");
  ui.progress_ring({rings.x + 76, rings.y, 64, 64}, -1, "Sedang dibaca");
  section(ui, "Photo tile, before and after");
  const Rect tiles = ui.take(96);
  ui.photo({tiles.x, tiles.y, 150, 96}, {.sha256 = std::string(kPhotoA), .label = "Foto 1", .caption = "±12 m"});
  ui.photo_button({tiles.x + 162, tiles.y + 16, 64, 64}, {.sha256 = std::string(kPhotoB), .label = "Foto 2", .radius = 12}, "tile", 0, true);
  ui.photo({tiles.x + 238, tiles.y + 16, 50, 64}, {.label = "Foto yang belum ada", .radius = 12});
  ui.gap(8);
  ui.before_after(ui.take(150), {.sha256 = std::string(kPhotoA), .label = "Foto laporan 1", .caption = "Sebelum"},
                  {.sha256 = std::string(kPhotoB), .label = "Foto bukti 1", .caption = "Sesudah"},
                  {.label = "Banding", .value = [](int share) { return std::to_string(share) + "%"; }});
  section(ui, "Timeline");
  ui.list("Riwayat", [&] {
    const std::pair<std::string_view, Tone> entries[] = {{"check", Tone::kSuccess}, {"message-square", Tone::kInfo}, {"user", Tone::kNeutral}};
    for (std::size_t i = 0; i < 3; ++i) {
      ui.list_item(i, [&] {
        ui.timeline_item(entries[i].first, entries[i].second, i == 2, [&] {
          ui.text("Dinas PUPR: tim dijadwalkan", {.style = {TextSize::kBody, Weight::kSemibold}});
          ui.text("Hari ini 08.02", kSmall);
        });
      });
    }
  });
  section(ui, "Skeleton, empty state");
  ui.skeleton_rows(1, 84, "Memuat");
  ui.empty_state({.icon = "file-text", .title = "Belum ada laporan", .text = "Laporan dan draf Anda akan tampil di sini.", .action = "Buat laporan", .action_icon = "camera"});
}

}  // namespace

void Gallery::draw(Ui& ui) {
  if (page == Page::kViewer) {
    ui.canvas().fill({0, 0, ui.input().size.width, ui.input().size.height}, Color{0x0D1412});
    ui.photo_view(ui.screen(), view, {.sha256 = std::string(kPhotoA), .label = "Foto"}, 0, 2);
    return;
  }
  const Rect screen = ui.screen();
  ui.scroller("Gallery", {screen.x, screen.y, screen.width, screen.height - kBarHeight}, [&] {
    ui.top_bar({.title = "Top bar", .back = "Kembali", .action = "Simpan draf"});
    ui.step_bar(1, 4);
    switch (page) {
      case Page::kActions: return actions(ui);
      case Page::kForms: return forms(*this, ui);
      case Page::kContent: return content(ui);
      default: return;
    }
  });
  ui.bottom_bar("Menu", {{"house", "Beranda"}, {"list", "Laporan saya"}, {"map", "Sekitar"}, {"menu", "Lainnya"}}, 1);
  if (page == Page::kActions && ui.milliseconds_to_wake() < 0) ui.show_toast("Toast: kota belum terjangkau", Tone::kWarning, "Coba lagi");
  ui.toast(kBarHeight);
  if (page == Page::kDialog) {
    ui.dialog({.title = "Hapus draf ini?", .text = "Tulisan dan foto di draf ini dihapus dari ponsel.", .action = "Ya, hapus",
               .cancel = "Batal", .kind = ButtonKind::kDanger, .icon = "trash-2"});
  }
}

}  // namespace titik::ui
