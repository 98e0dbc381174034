#include "driver/sql/dynamic_function.h"

#include <array>

namespace driver::sql {
namespace {

struct Row {
  std::string_view verb;
  std::string_view object;  ///< empty: whatever follows
  DynamicFunction function;
};

// ODBC 3.8, SQLGetDiagField, "Values of the Dynamic Function Fields".
constexpr std::array kRows{
    Row{"SELECT", "", {"SELECT CURSOR", SQL_DIAG_SELECT_CURSOR}},
    Row{"WITH", "", {"SELECT CURSOR", SQL_DIAG_SELECT_CURSOR}},
    Row{"INSERT", "", {"INSERT", SQL_DIAG_INSERT}},
    Row{"REPLACE", "", {"INSERT", SQL_DIAG_INSERT}},
    Row{"UPDATE", "", {"UPDATE WHERE", SQL_DIAG_UPDATE_WHERE}},
    Row{"DELETE", "", {"DELETE WHERE", SQL_DIAG_DELETE_WHERE}},
    Row{"CALL", "", {"CALL", SQL_DIAG_CALL}},
    Row{"GRANT", "", {"GRANT", SQL_DIAG_GRANT}},
    Row{"REVOKE", "", {"REVOKE", SQL_DIAG_REVOKE}},
    Row{"ALTER", "TABLE", {"ALTER TABLE", SQL_DIAG_ALTER_TABLE}},
    Row{"CREATE", "TABLE", {"CREATE TABLE", SQL_DIAG_CREATE_TABLE}},
    Row{"CREATE", "INDEX", {"CREATE INDEX", SQL_DIAG_CREATE_INDEX}},
    Row{"CREATE", "VIEW", {"CREATE VIEW", SQL_DIAG_CREATE_VIEW}},
    Row{"DROP", "TABLE", {"DROP TABLE", SQL_DIAG_DROP_TABLE}},
    Row{"DROP", "INDEX", {"DROP INDEX", SQL_DIAG_DROP_INDEX}},
    Row{"DROP", "VIEW", {"DROP VIEW", SQL_DIAG_DROP_VIEW}},
};

/// The word that says what is created: past OR REPLACE, TEMPORARY, UNIQUE, DEFINER = ... and so on.
Token object_of(SqlScanner& scanner) {
  for (Token token = scanner.next(); token.kind != TokenKind::kEnd; token = scanner.next()) {
    for (const Row& row : kRows) {
      if (!row.object.empty() && token.is_word(row.object)) return token;
    }
    if (token.is_word("PROCEDURE") || token.is_word("FUNCTION") || token.is_word("TRIGGER") ||
        token.is_word("EVENT") || token.is('(')) {
      break;
    }
  }
  return {};
}

}  // namespace

DynamicFunction dynamic_function(std::string_view sql, ScanOptions options) {
  SqlScanner scanner(sql, options);
  Token verb = scanner.next();
  while (verb.is('(')) verb = scanner.next();
  const bool made = verb.is_word("CREATE") || verb.is_word("ALTER") || verb.is_word("DROP");
  const Token object = made ? object_of(scanner) : Token{};
  for (const Row& row : kRows) {
    if (verb.is_word(row.verb) && (row.object.empty() || object.is_word(row.object))) {
      return row.function;
    }
  }
  return {};
}

}  // namespace driver::sql
