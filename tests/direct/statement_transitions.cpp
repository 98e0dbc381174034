// The functions of statements but for the catalog's.
#include "tests/direct/transitions.h"

namespace test_support {
namespace {

void add_call(Transitions& all, const char* name, Transition::Call call) {
  add_transition(all, ToldOn::kStatement, name, std::move(call));
}

/// A function that takes the statement alone.
void add_plain(Transitions& all, const char* name) {
  add_call(all, name, [name](TransitionRig& r) { return r(function_of(name), r.odbc.statement); });
}

void add_sql(Transitions& all, const char* name, const char* sql) {
  add_call(all, name, [name, sql](TransitionRig& r) {
    return r(function_of(name), r.odbc.statement, sql, SQL_NTS);
  });
}

void add_bindings(Transitions& all) {
  add_call(all, "BindCol", [](TransitionRig& r) {
    return r("SQLBindCol", r.odbc.statement, 1, SQL_C_CHAR, r.text.data(), 8, &r.length);
  });
  add_call(all, "BindParameter", [](TransitionRig& r) {
    return r("SQLBindParameter", r.odbc.statement, 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT, 0,
             0, &r.number, 0, nullptr);
  });
  add_call(all, "DescribeParam", [](TransitionRig& r) {
    return r("SQLDescribeParam", r.odbc.statement, 1, nullptr, nullptr, nullptr, nullptr);
  });
  add_call(all, "NumParams",
           [](TransitionRig& r) { return r("SQLNumParams", r.odbc.statement, &r.status); });
  add_call(all, "ParamData",
           [](TransitionRig& r) { return r("SQLParamData", r.odbc.statement, &r.token); });
  add_call(all, "PutData",
           [](TransitionRig& r) { return r("SQLPutData", r.odbc.statement, "0", 1); });
}

void add_execution(Transitions& all) {
  for (const char* name : {"Cancel", "Execute", "MoreResults", "CloseCursor", "Fetch"}) {
    add_plain(all, name);
  }
  add_call(all, "CancelHandle", [](TransitionRig& r) {
    return r("SQLCancelHandle", SQL_HANDLE_STMT, r.odbc.statement);
  });
  add_sql(all, "ExecDirect:nothing", kAsksNothing);
  add_sql(all, "ExecDirect:rows", kAsksRows);
  add_sql(all, "ExecDirect:wrong", "SELEC 1");
  add_sql(all, "Prepare:nothing", kAsksNothing);
  add_sql(all, "Prepare:rows", kAsksRows);
  add_sql(all, "SetCursorName", "mine");
  for (const auto& [name, option] :
       {std::pair{"FreeStmt:close", SQL_CLOSE}, std::pair{"FreeStmt:unbind", SQL_UNBIND},
        std::pair{"FreeStmt:params", SQL_RESET_PARAMS}}) {
    add_call(all, name, [option = option](TransitionRig& r) {
      return r("SQLFreeStmt", r.odbc.statement, option);
    });
  }
  add_call(all, "GetCursorName", [](TransitionRig& r) {
    return r("SQLGetCursorName", r.odbc.statement, r.text.data(), r.text.size(), nullptr);
  });
}

void add_fetching(Transitions& all) {
  add_call(all, "FetchScroll", [](TransitionRig& r) {
    return r("SQLFetchScroll", r.odbc.statement, SQL_FETCH_NEXT, 0);
  });
  add_call(all, "ExtendedFetch", [](TransitionRig& r) {
    return r("SQLExtendedFetch", r.odbc.statement, SQL_FETCH_NEXT, 0, &r.number, &r.status);
  });
  add_call(all, "GetData", [](TransitionRig& r) {
    return r("SQLGetData", r.odbc.statement, 1, SQL_C_CHAR, r.text.data(), r.text.size(),
             &r.length);
  });
  add_call(all, "SetPos", [](TransitionRig& r) {
    return r("SQLSetPos", r.odbc.statement, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE);
  });
  // Both write column 2, when it can be bound.
  const auto bind = [](TransitionRig& r, SQLLEN length) {
    r.text[0] = 'n';
    r.length = length;
    r("SQLBindCol", r.odbc.statement, 2, SQL_C_CHAR, r.text.data(), r.text.size(), &r.length);
  };
  add_call(all, "SetPos:update", [bind](TransitionRig& r) {
    bind(r, 1);
    return r("SQLSetPos", r.odbc.statement, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE);
  });
  add_call(all, "SetPos:data", [bind](TransitionRig& r) {
    bind(r, SQL_DATA_AT_EXEC);
    return r("SQLSetPos", r.odbc.statement, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE);
  });
  add_call(all, "BulkOperations:add", [bind](TransitionRig& r) {
    bind(r, 1);
    return r("SQLBulkOperations", r.odbc.statement, SQL_ADD);
  });
  add_call(all, "BulkOperations:data", [bind](TransitionRig& r) {
    bind(r, SQL_DATA_AT_EXEC);
    return r("SQLBulkOperations", r.odbc.statement, SQL_ADD);
  });
}

void add_descriptions(Transitions& all) {
  for (const auto& [name, field] : {std::pair{"ColAttribute", SQL_DESC_NULLABLE},
                                    std::pair{"ColAttribute:count", SQL_DESC_COUNT}}) {
    add_call(all, name, [field = field](TransitionRig& r) {
      return r("SQLColAttribute", r.odbc.statement, 1, field, nullptr, 0, nullptr, &r.length);
    });
  }
  add_call(all, "DescribeCol", [](TransitionRig& r) {
    return r("SQLDescribeCol", r.odbc.statement, 1, nullptr, 0, nullptr, nullptr, nullptr, nullptr,
             nullptr);
  });
  add_call(all, "NumResultCols",
           [](TransitionRig& r) { return r("SQLNumResultCols", r.odbc.statement, &r.status); });
  add_call(all, "RowCount",
           [](TransitionRig& r) { return r("SQLRowCount", r.odbc.statement, &r.length); });
  for (const auto& [name, field] : {std::pair{"GetDiagField", SQL_DIAG_NUMBER},
                                    std::pair{"GetDiagField:rows", SQL_DIAG_ROW_COUNT}}) {
    add_call(all, name, [field = field](TransitionRig& r) {
      return r("SQLGetDiagField", SQL_HANDLE_STMT, r.odbc.statement, 0, field, &r.length, 0,
               nullptr);
    });
  }
  add_call(all, "GetDiagRec", [](TransitionRig& r) {
    return r("SQLGetDiagRec", SQL_HANDLE_STMT, r.odbc.statement, 1, r.text.data(), nullptr, nullptr,
             0, nullptr);
  });
}

void add_statement_attributes(Transitions& all) {
  for (const auto& [name, attribute] : {std::pair{"GetStmtAttr", SQL_ATTR_MAX_ROWS},
                                        std::pair{"GetStmtAttr:row", SQL_ATTR_ROW_NUMBER}}) {
    add_call(all, name, [attribute = attribute](TransitionRig& r) {
      return r("SQLGetStmtAttr", r.odbc.statement, attribute, &r.number, 0, nullptr);
    });
  }
  add_call(all, "SetStmtAttr", [](TransitionRig& r) {
    return r("SQLSetStmtAttr", r.odbc.statement, SQL_ATTR_MAX_ROWS, 0, 0);
  });
  struct Setting {
    const char* name;
    SQLINTEGER attribute;
    SQLULEN value;
  };
  for (const Setting& each :
       {Setting{"SetStmtAttr:cursor", SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC},
        Setting{"SetStmtAttr:concurrency", SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES},
        Setting{"SetStmtAttr:simulate", SQL_ATTR_SIMULATE_CURSOR, SQL_SC_TRY_UNIQUE},
        Setting{"SetStmtAttr:bookmarks", SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE},
        Setting{"SetStmtAttr:scrollable", SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE},
        Setting{"SetStmtAttr:sensitivity", SQL_ATTR_CURSOR_SENSITIVITY, SQL_INSENSITIVE}}) {
    add_call(all, each.name, [each](TransitionRig& r) {
      return r("SQLSetStmtAttr", r.odbc.statement, each.attribute, each.value, 0);
    });
  }
}

}  // namespace

void add_statement_transitions(Transitions& all) {
  add_bindings(all);
  add_execution(all);
  add_fetching(all);
  add_descriptions(all);
  add_statement_attributes(all);
}

}  // namespace test_support
