#include "photo/exif.h"

#include <array>
#include <cmath>
#include <string_view>

#include "photo/byte_reader.h"

namespace titik::photo {
namespace {

// TIFF 6.0, section 2, and Exif 2.32, 4.6.
enum Tag : std::uint16_t {
  kOrientation = 0x0112,
  kExifIfd = 0x8769,
  kGpsIfd = 0x8825,
  kDateTimeOriginal = 0x9003,
  kOffsetTimeOriginal = 0x9011,
  kGpsLatitudeRef = 0x0001,
  kGpsLatitude = 0x0002,
  kGpsLongitudeRef = 0x0003,
  kGpsLongitude = 0x0004,
  kGpsHPositioningError = 0x001F,
};
// The signed types and kIfd are not what the standard asks for in our fields, but programs that rewrite
// EXIF use them (FurnaceCreekInn.jpg of exiv2 links its GPS directory by a signed long).
enum Type : std::uint16_t {
  kByte = 1,
  kAscii = 2,
  kShort = 3,
  kLong = 4,
  kRational = 5,
  kSignedLong = 9,
  kSignedRational = 10,
  kIfd = 13,
};

std::size_t size_of_type(std::uint16_t type) {
  switch (type) {
    case kByte:
    case kAscii: return 1;
    case kShort: return 2;
    case kLong:
    case kSignedLong:
    case kIfd: return 4;
    case kRational:
    case kSignedRational: return 8;
    default: return 0;  // A type that none of our fields has.
  }
}

struct Entry {
  std::uint16_t type = 0;
  std::uint32_t count = 0;
  std::size_t at = 0;  // Of the first value. Not yet checked: every read is.
};

// One directory. Only the three directories named above are read and "next" links are not followed,
// so a file whose directories point at each other cannot make us go in circles; and an entry is
// looked up where it stands, so a count of four thousand million costs nothing.
class Directory {
 public:
  Directory(const ByteReader& reader, std::size_t at) : reader_(reader), at_(at) {}

