// The conformance suite of every PageStore against web/engine_store.js in a real browser. This program is the
// suite; tests/e2e/page_store.test.mjs starts it and answers it out of a browser's worker. Lines on
// descriptors 3 (to the browser) and 4 (from it); sums and bytes in hex:
//
//   new                                        an empty place      → ok
//   restart                                    a new worker        → head COMMIT PAGES SUM, when there is one;
//                                                                    page NUMBER SUM BYTES for each; ok
//   write COMMIT PAGES SUM WHOLE COUNT         a batch, followed by COUNT lines as above → ok
//
// Each is answered with `error WORDS` when it fails.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "store/page_check.h"
#include "store/page_store_conformance.h"

namespace titik::store {
namespace {

// Ends the program when the other side is gone.
class Line {
 public:
  void send(const std::string& text) {
    if (std::fputs((text + "\n").c_str(), out_) < 0 || std::fflush(out_) != 0) std::abort();
  }
  std::string receive() {
    char* text = nullptr;
    std::size_t room = 0;
    const ssize_t length = ::getline(&text, &room, in_);
    if (length <= 0) std::abort();
    std::string line(text, static_cast<std::size_t>(length) - 1);
    std::free(text);
    return line;
  }

 private:
  std::FILE* out_ = ::fdopen(3, "w");
  std::FILE* in_ = ::fdopen(4, "r");
};

Line& line() {
  static Line made;
  return made;
}

std::string hex(std::uint64_t sum) {
  char text[17];
  std::snprintf(text, sizeof text, "%016lx", sum);
  return text;
}

std::string hex(const Page& page) {
  std::string text;
  for (const std::uint8_t byte : page) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

template <typename Number>
Number from_hex(std::string_view text) {
  Number number = 0;
  EXPECT_EQ(std::from_chars(text.data(), text.data() + text.size(), number, 16).ec, std::errc()) << text;
  return number;
}

Result<Ok> answered(const std::string& text) {
  if (text == "ok") return Ok{};
  return Error{ErrorCode::kStorage, "indexeddb", text};
}

// As web/engine_host.cc does it.
class BrowserStore : public PageStore {
 public:
  explicit BrowserStore(const PageImage& image) : sums_(image), page_count_(image.page_count) {}

  void write(PageBatch batch, Done done) override {
    const Head head = sums_.head_after(batch);
    std::ostringstream words;
    words << "write " << head.commit << " " << head.page_count << " " << hex(head.sum) << " " << (page_count_ == 0) << " "
          << batch.pages.size();
    for (const auto& [number, page] : batch.pages) {
      words << "\npage " << number << " " << hex(page_checksum(number, page)) << " " << hex(page);
    }
    line().send(words.str());
    Result<Ok> result = answered(line().receive());
    if (result.ok()) {
      sums_.accept(batch);
      page_count_ = batch.page_count;
    }
    done(std::move(result));
  }

 private:
  PageSums sums_;
  PageNumber page_count_;
};

class BrowserUnderTest : public StoreUnderTest {
 public:
  BrowserUnderTest() {
    line().send("new");
    EXPECT_EQ(line().receive(), "ok");
  }

  Result<PageImage> restart() override {
    line().send("restart");
    StoredImage found;
    for (;;) {
      const std::string text = line().receive();
      std::istringstream words(text);
      std::string kind, sum, bytes;
      words >> kind;
      if (kind == "head") {
        Head head;
        words >> head.commit >> head.page_count >> sum;
        head.sum = from_hex<std::uint64_t>(sum);
        found.head = head;
      } else if (kind == "page") {
        PageNumber number = 0;
        words >> number >> sum >> bytes;
        StoredPage& page = found.pages[number];
        page.sum = from_hex<std::uint64_t>(sum);
        for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
          page.data.push_back(from_hex<std::uint8_t>(std::string_view(bytes).substr(at, 2)));
        }
      } else {
        TRY(answered(text));
        break;
      }
    }
    const PageImage image = TRY(checked_image(std::move(found)));
    store_ = std::make_unique<BrowserStore>(image);
    return image;
  }
  PageStore& store() override { return *store_; }

 private:
  std::unique_ptr<BrowserStore> store_;
};

INSTANTIATE_TEST_SUITE_P(IndexedDb, PageStoreConformance,
                         ::testing::Values(StoreCase{"indexed_db", [] { return std::make_unique<BrowserUnderTest>(); }}),
                         store_case_name);

}  // namespace
}  // namespace titik::store
