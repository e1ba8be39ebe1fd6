#include "serve/xml.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace titik::serve {
namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kLongestReference = 12;  // bytes between & and ;, "#x10FFFF" and some zeros
constexpr char32_t kLastCodePoint = 0x10FFFF;

constexpr std::pair<std::string_view, char> kEntities[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Of names beyond ASCII all is taken: which letters they may have is of no weight here.
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_char(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

// [2] Char
bool is_char(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= kLastCodePoint);
}

bool is_utf8_name(std::string_view encoding) {
  constexpr std::string_view kUtf8 = "utf-8";
  return std::equal(encoding.begin(), encoding.end(), kUtf8.begin(), kUtf8.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

// By recursive descent, at most kMaxXmlDepth deep. The numbers are those of the productions in XML 1.0, fifth edition.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // [1] document, [22] prolog
  Result<XmlElement> document() {
    if (text_.size() > kMaxXmlBytes) return too_large();
    TRY(check_characters());
    (void)skip("\xEF\xBB\xBF");
    TRY(declaration());
    TRY(comments_and_space());
    XmlElement root = TRY(element(1));
    TRY(comments_and_space());
    if (at_ < text_.size()) return malformed("something stands behind the root");
    return root;
  }

 private:
  // Once for the whole document, so that nothing below meets a byte that is no character.
  Result<Ok> check_characters() {
    if (!is_valid_utf8(text_)) return malformed("not UTF-8");
    while (at_ < text_.size()) {
      if (!is_char(next_code_point(text_, at_))) return malformed("a character that XML does not have");
    }
    at_ = 0;
    return Ok{};
  }

  // [23] XMLDecl
  Result<Ok> declaration() {
    if (!rest().starts_with("<?xml") || rest().size() < 6 || !is_space(rest()[5])) return Ok{};
    at_ += 5;
    const Attributes declared = TRY(attributes());
    if (!skip("?>") || declared.empty() || declared[0].first != "version") return malformed("the declaration is none");
    if (declared[0].second != "1.0") return unsupported("XML harus versi 1.0 dalam UTF-8.");
    for (std::size_t i = 1; i < declared.size(); ++i) {
      const auto& [what, value] = declared[i];
      if (what == "encoding" && i == 1) {
        if (!is_utf8_name(value)) return unsupported("XML harus versi 1.0 dalam UTF-8.");
      } else if (what != "standalone" || (value != "yes" && value != "no")) {
        return malformed("the declaration has something else in it");
      }
    }
    return Ok{};
  }

  // [27] Misc, without processing instructions
  Result<Ok> comments_and_space() {
    for (;;) {
      (void)skip_space();
      if (!skip("<!--")) return Ok{};
      TRY(comment());
    }
  }

  // [39] element
  Result<XmlElement> element(int depth) {
    if (rest().starts_with("<!") || rest().starts_with("<?")) return foreign_markup();
    if (!skip("<")) return malformed("an element was expected");
    if (depth > kMaxXmlDepth || ++elements_ > kMaxXmlElements) return too_large();
    XmlElement made;
    made.name = TRY(name());
    made.attributes = TRY(attributes());
    if (skip("/>")) return made;
    if (!skip(">")) return malformed("a tag is not closed");
    TRY(content(made, depth));
    if (TRY(name()) != made.name) return malformed("another element is closed than was opened");
    (void)skip_space();
    if (!skip(">")) return malformed("a tag is not closed");
    return made;
  }

  // [43] content, and the "</" behind it
  Result<Ok> content(XmlElement& made, int depth) {
    while (at_ < text_.size()) {
      if (text_[at_] == '&') {
        TRY(reference(made.text));
      } else if (text_[at_] != '<') {
        if (rest().starts_with("]]>")) return malformed("]]> in a text");
        character(made.text);
      } else if (skip("</")) {
        return Ok{};
      } else if (skip("<!--")) {
        TRY(comment());
      } else if (skip("<![CDATA[")) {
        TRY(cdata(made.text));
      } else {
        made.children.push_back(TRY(element(depth + 1)));
      }
    }
    return malformed("an element is not closed");
  }

  // [41] Attribute, as many as there are
  Result<Attributes> attributes() {
    Attributes found;
    for (;;) {
      const bool apart = skip_space();
      if (at_ == text_.size() || !is_name_start(text_[at_])) return found;
      if (!apart) return malformed("no space before an attribute");
      if (found.size() == kMaxXmlAttributes) return too_large();
      std::string named = TRY(name());
      if (std::any_of(found.begin(), found.end(), [&](const auto& one) { return one.first == named; })) {
        return malformed("an attribute twice");
      }
      (void)skip_space();
      if (!skip("=")) return malformed("an attribute without a value");
      (void)skip_space();
      std::string value = TRY(attribute_value());
      found.emplace_back(std::move(named), std::move(value));
    }
  }

  // [10] AttValue
  Result<std::string> attribute_value() {
    if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) return malformed("a value without quotes");
    const char quote = text_[at_++];
    std::string value;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '<') return malformed("< in a value");
      if (text_[at_] == '&') {
        TRY(reference(value));
      } else {
        character(value);
        if (is_space(value.back())) value.back() = ' ';
      }
    }
    if (at_ == text_.size()) return malformed("a value is not closed");
    ++at_;
    return value;
  }

  // [67] Reference
  Result<Ok> reference(std::string& out) {
    const std::size_t end = text_.substr(at_, kLongestReference + 2).find(';');
    if (end == text_.npos) return malformed("& that begins no reference");
    const std::string_view named = text_.substr(at_ + 1, end - 1);
    for (const auto& [entity, meant] : kEntities) {
      if (named != entity) continue;
      out += meant;
      at_ += end + 1;
      return Ok{};
    }
    if (!named.starts_with('#')) return malformed("an entity that is none of the five");
    const bool hexadecimal = named.starts_with("#x");
    const std::string_view digits = named.substr(hexadecimal ? 2 : 1);
    unsigned long number = 0;
    const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number, hexadecimal ? 16 : 10);
    if (digits.empty() || failed != std::errc() || stop != digits.data() + digits.size() || number > kLastCodePoint ||
        !is_char(static_cast<char32_t>(number))) {
      return malformed("a reference to no character");
    }
    append_utf8(out, static_cast<char32_t>(number));
    at_ += end + 1;
    return Ok{};
  }

  // [20] CData, and the "]]>" behind it
  Result<Ok> cdata(std::string& out) {
    while (at_ < text_.size()) {
      if (skip("]]>")) return Ok{};
      character(out);
    }
    return malformed("a CDATA section is not closed");
  }

  // [15] Comment, behind its "<!--"
  Result<Ok> comment() {
    const std::size_t end = text_.find("--", at_);
    at_ = std::min(end, text_.size() - 2) + 2;
    if (end == text_.npos || !skip(">")) return malformed("a comment is not closed, or has -- in it");
    return Ok{};
  }

  // [5] Name
  Result<std::string> name() {
    const std::size_t first = at_;
    if (at_ == text_.size() || !is_name_start(text_[at_])) return malformed("a name was expected");
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    if (at_ - first > kMaxXmlName) return too_large();
    return std::string(text_.substr(first, at_ - first));
  }

  // One byte as it stands, but for the ends of lines (2.11).
  void character(std::string& out) {
    const char c = text_[at_++];
    if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    out += c == '\r' ? '\n' : c;
  }

  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  bool skip(std::string_view word) {
    if (!rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool skip_space() {
    const std::size_t first = at_;
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ > first;
  }

  [[nodiscard]] Error error(ErrorCode code, std::string_view message) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    return Error{code, "baris " + std::to_string(line), std::string(message)};
  }
  [[nodiscard]] Error malformed(std::string_view message) const { return error(ErrorCode::kMalformed, message); }
  // These two are told to whoever sent it, who may mend it.
  [[nodiscard]] Error unsupported(std::string_view message) const { return error(ErrorCode::kUnsupported, message); }
  [[nodiscard]] Error too_large() const {
    return error(ErrorCode::kTooLarge, "XML ini terlalu besar atau terlalu dalam. Kirim satu laporan saja.");
  }
  [[nodiscard]] Error foreign_markup() const {
    if (!rest().starts_with("<!DOCTYPE") && !rest().starts_with("<?")) return malformed("markup that does not belong here");
    return unsupported("DOCTYPE dan instruksi pemrosesan tidak diterima dalam XML ini.");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t elements_ = 0;
};

}  // namespace

const std::string* XmlElement::attribute(std::string_view wanted) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const auto& one) { return one.first == wanted; });
  return found == attributes.end() ? nullptr : &found->second;
}

const XmlElement* XmlElement::child(std::string_view wanted) const {
  const auto found = std::find_if(children.begin(), children.end(), [&](const XmlElement& one) { return one.name == wanted; });
  return found == children.end() ? nullptr : &*found;
}

Result<XmlElement> read_xml(std::string_view text) { return Reader(text).document(); }

}  // namespace titik::serve
