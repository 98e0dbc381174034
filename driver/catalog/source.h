// What the catalog functions need of a connection: run a query on information_schema, and a few
// facts of the session. Implemented by Connection; a test implements it over a ServerConnection.
// Called under the connection's lock.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver/rows/memory_reply.h"

namespace driver::catalog {

/// Names that need no quotes in SQL.
struct OneTable {
  std::string_view database, table;
};

class CatalogSource {
 public:
  CatalogSource() = default;
  CatalogSource(const CatalogSource&) = delete;
  CatalogSource& operator=(const CatalogSource&) = delete;
  virtual ~CatalogSource() = default;

  /// Runs one SELECT and reads all of its rows. Throws base::Error.
  virtual std::vector<rows::Record> rows(const std::string& sql) = 0;
  /// The same of a SELECT with a '?' for the database and one for the table. Programs ask of one
  /// table after the other: it may be kept prepared.
  virtual std::vector<rows::Record> rows_of(const OneTable& table, const std::string& sql) {
    return rows(text_about(table, sql));
  }
  /// The session's default database; empty when there is none.
  virtual std::string current_database() = 0;
  /// Whether the session's sql_mode has NO_BACKSLASH_ESCAPES.
  virtual bool no_backslash_escapes() = 0;
  virtual bool is_mariadb() = 0;
  /// Something was done in the session that may have been CREATE TEMPORARY TABLE.
  virtual bool may_have_temporary_tables() = 0;
  /// E.g. 101119, 50624.
  virtual unsigned version_number() = 0;

 protected:
  /// `sql` of rows_of() as it is sent where it is not prepared.
  static std::string text_about(const OneTable& table, std::string_view sql);
};

}  // namespace driver::catalog
