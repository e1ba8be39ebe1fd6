// Choosing the language: what is asked of the page, what is kept, and what happens when it fails.
#include "ui/test_app.h"

namespace titik::ui {
namespace {

class LanguageTest : public AppTest {
 protected:
  void TearDown() override { speak_indonesian(); }  // a language lives longer than a phone under test
  [[nodiscard]] std::vector<std::string> kept() const {
    std::vector<std::string> codes;
    for (const auto& save : phone.host.sent<engine::SaveSettings>()) codes.push_back(save.settings.language);
    return codes;
  }
  void choose(std::string_view name) {
    phone.tap(tr(Text::kTabMore));
    phone.tap(name);
  }
};

using Codes = std::vector<std::string>;

TEST_F(LanguageTest, IsSpokenAndKeptOnceItsWordsAreHere) {
  choose("English");
  EXPECT_EQ(phone.host.languages_asked, Codes{"en"});
  EXPECT_TRUE(phone.shows("Lainnya"));
  EXPECT_TRUE(kept().empty());
  EXPECT_NE(phone.find("English")->state & kChecked, 0u);  // the tap is answered at once

  EXPECT_TRUE(phone.app.language_loaded("en", english_table()));
  phone.settle();
  EXPECT_TRUE(phone.shows("Text size"));
  EXPECT_FALSE(phone.shows("Lainnya"));
  EXPECT_EQ(kept(), Codes{"en"});

  choose("Bahasa Indonesia");
  EXPECT_TRUE(phone.app.language_loaded("id", ""));
  phone.settle();
  EXPECT_TRUE(phone.shows("Lainnya"));
  EXPECT_EQ(kept(), (Codes{"en", "id"}));
}

TEST_F(LanguageTest, StaysAndSaysSoWhenTheWordsCannotBeHad) {
  choose("English");
  EXPECT_FALSE(phone.app.language_loaded("en", ""));
  phone.settle();
  EXPECT_NE(phone.find(Role::kAlert, tr(Text::kLanguageFailed)), nullptr);
  EXPECT_NE(phone.find("Bahasa Indonesia")->state & kChecked, 0u);
  EXPECT_TRUE(kept().empty());
  // Once more, with a network.
  phone.tap("English");
  EXPECT_TRUE(phone.app.language_loaded("en", english_table()));
  phone.settle();
  EXPECT_EQ(phone.role(Role::kAlert), nullptr);
  EXPECT_EQ(kept(), Codes{"en"});
}

TEST_F(LanguageTest, TheEnginesChoiceWinsOverThePages) {
  phone.send_event(engine::SettingsChanged{{.text_scale = 100, .language = "en"}});
  EXPECT_EQ(phone.host.languages_asked, Codes{"en"});
  EXPECT_TRUE(phone.app.language_loaded("en", english_table()));
  phone.settle();
  EXPECT_TRUE(phone.shows("Make a report"));
  EXPECT_TRUE(kept().empty());  // it is kept already
  // And not asked for again when another setting changes.
  phone.app.set_text_scale(125);
  phone.settle();
  EXPECT_EQ(kept(), Codes{"en"});
  EXPECT_EQ(phone.host.languages_asked, Codes{"en"});
}

TEST_F(LanguageTest, WithoutAChoiceThePagesStays) {
  EXPECT_TRUE(phone.app.language_loaded("en", english_table()));
  phone.send_event(engine::SettingsChanged{});
  phone.settle();
  EXPECT_TRUE(phone.shows("Make a report"));
  EXPECT_TRUE(phone.host.languages_asked.empty());
  EXPECT_TRUE(kept().empty());
}

TEST_F(LanguageTest, WhatIsSentStaysAsTheCityKnowsIt) {
  EXPECT_TRUE(phone.app.language_loaded("en", english_table()));
  phone.settle();
  phone.tap("Make a report");
  phone.tap("Next");
  phone.type("Landmark", "Depan warung");
  phone.tap("Next");
  EXPECT_NE(phone.find(Role::kRadio, "Street lights"), nullptr);
  EXPECT_EQ(phone.find(Role::kRadio, "Lampu jalan"), nullptr);
  phone.tap("Street lights");
  phone.type("Title", "Lampu mati");
  phone.type("What happened", "Sudah tiga malam.");
  phone.tap("Next");
  EXPECT_TRUE(phone.shows("Street lights, to Transport (Dishub), 24 hours"));
  phone.tap("Send report");
  ASSERT_FALSE(saves().empty());
  EXPECT_EQ(saves().back().draft.category_id, "lampu-jalan");
  EXPECT_EQ(saves().back().draft.title, "Lampu mati");
  EXPECT_EQ(phone.host.sent<engine::Submit>().size(), 1u);
}

TEST_F(LanguageTest, ErrorsAreInTheLanguageSpoken) {
  EXPECT_TRUE(phone.app.language_loaded("en", english_table()));
  phone.settle();
  phone.tap("Make a report");
  for (int i = 0; i < 3; ++i) phone.tap("Next");
  phone.tap("Send report");
  EXPECT_TRUE(phone.shows("Something is missing"));
  EXPECT_TRUE(phone.shows("Write a short title."));
}

}  // namespace
}  // namespace titik::ui
