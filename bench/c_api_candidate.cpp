#include <mysql.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "bench/c_api_catalog.h"
#include "bench/candidate.h"

namespace bench {
namespace {

constexpr std::size_t kBoundText = 64;

struct Row {
  std::int32_t i = 0;
  std::int64_t b = 0;
  double d = 0;
  std::array<char, kBoundText> s{};
  MYSQL_TIME t{};
  std::array<char, kBoundText> m{};
  std::array<std::array<char, kBoundText>, 6> texts{};
  std::array<unsigned long, 6> lengths{};
};

class CApi final : public Candidate {
 public:
  CApi(std::string socket, std::string user, std::string password)
      : socket_(std::move(socket)), user_(std::move(user)), password_(std::move(password)) {}
  ~CApi() override {
    if (mysql_ != nullptr) mysql_close(mysql_);
  }

  [[nodiscard]] std::unique_ptr<Candidate> another() const override {
    return std::make_unique<CApi>(socket_, user_, password_);
  }
  void connect() override { mysql_ = open(); }

  void connects(std::size_t count) override {
    for (; count > 0; --count) mysql_close(open());
  }

  void connects_and_writes(std::size_t count) override {
    for (; count > 0; --count) {
      MYSQL* mysql = open();
      if (mysql_query(mysql, kWrite) != 0) throw std::runtime_error(mysql_error(mysql));
      mysql_close(mysql);
    }
  }

  std::uint64_t point_selects(std::size_t count, Hint /*hint*/) override {
    Checksum sum;
    for (std::size_t n = 1; n <= count; ++n) {
      const std::string sql =
          "SELECT s FROM bench.rows WHERE id = " + std::to_string(n % kRowset + 1);
      check(mysql_real_query(mysql_, sql.data(), sql.size()) == 0);
      MYSQL_RES* result = mysql_use_result(mysql_);
      check(result != nullptr);
      while (MYSQL_ROW row = mysql_fetch_row(result)) {
        sum.add(std::string_view(row[0], mysql_fetch_lengths(result)[0]));
      }
      mysql_free_result(result);
    }
    return sum.value();
  }

  std::uint64_t prepared_selects(std::size_t count) override {
    MYSQL_STMT* statement = prepare("SELECT s FROM bench.rows WHERE id = ?");
    std::int32_t key = 0;
    MYSQL_BIND in{};
    in.buffer_type = MYSQL_TYPE_LONG;
    in.buffer = &key;
    check(mysql_stmt_bind_param(statement, &in) == 0);
    Row row;
    MYSQL_BIND out{};
    bind_text(out, row, 0);
    check(mysql_stmt_bind_result(statement, &out) == 0);
    Checksum sum;
    for (std::size_t n = 1; n <= count; ++n) {
      key = static_cast<std::int32_t>(n % kRowset + 1);
      check(mysql_stmt_execute(statement) == 0);
      while (mysql_stmt_fetch(statement) == 0) sum.add(text(row, 0));
      mysql_stmt_free_result(statement);
    }
    mysql_stmt_close(statement);
    return sum.value();
  }

  std::uint64_t fetch(std::size_t count, Form form) override {
    return read(count, form, Reading::kStreamed);
  }
  std::uint64_t get_data(std::size_t count, Form form) override { return fetch(count, form); }
  std::uint64_t first_row(std::size_t count) override {
    return read(count, Form::kNative, Reading::kFirstRow);
  }
  std::uint64_t spool(std::size_t count) override {
    return read(count, Form::kNative, Reading::kStored);
  }

  std::uint64_t cells(std::size_t count, std::size_t columns) override {
    MYSQL_STMT* statement = prepare(cells_query(count, columns));
    check(mysql_stmt_execute(statement) == 0);
    std::vector<std::int32_t> row(columns);
    std::vector<MYSQL_BIND> binds(columns);
    for (std::size_t c = 0; c < columns; ++c) {
      binds[c].buffer_type = MYSQL_TYPE_LONG;
      binds[c].buffer = &row[c];
    }
    check(mysql_stmt_bind_result(statement, binds.data()) == 0);
    Checksum sum;
    while (mysql_stmt_fetch(statement) == 0) {
      for (const std::int32_t cell : row) sum.add(static_cast<std::uint64_t>(cell));
    }
    mysql_stmt_close(statement);
    return sum.value();
  }

  std::uint64_t catalog(std::size_t count, Catalog what) override {
    return c_api_catalog(mysql_, count, what);
  }

