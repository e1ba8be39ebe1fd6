// "Terima kasih, akan kami tindak lanjuti": words that say that something was received, and nothing of what was
// done. They count as an acknowledgement whatever the officer calls them (docs/domain.md, Clocks).
//
// Which phrases these are is the city's: `acknowledgements` in its profile, in plain spelling. A text is nothing
// more than an acknowledgement when the whole of it falls into such phrases and words of courtesy, with at least one
// phrase. Both are compared without case, punctuation and spaces, with letters that are repeated taken once
// ("terimaaa kasiih"), and with the usual abbreviations written out ("tks", "akn kmi tindaklanjuti").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace titik::serve {

class Acknowledgements {
 public:
  Acknowledgements() = default;
  explicit Acknowledgements(const std::vector<std::string>& phrases);

  // From a city's profile. kInvalidArgument: the member is there and is no list of texts. Without it nothing is
  // recognised.
  static Result<Acknowledgements> of_profile(std::string_view json);

  // Nothing more than an acknowledgement. Costs at most the text's length times the number of phrases.
  [[nodiscard]] bool is_all_of(std::string_view text) const { return weigh(text) == Weight::kAcknowledgement; }
  // Not even that is needed: "-", "ok", "siap pak", blanks. No reason, and no answer.
  [[nodiscard]] bool says_nothing(std::string_view text) const { return weigh(text) != Weight::kWords; }
  [[nodiscard]] bool empty() const { return phrases_.empty(); }

 private:
  enum class Weight { kNothing, kAcknowledgement, kWords };  // courtesies at most; a phrase among them; more
  [[nodiscard]] Weight weigh(std::string_view text) const;

  std::vector<std::string> phrases_;  // in the form that is compared, longest first
};

// The form in which texts are compared: for the tests.
std::string comparable(std::string_view text);

}  // namespace titik::serve
