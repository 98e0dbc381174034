// The catalog functions, asked about a table that is not there.
#include "tests/direct/transitions.h"

namespace test_support {
namespace {

constexpr const char* kNone = "none";

void add_catalog(Transitions& all, const char* name, Transition::Call call) {
  add_transition(all, ToldOn::kStatement, name, std::move(call));
}

}  // namespace

void add_catalog_transitions(Transitions& all) {
  for (const char* name : {"Tables", "Columns", "ColumnPrivileges", "ProcedureColumns"}) {
    add_catalog(all, name, [name](TransitionRig& r) {
      return r(function_of(name), r.odbc.statement, nullptr, 0, nullptr, 0, kNone, SQL_NTS, nullptr,
               0);
    });
  }
  for (const char* name : {"PrimaryKeys", "Procedures", "TablePrivileges"}) {
    add_catalog(all, name, [name](TransitionRig& r) {
      return r(function_of(name), r.odbc.statement, nullptr, 0, nullptr, 0, kNone, SQL_NTS);
    });
  }
  add_catalog(all, "ForeignKeys", [](TransitionRig& r) {
    return r("SQLForeignKeys", r.odbc.statement, nullptr, 0, nullptr, 0, kNone, SQL_NTS, nullptr, 0,
             nullptr, 0, nullptr, 0);
  });
  add_catalog(all, "SpecialColumns", [](TransitionRig& r) {
    return r("SQLSpecialColumns", r.odbc.statement, SQL_BEST_ROWID, nullptr, 0, nullptr, 0, kNone,
             SQL_NTS, SQL_SCOPE_SESSION, SQL_NULLABLE);
  });
  add_catalog(all, "Statistics", [](TransitionRig& r) {
    return r("SQLStatistics", r.odbc.statement, nullptr, 0, nullptr, 0, kNone, SQL_NTS,
             SQL_INDEX_ALL, SQL_QUICK);
  });
  add_catalog(all, "GetTypeInfo", [](TransitionRig& r) {
    return r("SQLGetTypeInfo", r.odbc.statement, SQL_ALL_TYPES);
  });
}

}  // namespace test_support
