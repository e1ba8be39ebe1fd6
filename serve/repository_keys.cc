// The keys that sign receipts.
#include "serve/repository.h"

namespace titik::serve {

Result<std::optional<SigningKey>> Repository::newest_signing_key() {
  Statement row = TRY(sql_->prepare("SELECT kid, x, y, private_pem FROM receipt_key ORDER BY id DESC LIMIT 1"));
  if (!TRY(row.step())) return std::optional<SigningKey>();
  return std::optional(SigningKey{{row.text(0), row.text(1), row.text(2)}, row.text(3)});
}

Result<SigningKey> Repository::add_signing_key(UnixMillis now) {
  SigningKey key = new_signing_key();
  Statement old = TRY(sql_->prepare("UPDATE receipt_key SET private_pem = ''"));
  TRY(old.run());
  Statement row = TRY(
      sql_->prepare("INSERT INTO receipt_key(kid, x, y, private_pem, created_at) VALUES (?1, ?2, ?3, ?4, ?5)"));
  TRY(row.bind(1, key.public_key.id));
  TRY(row.bind(2, key.public_key.x));
  TRY(row.bind(3, key.public_key.y));
  TRY(row.bind(4, key.private_pem));
  TRY(row.bind(5, now));
  TRY(row.run());
  return key;
}

Result<SigningKey> Repository::some_signing_key(UnixMillis now) {
  if (std::optional<SigningKey> known = TRY(newest_signing_key())) return *std::move(known);
  return add_signing_key(now);
}

Result<SigningKey> Repository::signing_key(UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  if (std::optional<SigningKey> known = TRY(newest_signing_key())) return *std::move(known);
  // Another process may make one at the same moment: looked for once more, inside the transaction.
  return sql_->transaction([&] { return some_signing_key(now); });
}

Result<SigningKey> Repository::renew_signing_key(UnixMillis now) {
  const SqlLock lock(sql_->mutex());
  SigningKey key = TRY(sql_->transaction([&] { return add_signing_key(now); }));
  // The old private part is in the journal too. With a reader there it stays until the server's next checkpoint.
  if (sql_->dialect() == Dialect::kSqlite) TRY(sql_->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  return key;
}

Result<std::vector<PublicKey>> Repository::public_keys(UnixMillis now) {
  TRY(signing_key(now));
  const SqlLock lock(sql_->mutex());
  std::vector<PublicKey> keys;
  Statement row = TRY(sql_->prepare("SELECT kid, x, y FROM receipt_key ORDER BY id DESC"));
  while (TRY(row.step())) keys.push_back({row.text(0), row.text(1), row.text(2)});
  return keys;
}

Result<std::string> Repository::signed_form(std::int64_t tracking_id, const lapor::Statement& statement, UnixMillis now) {
  const SigningKey key = TRY(some_signing_key(now));
  const std::string signed_text = lapor::signing_input(key.public_key.id, statement) + ".";
  Statement known = TRY(sql_->prepare("SELECT jws FROM signed_receipt WHERE tracking_id = ?1"));
  TRY(known.bind(1, tracking_id));
  if (TRY(known.step()) && known.text(0).starts_with(signed_text)) return known.text(0);
  std::string jws = signed_text + sign_es256(key.private_pem, std::string_view(signed_text).substr(0, signed_text.size() - 1));
  Statement row = TRY(sql_->prepare("INSERT INTO signed_receipt(tracking_id, jws) VALUES (?1, ?2) "
                                     "ON CONFLICT(tracking_id) DO UPDATE SET jws = excluded.jws"));
  TRY(row.bind(1, tracking_id));
  TRY(row.bind(2, jws));
  TRY(row.run());
  return jws;
}

}  // namespace titik::serve
