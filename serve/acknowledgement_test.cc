#include "serve/acknowledgement.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace titik::serve {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The list that the cities ship with: it is what has to recognise these.
class ShippedAcknowledgements : public ::testing::TestWithParam<std::string> {
 protected:
  Acknowledgements list() const {
    return Acknowledgements::of_profile(read_file("assets/cities/" + GetParam() + ".json")).value();
  }
};
INSTANTIATE_TEST_SUITE_P(Cities, ShippedAcknowledgements,
                         ::testing::Values("kota-jambi", "kota-kotamobagu", "kota-palangka-raya"),
                         [](const auto& info) { std::string n = info.param; for (char& c : n) if (c == '-') c = '_'; return n; });

TEST_P(ShippedAcknowledgements, AreRecognisedHoweverTheyAreTyped) {
  const Acknowledgements known = list();
  for (const char* text : {
           "Terima kasih",
           "Terima kasih, akan kami tindak lanjuti",
           "TERIMA KASIH, AKAN KAMI TINDAKLANJUTI!!!",
           "terimaaa kasiiih akan kami tindak lanjuti...",
           "Tks, akn kmi tindaklanjuti",
           "Trims pak, sgr kami tindak lanjuti",
           "Terima kasih atas laporannya. Akan segera kami tindak lanjuti.",
           "Yth. Bapak/Ibu pelapor, terima kasih atas laporan Anda, akan kami tindak-lanjuti 🙏",
           "Selamat siang, laporan Anda telah kami terima dan akan kami tindak lanjuti. Terima kasih.",
           "Laporan sudah diteruskan ke bidang terkait, terima kasih",
           "Akan kami koordinasikan dengan instansi terkait",
           "Baik, akan kami cek. Mohon bersabar",
           "Siap, segera ditindaklanjuti",
           "Sedang dalam proses tindak lanjut",
           "Mohon menunggu, laporan sedang kami proses.",
           "T e r i m a k a s i h"}) {
    EXPECT_TRUE(known.is_all_of(text)) << text << " → " << comparable(text);
  }
}

TEST_P(ShippedAcknowledgements, WordsThatSayWhatIsDoneAreNot) {
  const Acknowledgements known = list();
  for (const char* text : {
           "",
           "...",
           "Bapak Ibu",  // courtesy alone
           "Terima kasih, lubang sudah ditambal pagi ini.",
           "Akan kami tindak lanjuti besok pukul 9 oleh regu 3",
           "Laporan ditolak karena jalan tersebut milik provinsi",
           "Sudah diperbaiki",
           "Lampu sudah menyala kembali, terima kasih",
           "Terima kasih, di mana lokasi tepatnya?",
           "Sudah kami tindak lanjuti dengan mengganti sekring panel",
           "感谢您的报告"}) {
    EXPECT_FALSE(known.is_all_of(text)) << text << " → " << comparable(text);
  }
}

TEST(Acknowledgements, AreComparedInOneForm) {
  EXPECT_EQ(comparable("Terimaaa  KASIH!!"), "terimakasih");
  EXPECT_EQ(comparable("tks"), "terimakasih");
  EXPECT_EQ(comparable("Rp 1.000"), "rp1000");
  EXPECT_EQ(comparable("tindak-lanjuti"), comparable("tindaklanjuti"));
}

TEST(Acknowledgements, APhraseMayBeginWithTheLetterThatTheOneBeforeEndsWith) {
  const Acknowledgements known({"kami terima", "akan dicek"});
  EXPECT_TRUE(known.is_all_of("kami terima akan dicek"));
  EXPECT_TRUE(known.is_all_of("kami terima, akan dicek, kami terima"));
  EXPECT_FALSE(known.is_all_of("kami terima kan dicek tidak"));
}

TEST(Acknowledgements, WithoutAListNothingIsOne) {
  EXPECT_FALSE(Acknowledgements().is_all_of("terima kasih"));
  EXPECT_TRUE(Acknowledgements::of_profile("{}").value().empty());
}

TEST(Acknowledgements, AListMustBeOfShortTexts) {
  for (const char* bad : {R"({"acknowledgements":"terima kasih"})", R"({"acknowledgements":[1]})",
                          R"({"acknowledgements":["..."]})", "["}) {
    EXPECT_FALSE(Acknowledgements::of_profile(bad).ok()) << bad;
  }
  std::string many = R"({"acknowledgements":["a")";
  for (int i = 0; i < 200; ++i) many += R"(,"b")";
  EXPECT_FALSE(Acknowledgements::of_profile(many + "]}").ok());
}

TEST(Acknowledgements, ALongTextCostsLittle) {
  const Acknowledgements known({"terima kasih", "akan kami tindak lanjuti"});
  std::string text;
  while (text.size() < 20'000) text += "terima kasih akan kami tindak lanjuti ";
  EXPECT_TRUE(known.is_all_of(text));
  EXPECT_FALSE(known.is_all_of(text + "x"));
}

}  // namespace
}  // namespace titik::serve
