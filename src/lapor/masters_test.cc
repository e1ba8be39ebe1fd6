#include <gtest/gtest.h>

#include "lapor/lapor.h"

namespace titik::lapor {
namespace {

TEST(Paths, AreThoseOfTheInterface) {
  EXPECT_EQ(detail_path("12"), "/complaints/12/complaint");
  EXPECT_EQ(follow_ups_path("12", 3), "/complaints/12/followups?page=3");
  EXPECT_EQ(reject_path("12"), "/complaints/process/12/reject");
  EXPECT_EQ(own_report_path("u"), "/titik/1/reports/u");
  EXPECT_EQ(token_header("ab-1"), "{AB-1}");
}

TEST(Masters, WhatIsWrittenIsReadBack) {
  const auto institutions = read_institutions(write_institutions({{"1", "Dinas \"A\""}, {"22", "Dishub"}}));
  ASSERT_TRUE(institutions.ok());
  ASSERT_EQ(institutions->size(), 2u);
  EXPECT_EQ((*institutions)[0].name, "Dinas \"A\"");
  EXPECT_EQ((*institutions)[1].id, "22");
  const auto templates = read_templates(write_templates({{"done", "Selesai", "action", "Sudah."}}));
  ASSERT_TRUE(templates.ok());
  EXPECT_EQ(templates->at(0).template_code, "done");
  EXPECT_EQ(templates->at(0).content, "Sudah.");
}

TEST(Masters, ReadsNumbersAndSkipsWhatHasNoId) {
  const auto read = read_institutions(R"({"results":[{"id":7,"name":"A"},{"name":"B"},null,3,{"id":"x"}]})");
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 1u);
  EXPECT_EQ((*read)[0].id, "7");
  EXPECT_FALSE(read_institutions("{}").ok());
  EXPECT_FALSE(read_templates("nonsense").ok());
}

TEST(Files, FrameHoldsOneFile) {
  const MultipartFrame frame = frame_file("B", "attachments[]", "a\"\r\n.jpg", "image/jpeg");
  EXPECT_EQ(frame.content_type, "multipart/form-data; boundary=B");
  EXPECT_EQ(frame.head, "--B\r\nContent-Disposition: form-data; name=\"attachments[]\"; filename=\"a___.jpg\"\r\n"
                        "Content-Type: image/jpeg\r\n\r\n");
  EXPECT_EQ(frame.tail, "\r\n--B--\r\n");
}

TEST(Files, WhatIsWrittenIsReadBack) {
  const auto read = read_uploaded(write_uploaded({{"501", std::string(64, 'a')}, {"502", ""}}, {{"503", ""}}));
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->images.size(), 2u);
  EXPECT_EQ(read->images[0].sha256, std::string(64, 'a'));
  EXPECT_EQ(read->images[1].id, "502");
  EXPECT_EQ(read->documents.at(0).id, "503");
}

TEST(Files, AnIdThatIsNoneIsRefused) {
  EXPECT_FALSE(read_uploaded(R"({"results":{"images":[{"id":"../1"}]}})").ok());
  EXPECT_FALSE(read_uploaded(R"({"results":{"docs":[7]}})").ok());
  EXPECT_FALSE(read_uploaded(R"({"message":"gagal"})").ok());
  EXPECT_TRUE(read_uploaded(R"({"results":{"images":[{"id":501}]}})").ok());
}

}  // namespace
}  // namespace titik::lapor
