// What may be shown of words that anybody wrote, and what they tell of the place.
#pragma once

#include <string>
#include <string_view>

#include "report/city_profile.h"

namespace titik::serve {

// Numbers of nine digits and more (telephones, NIK, accounts; also with spaces, dots or hyphens between) and e-mail
// addresses are replaced by "[disamarkan]". Names cannot be told from other words, and stay.
std::string without_personal_numbers(std::string_view text);

// The village that the words name: after "kelurahan", "kel." or "desa", else by its name alone when that is the only
// one of the city named. "" when they name none, or several. For `title` the word "kelurahan" must be there.
std::string village_in_words(const report::CityProfile& profile, std::string_view landmark, std::string_view title);

}  // namespace titik::serve
