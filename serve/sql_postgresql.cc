// PostgreSQL, through libpq. Statements are prepared once a connection and kept by their text. A result comes whole:
// whoever may read many rows asks with a LIMIT.
#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <map>
#include <vector>

#include "serve/sql.h"

namespace titik::serve {
namespace {

// One writer at a time, in whatever process: held to the end of the transaction. The triggers of the changes feed
// take the same (schema.cc).
constexpr const char* kBegin = "BEGIN; SELECT pg_advisory_xact_lock(1414223947)";

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, Clear>;

// The code and the names of what was concerned. Not PostgreSQL's own sentence, which may quote a value.
Error error_of(const PGconn* connection, const PGresult* result) {
  const auto field = [&](int which) {
    const char* value = result ? PQresultErrorField(result, which) : nullptr;
    return std::string(value ? value : "");
  };
  const std::string state = field(PG_DIAG_SQLSTATE);
  ErrorCode code = ErrorCode::kInternal;
  if (state.empty() || PQstatus(connection) != CONNECTION_OK || state.starts_with("08") || state.starts_with("53") ||
      state.starts_with("57")) {
    code = ErrorCode::kStorage;
  } else if (state.starts_with("23")) {
    code = ErrorCode::kConflict;
  } else if (state.starts_with("XX")) {
    code = ErrorCode::kCorrupt;
  }
  return Error{code, "database", "postgresql " + (state.empty() ? "no answer" : state) + " " +
                                     field(PG_DIAG_TABLE_NAME) + " " + field(PG_DIAG_COLUMN_NAME) + " " +
                                     field(PG_DIAG_CONSTRAINT_NAME)};
}

bool succeeded(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

// `?1` as `$1`; what stands in quotes stays.
std::string with_dollars(std::string_view statement) {
  std::string out(statement);
  bool quoted = false;
  for (char& c : out) {
    if (c == '\'') quoted = !quoted;
    else if (c == '?' && !quoted) c = '$';
  }
  return out;
}

class PgStatement final : public Statement::Driver {
 public:
  PgStatement(PGconn* connection, std::string name, std::size_t parameters)
      : connection_(connection), name_(std::move(name)), values_(parameters) {}

  Result<Ok> bind_text(int parameter, std::string_view text) override { return set(parameter, std::string(text)); }
  Result<Ok> bind_integer(int parameter, std::int64_t number) override { return set(parameter, std::to_string(number)); }
  Result<Ok> bind_number(int parameter, double number) override {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
    return set(parameter, std::string(text.data(), end.ptr));
  }
  Result<Ok> bind_bytes(int parameter, std::string_view bytes) override {
    return set(parameter, Value{std::string(bytes), /*is_binary=*/true});
  }
  Result<Ok> bind_null(int parameter) override { return set(parameter, std::nullopt); }

  Result<bool> step() override {
    if (!result_) {
      TRY(query());
      row_ = -1;
    }
    if (++row_ < PQntuples(result_.get())) return true;
    changes_ = std::strtoll(PQcmdTuples(result_.get()), nullptr, 10);
    reset();
    return false;
  }
  void reset() override { result_.reset(); }

  [[nodiscard]] std::string text(int column) const override {
    return {PQgetvalue(result_.get(), row_, column), static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
  }
  [[nodiscard]] std::string bytes(int column) const override {
    std::size_t length = 0;
    unsigned char* plain = PQunescapeBytea(reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row_, column)), &length);
    std::string out(reinterpret_cast<const char*>(plain), plain ? length : 0);
    PQfreemem(plain);
    return out;
  }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return std::strtoll(PQgetvalue(result_.get(), row_, column), nullptr, 10);
  }
  [[nodiscard]] double number(int column) const override {
    return std::strtod(PQgetvalue(result_.get(), row_, column), nullptr);
  }
  [[nodiscard]] bool is_null(int column) const override { return PQgetisnull(result_.get(), row_, column) == 1; }
  [[nodiscard]] std::int64_t changes() const override { return changes_; }

 private:
  struct Value {
    std::string text;
    bool is_binary = false;
  };

  Result<Ok> set(int parameter, std::string text) { return set(parameter, Value{std::move(text)}); }
  Result<Ok> set(int parameter, std::optional<Value> value) {
    const auto at = static_cast<std::size_t>(parameter - 1);
    if (at >= values_.size()) return Error{ErrorCode::kInternal, "database", "no such parameter"};
    // PostgreSQL's text holds no zero byte. No text of ours does; a hostile one must not be cut in silence.
    if (value && !value->is_binary && value->text.find('\0') != value->text.npos) return Error{ErrorCode::kMalformed, "database", "a zero byte in a text"};
    values_[at] = std::move(value);
    return Ok{};
  }

  Result<Ok> query() {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (const std::optional<Value>& value : values_) {
      values.push_back(value ? value->text.c_str() : nullptr);
      lengths.push_back(value ? static_cast<int>(value->text.size()) : 0);
      formats.push_back(value && value->is_binary ? 1 : 0);
    }
    PgResult result(PQexecPrepared(connection_, name_.c_str(), static_cast<int>(values.size()), values.data(), lengths.data(),
                                   formats.data(), 0));
    if (!succeeded(result.get())) return error_of(connection_, result.get());
    result_ = std::move(result);
    return Ok{};
  }

