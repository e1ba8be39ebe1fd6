// XML 1.0 as other systems push reports (api_older.cc): a reader of our own, short enough to be read at one sitting, for
// documents that strangers send. It is in memory at once, within the limits below, and does nothing but read.
//
// Taken: elements, attributes, text, CDATA, comments, &lt; &gt; &amp; &quot; &apos; and numeric references, a byte order
// mark, a declaration that says version 1.0 and UTF-8 or no encoding. Ends of lines become LF, white space in attributes
// becomes spaces (XML 1.0, 2.11 and 3.3.3). Namespaces are not interpreted: a prefix is part of the name.
// Refused: DOCTYPE, and with it every entity of one's own or from elsewhere; processing instructions; other encodings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace titik::serve {

inline constexpr std::size_t kMaxXmlBytes = 256 * 1024;
inline constexpr int kMaxXmlDepth = 16;                 // of elements in elements, the root counted
inline constexpr std::size_t kMaxXmlElements = 1000;    // of a document
inline constexpr std::size_t kMaxXmlAttributes = 16;    // of one element
inline constexpr std::size_t kMaxXmlName = 64;          // bytes, of an element or attribute

struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;  // in their order; no name twice
  std::string text;                                             // its own, in one piece; that of its children is theirs
  std::vector<XmlElement> children;

  // Null when there is none; of several children the first. They live as long as the element.
  [[nodiscard]] const std::string* attribute(std::string_view wanted) const;
  [[nodiscard]] const XmlElement* child(std::string_view wanted) const;
};

// The root. `where` of an error is the line, "baris 12". kMalformed: not well-formed, not UTF-8, or a reference to an
// entity that is none of the five. kUnsupported: what is refused above. kTooLarge: over a limit.
Result<XmlElement> read_xml(std::string_view text);

}  // namespace titik::serve
