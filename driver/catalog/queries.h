// The catalog functions of ODBC over information_schema. A MySQL database is an ODBC catalog, or a
// schema where the DSN wants it so.
// Result columns, types and order: ODBC 3.8, reference of each function.
// Free functions; they run on the caller's thread, under the connection's lock.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "driver/catalog/source.h"
#include "driver/type_info.h"
#include "fabric/mysql/reply.h"

namespace driver::catalog {

/// An argument of a catalog function in UTF-8; nullopt is a null pointer.
using CatalogText = std::optional<std::string>;

struct CatalogOptions {
  bool metadata_id = false;     ///< SQL_ATTR_METADATA_ID: arguments are identifiers, not patterns
  TypeRules rules{};            ///< of the connection; with `odbc2` also the column names of ODBC 2
  bool no_catalog = false;      ///< NO_CATALOG
  bool no_schema = true;        ///< NO_SCHEMA
  bool ignore_schema = false;   ///< SCHEMANOERROR
  bool null_is_current = true;  ///< NULLISCURRENT: a null catalog is the current database
  bool databases_are_schemas = false;  ///< in this call; set by settle_database()
};

struct TablesRequest {
  CatalogText catalog{}, schema{}, table{}, types{};
  CatalogOptions options{};
};
struct ColumnsRequest {
  CatalogText catalog{}, schema{}, table{}, column{};
  CatalogOptions options{};
};
struct PrimaryKeysRequest {
  CatalogText catalog{}, schema{}, table{};
  CatalogOptions options{};
};
struct StatisticsRequest {
  CatalogText catalog{}, schema{}, table{};
  bool unique_only = false;  ///< SQL_INDEX_UNIQUE
  CatalogOptions options{};
};
struct SpecialColumnsRequest {
  bool row_version = false;  ///< SQL_ROWVER instead of SQL_BEST_ROWID
  CatalogText catalog{}, schema{}, table{};
  bool no_nulls = false;  ///< SQL_NO_NULLS
  CatalogOptions options{};
};
struct ForeignKeysRequest {
  CatalogText primary_catalog{}, primary_schema{}, primary_table{};
  CatalogText foreign_catalog{}, foreign_schema{}, foreign_table{};
  CatalogOptions options{};
};
struct ProceduresRequest {
  CatalogText catalog{}, schema{}, procedure{};
  CatalogOptions options{};
};
struct ProcedureColumnsRequest {
  CatalogText catalog{}, schema{}, procedure{}, column{};
  CatalogOptions options{};
};
struct TablePrivilegesRequest {
  CatalogText catalog{}, schema{}, table{};
  CatalogOptions options{};
};
struct ColumnPrivilegesRequest {
  CatalogText catalog{}, schema{}, table{}, column{};
  CatalogOptions options{};
};

/// Which of the two arguments names the database: `catalog` from here on. Throws HYC00 for an
/// argument that the DSN does not have, or when both are given.
void settle_database(CatalogText& catalog, CatalogText& schema, CatalogOptions& options);

// Each throws base::Error: HY009 for a null pointer where a name is required, or the server's own.
// A null catalog means the current database (if the options say so), or all when there is none.
using CatalogReply = std::unique_ptr<fabric::mysql::Reply>;
CatalogReply tables(CatalogSource& source, const TablesRequest& request);
CatalogReply columns(CatalogSource& source, const ColumnsRequest& request);
CatalogReply primary_keys(CatalogSource& source, const PrimaryKeysRequest& request);
CatalogReply statistics(CatalogSource& source, const StatisticsRequest& request);
CatalogReply special_columns(CatalogSource& source, const SpecialColumnsRequest& request);
CatalogReply foreign_keys(CatalogSource& source, const ForeignKeysRequest& request);
CatalogReply procedures(CatalogSource& source, const ProceduresRequest& request);
CatalogReply procedure_columns(CatalogSource& source, const ProcedureColumnsRequest& request);
CatalogReply table_privileges(CatalogSource& source, const TablePrivilegesRequest& request);
CatalogReply column_privileges(CatalogSource& source, const ColumnPrivilegesRequest& request);

}  // namespace driver::catalog
