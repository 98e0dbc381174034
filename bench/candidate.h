// What is compared: the same work done through a connection string or through the C API. One object
// is one process's candidate; it belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

/// How a fetched column reaches the program.
enum class Form : std::uint8_t { kNative, kChar, kWide };

/// Whether a statement says in a comment where it goes.
enum class Hint : std::uint8_t { kNone, kKey };

/// A catalog function, or what the C API asks a server to know the same.
enum class Catalog : std::uint8_t { kColumns, kPrimaryKeys, kStatistics };

/// Proves that two candidates saw the same values: order counts, and costs a few instructions.
class Checksum {
 public:
  void add(std::uint64_t value) { sum_ = (sum_ << 5U | sum_ >> 59U) ^ value; }
  void add(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    add(bits);
  }
  /// The length, the first bytes and the last ones.
  void add(std::string_view text) {
    std::uint64_t ends[2]{};
    const std::size_t piece = text.size() < 8 ? text.size() : 8;
    std::memcpy(&ends[0], text.data(), piece);
    std::memcpy(&ends[1], text.data() + text.size() - piece, piece);
    add(text.size());
    add(ends[0] ^ ends[1]);
  }
  [[nodiscard]] std::uint64_t value() const { return sum_; }

 private:
  std::uint64_t sum_ = 0;
};

class Candidate {
 public:
  Candidate() = default;
  Candidate(const Candidate&) = delete;
  Candidate& operator=(const Candidate&) = delete;
  virtual ~Candidate() = default;
  /// Another connection of its kind, not open yet.
  [[nodiscard]] virtual std::unique_ptr<Candidate> another() const = 0;
  /// Opens what the other calls use.
  virtual void connect() = 0;
  /// Connects and disconnects, `count` times.
  virtual void connects(std::size_t count) = 0;
  /// The same with a row inserted between.
  virtual void connects_and_writes(std::size_t count) = 0;
  /// SELECT s FROM bench.rows WHERE id = N, sent as text, each behind `hint`. C API: without.
  virtual std::uint64_t point_selects(std::size_t count, Hint hint) = 0;
  /// The same, prepared once.
  virtual std::uint64_t prepared_selects(std::size_t count) = 0;
  /// The first `count` rows of bench.rows, 1000 at a time into bound arrays.
  virtual std::uint64_t fetch(std::size_t count, Form form) = 0;
  /// The same, a row at a time, each column asked for.
  virtual std::uint64_t get_data(std::size_t count, Form form) = 0;
  /// So many cells of the column `i`, in rows of `columns` of them, 100 rows at a time.
  virtual std::uint64_t cells(std::size_t count, std::size_t columns) = 0;
  /// The first row of `count`, which go on coming; the others are given up.
  virtual std::uint64_t first_row(std::size_t count) = 0;
  /// As fetch() of native values, but another statement needs the connection after the first
  /// rowset.
  virtual std::uint64_t spool(std::size_t count) = 0;
  /// What there is to know of the tables catalog.t1, t2, ..., one by one.
  virtual std::uint64_t catalog(std::size_t count, Catalog what) = 0;
  /// Into the empty table bench.target, `rows` (1000 at most) an execution.
  virtual void insert(std::size_t count, std::size_t rows) = 0;
};

/// `connection` is an ODBC connection string.
std::unique_ptr<Candidate> odbc_candidate(std::string connection);
/// `connection` is "socket;user;password".
std::unique_ptr<Candidate> c_api_candidate(const std::string& connection);

constexpr std::size_t kRowset = 1000;
constexpr std::size_t kCellRowset = 100;
constexpr std::size_t kCatalogTables = 500;
constexpr const char* kColumns = "i, b, d, s, t, m";
constexpr const char* kWrite = "INSERT INTO bench.target (i) VALUES (1)";

/// SELECT i, i, ...: `count` cells in rows of `columns`.
inline std::string cells_query(std::size_t count, std::size_t columns) {
  std::string sql = "SELECT i";
  for (std::size_t c = 1; c < columns; ++c) sql += ", i";
  return sql + " FROM bench.rows ORDER BY id LIMIT " + std::to_string(count / columns);
}

}  // namespace bench