  void insert(std::size_t count, std::size_t at_once) override {
    MYSQL_STMT* statement = prepare("INSERT INTO bench.target (i, b, d, s) VALUES (?, ?, ?, ?)");
    std::vector<std::int32_t> i(kRowset);
    std::vector<std::int64_t> b(kRowset);
    std::vector<double> d(kRowset);
    std::vector<std::string> s(kRowset);
    std::vector<char*> pointers(kRowset);
    std::vector<unsigned long> lengths(kRowset);
    std::array<MYSQL_BIND, 4> binds{};
    binds[0].buffer_type = MYSQL_TYPE_LONG;
    binds[0].buffer = i.data();
    binds[1].buffer_type = MYSQL_TYPE_LONGLONG;
    binds[1].buffer = b.data();
    binds[2].buffer_type = MYSQL_TYPE_DOUBLE;
    binds[2].buffer = d.data();
    binds[3].buffer_type = MYSQL_TYPE_STRING;
    binds[3].buffer = pointers.data();
    binds[3].length = lengths.data();
    for (std::size_t done = 0; done < count; done += at_once) {
      for (std::size_t r = 0; r < at_once; ++r) {
        const std::size_t n = done + r;
        i[r] = static_cast<std::int32_t>(n);
        b[r] = static_cast<std::int64_t>(n) * 1000003;
        d[r] = static_cast<double>(n) / 8;
        s[r] = "row number " + std::to_string(n);
        pointers[r] = s[r].data();
        lengths[r] = s[r].size();
      }
      if (at_once > 1) {
        auto rows = static_cast<unsigned>(at_once);
        check(mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &rows) == 0);
      } else {
        binds[3].buffer = pointers[0];
      }
      check(mysql_stmt_bind_param(statement, binds.data()) == 0);
      if (mysql_stmt_execute(statement) != 0) throw std::runtime_error(mysql_stmt_error(statement));
    }
    mysql_stmt_close(statement);
  }

 private:
  enum class Reading : std::uint8_t { kStreamed, kStored, kFirstRow };

  std::uint64_t read(std::size_t count, Form form, Reading reading) {
    const std::string sql = std::string("SELECT ") + kColumns +
                            " FROM bench.rows ORDER BY id LIMIT " + std::to_string(count);
    MYSQL_STMT* statement = prepare(sql);
    check(mysql_stmt_execute(statement) == 0);
    Row row;
    std::array<MYSQL_BIND, 6> binds{};
    form == Form::kNative ? bind_native(binds, row) : bind_texts(binds, row);
    check(mysql_stmt_bind_result(statement, binds.data()) == 0);
    if (reading == Reading::kStored) check(mysql_stmt_store_result(statement) == 0);
    Checksum sum;
    while (mysql_stmt_fetch(statement) == 0) {
      if (form == Form::kNative) {
        add_native(sum, row);
      } else {
        for (std::size_t c = 0; c < 6; ++c) sum.add(text(row, c));
      }
      if (reading == Reading::kFirstRow) return sum.value();  // what is left dies with the process
    }
    mysql_stmt_close(statement);
    return sum.value();
  }
  MYSQL* open() {
    MYSQL* mysql = mysql_init(nullptr);
    mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (mysql_real_connect(mysql, nullptr, user_.c_str(), password_.c_str(), "bench", 0,
                           socket_.c_str(), 0) == nullptr) {
      throw std::runtime_error(mysql_error(mysql));
    }
    return mysql;
  }
  void check(bool good) const {
    if (!good) throw std::runtime_error(mysql_error(mysql_));
  }
  MYSQL_STMT* prepare(const std::string& sql) {
    MYSQL_STMT* statement = mysql_stmt_init(mysql_);
    check(mysql_stmt_prepare(statement, sql.data(), sql.size()) == 0);
    return statement;
  }

  static std::string_view text(const Row& row, std::size_t column) {
    return {row.texts[column].data(), row.lengths[column]};
  }
  static void bind_text(MYSQL_BIND& bind, Row& row, std::size_t column) {
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = row.texts[column].data();
    bind.buffer_length = kBoundText;
    bind.length = &row.lengths[column];
  }
  static void bind_texts(std::array<MYSQL_BIND, 6>& binds, Row& row) {
    for (std::size_t c = 0; c < binds.size(); ++c) bind_text(binds[c], row, c);
  }
  static void bind_native(std::array<MYSQL_BIND, 6>& binds, Row& row) {
    bind_texts(binds, row);
    binds[0].buffer_type = MYSQL_TYPE_LONG;
    binds[0].buffer = &row.i;
    binds[1].buffer_type = MYSQL_TYPE_LONGLONG;
    binds[1].buffer = &row.b;
    binds[2].buffer_type = MYSQL_TYPE_DOUBLE;
    binds[2].buffer = &row.d;
    binds[4].buffer_type = MYSQL_TYPE_DATETIME;
    binds[4].buffer = &row.t;
  }
  static void add_native(Checksum& sum, const Row& row) {
    sum.add(static_cast<std::uint64_t>(row.i));
    sum.add(static_cast<std::uint64_t>(row.b));
    sum.add(row.d);
    sum.add(text(row, 3));
    const std::uint64_t days = (std::uint64_t{row.t.year} * 12 + row.t.month) * 31 + row.t.day;
    sum.add(days * 86400 + std::uint64_t{row.t.hour} * 3600 + std::uint64_t{row.t.minute} * 60 +
            row.t.second);
    sum.add(text(row, 5));
  }

  std::string socket_, user_, password_;
  MYSQL* mysql_ = nullptr;
};

}  // namespace

std::unique_ptr<Candidate> c_api_candidate(const std::string& connection) {
  const std::size_t first = connection.find(';');
  const std::size_t second = connection.find(';', first + 1);
  if (second == std::string::npos) throw std::runtime_error("c_api takes socket;user;password");
  return std::make_unique<CApi>(connection.substr(0, first),
                                connection.substr(first + 1, second - first - 1),
                                connection.substr(second + 1));
}

}  // namespace bench
