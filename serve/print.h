// What the command line shows, in Indonesian and in columns.
#pragma once

#include <vector>

#include "serve/office.h"

namespace titik::serve {

void print_list(const Office& office, const std::vector<StoredReport>& reports, UnixMillis now);

void print_report(const Office& office, const StoredReport& report, const std::vector<StoredFile>& photos, int photos_pending, std::size_t thumbnails,
                  const std::vector<lapor::LogEntry>& history, const std::vector<lapor::FollowUp>& thread,
                  UnixMillis now);

// "tinggal 5 jam", "lewat 2 hari", "sudah ditindaklanjuti", or "-" without a clock.
std::string clock_in_words(const StoredReport& report, UnixMillis now);

}  // namespace titik::serve
