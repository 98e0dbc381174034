#include "driver/function_table.h"

#include <algorithm>
#include <array>
#include <string>

#include "fabric/base/error.h"

namespace driver {

namespace {

using Use = FunctionUse;

// By number.
constexpr std::array kFunctions{
    FunctionRow{SQL_API_SQLALLOCCONNECT, "SQLAllocConnect", Use::kReplaced},
    FunctionRow{SQL_API_SQLALLOCENV, "SQLAllocEnv", Use::kReplaced},
    FunctionRow{SQL_API_SQLALLOCSTMT, "SQLAllocStmt", Use::kReplaced},
    FunctionRow{SQL_API_SQLBINDCOL, "SQLBindCol", Use::kExported},
    FunctionRow{SQL_API_SQLCANCEL, "SQLCancel", Use::kExported},
    FunctionRow{SQL_API_SQLCOLATTRIBUTE, "SQLColAttribute", Use::kExported},
    FunctionRow{SQL_API_SQLCONNECT, "SQLConnect", Use::kExported},
    FunctionRow{SQL_API_SQLDESCRIBECOL, "SQLDescribeCol", Use::kExported},
    FunctionRow{SQL_API_SQLDISCONNECT, "SQLDisconnect", Use::kExported},
    FunctionRow{SQL_API_SQLERROR, "SQLError", Use::kReplaced},
    FunctionRow{SQL_API_SQLEXECDIRECT, "SQLExecDirect", Use::kExported},
    FunctionRow{SQL_API_SQLEXECUTE, "SQLExecute", Use::kExported},
    FunctionRow{SQL_API_SQLFETCH, "SQLFetch", Use::kExported},
    FunctionRow{SQL_API_SQLFREECONNECT, "SQLFreeConnect", Use::kReplaced},
    FunctionRow{SQL_API_SQLFREEENV, "SQLFreeEnv", Use::kReplaced},
    FunctionRow{SQL_API_SQLFREESTMT, "SQLFreeStmt", Use::kExported},
    FunctionRow{SQL_API_SQLGETCURSORNAME, "SQLGetCursorName", Use::kExported},
    FunctionRow{SQL_API_SQLNUMRESULTCOLS, "SQLNumResultCols", Use::kExported},
    FunctionRow{SQL_API_SQLPREPARE, "SQLPrepare", Use::kExported},
    FunctionRow{SQL_API_SQLROWCOUNT, "SQLRowCount", Use::kExported},
    FunctionRow{SQL_API_SQLSETCURSORNAME, "SQLSetCursorName", Use::kExported},
    FunctionRow{SQL_API_SQLSETPARAM, "SQLSetParam", Use::kReplaced},
    FunctionRow{SQL_API_SQLTRANSACT, "SQLTransact", Use::kReplaced},
    FunctionRow{SQL_API_SQLBULKOPERATIONS, "SQLBulkOperations", Use::kExported},
    FunctionRow{SQL_API_SQLCOLUMNS, "SQLColumns", Use::kExported},
    FunctionRow{SQL_API_SQLDRIVERCONNECT, "SQLDriverConnect", Use::kExported},
    FunctionRow{SQL_API_SQLGETCONNECTOPTION, "SQLGetConnectOption", Use::kReplaced},
    FunctionRow{SQL_API_SQLGETDATA, "SQLGetData", Use::kExported},
    FunctionRow{SQL_API_SQLGETFUNCTIONS, "SQLGetFunctions", Use::kExported},
    FunctionRow{SQL_API_SQLGETINFO, "SQLGetInfo", Use::kExported},
    FunctionRow{SQL_API_SQLGETSTMTOPTION, "SQLGetStmtOption", Use::kReplaced},
    FunctionRow{SQL_API_SQLGETTYPEINFO, "SQLGetTypeInfo", Use::kExported},
    FunctionRow{SQL_API_SQLPARAMDATA, "SQLParamData", Use::kExported},
    FunctionRow{SQL_API_SQLPUTDATA, "SQLPutData", Use::kExported},
    FunctionRow{SQL_API_SQLSETCONNECTOPTION, "SQLSetConnectOption", Use::kReplaced},
    FunctionRow{SQL_API_SQLSETSTMTOPTION, "SQLSetStmtOption", Use::kReplaced},
    FunctionRow{SQL_API_SQLSPECIALCOLUMNS, "SQLSpecialColumns", Use::kExported},
    FunctionRow{SQL_API_SQLSTATISTICS, "SQLStatistics", Use::kExported},
    FunctionRow{SQL_API_SQLTABLES, "SQLTables", Use::kExported},
    FunctionRow{SQL_API_SQLBROWSECONNECT, "SQLBrowseConnect", Use::kExported},
    FunctionRow{SQL_API_SQLCOLUMNPRIVILEGES, "SQLColumnPrivileges", Use::kExported},
    FunctionRow{SQL_API_SQLDATASOURCES, "SQLDataSources", Use::kManager},
    FunctionRow{SQL_API_SQLDESCRIBEPARAM, "SQLDescribeParam", Use::kExported},
    FunctionRow{SQL_API_SQLEXTENDEDFETCH, "SQLExtendedFetch", Use::kExported},
    FunctionRow{SQL_API_SQLFOREIGNKEYS, "SQLForeignKeys", Use::kExported},
    FunctionRow{SQL_API_SQLMORERESULTS, "SQLMoreResults", Use::kExported},
    FunctionRow{SQL_API_SQLNATIVESQL, "SQLNativeSql", Use::kExported},
    FunctionRow{SQL_API_SQLNUMPARAMS, "SQLNumParams", Use::kExported},
    FunctionRow{SQL_API_SQLPARAMOPTIONS, "SQLParamOptions", Use::kReplaced},
    FunctionRow{SQL_API_SQLPRIMARYKEYS, "SQLPrimaryKeys", Use::kExported},
    FunctionRow{SQL_API_SQLPROCEDURECOLUMNS, "SQLProcedureColumns", Use::kExported},
    FunctionRow{SQL_API_SQLPROCEDURES, "SQLProcedures", Use::kExported},
    FunctionRow{SQL_API_SQLSETPOS, "SQLSetPos", Use::kExported},
    FunctionRow{SQL_API_SQLSETSCROLLOPTIONS, "SQLSetScrollOptions", Use::kReplaced},
    FunctionRow{SQL_API_SQLTABLEPRIVILEGES, "SQLTablePrivileges", Use::kExported},
    FunctionRow{SQL_API_SQLDRIVERS, "SQLDrivers", Use::kManager},
    FunctionRow{SQL_API_SQLBINDPARAMETER, "SQLBindParameter", Use::kExported},
    FunctionRow{SQL_API_SQLALLOCHANDLE, "SQLAllocHandle", Use::kExported},
    FunctionRow{SQL_API_SQLBINDPARAM, "SQLBindParam", Use::kReplaced},
    FunctionRow{SQL_API_SQLCLOSECURSOR, "SQLCloseCursor", Use::kExported},
    FunctionRow{SQL_API_SQLCOPYDESC, "SQLCopyDesc", Use::kExported},
    FunctionRow{SQL_API_SQLENDTRAN, "SQLEndTran", Use::kExported},
    FunctionRow{SQL_API_SQLFREEHANDLE, "SQLFreeHandle", Use::kExported},
    FunctionRow{SQL_API_SQLGETCONNECTATTR, "SQLGetConnectAttr", Use::kExported},
    FunctionRow{SQL_API_SQLGETDESCFIELD, "SQLGetDescField", Use::kExported},
    FunctionRow{SQL_API_SQLGETDESCREC, "SQLGetDescRec", Use::kExported},
    FunctionRow{SQL_API_SQLGETDIAGFIELD, "SQLGetDiagField", Use::kExported},
    FunctionRow{SQL_API_SQLGETDIAGREC, "SQLGetDiagRec", Use::kExported},
    FunctionRow{SQL_API_SQLGETENVATTR, "SQLGetEnvAttr", Use::kExported},
    FunctionRow{SQL_API_SQLGETSTMTATTR, "SQLGetStmtAttr", Use::kExported},
    FunctionRow{SQL_API_SQLSETCONNECTATTR, "SQLSetConnectAttr", Use::kExported},
    FunctionRow{SQL_API_SQLSETDESCFIELD, "SQLSetDescField", Use::kExported},
    FunctionRow{SQL_API_SQLSETDESCREC, "SQLSetDescRec", Use::kExported},
    FunctionRow{SQL_API_SQLSETENVATTR, "SQLSetEnvAttr", Use::kExported},
    FunctionRow{SQL_API_SQLSETSTMTATTR, "SQLSetStmtAttr", Use::kExported},
    FunctionRow{SQL_API_SQLFETCHSCROLL, "SQLFetchScroll", Use::kExported},
    FunctionRow{SQL_API_SQLCANCELHANDLE, "SQLCancelHandle", Use::kExported},
};
static_assert(std::ranges::adjacent_find(kFunctions, std::ranges::greater_equal{},
                                         &FunctionRow::id) == kFunctions.end());

bool is_exported(const FunctionRow& row) {
  return row.use == Use::kExported || row.use == Use::kReplaced;
}

constexpr std::size_t kOdbc2Functions = 100;
constexpr int kLastOdbc3Function = SQL_API_ODBC3_ALL_FUNCTIONS_SIZE * 16 - 1;

}  // namespace

std::span<const FunctionRow> functions() { return kFunctions; }

bool has_function(SQLUSMALLINT id) {
  const auto* const found = std::ranges::lower_bound(kFunctions, id, {}, &FunctionRow::id);
  return found != kFunctions.end() && found->id == id && is_exported(*found);
}

void get_functions(SQLUSMALLINT id, SQLUSMALLINT* answer) {
  if (id == SQL_API_ODBC3_ALL_FUNCTIONS) {
    std::fill_n(answer, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE, SQLUSMALLINT{0});
    for (const FunctionRow& function : kFunctions) {
      if (!is_exported(function)) continue;
      SQLUSMALLINT& word = answer[function.id / 16];
      word = static_cast<SQLUSMALLINT>(word | (1U << (function.id % 16)));
    }
  } else if (id == SQL_API_ALL_FUNCTIONS) {
    std::fill_n(answer, kOdbc2Functions, SQLUSMALLINT{SQL_FALSE});
    for (const FunctionRow& function : kFunctions) {
      const bool named = function.id < kOdbc2Functions && is_exported(function);
      if (named) answer[function.id] = SQL_TRUE;
    }
  } else if (id > kLastOdbc3Function) {
    throw fabric::base::Error(fabric::base::SqlState::kHY095,
                              "Function " + std::to_string(id) + " is not an ODBC function");
  } else {
    *answer = has_function(id) ? SQL_TRUE : SQL_FALSE;
  }
}

}  // namespace driver
