#include "driver/function_table.h"

#include <algorithm>
#include <array>
#include <string>

#include "fabric/base/error.h"

namespace driver {

namespace {

// What driver/entry exports; the driver manager maps the ODBC 2 functions onto these.
constexpr std::array kFunctions = [] {
  std::array functions{SQL_API_SQLALLOCHANDLE,
                       SQL_API_SQLBINDCOL,
                       SQL_API_SQLBINDPARAMETER,
                       SQL_API_SQLCANCEL,
                       SQL_API_SQLCANCELHANDLE,
                       SQL_API_SQLCLOSECURSOR,
                       SQL_API_SQLCOLATTRIBUTE,
                       SQL_API_SQLCOLUMNPRIVILEGES,
                       SQL_API_SQLCOLUMNS,
                       SQL_API_SQLCONNECT,
                       SQL_API_SQLCOPYDESC,
                       SQL_API_SQLDESCRIBECOL,
                       SQL_API_SQLDESCRIBEPARAM,
                       SQL_API_SQLDISCONNECT,
                       SQL_API_SQLDRIVERCONNECT,
                       SQL_API_SQLENDTRAN,
                       SQL_API_SQLEXECDIRECT,
                       SQL_API_SQLEXECUTE,
                       SQL_API_SQLFETCH,
                       SQL_API_SQLFETCHSCROLL,
                       SQL_API_SQLFOREIGNKEYS,
                       SQL_API_SQLFREEHANDLE,
                       SQL_API_SQLFREESTMT,
                       SQL_API_SQLGETCONNECTATTR,
                       SQL_API_SQLGETCURSORNAME,
                       SQL_API_SQLGETDATA,
                       SQL_API_SQLGETDESCFIELD,
                       SQL_API_SQLGETDESCREC,
                       SQL_API_SQLGETDIAGFIELD,
                       SQL_API_SQLGETDIAGREC,
                       SQL_API_SQLGETENVATTR,
                       SQL_API_SQLGETFUNCTIONS,
                       SQL_API_SQLGETINFO,
                       SQL_API_SQLGETSTMTATTR,
                       SQL_API_SQLGETTYPEINFO,
                       SQL_API_SQLMORERESULTS,
                       SQL_API_SQLNATIVESQL,
                       SQL_API_SQLNUMPARAMS,
                       SQL_API_SQLNUMRESULTCOLS,
                       SQL_API_SQLPARAMDATA,
                       SQL_API_SQLPREPARE,
                       SQL_API_SQLPRIMARYKEYS,
                       SQL_API_SQLPROCEDURECOLUMNS,
                       SQL_API_SQLPROCEDURES,
                       SQL_API_SQLPUTDATA,
                       SQL_API_SQLROWCOUNT,
                       SQL_API_SQLSETCONNECTATTR,
                       SQL_API_SQLSETCURSORNAME,
                       SQL_API_SQLSETDESCFIELD,
                       SQL_API_SQLSETDESCREC,
                       SQL_API_SQLSETENVATTR,
                       SQL_API_SQLSETSTMTATTR,
                       SQL_API_SQLSPECIALCOLUMNS,
                       SQL_API_SQLSTATISTICS,
                       SQL_API_SQLTABLEPRIVILEGES,
                       SQL_API_SQLTABLES};
  std::sort(functions.begin(), functions.end());
  return functions;
}();

constexpr std::size_t kOdbc2Functions = 100;
constexpr int kLastOdbc3Function = SQL_API_ODBC3_ALL_FUNCTIONS_SIZE * 16 - 1;

}  // namespace

bool has_function(SQLUSMALLINT id) {
  return std::binary_search(kFunctions.begin(), kFunctions.end(), int{id});
}

void get_functions(SQLUSMALLINT id, SQLUSMALLINT* answer) {
  if (id == SQL_API_ODBC3_ALL_FUNCTIONS) {
    std::fill_n(answer, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE, SQLUSMALLINT{0});
    for (const int function : kFunctions) {
      SQLUSMALLINT& word = answer[function / 16];
      word = static_cast<SQLUSMALLINT>(word | (1U << (function % 16)));
    }
  } else if (id == SQL_API_ALL_FUNCTIONS) {
    std::fill_n(answer, kOdbc2Functions, SQLUSMALLINT{SQL_FALSE});
    for (const int function : kFunctions) {
      if (function < static_cast<int>(kOdbc2Functions)) answer[function] = SQL_TRUE;
    }
  } else if (id > kLastOdbc3Function) {
    throw fabric::base::Error(fabric::base::SqlState::kHY095,
                              "Function " + std::to_string(id) + " is not an ODBC function");
  } else {
    *answer = has_function(id) ? SQL_TRUE : SQL_FALSE;
  }
}

}  // namespace driver
