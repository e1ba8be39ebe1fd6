// A new version and a place on the home screen: when they are offered, and what the answer does.
#include "ui/test_app.h"

namespace titik::ui {
namespace {

using report::PhoneState;

class OfferTest : public AppTest {
 protected:
  void has_report(PhoneState state) {
    phone.engine.reports["r"] = {whole_draft("r"), state};
    phone.send_event(engine::ReportsChanged{{{.id = "r", .state = state, .title = "Lampu mati"}}});
  }
};

TEST_F(OfferTest, NewVersionIsToldAndTakenOnTap) {
  EXPECT_EQ(phone.find("Versi baru siap"), nullptr);
  phone.app.new_version_waiting();
  phone.frame();
  ASSERT_NE(phone.find("Versi baru siap"), nullptr);
  EXPECT_EQ(phone.host.versions_taken, 0);
  phone.tap("Versi baru siap");
  EXPECT_EQ(phone.host.versions_taken, 1);
}

TEST_F(OfferTest, NewVersionWaitsUntilTheDraftIsOnDisk) {
  begin(1);
  phone.app.new_version_waiting();
  phone.engine_is_slow = true;
  phone.type("Patokan", "Depan warung");
  EXPECT_FALSE(phone.app.idle_at_root());
  phone.go_back(9);
  phone.frame();
  phone.tap("Versi baru siap");
  EXPECT_EQ(phone.host.versions_taken, 0) << "the draft is on its way to the disk";
  EXPECT_FALSE(phone.app.idle_at_root());
  phone.engine_is_slow = false;
  phone.answer();
  phone.settle();
  phone.frame();
  EXPECT_EQ(phone.host.versions_taken, 1);
}

TEST_F(OfferTest, IdleOnlyAtBerandaWithNothingOpen) {
  EXPECT_TRUE(phone.app.idle_at_root());
  begin();
  EXPECT_FALSE(phone.app.idle_at_root());
  phone.go_back(9);
  phone.settle();
  EXPECT_TRUE(phone.app.idle_at_root());
  phone.tap("Lainnya");
  EXPECT_FALSE(phone.app.idle_at_root());
  phone.tap("Beranda");
  phone.send_event(engine::SaveStateChanged{.unsaved = true});
  EXPECT_FALSE(phone.app.idle_at_root());
}

TEST_F(OfferTest, InstallIsOfferedAfterTheFirstReportOnly) {
  phone.app.install_offer = InstallOffer::kPrompt;
  phone.settle();
  phone.frame();
  EXPECT_EQ(phone.find("Pasang di layar utama"), nullptr);
  has_report(PhoneState::kDraft);
  EXPECT_EQ(phone.find("Pasang di layar utama"), nullptr);
  has_report(PhoneState::kQueued);
  ASSERT_NE(phone.find("Pasang di layar utama"), nullptr);
  phone.tap("Pasang di layar utama");
  EXPECT_EQ(phone.host.installs, 1);
  EXPECT_EQ(phone.find("Pasang di layar utama"), nullptr);
}

TEST_F(OfferTest, InstallThatWasRefusedIsNotOfferedAgain) {
  phone.app.install_offer = InstallOffer::kPrompt;
  has_report(PhoneState::kReceived);
  phone.tap("Nanti saja");
  EXPECT_EQ(phone.host.installs_refused, 1);
  EXPECT_EQ(phone.host.installs, 0);
  EXPECT_EQ(phone.find("Pasang di layar utama"), nullptr);
}

TEST_F(OfferTest, NotifyingIsAskedForByATapOnly) {
  phone.tap("Lainnya");
  EXPECT_EQ(phone.find("Beri tahu saya"), nullptr) << "this browser cannot";
  phone.app.notify = Notify::kAsk;
  phone.frame();
  EXPECT_EQ(phone.host.notify_asked, 0);
  phone.tap("Beri tahu saya");
  EXPECT_EQ(phone.host.notify_asked, 1);
  phone.app.notify = Notify::kBlocked;
  phone.frame();
  EXPECT_EQ(phone.find(Role::kButton, "Beri tahu saya"), nullptr);
  EXPECT_TRUE(phone.shows("Diblokir"));
  phone.app.notify = Notify::kOn;
  phone.frame();
  EXPECT_EQ(phone.find(Role::kButton, "Beri tahu saya"), nullptr);
  EXPECT_TRUE(phone.shows("Aktif"));
}

TEST_F(OfferTest, NotifyingIsOfferedWhileTheReportWaits) {
  phone.app.notify = Notify::kAsk;
  const std::string id = "0192f0c0-0000-7000-8000-000000000000";
  const auto has = [&](PhoneState state) {
    phone.engine.reports[id] = {whole_draft(id), state};
    phone.send_event(engine::ReportsChanged{{{.id = id, .state = state, .title = "Lampu mati"}}});
  };
  has(PhoneState::kQueued);
  phone.app.navigate("#/\n#/terkirim/" + id);
  phone.settle();
  phone.frame();
  EXPECT_NE(phone.find("Beri tahu saya"), nullptr);
  has(PhoneState::kReceived);
  phone.frame();
  EXPECT_EQ(phone.find("Beri tahu saya"), nullptr);
}

TEST_F(OfferTest, IosIsToldHowInsteadOfAsked) {
  phone.app.install_offer = InstallOffer::kIos;
  has_report(PhoneState::kReceived);
  EXPECT_EQ(phone.find("Pasang di layar utama"), nullptr);
  EXPECT_TRUE(phone.shows("Bagikan"));
  EXPECT_TRUE(phone.shows("Tambah ke Layar Utama"));
}

}  // namespace
}  // namespace titik::ui