  [[nodiscard]] std::optional<Entry> find(std::uint16_t tag) const {
    const auto count = reader_.u16(at_);
    if (!count) return std::nullopt;
    for (std::size_t i = 0; i < *count; ++i) {
      const std::size_t entry = at_ + 2 + 12 * i;
      const auto found = reader_.u16(entry);
      if (!found) return std::nullopt;  // The directory is cut off.
      if (*found == tag) return read(entry);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::uint32_t> integer(std::uint16_t tag) const {
    const auto entry = find(tag);
    if (!entry || entry->count == 0) return std::nullopt;
    switch (entry->type) {
      case kByte: return reader_.u8(entry->at);
      case kShort: return reader_.u16(entry->at);
      case kLong:
      case kSignedLong:
      case kIfd: return reader_.u32(entry->at);
      default: return std::nullopt;
    }
  }

  // At most `limit` characters, without the NUL at the end.
  [[nodiscard]] std::string text(std::uint16_t tag, std::size_t limit) const {
    const auto entry = find(tag);
    std::string out;
    if (!entry || entry->type != kAscii) return out;
    for (std::size_t i = 0; i < entry->count && i < limit; ++i) {
      const auto byte = reader_.u8(entry->at + i);
      if (!byte || *byte == 0) break;
      out.push_back(static_cast<char>(*byte));
    }
    return out;
  }

  [[nodiscard]] std::optional<double> rational(std::uint16_t tag, std::size_t index) const {
    const auto entry = find(tag);
    if (!entry || index >= entry->count) return std::nullopt;
    if (entry->type != kRational && entry->type != kSignedRational) return std::nullopt;
    const auto numerator = reader_.u32(entry->at + 8 * index);
    const auto denominator = reader_.u32(entry->at + 8 * index + 4);
    // 0/0 is how cameras say "unknown".
    if (!numerator || !denominator || *denominator == 0) return std::nullopt;
    // Nothing that we read can be negative.
    constexpr std::uint32_t kSign = 0x80000000;
    if (entry->type == kSignedRational && ((*numerator | *denominator) & kSign) != 0) return std::nullopt;
    return static_cast<double>(*numerator) / static_cast<double>(*denominator);
  }

 private:
  [[nodiscard]] std::optional<Entry> read(std::size_t entry) const {
    const auto type = reader_.u16(entry + 2);
    const auto count = reader_.u32(entry + 4);
    const auto value = reader_.u32(entry + 8);
    if (!type || !count || !value) return std::nullopt;
    const std::uint64_t bytes = std::uint64_t{*count} * size_of_type(*type);
    // Values of up to four bytes stand in the entry itself.
    return Entry{*type, *count, bytes <= 4 ? entry + 8 : *value};
  }

  const ByteReader& reader_;
  std::size_t at_;
};

// The decimal number in text[at, at + count), or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  return value;
}

// "2026:11:21 14:05:09" → "2026-11-21T14:05:09". Cameras whose clock was never set write zeros or
// blanks; these are no date.
std::optional<std::string> read_taken(const std::string& text) {
  if (text.size() != 19 || text[4] != ':' || text[7] != ':' || text[10] != ' ' || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (!is_valid_date(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2))) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  std::string taken = text;
  taken[4] = taken[7] = '-';
  taken[10] = 'T';
  return taken;
}

// "+07:00" → 420. Zones reach from −12 to +14 hours.
std::optional<ZoneOffset> read_zone(const std::string& text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = digits(text, 1, 2);
  const int minutes = digits(text, 4, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  const ZoneOffset offset = 60 * hours + minutes;
  return text[0] == '-' ? -offset : offset;
}

struct Axis {
  std::uint16_t value;
  std::uint16_t reference;
  char positive;
  char negative;
  double limit;  // degrees
};
constexpr Axis kLatitudeAxis{kGpsLatitude, kGpsLatitudeRef, 'N', 'S', 90};
constexpr Axis kLongitudeAxis{kGpsLongitude, kGpsLongitudeRef, 'E', 'W', 180};

std::optional<double> read_angle(const Directory& gps, const Axis& axis) {
  const std::string reference = gps.text(axis.reference, 1);
  if (reference.size() != 1) return std::nullopt;
  if (reference[0] != axis.positive && reference[0] != axis.negative) return std::nullopt;
  const auto degrees = gps.rational(axis.value, 0);
  const auto minutes = gps.rational(axis.value, 1);
  const auto seconds = gps.rational(axis.value, 2);
  if (!degrees || !minutes || !seconds) return std::nullopt;
  // 60 itself is what some writers round 59.9999 to.
  if (*minutes > 60 || *seconds > 60) return std::nullopt;
  const double angle = *degrees + *minutes / 60 + *seconds / 3600;
  if (angle > axis.limit) return std::nullopt;
  return reference[0] == axis.negative ? -angle : angle;
}

void read_position(const Directory& gps, ExifFacts& facts) {
  const auto latitude = read_angle(gps, kLatitudeAxis);
  const auto longitude = read_angle(gps, kLongitudeAxis);
  if (!latitude || !longitude) return;
  // Exactly 0, 0 lies in the Gulf of Guinea and means that there was no fix.
  if (*latitude == 0 && *longitude == 0) return;
  facts.latitude = latitude;
  facts.longitude = longitude;
  facts.position_error_m = gps.rational(kGpsHPositioningError, 0);
}

}  // namespace

ExifFacts read_exif(Bytes tiff) {
  ExifFacts facts;
  const bool little = tiff.size() >= 2 && tiff[0] == 'I' && tiff[1] == 'I';
  const bool big = tiff.size() >= 2 && tiff[0] == 'M' && tiff[1] == 'M';
  if (!little && !big) return facts;
  const ByteReader reader(tiff, little ? ByteOrder::kLittle : ByteOrder::kBig);
  if (reader.u16(2) != std::uint16_t{42}) return facts;
  const auto first = reader.u32(4);
  if (!first) return facts;

  const Directory main(reader, *first);
  if (const auto orientation = main.integer(kOrientation)) {
    if (*orientation >= 1 && *orientation <= 8) facts.orientation = static_cast<Orientation>(*orientation);
  }
  if (const auto at = main.integer(kExifIfd)) {
    const Directory exif(reader, *at);
    facts.taken_local = read_taken(exif.text(kDateTimeOriginal, 19));
    if (facts.taken_local) facts.taken_zone = read_zone(exif.text(kOffsetTimeOriginal, 6));
  }
  if (const auto at = main.integer(kGpsIfd)) read_position(Directory(reader, *at), facts);
  return facts;
}

}  // namespace titik::photo
