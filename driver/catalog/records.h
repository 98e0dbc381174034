// The columns and indexes of tables as rows of information_schema; those of a temporary table,
// which information_schema does not show, by SHOW. Free functions; they run on the caller's thread,
// under the connection's lock.
#pragma once

#include <vector>

#include "driver/catalog/filter.h"
#include "driver/catalog/results.h"

namespace driver::catalog {

struct WantedTables {
  NameFilter catalog, table;
  NameFilter column = NameFilter::any();
};

struct ColumnRecords {
  std::vector<rows::Record> rows;
  bool temporary = false;  ///< by SHOW, which shows a default that is a text without its quotes
};

/// TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, COLUMN_TYPE, EXTRA,
/// COLUMN_DEFAULT, COLUMN_COMMENT and CHARACTER_MAXIMUM_LENGTH.
ColumnRecords column_records(CatalogSource& source, const WantedTables& wanted);
/// TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME and SEQ_IN_INDEX.
std::vector<rows::Record> primary_key_records(CatalogSource& source, const WantedTables& wanted);
/// TABLE_SCHEMA, TABLE_NAME, NON_UNIQUE, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, COLLATION,
/// CARDINALITY and INDEX_TYPE.
std::vector<rows::Record> index_records(CatalogSource& source, const WantedTables& wanted);
/// NON_UNIQUE, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME and NULLABLE.
std::vector<rows::Record> key_records(CatalogSource& source, const WantedTables& wanted);

}  // namespace driver::catalog
