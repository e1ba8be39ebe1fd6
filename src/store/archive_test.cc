#include "store/archive.h"

#include <gtest/gtest.h>

namespace titik::store {
namespace {

ArchiveBytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// An archive of these entries, each with its name's CRC in place of a real one.
struct File {
  std::string name, content;
};
std::string write(const std::vector<File>& files) {
  ArchiveWriter writer;
  std::string out;
  for (const File& file : files) {
    out += writer.add(file.name, file.content.size(), static_cast<std::uint32_t>(file.name.size()), 0x6c00, 0x5d75).value();
    out += file.content;
  }
  return out + writer.finish();
}

struct Read {
  std::string name, content;
  friend bool operator==(const Read&, const Read&) = default;
};
Result<std::vector<Read>> read(const std::string& file) {
  const std::string tail = file.substr(file.size() - std::min(file.size(), kArchiveEndBytes));
  const DirectoryPlace place = TRY(find_directory(bytes_of(tail), file.size()));
  const std::string directory = file.substr(place.at, place.bytes);
  std::vector<Read> out;
  for (const ArchiveEntry& entry : TRY(read_directory(bytes_of(directory), place))) {
    const std::string header = file.substr(entry.header_at, kLocalHeaderBytes);
    const std::uint64_t at = TRY(data_at(entry, bytes_of(header)));
    out.push_back({entry.name, file.substr(at, entry.size)});
  }
  return out;
}
std::string error_of(const std::string& file) {
  const auto result = read(file);
  return result.ok() ? "none" : std::string(error_code_name(result.error().code)) + " " + result.error().where;
}
// With `bytes` in place of what is at `at`; from the end when negative.
std::string with(std::string file, std::ptrdiff_t at, const std::string& bytes) {
  return file.replace(at < 0 ? file.size() + static_cast<std::size_t>(at) : static_cast<std::size_t>(at), bytes.size(), bytes);
}

const std::string kTwo = write({{"laporan.json", "{}"}, {"foto/1.jpg", "JPEG"}});
// Of kTwo: first local header at 0, second at 30 + 12 + 2; directory behind its 30 + 10 + 4.
constexpr std::ptrdiff_t kSecond = 44;
constexpr std::ptrdiff_t kDirectory = kSecond + 44;
constexpr std::ptrdiff_t kSecondEntry = kDirectory + 46 + 12;

TEST(Archive, ReadsWhatItWrites) {
  EXPECT_EQ(read(kTwo).value(), (std::vector<Read>{{"laporan.json", "{}"}, {"foto/1.jpg", "JPEG"}}));
  EXPECT_EQ(read(write({})).value(), std::vector<Read>{});
}

TEST(Archive, IsWrittenAsTheStandardSays) {
  const std::string one = write({{"a", "xy"}});
  const std::string facts = std::string("\x14\0\0\x08\0\0\0\x6c\x75\x5d\1\0\0\0\2\0\0\0\2\0\0\0\1\0\0\0", 26);
  const std::string directory = std::string("PK\1\2\x14\0", 6) + facts + std::string(14, '\0') + "a";
  EXPECT_EQ(one, "PK\3\4" + facts + "axy" + directory +
                     std::string("PK\5\6\0\0\0\0\1\0\1\0\x2f\0\0\0\x21\0\0\0\0\0", 22));
}

TEST(Archive, ExtraFieldsCommentsAndFoldersAreRead) {
  std::string file = "PK\3\4" + kTwo.substr(4, 24) + std::string("\4\0", 2) + "laporan.json" + "\x99\x99" + std::string(2, '\0') + "{}";
  const std::size_t directory = file.size();
  file += kTwo.substr(kDirectory, 46 + 12);
  file += std::string("PK\5\6\0\0\0\0\1\0\1\0\x3a\0\0\0", 16) + static_cast<char>(directory) + std::string("\0\0\0\5\0hello", 10);
  EXPECT_EQ(read(file).value(), (std::vector<Read>{{"laporan.json", "{}"}}));
  EXPECT_EQ(read(write({{"foto/", ""}, {"foto/1.jpg", "J"}})).value(), (std::vector<Read>{{"foto/1.jpg", "J"}}));
}

TEST(Archive, OfEveryCutOffFileNothingIsRead) {
  for (std::size_t size = 0; size < kTwo.size(); ++size) {
    EXPECT_FALSE(read(kTwo.substr(0, size)).ok()) << size;
  }
  EXPECT_EQ(error_of(kTwo.substr(0, kTwo.size() - 1)), "malformed end");
  EXPECT_EQ(error_of(kTwo.substr(1)), "malformed end");  // and of one whose beginning is gone
}

TEST(Archive, NamesThatLeadElsewhereAreRefused) {
  for (const char* name : {"../x", "a/../x", "/etc", "a//b", ".", "..", "./a", "a\\b", "a\"b", "C:a", "a\nb", "\x80", "", "/", "a/.."}) {
    EXPECT_EQ(error_of(write({{name, "x"}})), "malformed name") << name;
  }
  EXPECT_EQ(error_of(write({{std::string(201, 'a'), "x"}})), "malformed name");
  EXPECT_EQ(error_of(write({{"a", "x"}, {"a", "y"}})), "malformed name");
}

TEST(Archive, WhatIsNotStoredAsItIsIsRefused) {
  EXPECT_EQ(error_of(with(kTwo, kDirectory + 10, "\x08")), "unsupported compressed");
  EXPECT_EQ(error_of(with(kTwo, 8, "\x08")), "unsupported compressed");  // the local header alone says so
  EXPECT_EQ(error_of(with(kTwo, kDirectory + 8, "\1")), "unsupported encrypted");
  EXPECT_EQ(error_of(with(kTwo, 6, "\1")), "unsupported encrypted");
  EXPECT_EQ(error_of(with(kTwo, kDirectory + 20, "\xff\xff\xff\xff")), "unsupported zip64");
  EXPECT_EQ(error_of(with(kTwo, -6, "\xff\xff\xff\xff")), "unsupported zip64");
  EXPECT_EQ(error_of(with(kTwo, -18, "\1")), "unsupported parts");
  EXPECT_EQ(error_of(with(kTwo, -14, std::string("\1", 1))), "unsupported parts");
}

TEST(Archive, SizesThatLieAreRefused) {
  // A bomb: little in the file, gigabytes in the directory.
  EXPECT_EQ(error_of(with(with(kTwo, kSecondEntry + 24, "\xf0\xff\xff\xff"), kSecondEntry + 20, "\xf0\xff\xff\xff")), "malformed overlap");
  EXPECT_EQ(error_of(with(kTwo, kSecondEntry + 24, "\xf0")), "malformed directory");
  // Two entries with the same bytes, and one in the other.
  EXPECT_EQ(error_of(with(kTwo, kSecondEntry + 42, std::string("\0", 1))), "malformed overlap");
  EXPECT_EQ(error_of(with(kTwo, kSecondEntry + 42, "\x20")), "malformed overlap");
  // In the directory itself, or behind the file.
  EXPECT_EQ(error_of(with(kTwo, kSecondEntry + 42, "\x58")), "malformed overlap");
  EXPECT_EQ(error_of(with(kTwo, kSecondEntry + 42, "\xf0\xff\xff\xef")), "malformed overlap");
  // An extra field in the local header that would move the bytes into the next entry.
  EXPECT_EQ(error_of(with(kTwo, 28, "\xff\xff")), "malformed overlap");
  EXPECT_EQ(error_of(with(kTwo, kSecond, "XX")), "malformed header");
  EXPECT_EQ(error_of(with(kTwo, kSecond + 26, "\x0b")), "malformed header");
}

TEST(Archive, ThousandsOfEntriesAreRefusedBeforeTheyAreRead) {
  ArchiveWriter writer;
  std::string out;
  for (std::size_t i = 0; i < kMaxArchiveEntries; ++i) out += writer.add(std::to_string(i), 0, 0, 0, 0).value();
  EXPECT_EQ(writer.add("one more", 0, 0, 0, 0).error().where, "entries");
  out += writer.finish();
  EXPECT_EQ(read(out)->size(), kMaxArchiveEntries);
  EXPECT_EQ(error_of(with(with(out, -14, "\xfe\xff"), -12, "\xfe\xff")), "too_large entries");
  EXPECT_EQ(error_of(with(with(kTwo, -14, "\x09"), -12, "\x09")), "malformed directory");  // fewer than it says
  EXPECT_EQ(error_of(with(with(kTwo, -14, "\1"), -12, "\1")), "malformed directory");      // and more
}

TEST(Archive, NothingOverFourGigabytesIsWritten) {
  ArchiveWriter writer;
  ASSERT_TRUE(writer.add("a", kMaxArchiveBytes - 31, 0, 0, 0).ok());
  EXPECT_EQ(writer.add("b", 0, 0, 0, 0).error().where, "bytes");
}

}  // namespace
}  // namespace titik::store
