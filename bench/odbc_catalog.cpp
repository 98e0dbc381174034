#include "bench/odbc_catalog.h"

namespace bench {
namespace {

constexpr std::size_t kNameSize = 65;

struct Name {
  std::array<char, kNameSize> text{};
  SQLLEN length = 0;
  [[nodiscard]] std::string_view view() const {
    return {text.data(), length < 0 ? 0 : static_cast<std::size_t>(length)};
  }
};

struct Answer {
  Name column, index;
  SQLSMALLINT number = 0, type = 0;
  SQLLEN number_length = 0, type_length = 0;
};

void bind_name(SQLHSTMT statement, SQLUSMALLINT column, Name& name) {
  check(statement,
        SQLBindCol(statement, column, SQL_C_CHAR, name.text.data(), kNameSize, &name.length));
}

void bind_number(SQLHSTMT statement, SQLUSMALLINT column, SQLSMALLINT& number, SQLLEN& length) {
  check(statement, SQLBindCol(statement, column, SQL_C_SSHORT, &number, 0, &length));
}

void bind(SQLHSTMT statement, Answer& answer, Catalog what) {
  if (what == Catalog::kStatistics) {
    bind_number(statement, 4, answer.number, answer.number_length);  // NON_UNIQUE
    bind_name(statement, 6, answer.index);                           // INDEX_NAME
    bind_number(statement, 7, answer.type, answer.type_length);      // TYPE
    bind_name(statement, 9, answer.column);                          // COLUMN_NAME
    return;
  }
  const SQLUSMALLINT number = what == Catalog::kColumns ? 11 : 5;  // NULLABLE, KEY_SEQ
  bind_name(statement, 4, answer.column);
  bind_number(statement, number, answer.number, answer.number_length);
}

void ask(SQLHSTMT statement, std::string table, Catalog what) {
  std::string catalog = "catalog";
  SQLCHAR* const named = chars(table);
  SQLCHAR* const in = chars(catalog);
  if (what == Catalog::kColumns) {
    check(statement, SQLColumns(statement, in, SQL_NTS, nullptr, 0, named, SQL_NTS, nullptr, 0));
  } else if (what == Catalog::kPrimaryKeys) {
    check(statement, SQLPrimaryKeys(statement, in, SQL_NTS, nullptr, 0, named, SQL_NTS));
  } else {
    check(statement, SQLStatistics(statement, in, SQL_NTS, nullptr, 0, named, SQL_NTS,
                                   SQL_INDEX_ALL, SQL_QUICK));
  }
}

void add(Checksum& sum, const Answer& answer, Catalog what) {
  const auto number = static_cast<std::uint64_t>(answer.number);
  if (what == Catalog::kStatistics) {
    if (answer.type == SQL_TABLE_STAT) return;
    sum.add(number);
    sum.add(answer.index.view());
    sum.add(answer.column.view());
    return;
  }
  sum.add(answer.column.view());
  sum.add(number);
}

}  // namespace

std::uint64_t odbc_catalog(SQLHSTMT statement, std::size_t count, Catalog what) {
  Answer answer;
  bind(statement, answer, what);
  Checksum sum;
  for (std::size_t n = 0; n < count; ++n) {
    ask(statement, "t" + std::to_string(n % kCatalogTables + 1), what);
    while (SQL_SUCCEEDED(SQLFetch(statement))) add(sum, answer, what);
    SQLFreeStmt(statement, SQL_CLOSE);
  }
  return sum.value();
}

}  // namespace bench
