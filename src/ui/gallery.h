// Every widget of the kit in all its states, for people who change one: a page for developers
// (web/gallery), never part of the shipped client. tests/e2e/gallery.test.mjs compares its pictures.
#pragma once

#include "ui/widgets/ui.h"

namespace titik::ui {

// What can be changed on it, so that it can be tried out.
struct Gallery {
  enum class Page { kActions, kForms, kContent, kViewer, kDialog, kCount };
  Page page = Page::kActions;
  std::string title = "Lubang besar di jalan";
  std::string story;
  std::string wrong = "12";
  std::string date = "2026-11-21";
  std::size_t kind = 0;
  std::optional<std::size_t> category = 1;
  bool secret = true;
  bool anonymous = false;
  PhotoView view;

  void draw(Ui& ui);
};

}  // namespace titik::ui
