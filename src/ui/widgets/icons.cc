#include "ui/widgets/icons.h"

namespace titik::ui {
namespace {

struct Icon {
  std::string_view name;
  char32_t code_point;
};

constexpr Icon kIcons[] = {
#include "icons.inc"
};

}  // namespace

char32_t icon_code_point(std::string_view name) {
  for (const Icon& icon : kIcons) {
    if (icon.name == name) return icon.code_point;
  }
  return 0;
}

}  // namespace titik::ui
