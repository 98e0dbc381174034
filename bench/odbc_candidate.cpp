#include <array>
#include <utility>
#include <vector>

#include "bench/candidate.h"
#include "bench/odbc_calls.h"
#include "bench/odbc_catalog.h"

namespace bench {
namespace {

constexpr std::size_t kTextSize = 64;
constexpr std::size_t kColumnCount = 6;

/// Column-wise arrays of a rowset.
struct Rowset {
  explicit Rowset(std::size_t rows) : i(rows), b(rows), d(rows), t(rows) {
    for (auto& text : texts) text.resize(rows * kTextSize * sizeof(SQLWCHAR));
    for (auto& length : lengths) length.resize(rows);
  }

  std::vector<SQLINTEGER> i;
  std::vector<SQLBIGINT> b;
  std::vector<double> d;
  std::vector<SQL_TIMESTAMP_STRUCT> t;
  std::array<std::vector<char>, kColumnCount> texts;
  std::array<std::vector<SQLLEN>, kColumnCount> lengths;
};

std::uint64_t seconds_of(const SQL_TIMESTAMP_STRUCT& t) {
  const std::uint64_t days = (static_cast<std::uint64_t>(t.year) * 12 + t.month) * 31 + t.day;
  return days * 86400 + std::uint64_t{t.hour} * 3600 + std::uint64_t{t.minute} * 60 + t.second;
}

/// One for all connections of the process.
class Environment {
 public:
  Environment() {
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle_);
    SQLSetEnvAttr(handle_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
  }
  ~Environment() { SQLFreeHandle(SQL_HANDLE_ENV, handle_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  [[nodiscard]] SQLHENV handle() const { return handle_; }

 private:
  SQLHENV handle_ = SQL_NULL_HANDLE;
};

class Odbc final : public Candidate {
 public:
  Odbc(std::shared_ptr<const Environment> environment, std::string connection)
      : environment_(std::move(environment)), connection_(std::move(connection)) {}
  ~Odbc() override {
    if (dbc_ != SQL_NULL_HANDLE) close(dbc_);
  }

  [[nodiscard]] std::unique_ptr<Candidate> another() const override {
    return std::make_unique<Odbc>(environment_, connection_);
  }
  void connect() override { dbc_ = open(); }

  void connects(std::size_t count) override {
    for (; count > 0; --count) close(open());
  }

  void connects_and_writes(std::size_t count) override {
    std::string sql = kWrite;
    for (; count > 0; --count) {
      const SQLHDBC dbc = open();
      const SQLHSTMT statement = allocate(dbc);
      check(statement, SQLExecDirect(statement, chars(sql), SQL_NTS));
      SQLFreeHandle(SQL_HANDLE_STMT, statement);
      close(dbc);
    }
  }

  std::uint64_t point_selects(std::size_t count, Hint hint) override {
    const SQLHSTMT statement = allocate();
    std::array<char, kTextSize> text{};
    SQLLEN length = 0;
    Checksum sum;
    check(statement, SQLBindCol(statement, 1, SQL_C_CHAR, text.data(), text.size(), &length));
    for (std::size_t n = 1; n <= count; ++n) {
      const std::string key = std::to_string(n % kRowset + 1);
      std::string sql = "SELECT s FROM bench.rows WHERE id = " + key;
      if (hint == Hint::kKey) sql = "/*fabric: key=" + key + " tables=bench.rows */ " + sql;
      check(statement, SQLExecDirect(statement, chars(sql), SQL_NTS));
      while (SQL_SUCCEEDED(SQLFetch(statement))) {
        sum.add(std::string_view(text.data(), static_cast<std::size_t>(length)));
      }
      SQLFreeStmt(statement, SQL_CLOSE);
    }
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return sum.value();
  }

  std::uint64_t prepared_selects(std::size_t count) override {
    const SQLHSTMT statement = allocate();
    std::string sql = "SELECT s FROM bench.rows WHERE id = ?";
    check(statement, SQLPrepare(statement, chars(sql), SQL_NTS));
    SQLINTEGER key = 0;
    std::array<char, kTextSize> text{};
    SQLLEN length = 0;
    check(statement, SQLBindParameter(statement, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      &key, 0, nullptr));
    check(statement, SQLBindCol(statement, 1, SQL_C_CHAR, text.data(), text.size(), &length));
    Checksum sum;
    for (std::size_t n = 1; n <= count; ++n) {
      key = static_cast<SQLINTEGER>(n % kRowset + 1);
      check(statement, SQLExecute(statement));
      while (SQL_SUCCEEDED(SQLFetch(statement))) {
        sum.add(std::string_view(text.data(), static_cast<std::size_t>(length)));
      }
      SQLFreeStmt(statement, SQL_CLOSE);
    }
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return sum.value();
  }

  std::uint64_t fetch(std::size_t count, Form form) override {
    return read(count, form, Reading::kStreamed);
  }
  std::uint64_t spool(std::size_t count) override {
    return read(count, Form::kNative, Reading::kSpooled);
  }

  std::uint64_t first_row(std::size_t count) override {
    const SQLHSTMT statement = select(count);
    Rowset rows(1);
    bind(statement, rows, Form::kNative);
    check(statement, SQLExecute(statement));
    check(statement, SQLFetch(statement));
    Checksum sum;
    add(sum, rows, 0, Form::kNative);
    return sum.value();  // what is left dies with the process
  }

  std::uint64_t cells(std::size_t count, std::size_t columns) override {
    const SQLHSTMT statement = allocate();
    std::string sql = cells_query(count, columns);
    check(statement, SQLPrepare(statement, chars(sql), SQL_NTS));
    std::vector<SQLINTEGER> values(columns * kCellRowset);
    std::vector<SQLLEN> lengths(columns * kCellRowset);
    SQLULEN fetched = 0;
    set(statement, SQL_ATTR_ROW_ARRAY_SIZE, kCellRowset);
    SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
    for (std::size_t c = 0; c < columns; ++c) {
      check(statement,
            SQLBindCol(statement, static_cast<SQLUSMALLINT>(c + 1), SQL_C_SLONG,
                       values.data() + c * kCellRowset, 0, lengths.data() + c * kCellRowset));
    }
    check(statement, SQLExecute(statement));
    Checksum sum;
    while (SQL_SUCCEEDED(SQLFetch(statement))) {
      for (std::size_t r = 0; r < fetched; ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
          sum.add(static_cast<std::uint64_t>(values[c * kCellRowset + r]));
        }
      }
    }
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return sum.value();
  }

  std::uint64_t catalog(std::size_t count, Catalog what) override {
    const SQLHSTMT statement = allocate();
    const std::uint64_t sum = odbc_catalog(statement, count, what);
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return sum;
  }

  std::uint64_t get_data(std::size_t count, Form form) override {
    const SQLHSTMT statement = select(count);
    check(statement, SQLExecute(statement));
    Rowset rows(1);
    Checksum sum;
    while (SQL_SUCCEEDED(SQLFetch(statement))) {
      for (SQLUSMALLINT c = 0; c < kColumnCount; ++c) {
        const Target target = target_of(rows, c, form);
        check(statement, SQLGetData(statement, c + 1, target.type, target.buffer, target.size,
                                    rows.lengths[c].data()));
      }
      add(sum, rows, 0, form);
    }
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return sum.value();
  }

  void insert(std::size_t count, std::size_t at_once) override {
    const SQLHSTMT statement = allocate();
    std::string sql = "INSERT INTO bench.target (i, b, d, s) VALUES (?, ?, ?, ?)";
    check(statement, SQLPrepare(statement, chars(sql), SQL_NTS));
    set(statement, SQL_ATTR_PARAMSET_SIZE, at_once);
    Rowset rows(kRowset);
    bind_parameter(statement, 1, SQL_C_SLONG, SQL_INTEGER, rows.i.data(), 0, nullptr);
    bind_parameter(statement, 2, SQL_C_SBIGINT, SQL_BIGINT, rows.b.data(), 0, nullptr);
    bind_parameter(statement, 3, SQL_C_DOUBLE, SQL_DOUBLE, rows.d.data(), 0, nullptr);
    bind_parameter(statement, 4, SQL_C_CHAR, SQL_VARCHAR, rows.texts[3].data(), kTextSize,
                   rows.lengths[3].data());
    for (std::size_t done = 0; done < count; done += at_once) {
      for (std::size_t r = 0; r < at_once; ++r) {
        const std::size_t n = done + r;
        rows.i[r] = static_cast<SQLINTEGER>(n);
        rows.b[r] = static_cast<SQLBIGINT>(n) * 1000003;
        rows.d[r] = static_cast<double>(n) / 8;
        const std::string text = "row number " + std::to_string(n);
        text.copy(rows.texts[3].data() + r * kTextSize, kTextSize);
        rows.lengths[3][r] = static_cast<SQLLEN>(text.size());
      }
      check(statement, SQLExecute(statement));
    }
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
  }

 private:
  enum class Reading : std::uint8_t { kStreamed, kSpooled };
  struct Target {
    SQLSMALLINT type;
    SQLPOINTER buffer;
    SQLLEN size;
  };

  std::uint64_t read(std::size_t count, Form form, Reading reading) {
    const SQLHSTMT statement = select(count);
    Rowset rows(kRowset);
    SQLULEN fetched = 0;
    set(statement, SQL_ATTR_ROW_ARRAY_SIZE, kRowset);
    SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
    bind(statement, rows, form);
    check(statement, SQLExecute(statement));
    Checksum sum;
    bool disturbed = reading == Reading::kStreamed;
    while (SQL_SUCCEEDED(SQLFetch(statement))) {
      for (std::size_t r = 0; r < fetched; ++r) add(sum, rows, r, form);
      if (!std::exchange(disturbed, true)) point_selects(1, Hint::kNone);
    }
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return sum.value();
  }
  static void set(SQLHSTMT statement, SQLINTEGER attribute, std::size_t value) {
    check(statement, SQLSetStmtAttr(statement, attribute, reinterpret_cast<SQLPOINTER>(value), 0));
  }
  SQLHDBC open() {
    SQLHDBC dbc = SQL_NULL_HANDLE;
    SQLAllocHandle(SQL_HANDLE_DBC, environment_->handle(), &dbc);
    const SQLRETURN code = SQLDriverConnect(dbc, nullptr, chars(connection_), SQL_NTS, nullptr, 0,
                                            nullptr, SQL_DRIVER_NOPROMPT);
    if (!SQL_SUCCEEDED(code)) fail(SQL_HANDLE_DBC, dbc);
    return dbc;
  }
  static void close(SQLHDBC dbc) {
    SQLDisconnect(dbc);
    SQLFreeHandle(SQL_HANDLE_DBC, dbc);
  }
  static SQLHSTMT allocate(SQLHDBC dbc) {
    SQLHSTMT statement = SQL_NULL_HANDLE;
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &statement))) {
      fail(SQL_HANDLE_DBC, dbc);
    }
    return statement;
  }
  SQLHSTMT allocate() { return allocate(dbc_); }
  SQLHSTMT select(std::size_t count) {
    const SQLHSTMT statement = allocate();
    std::string sql = std::string("SELECT ") + kColumns + " FROM bench.rows ORDER BY id LIMIT " +
                      std::to_string(count);
    check(statement, SQLPrepare(statement, chars(sql), SQL_NTS));
    return statement;
  }
  static Target target_of(Rowset& rows, std::size_t column, Form form) {
    if (form == Form::kWide) {
      return {SQL_C_WCHAR, rows.texts[column].data(), kTextSize * sizeof(SQLWCHAR)};
    }
    if (form == Form::kNative && column == 0) return {SQL_C_SLONG, rows.i.data(), 0};
    if (form == Form::kNative && column == 1) return {SQL_C_SBIGINT, rows.b.data(), 0};
    if (form == Form::kNative && column == 2) return {SQL_C_DOUBLE, rows.d.data(), 0};
    if (form == Form::kNative && column == 4) return {SQL_C_TYPE_TIMESTAMP, rows.t.data(), 0};
    return {SQL_C_CHAR, rows.texts[column].data(), kTextSize};
  }
  static void bind(SQLHSTMT statement, Rowset& rows, Form form) {
    for (SQLUSMALLINT c = 0; c < kColumnCount; ++c) {
      const Target target = target_of(rows, c, form);
      check(statement, SQLBindCol(statement, c + 1, target.type, target.buffer, target.size,
                                  rows.lengths[c].data()));
    }
  }
  static void bind_parameter(SQLHSTMT statement, SQLUSMALLINT number, SQLSMALLINT c_type,
                             SQLSMALLINT sql_type, SQLPOINTER buffer, SQLLEN size,
                             SQLLEN* lengths) {
    check(statement, SQLBindParameter(statement, number, SQL_PARAM_INPUT, c_type, sql_type,
                                      static_cast<SQLULEN>(size), 0, buffer, size, lengths));
  }
  static void add(Checksum& sum, const Rowset& rows, std::size_t r, Form form) {
    if (form == Form::kWide) {
      // Digits and letters of ASCII: every other byte is the text that the others see.
      for (std::size_t c = 0; c < kColumnCount; ++c) add_wide(sum, rows, c, r);
      return;
    }
    if (form == Form::kChar) {
      for (std::size_t c = 0; c < kColumnCount; ++c) sum.add(text(rows, c, r));
      return;
    }
    sum.add(static_cast<std::uint64_t>(rows.i[r]));
    sum.add(static_cast<std::uint64_t>(rows.b[r]));
    sum.add(rows.d[r]);
    sum.add(text(rows, 3, r));
    sum.add(seconds_of(rows.t[r]));
    sum.add(text(rows, 5, r));
  }
  static void add_wide(Checksum& sum, const Rowset& rows, std::size_t column, std::size_t r) {
    const auto* units =
        reinterpret_cast<const SQLWCHAR*>(rows.texts[column].data()) + r * kTextSize;
    std::array<char, kTextSize> narrow;
    const auto size = static_cast<std::size_t>(rows.lengths[column][r]) / sizeof(SQLWCHAR);
    for (std::size_t i = 0; i < size; ++i) narrow[i] = static_cast<char>(units[i]);
    sum.add(std::string_view(narrow.data(), size));
  }
  static std::string_view text(const Rowset& rows, std::size_t column, std::size_t r) {
    return {rows.texts[column].data() + r * kTextSize,
            static_cast<std::size_t>(rows.lengths[column][r])};
  }

  std::shared_ptr<const Environment> environment_;
  std::string connection_;
  SQLHDBC dbc_ = SQL_NULL_HANDLE;
};

}  // namespace

std::unique_ptr<Candidate> odbc_candidate(std::string connection) {
  return std::make_unique<Odbc>(std::make_shared<const Environment>(), std::move(connection));
}

}  // namespace bench
