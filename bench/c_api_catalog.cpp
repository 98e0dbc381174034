#include "bench/c_api_catalog.h"

#include <cstdlib>
#include <stdexcept>

namespace bench {
namespace {

std::string question(const std::string& table, Catalog what) {
  if (what == Catalog::kColumns) return "SHOW FULL COLUMNS FROM catalog." + table;
  const std::string keys = "SHOW KEYS FROM catalog." + table;
  return what == Catalog::kStatistics ? keys : keys + " WHERE Key_name = 'PRIMARY'";
}

/// Field, Type, Collation, Null, ...
void add_column(Checksum& sum, MYSQL_ROW row) {
  sum.add(std::string_view(row[0]));
  sum.add(std::uint64_t{*row[3] == 'Y' ? 1U : 0U});
}

/// Table, Non_unique, Key_name, Seq_in_index, Column_name, ...
void add_key(Checksum& sum, MYSQL_ROW row, Catalog what) {
  if (what == Catalog::kPrimaryKeys) {
    sum.add(std::string_view(row[4]));
    sum.add(std::uint64_t{std::strtoull(row[3], nullptr, 10)});
    return;
  }
  sum.add(std::uint64_t{std::strtoull(row[1], nullptr, 10)});
  sum.add(std::string_view(row[2]));
  sum.add(std::string_view(row[4]));
}

}  // namespace

std::uint64_t c_api_catalog(MYSQL* mysql, std::size_t count, Catalog what) {
  Checksum sum;
  for (std::size_t n = 0; n < count; ++n) {
    const std::string sql = question("t" + std::to_string(n % kCatalogTables + 1), what);
    MYSQL_RES* const result =
        mysql_real_query(mysql, sql.data(), sql.size()) == 0 ? mysql_store_result(mysql) : nullptr;
    if (result == nullptr) throw std::runtime_error(mysql_error(mysql));
    while (MYSQL_ROW row = mysql_fetch_row(result)) {
      what == Catalog::kColumns ? add_column(sum, row) : add_key(sum, row, what);
    }
    mysql_free_result(result);
  }
  return sum.value();
}

}  // namespace bench
