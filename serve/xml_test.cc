// The reader of XML: what is well-formed is read, and what strangers may think of is refused.
#include "serve/xml.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace titik::serve {
namespace {

const std::string kPush =
    "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes'?>\r\n<!-- from <elsewhere> & co -->\r\n"
    "<lapor token = '{6F1C2B0A}'>\n <pelapor><email/><telpon>0812</telpon></pelapor>\n"
    " <laporan rahasia=\"0\"\n anonim='1'><isi>Lubang &lt;2&gt; m &amp; &#x41;&#66;\r\ndi <![CDATA[<b>\"RT\" & ]] 05\r</b>]]>"
    "<!-- x -->\xF0\x9F\x95\xB3</isi ></laporan>\n</lapor>\n<!-- end -->\n";

Error refused(const std::string& text) {
  const auto read = read_xml(text);
  EXPECT_FALSE(read.ok()) << text.substr(0, 200);
  return read.ok() ? Error{ErrorCode::kInternal, "", "was read"} : read.error();
}

std::string repeated(const std::string& what, std::size_t times) {
  std::string text;
  while (times-- > 0) text += what;
  return text;
}

TEST(Xml, IsReadAsItIsMeant) {
  const auto root = read_xml(kPush);
  ASSERT_TRUE(root.ok()) << root.error().where << " " << root.error().message;
  EXPECT_EQ(root->name, "lapor");
  ASSERT_TRUE(root->attribute("token"));
  EXPECT_EQ(*root->attribute("token"), "{6F1C2B0A}");
  EXPECT_EQ(root->attribute("Token"), nullptr);
  EXPECT_EQ(root->text, "\n \n \n");
  ASSERT_EQ(root->children.size(), 2u);
  const XmlElement* reporter = root->child("pelapor");
  ASSERT_TRUE(reporter);
  EXPECT_EQ(reporter->child("email")->text, "");
  EXPECT_EQ(reporter->child("telpon")->text, "0812");
  EXPECT_EQ(reporter->child("isi"), nullptr);
  const XmlElement* report = root->child("laporan");
  EXPECT_EQ(report->attributes, (std::vector<std::pair<std::string, std::string>>{{"rahasia", "0"}, {"anonim", "1"}}));
  EXPECT_EQ(report->child("isi")->text, "Lubang <2> m & AB\ndi <b>\"RT\" & ]] 05\n</b>\xF0\x9F\x95\xB3");
}

TEST(Xml, OfSeveralChildrenTheFirstIsMeant) {
  const auto root = read_xml("<a><b>1</b><b>2</b></a>");
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(root->child("b")->text, "1");
}

TEST(Xml, AttributesHaveSpacesForWhiteSpace) {
  const auto root = read_xml("<a b='1\r\n2\t3&#10;4&apos;\"' c=\"'&quot;\"/>");
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(*root->attribute("b"), "1 2 3\n4'\"");
  EXPECT_EQ(*root->attribute("c"), "'\"");
}

TEST(Xml, WhatIsNotWellFormedIsRefused) {
  for (const char* bad : {
           "", " ", "x", "<", "<>", "< a/>", "<a", "<a>", "<a/", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<1/>", "<-a/>",
           "<a b/>", "<a b=/>", "<a b=1/>", "<a b='1/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>", "<a b='<'/>", "<a b='&'/>", "<a/ >", "<a b='1' / >",
           "<a>&</a>", "<a>&;</a>", "<a>&x;</a>", "<a>&nbsp;</a>", "<a>&lt</a>", "<a>& lt;</a>", "<a>&LT;</a>", "<a>&#;</a>", "<a>&#x;</a>", "<a>&#X41;</a>",
           "<a>&#-1;</a>", "<a>&#+65;</a>", "<a>&#x 41;</a>", "<a>&#0;</a>", "<a>&#1;</a>", "<a>&#xD800;</a>", "<a>&#xFFFE;</a>", "<a>&#x110000;</a>",
           "<a>&#99999999999999999999;</a>", "<a>&#00000000000065;</a>", "<a>]]></a>", "<a><![CDATA[</a>", "<a><![cdata[]]></a>", "<![CDATA[]]>",
           "<a><!-- -- --></a>", "<a><!-- --->", "<!-- <a/>", "<!--->", "<a><!x></a>", "<!x><a/>", "<a\x01/>", "<a>\x01</a>", "<a>\x7F</b>", "\xEF\xBB\xBF\xEF\xBB\xBF<a/>",
           "<?xml encoding='utf-8'?><a/>", "<?xml version='1.0' x='y'?><a/>", "<?xml version='1.0' standalone='x'?><a/>",
           "<?xml version='1.0' standalone='yes' encoding='utf-8'?><a/>", "<?xml version='1.0'><a/>", "<?xml version='1.0'? ><a/>"}) {
    EXPECT_EQ(refused(bad).code, ErrorCode::kMalformed) << bad;
  }
  EXPECT_EQ(refused(std::string("<a>\0</a>", 8)).code, ErrorCode::kMalformed);
}

TEST(Xml, AnErrorNamesItsLine) {
  EXPECT_EQ(refused("<a>\n<b>\n</c></a>").where, "baris 3");
  EXPECT_EQ(refused("<a>\n\xFF</a>").where, "baris 1");  // before any line is read
}

TEST(Xml, WhatIsNotUtf8IsRefused) {
  for (const char* bad : {"<a>\xFF</a>", "<a>\xC3</a>", "<a>\xC0\x80</a>", "<a>\xED\xA0\x80</a>", "<a>\xF4\x90\x80\x80</a>", "<a b='\xE9'/>", "<\xE9/>",
                          "<a>\xEF\xBF\xBE</a>", "\xFE\xFF", "\xFF\xFE<"}) {
    EXPECT_EQ(refused(bad).code, ErrorCode::kMalformed) << bad;
  }
  EXPECT_EQ(refused(std::string("\xFF\xFE<\0a\0/\0>\0", 10)).code, ErrorCode::kMalformed);  // UTF-16
  for (const char* other : {"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "<?xml version='1.0' encoding='utf-16'?><a/>", "<?xml version='1.1'?><a/>",
                            "<?xml version='1.0' encoding=''?><a/>"}) {
    EXPECT_EQ(refused(other).code, ErrorCode::kUnsupported) << other;
  }
  EXPECT_TRUE(read_xml("<?xml version='1.0' encoding='utf-8' ?><a\xC3\xA9 \xC3\xA9='\xC3\xA9'>\xC3\xA9</a\xC3\xA9>").ok());
}

TEST(Xml, EntitiesOfOnesOwnAndFromElsewhereAreRefused) {
  std::string laughs = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY lol \"lol\">";
  for (int i = 1; i < 10; ++i) {
    laughs += "<!ENTITY lol" + std::to_string(i) + " \"" + repeated("&lol" + (i == 1 ? "" : std::to_string(i - 1)) + ";", 10) + "\">";
  }
  laughs += "]>\n<lolz>&lol9;</lolz>";
  for (const std::string& bad : {laughs, std::string("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
                                 std::string("<!DOCTYPE a SYSTEM \"http://127.0.0.1/\"><a/>"), std::string("<!DOCTYPE a><a/>"),
                                 std::string("<?xml-stylesheet href='x'?><a/>"), std::string("<?xml?><a/>"), std::string("<a><?php x ?></a>"), std::string("<a><!DOCTYPE b></a>"),
                                 std::string(" <?xml version='1.0'?><a/>")}) {
    EXPECT_EQ(refused(bad).code, ErrorCode::kUnsupported) << bad;
  }
}

TEST(Xml, IsBounded) {
  const auto deep = [](int depth) {
    const auto times = static_cast<std::size_t>(depth);
    return repeated("<a>", times) + repeated("</a>", times);
  };
  EXPECT_TRUE(read_xml(deep(kMaxXmlDepth)).ok());
  EXPECT_EQ(refused(deep(kMaxXmlDepth + 1)).code, ErrorCode::kTooLarge);
  EXPECT_EQ(refused(repeated("<a>", kMaxXmlBytes / 3)).code, ErrorCode::kTooLarge);
  EXPECT_TRUE(read_xml("<a>" + repeated("<b/>", kMaxXmlElements - 1) + "</a>").ok());
  EXPECT_EQ(refused("<a>" + repeated("<b/>", kMaxXmlElements) + "</a>").code, ErrorCode::kTooLarge);
  const auto with_attributes = [](std::size_t count) {
    std::string text = "<a";
    for (std::size_t i = 0; i < count; ++i) text += " b" + std::to_string(i) + "=''";
    return text + "/>";
  };
  EXPECT_TRUE(read_xml(with_attributes(kMaxXmlAttributes)).ok());
  EXPECT_EQ(refused(with_attributes(kMaxXmlAttributes + 1)).code, ErrorCode::kTooLarge);
  EXPECT_TRUE(read_xml("<" + std::string(kMaxXmlName, 'a') + "/>").ok());
  EXPECT_EQ(refused("<" + std::string(kMaxXmlName + 1, 'a') + "/>").code, ErrorCode::kTooLarge);
  EXPECT_EQ(refused("<a " + std::string(kMaxXmlName + 1, 'a') + "=''/>").code, ErrorCode::kTooLarge);
  EXPECT_TRUE(read_xml("<a>" + std::string(kMaxXmlBytes - 7, 'x') + "</a>").ok());
  EXPECT_EQ(refused("<a>" + std::string(kMaxXmlBytes - 6, 'x') + "</a>").code, ErrorCode::kTooLarge);
}

// A copy of its own each time, so that the sanitizer sees a byte that is read behind the end.
TEST(Xml, BrokenOffAnywhereItIsRefused) {
  const std::size_t end = kPush.rfind("</lapor>") + std::string_view("</lapor>").size();
  for (std::size_t length = 0; length < kPush.size(); ++length) {
    const std::vector<char> part(kPush.begin(), kPush.begin() + static_cast<std::ptrdiff_t>(length));
    const auto read = read_xml({part.data(), part.size()});
    // Behind the root there is nothing to miss but a comment that was begun.
    const std::string_view behind = std::string_view(kPush).substr(std::min(end, length), length - std::min(end, length));
    const bool is_whole = length >= end && (behind.find('<') == behind.npos || behind.find("-->") != behind.npos);
    EXPECT_EQ(read.ok(), is_whole) << length;
  }
}

TEST(Xml, WithAnyByteChangedItIsReadOrRefused) {
  for (std::size_t at = 0; at < kPush.size(); ++at) {
    for (const char byte : {'\0', '<', '>', '&', ';', '"', '\'', '!', '-', ']', '\xFF', '\x80'}) {
      std::string changed = kPush;
      changed[at] = byte;
      const auto read = read_xml(changed);
      EXPECT_TRUE(read.ok() || read.error().where.starts_with("baris ")) << at;
    }
  }
}

}  // namespace
}  // namespace titik::serve
