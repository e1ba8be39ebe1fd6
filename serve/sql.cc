#include "serve/sql.h"

#include "serve/schema.h"

namespace titik::serve {

Result<Ok> Statement::run() {
  while (TRY(step())) {}
  return Ok{};
}

Result<std::int64_t> Statement::insert() {
  if (!TRY(step())) return Error{ErrorCode::kInternal, "database", "an INSERT that returned no id"};
  const std::int64_t id = integer(0);
  TRY(run());
  return id;
}

bool Sql::is_postgresql(std::string_view location) {
  return location.starts_with("postgresql://") || location.starts_with("postgres://");
}

Result<std::unique_ptr<Sql>> Sql::open(const std::string& location) {
  std::unique_ptr<Sql> sql = TRY(is_postgresql(location) ? open_postgresql(location) : open_sqlite(location));
  TRY(migrate(*sql));
  return sql;
}

}  // namespace titik::serve
