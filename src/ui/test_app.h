// The fixture of the tests that live in the interface as a person does.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "ui/test_host.h"

namespace titik::ui {

class AppTest : public ::testing::Test {
 protected:
  AppTest() { phone.start(); }

  void begin(int step = 0) {
    phone.tap("Buat laporan");
    for (int i = 0; i < step; ++i) phone.tap("Lanjut");
  }
  // Everything that must be filled in, through the fields; ends at Cerita.
  void fill_in() {
    begin(1);
    phone.type("Patokan", "Depan warung Bu Siti");
    phone.tap("Lanjut");
    phone.tap("Jalan");
    phone.type("Judul", "Lubang besar");
    phone.type("Isi laporan", "Sudah lama berlubang.");
  }
  [[nodiscard]] std::vector<engine::SaveDraft> saves() const { return phone.host.sent<engine::SaveDraft>(); }
  [[nodiscard]] geo::Fix fix(double accuracy) const {
    return {.point = {-1.61, 103.61}, .accuracy_m = accuracy, .at = phone.host.clock};
  }

  TestPhone phone;
};

}  // namespace titik::ui
