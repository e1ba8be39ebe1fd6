// Every handler of the API, by the file that holds it. routes.cc says who reaches them and how.
#pragma once

#include "serve/app.h"

namespace titik::serve {

// api_health.cc
Response get_health(App& app, Call& call);

// api_public.cc
Response get_profile(App& app, Call& call);
Response get_keys(App& app, Call& call);
Response get_counts(App& app, Call& call);
Response get_public_reports(App& app, Call& call);
Response post_device(App& app, Call& call);

// api_public_reports.cc
Response get_public_list(App& app, Call& call);
Response get_public_report(App& app, Call& call);
Response get_public_map(App& app, Call& call);
Response get_public_file(App& app, Call& call);

// api_open311.cc
Response get_open311_discovery(App& app, Call& call);
Response get_open311_services(App& app, Call& call);
Response get_open311_service(App& app, Call& call);
Response get_open311_requests(App& app, Call& call);
Response get_open311_request(App& app, Call& call);
Response get_open311_token(App& app, Call& call);
Response post_open311_request(App& app, Call& call);

// api_older.cc
Response post_stream(App& app, Call& call);
Response post_topics(App& app, Call& call);
Response get_report_page(App& app, Call& call);
// A refusal in the words of our JSON, for who speaks XML; every other answer as it is.
Response in_xml(Response refused);

// api_entered.cc
Response post_entered(App& app, Call& call);
Response get_entered(App& app, Call& call);

// api_near.cc
Response get_near(App& app, Call& call);
Response get_affected(App& app, Call& call);
Response post_affected(App& app, Call& call);
Response delete_affected(App& app, Call& call);
Response post_confirmation(App& app, Call& call);

// api_statistics.cc
Response get_public_counts(App& app, Call& call);
Response get_public_agencies(App& app, Call& call);

// api_masters.cc
Response get_institutions(App& app, Call& call);
Response get_templates(App& app, Call& call);

// api_files.cc
Response post_files(App& app, Call& call);
Response get_file(App& app, Call& call);
// The file that the path names, when the caller may see it; else kNotFound.
Result<StoredFile> visible_file(App& app, const Call& call);

// api_thumbnails.cc
Response get_file_thumbnail(App& app, Call& call);
Response post_pending_thumbnail(App& app, Call& call);
Response get_pending_thumbnails(App& app, Call& call);

// api_uploads.cc
Response describe_uploads(App& app, Call& call);
Response post_upload(App& app, Call& call);
Response head_upload(App& app, Call& call);
Response patch_upload(App& app, Call& call);
Response delete_upload(App& app, Call& call);

// api_reports.cc
Response post_report(App& app, Call& call);
// The same, with what belongs to the new report in its transaction (NewReport::also).
Response create_report(App& app, Call& call, const std::function<Result<Ok>(std::int64_t tracking_id)>& also);
Response get_detail(App& app, Call& call);
Response get_own_report(App& app, Call& call);
Response get_changes(App& app, Call& call);
inline constexpr int kThreadPage = 20;  // follow-ups of one answer
// The thread as phones are told of it. What others show reaches them without its metadata (get_file): no hash of other
// bytes goes with it.
Result<lapor::FollowUpPage> told_thread(App& app, std::int64_t tracking_id, int page, int size);

// api_office_report.cc
Response get_office_report(App& app, Call& call);
Response get_office_reporter(App& app, Call& call);
Response post_office_code(App& app, Call& call);
Response post_office_words(App& app, Call& call);
Response post_office_files(App& app, Call& call);

// api_office.cc
Response get_office_reports(App& app, Call& call);
Response post_office_verify(App& app, Call& call);
Response post_office_dispose(App& app, Call& call);
Response post_office_hand_on(App& app, Call& call);
Response post_office_follow_up(App& app, Call& call);
Response post_office_hold(App& app, Call& call);
Response post_office_resume(App& app, Call& call);
Response post_office_archive(App& app, Call& call);
Response post_office_close(App& app, Call& call);
Response post_office_hide(App& app, Call& call);

// api_devices.cc
Response delete_own_device(App& app, Call& call);
Response post_own_erasure(App& app, Call& call);
Response delete_devices_of_report(App& app, Call& call);

// api_claims.cc
Response post_claim_code(App& app, Call& call);
Response delete_claim_code(App& app, Call& call);
Response post_claim(App& app, Call& call);

// api_session.cc
Response post_session(App& app, Call& call);
Response get_session(App& app, Call& call);
Response delete_session(App& app, Call& call);

// api_follow_ups.cc
Response get_follow_ups(App& app, Call& call);
Response post_follow_up(App& app, Call& call);
Response post_reject(App& app, Call& call);
Response post_reopen(App& app, Call& call);

}  // namespace titik::serve
