#include "ui/widgets/semantics.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace titik::ui {
namespace {

TEST(NodeIds, AreSteadyAndNeverZero) {
  EXPECT_EQ(node_id(0, "Buat laporan"), node_id(0, "Buat laporan"));
  EXPECT_NE(node_id(0, "Buat laporan"), node_id(1, "Buat laporan"));
  EXPECT_NE(node_id(0, "Judul"), node_id(0, "Isi laporan"));
  EXPECT_NE(node_id(7, "item", 1), node_id(7, "item", 11));
  EXPECT_NE(node_id(node_id(0, "a"), "b"), node_id(node_id(0, "b"), "a"));
  EXPECT_NE(node_id(0, ""), 0u);
}

TEST(NodeIds, TenThousandItemsAreToldApart) {
  std::set<NodeId> ids;
  for (std::size_t i = 0; i < 10'000; ++i) ids.insert(node_id(node_id(3, "item", i), "self"));
  EXPECT_EQ(ids.size(), 10'000u);
}

TEST(RoleNames, AreThoseThatTheMirrorMakesElementsFor) {
  // web/semantics.js, MAKERS.
  const std::pair<Role, std::string_view> names[] = {
      {Role::kHeading, "heading"}, {Role::kText, "text"}, {Role::kButton, "button"}, {Role::kLink, "link"},
      {Role::kTextField, "textfield"}, {Role::kTextArea, "textarea"}, {Role::kDateField, "date"},
      {Role::kFileInput, "file"}, {Role::kCheckbox, "checkbox"}, {Role::kRadio, "radio"},
      {Role::kRadioGroup, "radiogroup"}, {Role::kList, "list"}, {Role::kListItem, "listitem"},
      {Role::kImage, "image"}, {Role::kStatus, "status"}, {Role::kAlert, "alert"},
      {Role::kNavigation, "navigation"}, {Role::kScroller, "scroller"}, {Role::kDialog, "dialog"},
      {Role::kMap, "map"}, {Role::kSlider, "slider"}, {Role::kProgress, "progress"}};
  std::set<std::string_view> distinct;
  for (const auto& [role, name] : names) {
    EXPECT_EQ(role_name(role), name);
    distinct.insert(name);
  }
  EXPECT_EQ(distinct.size(), 22u);
}

TEST(WriteNodes, LeavesDefaultsOut) {
  EXPECT_EQ(write_nodes({}), "[]");
  EXPECT_EQ(write_nodes({{.id = 5, .role = Role::kText, .label = "Kota", .rect = {1, 2, 3, 4}}}),
            R"([{"id":5,"label":"Kota","rect":[1.0,2.0,3.0,4.0],"role":"text"}])");
}

TEST(WriteNodes, WritesEveryMember) {
  const std::vector<Node> nodes = {
      {.id = 1, .role = Role::kScroller, .label = "content", .rect = {0, 61.04f, 360, 500.06f}, .scroll = 12.34f, .content = 900},
      {.id = 2, .parent = 1, .role = Role::kTextField, .label = "Nomor telepon", .value = "0812", .hint = "Nomor salah",
       .state = kInvalid | kPhone, .rect = {16, 0, 328, 62}, .max_length = 20, .font_size = 16, .text_top = 29.5f},
      {.id = 3, .parent = 1, .role = Role::kHeading, .label = "Cerita", .level = 1}};
  EXPECT_EQ(write_nodes(nodes),
            R"([{"content":900.0,"id":1,"label":"content","rect":[0.0,61.0,360.0,500.1],"role":"scroller","scroll":12.3},)"
            R"({"font":16.0,"hint":"Nomor salah","id":2,"label":"Nomor telepon","max":20,"parent":1,)"
            R"("rect":[16.0,0.0,328.0,62.0],"role":"textfield","state":72,"top":29.5,"value":"0812"},)"
            R"({"id":3,"label":"Cerita","level":1,"parent":1,"rect":[0.0,0.0,0.0,0.0],"role":"heading"}])");
}

TEST(WriteNodes, ANodeThatStayedIsItsId) {
  const std::vector<Node> before = {{.id = 1, .label = "a"}, {.id = 2, .label = "b"}, {.id = 3, .label = "c"}};
  EXPECT_EQ(write_nodes(before, before), "[1,2,3]");
  EXPECT_EQ(write_nodes({before[2], before[0]}, before), "[3,1]");
  const std::string json = write_nodes({before[0], {.id = 2, .label = "other"}, {.id = 4, .label = "new"}, before[2]}, before);
  EXPECT_TRUE(json.starts_with("[1,{")) << json;
  EXPECT_TRUE(json.ends_with("},3]")) << json;
  EXPECT_NE(json.find("other"), std::string::npos);
  EXPECT_NE(json.find("new"), std::string::npos);
}

TEST(WriteNodes, TellsAnItemsPlaceInAListThatShowsOnlySome) {
  EXPECT_EQ(write_nodes({{.id = 4, .role = Role::kListItem, .position = 12, .set_size = 2000}}),
            R"([{"id":4,"label":"","position":12,"rect":[0.0,0.0,0.0,0.0],"role":"listitem","size":2000}])");
}

// A scroller's offset is always told, or the mirror could not go back to the top.
TEST(WriteNodes, TellsAScrollersOffsetEvenWhenZero) {
  EXPECT_NE(write_nodes({{.id = 1, .role = Role::kScroller, .label = "content"}}).find(R"("scroll":0.0)"), std::string::npos);
}

TEST(WriteNodes, TextsCannotBreakOut) {
  const std::string json = write_nodes({{.id = 1, .role = Role::kText, .label = "\"</script>\\\n\xFF"}});
  EXPECT_NE(json.find("\\\"</script>\\\\\\n\xEF\xBF\xBD"), std::string::npos) << json;
}

}  // namespace
}  // namespace titik::ui
