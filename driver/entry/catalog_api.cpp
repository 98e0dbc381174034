// SQLTables, SQLColumns, SQLPrimaryKeys, SQLStatistics, SQLSpecialColumns, SQLForeignKeys,
// SQLProcedures, SQLProcedureColumns, SQLTablePrivileges, SQLColumnPrivileges, SQLGetTypeInfo;
// W and A.
#include "driver/call.h"
#include "driver/catalog/queries.h"
#include "driver/catalog/type_info_query.h"
#include "driver/statement.h"
#include "driver/text/application_text.h"
#include "fabric/base/error.h"

namespace {

using driver::call;
using driver::Connection;
using driver::Statement;
using driver::catalog::CatalogOptions;
using fabric::base::Error;
using fabric::base::SqlState;

/// A name as it is passed, of either width.
template <class Char>
struct Name {
  const Char* text;
  SQLSMALLINT length;
  [[nodiscard]] driver::catalog::CatalogText any() const {
    return driver::text::from_application(text, length);
  }
  /// Throws HY090 for a text longer than any name or pattern of one, in bytes.
  [[nodiscard]] driver::catalog::CatalogText utf8() const {
    constexpr std::size_t kLongest = 64 * 4;
    driver::catalog::CatalogText name = any();
    if (name && name->size() > kLongest) {
      throw Error(SqlState::kHY090, "A name has at most 64 characters");
    }
    return name;
  }
};

template <class Request>
void settle(Request& request) {
  driver::catalog::settle_database(request.catalog, request.schema, request.options);
}
void settle(driver::catalog::ForeignKeysRequest& request) {
  driver::catalog::settle_database(request.primary_catalog, request.primary_schema,
                                   request.options);
  driver::catalog::settle_database(request.foreign_catalog, request.foreign_schema,
                                   request.options);
}

/// Makes the request inside the door, so that what is wrong with the arguments is a record.
template <class Query, class MakeRequest>
SQLRETURN ask(SQLHSTMT handle, Query query, MakeRequest make_request) {
  return call<Statement>(handle, [&](Statement& statement) {
    statement.leave_cursor();
    const driver::TypeRules rules = statement.connection().type_rules();
    const driver::settings::PeerOptions& peer = statement.connection().settings().options;
    auto request = make_request();
    request.options = CatalogOptions{.metadata_id = statement.metadata_id(),
                                     .rules = rules,
                                     .no_catalog = peer.no_catalog,
                                     .no_schema = peer.no_schema,
                                     .ignore_schema = peer.ignore_schema,
                                     .null_is_current = peer.null_is_current};
    settle(request);
    statement.connection().go_home(statement.deadline());
    statement.open(query(statement.connection(), request));
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN get_tables(SQLHSTMT handle, Name<Char> catalog, Name<Char> schema, Name<Char> table,
                     Name<Char> types) {
  return ask(handle, driver::catalog::tables, [&] {
    return driver::catalog::TablesRequest{
        catalog.utf8(), schema.utf8(), table.utf8(), types.any(), {}};
  });
}

template <class Char>
SQLRETURN get_columns(SQLHSTMT handle, Name<Char> catalog, Name<Char> schema, Name<Char> table,
                      Name<Char> column) {
  return ask(handle, driver::catalog::columns, [&] {
    return driver::catalog::ColumnsRequest{
        catalog.utf8(), schema.utf8(), table.utf8(), column.utf8(), {}};
  });
}

template <class Char>
SQLRETURN get_primary_keys(SQLHSTMT handle, Name<Char> catalog, Name<Char> schema,
                           Name<Char> table) {
  return ask(handle, driver::catalog::primary_keys, [&] {
    return driver::catalog::PrimaryKeysRequest{catalog.utf8(), schema.utf8(), table.utf8(), {}};
  });
}

template <class Char>
SQLRETURN get_statistics(SQLHSTMT handle, Name<Char> catalog, Name<Char> schema, Name<Char> table,
                         SQLUSMALLINT unique, SQLUSMALLINT accuracy) {
  return ask(handle, driver::catalog::statistics, [&] {
    if (unique > SQL_INDEX_ALL) {
      throw Error(SqlState::kHY100, "Unique is neither SQL_INDEX_UNIQUE nor SQL_INDEX_ALL");
    }
    if (accuracy > SQL_ENSURE) {
      throw Error(SqlState::kHY101, "Reserved is neither SQL_QUICK nor SQL_ENSURE");
    }
    return driver::catalog::StatisticsRequest{
        catalog.utf8(), schema.utf8(), table.utf8(), unique == SQL_INDEX_UNIQUE, {}};
  });
}

struct SpecialKind {
  SQLUSMALLINT identifier, scope, nullable;
};

template <class Char>
SQLRETURN get_special_columns(SQLHSTMT handle, SpecialKind kind, Name<Char> catalog,
                              Name<Char> schema, Name<Char> table) {
  return ask(handle, driver::catalog::special_columns, [&] {
    if (kind.identifier != SQL_BEST_ROWID && kind.identifier != SQL_ROWVER) {
      throw Error(SqlState::kHY097, "IdentifierType is neither SQL_BEST_ROWID nor SQL_ROWVER");
    }
    if (kind.scope > SQL_SCOPE_SESSION) {
      throw Error(SqlState::kHY098, "Scope is not one of the three of ODBC");
    }
    if (kind.nullable > SQL_NULLABLE) {
      throw Error(SqlState::kHY099, "Nullable is neither SQL_NO_NULLS nor SQL_NULLABLE");
    }
    return driver::catalog::SpecialColumnsRequest{kind.identifier == SQL_ROWVER,
                                                  catalog.utf8(),
                                                  schema.utf8(),
                                                  table.utf8(),
                                                  kind.nullable == SQL_NO_NULLS,
                                                  {}};
  });
}

template <class Char>
struct TableName {
  Name<Char> catalog, schema, table;
};

template <class Char>
SQLRETURN get_foreign_keys(SQLHSTMT handle, TableName<Char> primary, TableName<Char> foreign) {
  return ask(handle, driver::catalog::foreign_keys, [&] {
    return driver::catalog::ForeignKeysRequest{primary.catalog.utf8(),
                                               primary.schema.utf8(),
                                               primary.table.utf8(),
                                               foreign.catalog.utf8(),
                                               foreign.schema.utf8(),
                                               foreign.table.utf8(),
                                               {}};
  });
}

template <class Char>
SQLRETURN get_procedures(SQLHSTMT handle, Name<Char> catalog, Name<Char> schema,
                         Name<Char> procedure) {
  return ask(handle, driver::catalog::procedures, [&] {
    return driver::catalog::ProceduresRequest{catalog.utf8(), schema.utf8(), procedure.utf8(), {}};
  });
}

template <class Char>
SQLRETURN get_procedure_columns(SQLHSTMT handle, Name<Char> catalog, Name<Char> schema,
                                Name<Char> procedure, Name<Char> column) {
  return ask(handle, driver::catalog::procedure_columns, [&] {
    return driver::catalog::ProcedureColumnsRequest{
        catalog.utf8(), schema.utf8(), procedure.utf8(), column.utf8(), {}};
  });
}

template <class Char>
SQLRETURN get_table_privileges(SQLHSTMT handle, Name<Char> catalog, Name<Char> schema,
                               Name<Char> table) {
  return ask(handle, driver::catalog::table_privileges, [&] {
    return driver::catalog::TablePrivilegesRequest{catalog.utf8(), schema.utf8(), table.utf8(), {}};
  });
}

template <class Char>
SQLRETURN get_column_privileges(SQLHSTMT handle, Name<Char> catalog, Name<Char> schema,
                                Name<Char> table, Name<Char> column) {
  return ask(handle, driver::catalog::column_privileges, [&] {
    return driver::catalog::ColumnPrivilegesRequest{
        catalog.utf8(), schema.utf8(), table.utf8(), column.utf8(), {}};
  });
}

SQLRETURN get_type_info(SQLHSTMT handle, SQLSMALLINT type) {
  return call<Statement>(handle, [type](Statement& statement) {
    statement.leave_cursor();
    Connection& connection = statement.connection();
    const unsigned first_with_json = connection.is_mariadb() ? 100207 : 50708;
    const bool has_json = connection.version_number() >= first_with_json;
    statement.open(driver::catalog::type_info_rows(type, connection.type_rules(), has_json));
    return SQL_SUCCESS;
  });
}

using NameA = Name<SQLCHAR>;
using NameW = Name<SQLWCHAR>;
using TableA = TableName<SQLCHAR>;
using TableW = TableName<SQLWCHAR>;

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLTables(SQLHSTMT handle, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                            SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table,
                            SQLSMALLINT table_length, SQLCHAR* types, SQLSMALLINT types_length) {
  return get_tables(handle, NameA{catalog, catalog_length}, NameA{schema, schema_length},
                    NameA{table, table_length}, NameA{types, types_length});
}

SQLRETURN SQL_API SQLTablesW(SQLHSTMT handle, SQLWCHAR* catalog, SQLSMALLINT catalog_length,
                             SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table,
                             SQLSMALLINT table_length, SQLWCHAR* types, SQLSMALLINT types_length) {
  return get_tables(handle, NameW{catalog, catalog_length}, NameW{schema, schema_length},
                    NameW{table, table_length}, NameW{types, types_length});
}

SQLRETURN SQL_API SQLColumns(SQLHSTMT handle, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                             SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table,
                             SQLSMALLINT table_length, SQLCHAR* column, SQLSMALLINT column_length) {
  return get_columns(handle, NameA{catalog, catalog_length}, NameA{schema, schema_length},
                     NameA{table, table_length}, NameA{column, column_length});
}

SQLRETURN SQL_API SQLColumnsW(SQLHSTMT handle, SQLWCHAR* catalog, SQLSMALLINT catalog_length,
                              SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table,
                              SQLSMALLINT table_length, SQLWCHAR* column,
                              SQLSMALLINT column_length) {
  return get_columns(handle, NameW{catalog, catalog_length}, NameW{schema, schema_length},
                     NameW{table, table_length}, NameW{column, column_length});
}

SQLRETURN SQL_API SQLPrimaryKeys(SQLHSTMT handle, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                                 SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table,
                                 SQLSMALLINT table_length) {
  return get_primary_keys(handle, NameA{catalog, catalog_length}, NameA{schema, schema_length},
                          NameA{table, table_length});
}

SQLRETURN SQL_API SQLPrimaryKeysW(SQLHSTMT handle, SQLWCHAR* catalog, SQLSMALLINT catalog_length,
                                  SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table,
                                  SQLSMALLINT table_length) {
  return get_primary_keys(handle, NameW{catalog, catalog_length}, NameW{schema, schema_length},
                          NameW{table, table_length});
}

SQLRETURN SQL_API SQLStatistics(SQLHSTMT handle, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                                SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table,
                                SQLSMALLINT table_length, SQLUSMALLINT unique,
                                SQLUSMALLINT accuracy) {
  return get_statistics(handle, NameA{catalog, catalog_length}, NameA{schema, schema_length},
                        NameA{table, table_length}, unique, accuracy);
}

SQLRETURN SQL_API SQLStatisticsW(SQLHSTMT handle, SQLWCHAR* catalog, SQLSMALLINT catalog_length,
                                 SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table,
                                 SQLSMALLINT table_length, SQLUSMALLINT unique,
                                 SQLUSMALLINT accuracy) {
  return get_statistics(handle, NameW{catalog, catalog_length}, NameW{schema, schema_length},
                        NameW{table, table_length}, unique, accuracy);
}

SQLRETURN SQL_API SQLProcedures(SQLHSTMT handle, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                                SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* procedure,
                                SQLSMALLINT procedure_length) {
  return get_procedures(handle, NameA{catalog, catalog_length}, NameA{schema, schema_length},
                        NameA{procedure, procedure_length});
}

SQLRETURN SQL_API SQLProceduresW(SQLHSTMT handle, SQLWCHAR* catalog, SQLSMALLINT catalog_length,
                                 SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* procedure,
                                 SQLSMALLINT procedure_length) {
  return get_procedures(handle, NameW{catalog, catalog_length}, NameW{schema, schema_length},
                        NameW{procedure, procedure_length});
}

SQLRETURN SQL_API SQLProcedureColumns(SQLHSTMT handle, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                                      SQLCHAR* schema, SQLSMALLINT schema_length,
                                      SQLCHAR* procedure, SQLSMALLINT procedure_length,
                                      SQLCHAR* column, SQLSMALLINT column_length) {
  return get_procedure_columns(handle, NameA{catalog, catalog_length}, NameA{schema, schema_length},
                               NameA{procedure, procedure_length}, NameA{column, column_length});
}

SQLRETURN SQL_API SQLProcedureColumnsW(SQLHSTMT handle, SQLWCHAR* catalog,
                                       SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                       SQLSMALLINT schema_length, SQLWCHAR* procedure,
                                       SQLSMALLINT procedure_length, SQLWCHAR* column,
                                       SQLSMALLINT column_length) {
  return get_procedure_columns(handle, NameW{catalog, catalog_length}, NameW{schema, schema_length},
                               NameW{procedure, procedure_length}, NameW{column, column_length});
}

SQLRETURN SQL_API SQLTablePrivileges(SQLHSTMT handle, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                                     SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table,
                                     SQLSMALLINT table_length) {
  return get_table_privileges(handle, NameA{catalog, catalog_length}, NameA{schema, schema_length},
                              NameA{table, table_length});
}

SQLRETURN SQL_API SQLTablePrivilegesW(SQLHSTMT handle, SQLWCHAR* catalog,
                                      SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                      SQLSMALLINT schema_length, SQLWCHAR* table,
                                      SQLSMALLINT table_length) {
  return get_table_privileges(handle, NameW{catalog, catalog_length}, NameW{schema, schema_length},
                              NameW{table, table_length});
}

SQLRETURN SQL_API SQLColumnPrivileges(SQLHSTMT handle, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                                      SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table,
                                      SQLSMALLINT table_length, SQLCHAR* column,
                                      SQLSMALLINT column_length) {
  return get_column_privileges(handle, NameA{catalog, catalog_length}, NameA{schema, schema_length},
                               NameA{table, table_length}, NameA{column, column_length});
}

SQLRETURN SQL_API SQLColumnPrivilegesW(SQLHSTMT handle, SQLWCHAR* catalog,
                                       SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                       SQLSMALLINT schema_length, SQLWCHAR* table,
                                       SQLSMALLINT table_length, SQLWCHAR* column,
                                       SQLSMALLINT column_length) {
  return get_column_privileges(handle, NameW{catalog, catalog_length}, NameW{schema, schema_length},
                               NameW{table, table_length}, NameW{column, column_length});
}

SQLRETURN SQL_API SQLSpecialColumns(SQLHSTMT handle, SQLUSMALLINT identifier, SQLCHAR* catalog,
                                    SQLSMALLINT catalog_length, SQLCHAR* schema,
                                    SQLSMALLINT schema_length, SQLCHAR* table,
                                    SQLSMALLINT table_length, SQLUSMALLINT scope,
                                    SQLUSMALLINT nullable) {
  return get_special_columns(handle, SpecialKind{identifier, scope, nullable},
                             NameA{catalog, catalog_length}, NameA{schema, schema_length},
                             NameA{table, table_length});
}

SQLRETURN SQL_API SQLForeignKeys(SQLHSTMT handle, SQLCHAR* primary_catalog,
                                 SQLSMALLINT primary_catalog_length, SQLCHAR* primary_schema,
                                 SQLSMALLINT primary_schema_length, SQLCHAR* primary_table,
                                 SQLSMALLINT primary_table_length, SQLCHAR* foreign_catalog,
                                 SQLSMALLINT foreign_catalog_length, SQLCHAR* foreign_schema,
                                 SQLSMALLINT foreign_schema_length, SQLCHAR* foreign_table,
                                 SQLSMALLINT foreign_table_length) {
  return get_foreign_keys(handle,
                          TableA{{primary_catalog, primary_catalog_length},
                                 {primary_schema, primary_schema_length},
                                 {primary_table, primary_table_length}},
                          TableA{{foreign_catalog, foreign_catalog_length},
                                 {foreign_schema, foreign_schema_length},
                                 {foreign_table, foreign_table_length}});
}

SQLRETURN SQL_API SQLSpecialColumnsW(SQLHSTMT handle, SQLUSMALLINT identifier, SQLWCHAR* catalog,
                                     SQLSMALLINT catalog_length, SQLWCHAR* schema,
                                     SQLSMALLINT schema_length, SQLWCHAR* table,
                                     SQLSMALLINT table_length, SQLUSMALLINT scope,
                                     SQLUSMALLINT nullable) {
  return get_special_columns(handle, SpecialKind{identifier, scope, nullable},
                             NameW{catalog, catalog_length}, NameW{schema, schema_length},
                             NameW{table, table_length});
}

SQLRETURN SQL_API SQLForeignKeysW(SQLHSTMT handle, SQLWCHAR* primary_catalog,
                                  SQLSMALLINT primary_catalog_length, SQLWCHAR* primary_schema,
                                  SQLSMALLINT primary_schema_length, SQLWCHAR* primary_table,
                                  SQLSMALLINT primary_table_length, SQLWCHAR* foreign_catalog,
                                  SQLSMALLINT foreign_catalog_length, SQLWCHAR* foreign_schema,
                                  SQLSMALLINT foreign_schema_length, SQLWCHAR* foreign_table,
                                  SQLSMALLINT foreign_table_length) {
  return get_foreign_keys(handle,
                          TableW{{primary_catalog, primary_catalog_length},
                                 {primary_schema, primary_schema_length},
                                 {primary_table, primary_table_length}},
                          TableW{{foreign_catalog, foreign_catalog_length},
                                 {foreign_schema, foreign_schema_length},
                                 {foreign_table, foreign_table_length}});
}

SQLRETURN SQL_API SQLGetTypeInfo(SQLHSTMT handle, SQLSMALLINT type) {
  return get_type_info(handle, type);
}

SQLRETURN SQL_API SQLGetTypeInfoW(SQLHSTMT handle, SQLSMALLINT type) {
  return get_type_info(handle, type);
}

}  // extern "C"
