// What anybody may see, asked for as anybody does.
#include "serve/durations.h"
#include "serve/public_words.h"
#include "serve/test_world.h"

namespace titik::serve {
namespace {

class Public : public World {
 protected:
  Json get(const std::string& target, int status = 200) {
    const Response response = call("GET", target, {});
    EXPECT_EQ(response.status, status) << target << " " << response.text();
    Result<Json> body = parse_json(response.text());
    return body.ok() ? *body : Json();
  }
  // The titles of a list, one after the other.
  std::string titles(const std::string& question) {
    std::string text;
    const Json list = get("/titik/1/public/reports" + question);
    for (const Json& item : member(list, "reports")) text += string_or(item, "title") + " ";
    return text;
  }
  std::string made(const Headers& who, const std::string& title, const std::string& more = "") {
    return lapor::read_created(create(who, report_json(title, "[]", more)).text()).value().tracking_id;
  }
  // The sums as they are kept, against those of a database that is taken over from its beginning.
  std::string all_sums() {
    Sql& sql = public_face->sql();
    const SqlLock lock(sql.mutex());
    std::string text;
    for (const char* question : {"SELECT dimension || value || ' ' || day, received, in_process, done, followed_up, archived FROM public_count WHERE received > 0 ORDER BY 1",
                                 "SELECT agency_id || month || measure || bucket, count, 0, 0, 0, 0 FROM public_time WHERE count > 0 ORDER BY 1",
                                 "SELECT level || ' ' || cell_y || ' ' || cell_x || category_id, not_yet, in_process, done, 0, 0 FROM public_cell "
                                 "WHERE not_yet + in_process + done > 0 ORDER BY 1"}) {
      Statement row = sql.prepare(question).value();
      while (row.step().value()) {
        text += row.text(0);
        for (int i = 1; i < 6; ++i) text += " " + row.text(i);
        text += "\n";
      }
    }
    return text;
  }
};

TEST_F(Public, TheListHasPagesAndFilters) {
  const Headers who = phone();
  for (const char* title : {"A", "B", "C"}) (void)made(who, title);
  (void)made(who, "Lampu", R"(,"titik":{"category":"lampu-jalan"})");
  (void)made(who, "Rahasia", R"(,"is_secret":true)");
  EXPECT_EQ(titles(""), "Lampu C B A ");
  EXPECT_EQ(titles("?category=jalan"), "C B A ");
  EXPECT_EQ(titles("?agency=dishub"), "Lampu ");
  EXPECT_EQ(titles("?status=selesai"), "");
  EXPECT_EQ(titles("?status=belum&category=lampu-jalan"), "Lampu ");
  EXPECT_EQ(titles("?bbox=103.5,-1.7,103.7,-1.6"), "Lampu C B A ");
  EXPECT_EQ(titles("?bbox=103.61,-1.7,103.7,-1.6"), "");
  EXPECT_EQ(titles("?from=2026-11-18&to=2026-11-18"), "Lampu C B A ");
  EXPECT_EQ(titles("?from=2026-11-19"), "");
  EXPECT_EQ(titles("?to=2026-11-17"), "");
  const Json page = get("/titik/1/public/reports?limit=3");
  EXPECT_EQ(member(page, "reports").size(), 3u);
  EXPECT_EQ(titles("?limit=3&after=" + string_or(page, "next")), "A ");
  EXPECT_TRUE(member(get("/titik/1/public/reports?limit=4"), "next").is_null());
  for (const char* bad : {"?status=x", "?category=x", "?agency=x", "?village=x", "?from=x", "?to=2026-02-30", "?bbox=1,2,3",
                          "?bbox=1,2,3,4,5", "?bbox=nan,1,2,3", "?bbox=103.7,-1.7,103.5,-1.6", "?after=x", "?limit=0", "?limit=x"}) {
    get(std::string("/titik/1/public/reports") + bad, 422);
  }
}

TEST_F(Public, NothingOfAPersonIsShown) {
  const Headers who = phone();
  const std::string id = made(who, "Hubungi 0812-3456-7890", R"(,"is_new_user_slider":true,"nameUser":"Siti Rahayu","phoneUser":"081234567890")");
  const std::string secret = made(who, "Tersembunyi", R"(,"is_secret":true)");
  Headers officer = agency();
  EXPECT_EQ(follow_up(officer, id, "Telepon kami di 0741 1234567 atau dinas@contoh.id").status, 201);
  EXPECT_EQ(follow_up(officer, secret, "Jawaban tersembunyi").status, 201);
  EXPECT_EQ(follow_up(who, id, "Kata warga").status, 201);
  std::string all;
  for (const std::string& target : {std::string("/titik/1/public/reports"), std::string("/titik/1/public/reports?format=csv"),
                                    "/titik/1/public/reports/" + id, std::string("/titik/1/reports"), std::string("/titik/1/public/map?bbox=103,-2,104,-1"),
                                    std::string("/titik/1/public/map?bbox=103.59,-1.62,103.61,-1.61")}) {
    const Response response = call("GET", target, {});
    EXPECT_EQ(response.status, 200) << target;
    all += response.text();
  }
  for (const char* personal : {"Siti", "3456", "1234567", "contoh.id", "ersembunyi", "Kata warga", "caller"}) {
    EXPECT_EQ(all.find(personal), std::string::npos) << personal;
  }
  EXPECT_NE(all.find("Hubungi [disamarkan]"), std::string::npos);
  EXPECT_NE(all.find("Telepon kami di [disamarkan] atau [disamarkan]"), std::string::npos);
  EXPECT_NE(all.find("-1.6123,"), std::string::npos);  // rounded
  EXPECT_EQ(all.find("-1.61234"), std::string::npos);
  get("/titik/1/public/reports/" + secret, 404);
  get("/titik/1/public/reports/9999999", 404);
  get("/titik/1/public/reports/x", 404);
}

TEST_F(Public, WhatAnAgencySaysToTheReporterAloneIsNotShown) {
  const Headers who = phone();
  const std::string id = made(who, "Lubang");
  Headers officer = agency();
  officer["Content-Type"] = "multipart/form-data; boundary=B";
  for (const char* secret : {"0", "1"}) {
    EXPECT_EQ(call("POST", "/lapor/3.0.0/complaints/followup/add", officer,
                   form_of({}, {{"complaint_id", id}, {"content", std::string("Kata dinas ") + secret}, {"is_secret", secret}})).status, 201);
  }
  const std::string shown(call("GET", "/titik/1/public/reports/" + id, {}).text());
  EXPECT_NE(shown.find("Kata dinas 0"), std::string::npos);
  EXPECT_EQ(shown.find("Kata dinas 1"), std::string::npos);
  EXPECT_NE(call("GET", "/lapor/3.0.0/complaints/" + id + "/followups", who).text().find("Kata dinas 1"), std::string::npos);
}

TEST_F(Public, HalfACityIsNotShown) {
  (void)made(phone(), "A");
  get("/titik/1/public/counts");
  {
    const SqlLock lock(repository->sql().mutex());
    ASSERT_TRUE(repository->sql().execute(
        "INSERT INTO report(caller_id, content_sha256, request, title, category_id, is_secret, latitude, longitude, agency_id, status, "
        "received_at, follow_up_due_at) SELECT caller_id, '', request, title, category_id, is_secret, latitude, longitude, agency_id, status, "
        "received_at, follow_up_due_at FROM report, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 202) SELECT i FROM n) AS many").ok());
    ASSERT_TRUE(repository->sql().execute("DELETE FROM change; INSERT INTO change(tracking_id) SELECT tracking_id FROM report").ok());
  }
  // As another version of the program finds it: what was built is of another form.
  ASSERT_TRUE(repository->set_setting("public_built_for", "earlier").ok());
  const Response response = call("GET", "/titik/1/public/counts", {});
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.header("Retry-After"), "5");
  EXPECT_EQ(integer_or(get("/titik/1/public/counts"), "received"), 203);
}

TEST_F(Public, TheTextIsShownOnceTheOfficeHasSeenIt) {
  const std::string id = made(phone(), "Lubang");
  EXPECT_TRUE(member(get("/titik/1/public/reports/" + id), "content").is_null());
  ASSERT_TRUE(workflow.take(std::stoll(id), desk(), {.action = Action::kVerify}, now).ok());
  EXPECT_EQ(string_or(get("/titik/1/public/reports/" + id), "content"), "Ada lubang");
}

TEST_F(Public, EvidenceIsSeenAndAComplaintsPhotoIsNot) {
  const Headers who = phone();
  const std::string photo = upload(who);
  const std::string id = lapor::read_created(create(who, report_json("Lubang", "[" + photo + "]")).text()).value().tracking_id;
  (void)get("/titik/1/public/reports");
  get("/titik/1/public/files/" + photo, 404);
  get("/titik/1/public/files/x", 404);
}

TEST_F(Public, CountsFollowEveryChange) {
  const Headers who = phone();
  const Headers officer = agency();
  const std::string first = made(who, "A"), second = made(who, "B");
  (void)made(who, "S", R"(,"is_secret":true)");
  Json counts = get("/titik/1/public/counts");
  EXPECT_EQ(integer_or(counts, "received"), 3);
  EXPECT_EQ(integer_or(counts, "in_process"), 0);
  EXPECT_EQ(follow_up(officer, first, "Dikerjakan", {kJpeg}).status, 201);
  counts = get("/titik/1/public/counts");
  EXPECT_EQ(integer_or(counts, "in_process"), 1);
  EXPECT_EQ(integer_or(counts, "followed_up"), 1);
  EXPECT_NEAR(number_or(counts, "followed_up_share"), 1.0 / 3, 1e-9);
  ASSERT_TRUE(workflow.take(std::stoll(first), desk(), {.action = Action::kClose}, now).ok());
  ASSERT_TRUE(workflow.take(std::stoll(second), desk(), {.action = Action::kHandOn, .text = "lampu", .agency_id = "dishub"}, now).ok());
  counts = get("/titik/1/public/counts?by=agency");
  ASSERT_EQ(member(counts, "counts").size(), 2u);
  EXPECT_EQ(string_or(member(counts, "counts")[0], "name"), "Dinas Perhubungan");
  EXPECT_EQ(integer_or(member(counts, "counts")[0], "received"), 1);
  EXPECT_EQ(integer_or(member(counts, "counts")[1], "done"), 1);
  EXPECT_EQ(integer_or(get("/titik/1/public/counts?to=2026-11-17"), "received"), 0);
  EXPECT_EQ(string_or(member(get("/titik/1/public/counts?by=month"), "counts")[0], "period"), "2026-11");
  EXPECT_EQ(integer_or(member(get("/titik/1/public/counts?by=day&agency=dishub"), "counts")[0], "received"), 1);
  EXPECT_EQ(std::string(call("GET", "/titik/1/public/counts?by=category&format=csv", {}).text()),
            "kode,nama,masuk,proses,selesai,diarsipkan,ditindaklanjuti\r\njalan,Jalan,2,0,1,0,1\r\n");
  get("/titik/1/public/counts?by=x", 422);
  get("/titik/1/public/counts?by=day&agency=a&village=b", 422);
  // The phone's own question has the same numbers, in its own shape.
  EXPECT_EQ(lapor::read_counts(call("GET", "/titik/1/counts", {}).text())->done, 1);

  // What was changed step by step is what counting from the beginning gives.
  const std::string stepwise = all_sums();
  report::CityProfile other = test_city();
  other.zone = 540;
  ASSERT_TRUE(PublicFace::open(database.location(), other).value()->catch_up().ok());
  (void)get("/titik/1/public/counts");
  EXPECT_EQ(all_sums(), stepwise);
}

TEST_F(Public, AgenciesAreMeasuredAndSilenceCounts) {
  const Headers who = phone();
  const Headers officer = agency();
  const std::string first = made(who, "A"), second = made(who, "B");
  (void)made(who, "C");
  now += 10 * kHour;
  EXPECT_EQ(follow_up(officer, first, "Dikerjakan", {kJpeg}).status, 201);
  now += 90 * kHour;  // 72 hours is the category's time
  EXPECT_EQ(follow_up(officer, second, "Dikerjakan", {kJpeg}).status, 201);
  const Json figures = get("/titik/1/public/agencies?from=2026-11&to=2026-11");
  ASSERT_EQ(member(figures, "agencies").size(), 1u);
  const Json& times = member(member(figures, "agencies")[0], "follow_up");
  EXPECT_EQ(integer_or(times, "given"), 2);
  EXPECT_EQ(integer_or(times, "in_time"), 1);
  EXPECT_EQ(integer_or(times, "overdue"), 1);
  EXPECT_NEAR(number_or(times, "in_time_share"), 1.0 / 3, 1e-9);
  EXPECT_NEAR(number_or(times, "median_hours"), 10, 10 * 0.032);
  EXPECT_NEAR(number_or(times, "p90_hours"), 100, 100 * 0.032);
  EXPECT_EQ(member(get("/titik/1/public/agencies?from=2025-01&to=2025-12"), "agencies").size(), 0u);
  get("/titik/1/public/agencies?from=2026-13", 422);
  EXPECT_EQ(call("GET", "/titik/1/public/agencies?format=csv", {}).content_type, "text/csv; charset=utf-8");
}

TEST_F(Public, TimesAreThoseOfTheAgencysOwnClocks) {
  const Headers who = phone();
  const std::int64_t moved = std::stoll(made(who, "A")), held = std::stoll(made(who, "B"));
  const auto times = [&](const char* agency, const char* measure) {
    const Json figures = get("/titik/1/public/agencies?from=2026-11&to=2026-12");
    for (const Json& one : member(figures, "agencies")) {
      if (string_or(one, "agency") == agency) return member(one, measure);
    }
    return Json();
  };
  // Handed on after 60 hours, answered four hours later: the next agency took four.
  now += 60 * kHour;
  ASSERT_TRUE(workflow.take(moved, desk(), {.action = Action::kHandOn, .text = "lampu", .agency_id = "dishub"}, now).ok());
  now += 4 * kHour;
  ASSERT_TRUE(workflow.take(held, desk(), {.action = Action::kHold, .text = "Menunggu izin jalan nasional"}, now).ok());
  EXPECT_EQ(follow_up(agency(), std::to_string(moved), "Dikerjakan", {kJpeg}).status, 201);
  for (const char* measure : {"response", "follow_up"}) {
    EXPECT_NEAR(number_or(times("dishub", measure), "median_hours"), 4, 4 * 0.032) << measure;
    EXPECT_EQ(integer_or(times("dishub", measure), "in_time"), 1) << measure;
  }
  // On hold no clock runs out, and afterwards what was left of it is left.
  now += 100 * kHour;
  EXPECT_EQ(integer_or(times("pupr", "response"), "overdue"), 0);
  EXPECT_EQ(integer_or(times("pupr", "follow_up"), "overdue"), 0);
  ASSERT_TRUE(workflow.take(held, desk(), {.action = Action::kResume}, now).ok());
  EXPECT_EQ(integer_or(times("pupr", "follow_up"), "overdue"), 0);
  now += 9 * kHour;
  EXPECT_EQ(integer_or(times("pupr", "follow_up"), "overdue"), 1);
  // Late before it was put on hold it stays late.
  ASSERT_TRUE(workflow.take(held, desk(), {.action = Action::kHold, .text = "Menunggu anggaran perubahan"}, now).ok());
  EXPECT_EQ(integer_or(times("pupr", "follow_up"), "overdue"), 1);
  ASSERT_TRUE(workflow.take(held, desk(), {.action = Action::kResume}, now).ok());
  ASSERT_TRUE(workflow.write(held, desk(), {.action = Action::kAnswer, .text = "Kami cek besok"}, {}, now).ok());
  EXPECT_EQ(integer_or(times("pupr", "response"), "in_time"), 0);
  EXPECT_EQ(integer_or(times("pupr", "response"), "overdue"), 0);
  // Reopened, it waits for an action anew; the response stays given.
  ASSERT_TRUE(workflow.take(moved, desk(), {.action = Action::kClose}, now).ok());
  Actor citizen = desk();
  citizen.role = Role::kCitizen;
  ASSERT_TRUE(workflow.write(moved, citizen, {.action = Action::kReopen, .text = "Rusak lagi"}, {}, now).ok());
  EXPECT_EQ(integer_or(times("dishub", "follow_up"), "given"), 0);
  EXPECT_NEAR(number_or(times("dishub", "response"), "median_hours"), 4, 4 * 0.032);
}

TEST_F(Public, ASecretReportIsNotWhatTheListLacks) {
  const Headers who = phone();
  const std::int64_t id = std::stoll(made(who, "S", R"(,"is_secret":true)"));
  for (const char* by : {"agency", "category", "village", "channel"}) {
    EXPECT_EQ(member(get(std::string("/titik/1/public/counts?by=") + by), "counts").size(), 0u) << by;
  }
  EXPECT_EQ(integer_or(get("/titik/1/public/counts"), "received"), 1);
  now += 73 * kHour;
  EXPECT_EQ(member(get("/titik/1/public/agencies?from=2026-11&to=2026-11"), "agencies").size(), 0u);
  EXPECT_EQ(integer_or(get("/titik/1/public/counts?from=2026-11-18"), "received"), 0);
  EXPECT_EQ(member(get("/titik/1/public/counts?by=day"), "counts").size(), 0u);
  ASSERT_TRUE(workflow.take(id, desk(), {.action = Action::kArchive, .text = "Bukan laporan"}, now).ok());
  EXPECT_EQ(member(get("/titik/1/public/counts?by=agency"), "counts").size(), 0u);
}

TEST_F(Public, TheShareFollowedUpIsNeverMoreThanAll) {
  const Headers who = phone();
  const std::string archived = made(who, "A"), open = made(who, "B");
  for (const std::string& id : {archived, open}) EXPECT_EQ(follow_up(agency(), id, "Dikerjakan", {kJpeg}).status, 201);
  ASSERT_TRUE(workflow.take(std::stoll(archived), desk(), {.action = Action::kHold, .text = "Menunggu izin"}, now).ok());
  ASSERT_TRUE(workflow.take(std::stoll(archived), desk(), {.action = Action::kArchive, .text = "Laporan ganda"}, now).ok());
  const Json counts = get("/titik/1/public/counts");
  EXPECT_EQ(integer_or(counts, "archived"), 1);
  EXPECT_NEAR(number_or(counts, "followed_up_share"), 1, 1e-9);
}

TEST_F(Public, TheMapGathersWhatIsFarAway) {
  const Headers who = phone();
  for (const char* title : {"A", "B"}) (void)made(who, title);
  const Json far = get("/titik/1/public/map?bbox=103,-2,104,-1");
  ASSERT_EQ(member(far, "cells").size(), 1u);
  EXPECT_EQ(integer_or(member(far, "cells")[0], "belum"), 2);
  EXPECT_EQ(member(far, "points").size(), 0u);
  EXPECT_EQ(member(get("/titik/1/public/map?bbox=103,-2,104,-1&category=lampu-jalan"), "cells").size(), 0u);
  const Json near = get("/titik/1/public/map?bbox=103.595,-1.615,103.605,-1.61");
  EXPECT_EQ(member(near, "points").size(), 2u);
  get("/titik/1/public/map", 422);
}

TEST_F(Public, AnswersAreKeptByWhoHasThem) {
  (void)made(phone(), "A");
  const Response response = call("GET", "/titik/1/public/reports", {});
  EXPECT_EQ(response.header("Cache-Control"), "public, max-age=60");
  const Response again = call("GET", "/titik/1/public/reports", {{"If-None-Match", response.header("ETag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.text(), "");
  (void)made(phone(), "B");
  EXPECT_EQ(call("GET", "/titik/1/public/reports", {{"If-None-Match", response.header("ETag")}}).status, 200);
}

TEST_F(Public, ATitleIsNoFormula) {
  (void)made(phone(), "=HYPERLINK(1)");
  EXPECT_NE(std::string(call("GET", "/titik/1/public/reports?format=csv", {}).text()).find("'=HYPERLINK(1)"), std::string::npos);
}

TEST(Durations, AreKeptWithinAThirtieth) {
  int last = -1;
  for (std::int64_t minutes = 0; minutes < 600'000; minutes += minutes / 50 + 1) {
    const int bucket = duration_bucket(minutes);
    EXPECT_GE(bucket, last);
    last = bucket;
    EXPECT_LE(std::abs(duration_of_bucket(bucket) - minutes), minutes < 32 ? 0 : minutes * 32 / 1000) << minutes;
  }
  EXPECT_EQ(percentile({{5, 1}, {7, 1}, {9, 2}}, 0.5), 7);
  EXPECT_EQ(percentile({{5, 1}, {7, 1}, {9, 2}}, 0.9), 9);
  EXPECT_FALSE(percentile({}, 0.5));
}

TEST(PublicWords, NumbersOfPersonsAreCovered) {
  EXPECT_EQ(without_personal_numbers("WA 0812 3456 7890, NIK 1571012345678901."), "WA [disamarkan], NIK [disamarkan].");
  for (const char* spelt : {"0812 - 3456 - 7890", "+62 (812) 3456-7890", "(0741) 40-40-40-12"}) {
    EXPECT_EQ(without_personal_numbers(spelt).find("40"), std::string::npos) << without_personal_numbers(spelt);
    EXPECT_EQ(without_personal_numbers(spelt).find("34"), std::string::npos) << without_personal_numbers(spelt);
  }
  EXPECT_EQ(without_personal_numbers("Sejak 21-11-2026 ada 3 lubang di RT 05/12, 25000 rupiah"),
            "Sejak 21-11-2026 ada 3 lubang di RT 05/12, 25000 rupiah");
  EXPECT_EQ(without_personal_numbers("surat: a.b@c.id!"), "surat: [disamarkan]!");
  EXPECT_EQ(without_personal_numbers("jam 8 @ pasar"), "jam 8 @ pasar");
}

TEST(PublicWords, AVillageIsNamedOrNot) {
  report::CityProfile city;
  city.districts = {{"1", "Pasar Jambi", {{"1.1", "Beringin"}, {"1.2", "Pasar Jambi"}}}, {"2", "Alam Barajo", {{"2.1", "Bagan Pete"}}}};
  EXPECT_EQ(village_in_words(city, "RT 05, Kelurahan Bagan Pete", ""), "2.1");
  EXPECT_EQ(village_in_words(city, "dekat pohon, BAGAN  PETE", ""), "2.1");
  EXPECT_EQ(village_in_words(city, "Kel. Beringin Kec. Pasar Jambi", ""), "1.1");
  EXPECT_EQ(village_in_words(city, "Beringin atau Bagan Pete", ""), "");
  EXPECT_EQ(village_in_words(city, "", "Lubang di kelurahan beringin"), "1.1");
  EXPECT_EQ(village_in_words(city, "", "Pohon beringin tumbang"), "");
}

}  // namespace
}  // namespace titik::serve
