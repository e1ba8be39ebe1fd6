// The check of evidence (docs/domain.md, Fairness and trust). Every stored picture gets a perceptual hash; each piece
// of evidence is compared, by its bytes and by its look, with the complaint's own photos and with all pictures that came
// before it. Where EXIF tells place and time, they are compared with the report's. What is found is a hint for
// coordinator and citizen, never a verdict: the words say what was seen.
//
// Done after the answer, by a job: an upload waits for nothing. Pictures that look alike are found by an index. A hash
// is four bands of 16 bits; two that differ in at most 11 bits have a band in which they differ in at most 2, so each
// band is asked for its 137 neighbours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "report/city_profile.h"
#include "serve/files.h"
#include "serve/pictures.h"
#include "serve/sql.h"

namespace titik::serve {

// Words as stored and told: "same_file", "same_look", "far", "taken_before"; "clear": none of these; "bytes_only": none,
// but the look was not compared (a document, a kind or a size that is not decoded here).
struct EvidenceFinding {
  std::int64_t file_id = 0;
  std::int64_t follow_up_id = 0;
  std::string finding;
  std::int64_t other_tracking_id = 0;  // 0: none, or one that may not be named
  bool own = false;                    // of the report itself: its complaint's photo, or earlier evidence
  std::int64_t amount = 0;             // far: metres; same_look: bits; taken_before: minutes
  bool of_citizen = false;             // same_file, same_look: as what a citizen sent, which is never public
};
std::string finding_text(const EvidenceFinding& finding);  // for citizen and officer
Json finding_json(const EvidenceFinding& finding);

class Proofs {
 public:
  // All three must outlive it.
  Proofs(Sql& sql, const FileStore& files, const report::CityProfile& profile) : sql_(sql), files_(files), profile_(profile) {}

  // Looks at up to `most` stored files that were not looked at yet, in their order, and checks the evidence among them;
  // answers how many there were. What several processes do at once is done once.
  Result<int> work(int most, UnixMillis now);

  // Of a report, in the order of its evidence. Numbers of reports that are not public are left out.
  Result<std::vector<EvidenceFinding>> findings(std::int64_t tracking_id);

 private:
  struct Item;
  Result<std::vector<Item>> waiting(int most);
  Result<Ok> settle(const Item& item, const PictureFacts& facts, UnixMillis now);
  Result<std::vector<EvidenceFinding>> compare(const Item& item, const PictureFacts& facts);
  Result<Ok> add_alike(const Item& item, std::uint64_t looks, std::vector<EvidenceFinding>& found);
  Result<Ok> tell(const Item& item, UnixMillis now);

  Sql& sql_;
  const FileStore& files_;
  const report::CityProfile& profile_;
};

}  // namespace titik::serve