  PGconn* connection_;
  std::string name_;
  std::vector<std::optional<Value>> values_;
  PgResult result_;
  int row_ = -1;
  std::int64_t changes_ = 0;
};

class Postgresql final : public Sql {
 public:
  explicit Postgresql(PGconn* connection) : connection_(connection) {}
  ~Postgresql() override { PQfinish(connection_); }

  [[nodiscard]] Dialect dialect() const override { return Dialect::kPostgresql; }

  Result<Ok> configure() {
    // A notice goes to nobody's terminal: it may quote what was written.
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
    // What was acknowledged is on the disk, whatever the database's own default says.
    // A machine that vanished inside a transaction must not keep the others from writing.
    return execute("SET client_encoding = 'UTF8'; SET synchronous_commit = on; SET standard_conforming_strings = on; "
                   "SET idle_in_transaction_session_timeout = '60s'; SET tcp_keepalives_idle = 30; "
                   "SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3");
  }

  Result<Statement> prepare(std::string_view statement) override {
    TRY(connect_again());
    auto known = prepared_.find(statement);
    if (known == prepared_.end()) {
      const std::string name = "s" + std::to_string(prepared_.size());
      const PgResult made(PQprepare(connection_, name.c_str(), with_dollars(statement).c_str(), 0, nullptr));
      if (!succeeded(made.get())) return error_of(connection_, made.get());
      const PgResult described(PQdescribePrepared(connection_, name.c_str()));
      if (!succeeded(described.get())) return error_of(connection_, described.get());
      known = prepared_.emplace(statement, Prepared{name, static_cast<std::size_t>(PQnparams(described.get()))}).first;
    }
    return Statement(std::make_unique<PgStatement>(connection_, known->second.name, known->second.parameters));
  }

  Result<Ok> execute(const std::string& statements) override {
    const PgResult result(PQexec(connection_, statements.c_str()));
    if (!succeeded(result.get())) return error_of(connection_, result.get());
    return Ok{};
  }

 private:
  struct Prepared {
    std::string name;
    std::size_t parameters;
  };

  Result<Ok> begin() override { return begin_with(kBegin); }
  Result<Ok> begin_reading() override { return begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
  Result<Ok> begin_with(const char* statement) {
    TRY(connect_again());
    if (Result<Ok> begun = execute(statement); !begun.ok()) {
      (void)execute("ROLLBACK");  // BEGIN may have succeeded and the wait for the lock not
      return begun;
    }
    in_transaction_ = true;
    return Ok{};
  }
  Result<Ok> commit() override {
    in_transaction_ = false;
    return execute("COMMIT");
  }
  Result<Ok> roll_back() override {
    in_transaction_ = false;
    return execute("ROLLBACK");
  }

  // The database was started anew, or the network broke. Not inside a transaction: its first half is gone.
  Result<Ok> connect_again() {
    if (PQstatus(connection_) == CONNECTION_OK) return Ok{};
    const Error broken{ErrorCode::kStorage, "database", "postgresql: no connection"};
    if (in_transaction_) return broken;
    prepared_.clear();
    PQreset(connection_);
    if (PQstatus(connection_) != CONNECTION_OK) return broken;
    return configure();
  }

  PGconn* connection_;
  bool in_transaction_ = false;
  std::map<std::string, Prepared, std::less<>> prepared_;
};

}  // namespace

Result<std::unique_ptr<Sql>> open_postgresql(const std::string& url) {
  // What libpq says of an address that it cannot read quotes it, password and all.
  PQconninfoOption* readable = PQconninfoParse(url.c_str(), nullptr);
  if (!readable) return Error{ErrorCode::kInvalidArgument, "database", "alamat postgresql://… tidak dapat dibaca"};
  PQconninfoFree(readable);
  const std::array<const char*, 7> names = {"dbname", "connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", nullptr};
  const std::array<const char*, 7> values = {url.c_str(), "10", "30", "10", "3", "60000", nullptr};
  PGconn* connection = PQconnectdbParams(names.data(), values.data(), /*expand_dbname=*/1);
  auto sql = std::make_unique<Postgresql>(connection);
  if (PQstatus(connection) != CONNECTION_OK) {
    // The first line names host and port.
    std::string message = PQerrorMessage(connection);
    return Error{ErrorCode::kStorage, "database", "PostgreSQL tidak dapat dihubungi: " + message.substr(0, message.find('\n'))};
  }
  TRY(sql->configure());
  return std::unique_ptr<Sql>(std::move(sql));
}

Result<std::unique_ptr<Sql>> open_postgresql_to_read(const std::string& url) {
  std::unique_ptr<Sql> sql = TRY(open_postgresql(url));
  TRY(sql->execute("SET default_transaction_read_only = on"));
  return sql;
}

}  // namespace titik::serve
