// What must hold in every frame of every screen, whatever its size: names, ids, touch targets, and
// that nothing lies over anything else. Each problem is one sentence.
#pragma once

#include <string>
#include <vector>

#include "ui/test_host.h"

namespace titik::ui {

// ui.md asks for 48 CSS px.
inline constexpr float kLeastTarget = 48;

std::vector<std::string> check_ids(const TestPhone& phone);
std::vector<std::string> check_names(const TestPhone& phone);
std::vector<std::string> check_targets(const TestPhone& phone);
std::vector<std::string> check_inside_screen(const TestPhone& phone);
std::vector<std::string> check_overlaps(const TestPhone& phone);
// While English is spoken: nodes that still say one of our Indonesian texts.
std::vector<std::string> check_is_english(const TestPhone& phone);
// Lines that were cut with "…", other than those that may be: a title in a list, the bar's title.
std::vector<std::string> check_cut_lines(const TestPhone& phone);

// ImGui's own list of items against the nodes, both ways: the same things, in the same places, with names.
std::vector<std::string> check_items(const TestPhone& phone);

std::string describe(const TestPhone& phone, const Node& node);

}  // namespace titik::ui
