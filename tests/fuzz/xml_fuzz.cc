// libFuzzer target of the XML that older systems push: xml_fuzz CORPUS
// Checks, beyond "no sanitizer report", what serve/xml.h promises: the limits hold, everything that was read is a
// character of XML in UTF-8, no attribute is there twice, an error names its line, and what was read can be written and
// is read as the same.
#include <cstdlib>

#include "base/utf8.h"
#include "serve/xml.h"

namespace {

using namespace titik;
using namespace titik::serve;

void require(bool truth) {
  if (!truth) std::abort();
}

void check_text(std::string_view text) {
  require(is_valid_utf8(text));
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    require(c >= 0x20 || c == '\t' || c == '\n' || c == '\r');
    require(c != 0xFFFE && c != 0xFFFF);
  }
}

void check(const XmlElement& element, int depth, std::size_t& count) {
  require(depth <= kMaxXmlDepth && ++count <= kMaxXmlElements);
  require(!element.name.empty() && element.name.size() <= kMaxXmlName && element.attributes.size() <= kMaxXmlAttributes);
  check_text(element.name);
  check_text(element.text);
  for (const auto& [name, value] : element.attributes) {
    require(!name.empty() && name.size() <= kMaxXmlName && element.attribute(name) == &value);  // the first, so no other
    check_text(name);
    check_text(value);
  }
  for (const XmlElement& child : element.children) {
    require(element.child(child.name) != nullptr);
    check(child, depth + 1, count);
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    const bool is_plain = code >= 0x20 && std::string_view("&<>\"'").find(c) == std::string_view::npos;
    if (is_plain) out += c;
    else out += "&#" + std::to_string(code) + ";";
  }
  return out;
}

// An element's own text in one piece, as it was read.
std::string written(const XmlElement& element) {
  std::string out = "<" + element.name;
  for (const auto& [name, value] : element.attributes) out += " " + name + "='" + escaped(value) + "'";
  out += ">" + escaped(element.text);
  for (const XmlElement& child : element.children) out += written(child);
  return out + "</" + element.name + ">";
}

bool same(const XmlElement& a, const XmlElement& b) {
  if (a.name != b.name || a.text != b.text || a.attributes != b.attributes || a.children.size() != b.children.size()) return false;
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!same(a.children[i], b.children[i])) return false;
  }
  return true;
}

void check_document(std::string_view text) {
  const auto root = read_xml(text);
  if (!root.ok()) {
    const ErrorCode code = root.error().code;
    require(code == ErrorCode::kMalformed || code == ErrorCode::kUnsupported || code == ErrorCode::kTooLarge);
    require(root.error().where.starts_with("baris "));
    return;
  }
  std::size_t count = 0;
  check(*root, 1, count);
  const std::string again = written(*root);
  const auto read = read_xml(again);
  require(again.size() > kMaxXmlBytes || (read.ok() && same(*root, *read)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_document(text);
  // Where a report's words stand, where the fuzzer would seldom come by itself.
  check_document("<lapor token='x'><laporan rahasia='0' anonim='1'><isi>" + std::string(text) + "</isi></laporan></lapor>");
  return 0;
}
