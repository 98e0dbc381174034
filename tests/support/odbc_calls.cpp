#include "tests/support/odbc_calls.h"

#include <dlfcn.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace test_support {
namespace {

using enum Argument;

template <class T>
T argument(std::uint64_t bits) {
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<T>(static_cast<std::uintptr_t>(bits));
  } else {
    return static_cast<T>(bits);
  }
}

template <class Function>
struct Caller;

template <class... Types>
struct Caller<SQLRETURN(Types...)> {
  static constexpr std::size_t kCount = sizeof...(Types);

  static SQLRETURN call(void* function, const std::uint64_t* values) {
    return apply(function, values, std::index_sequence_for<Types...>{});
  }
  template <std::size_t... kIndex>
  static SQLRETURN apply(void* function, const std::uint64_t* values,
                         std::index_sequence<kIndex...> /*indexes*/) {
    return reinterpret_cast<SQLRETURN (*)(Types...)>(function)(argument<Types>(values[kIndex])...);
  }
};

template <class Function, std::size_t kCount>
OdbcCall row(const char* name, const Argument (&kinds)[kCount]) {
  static_assert(kCount == Caller<Function>::kCount, "an argument is missing, or one too many");
  OdbcCall made{name, {}, kCount, false, Caller<Function>::call};
  std::ranges::copy(kinds, made.kinds.begin());
  return made;
}

class Rows {
 public:
  template <class Function, std::size_t kCount>
  void one(const char* name, const Argument (&kinds)[kCount]) {
    rows_.push_back(row<Function>(name, kinds));
  }
  /// A function with texts, and its W variant.
  template <class Narrow, class Wide, std::size_t kCount>
  void two(const char* name, const Argument (&kinds)[kCount]) {
    one<Narrow>(name, kinds);
    one<Wide>(name, kinds);
    rows_.back().name += "W";
    rows_.back().wide = true;
  }
  std::vector<OdbcCall> sorted() && {
    std::ranges::sort(rows_, {}, &OdbcCall::name);
    return std::move(rows_);
  }

 private:
  std::vector<OdbcCall> rows_;
};

void add_handles(Rows& rows) {
  rows.one<decltype(SQLAllocHandle)>("SQLAllocHandle", {kHandleType, kAnyHandle, kHandleOut});
  rows.one<decltype(SQLFreeHandle)>("SQLFreeHandle", {kHandleType, kAnyHandle});
  rows.one<decltype(SQLFreeStmt)>("SQLFreeStmt", {kStatement, kOption});
  rows.one<decltype(SQLCancel)>("SQLCancel", {kStatement});
  rows.one<decltype(SQLCancelHandle)>("SQLCancelHandle", {kHandleType, kAnyHandle});
  rows.one<decltype(SQLEndTran)>("SQLEndTran", {kHandleType, kAnyHandle, kOption});
  rows.one<decltype(SQLTransact)>("SQLTransact", {kEnvironment, kConnection, kOption});
  rows.two<decltype(SQLConnect), decltype(SQLConnectW)>(
      "SQLConnect", {kConnection, kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLDriverConnect), decltype(SQLDriverConnectW)>(
      "SQLDriverConnect",
      {kConnection, kWindow, kText, kTextLength, kBuffer, kCapacity, kShortOut, kOption});
  rows.two<decltype(SQLBrowseConnect), decltype(SQLBrowseConnectW)>(
      "SQLBrowseConnect", {kConnection, kText, kTextLength, kBuffer, kCapacity, kShortOut});
  rows.one<decltype(SQLDisconnect)>("SQLDisconnect", {kConnection});
}

void add_attributes(Rows& rows) {
  rows.one<decltype(SQLSetEnvAttr)>("SQLSetEnvAttr",
                                    {kEnvironment, kEnvironmentAttribute, kValue, kValueLength});
  rows.one<decltype(SQLGetEnvAttr)>(
      "SQLGetEnvAttr", {kEnvironment, kEnvironmentAttribute, kBuffer, kCapacityBytes, kIntOut});
  rows.two<decltype(SQLSetConnectAttr), decltype(SQLSetConnectAttrW)>(
      "SQLSetConnectAttr", {kConnection, kConnectionAttribute, kValue, kValueLength});
  rows.two<decltype(SQLGetConnectAttr), decltype(SQLGetConnectAttrW)>(
      "SQLGetConnectAttr", {kConnection, kConnectionAttribute, kBuffer, kCapacityBytes, kIntOut});
  rows.two<decltype(SQLSetConnectOption), decltype(SQLSetConnectOptionW)>(
      "SQLSetConnectOption", {kConnection, kConnectionAttribute, kValue});
  rows.two<decltype(SQLSetStmtAttr), decltype(SQLSetStmtAttrW)>(
      "SQLSetStmtAttr", {kStatement, kStatementAttribute, kValue, kValueLength});
  rows.two<decltype(SQLGetStmtAttr), decltype(SQLGetStmtAttrW)>(
      "SQLGetStmtAttr", {kStatement, kStatementAttribute, kBuffer, kCapacityBytes, kIntOut});
  rows.one<decltype(SQLSetStmtOption)>("SQLSetStmtOption",
                                       {kStatement, kStatementAttribute, kValue});
  rows.one<decltype(SQLGetStmtOption)>("SQLGetStmtOption",
                                       {kStatement, kStatementAttribute, kLenOut});
  rows.two<decltype(SQLGetInfo), decltype(SQLGetInfoW)>(
      "SQLGetInfo", {kConnection, kInfoType, kBuffer, kCapacityBytes, kShortOut});
  rows.one<decltype(SQLGetFunctions)>("SQLGetFunctions", {kConnection, kFunctionId, kFunctionsOut});
}

void add_descriptors(Rows& rows) {
  rows.two<decltype(SQLGetDescField), decltype(SQLGetDescFieldW)>(
      "SQLGetDescField",
      {kDescriptor, kColumn, kDescriptorField, kBuffer, kCapacityBytes, kIntOut});
  rows.two<decltype(SQLSetDescField), decltype(SQLSetDescFieldW)>(
      "SQLSetDescField", {kDescriptor, kColumn, kDescriptorField, kValue, kValueLength});
  rows.two<decltype(SQLGetDescRec), decltype(SQLGetDescRecW)>(
      "SQLGetDescRec", {kDescriptor, kColumn, kBuffer, kCapacity, kShortOut, kShortOut, kShortOut,
                        kLenOut, kShortOut, kShortOut, kShortOut});
  rows.one<decltype(SQLSetDescRec)>(
      "SQLSetDescRec", {kDescriptor, kColumn, kCType, kSmall, kBoundCapacity, kSmall, kSmall,
                        kBound, kBoundLength, kBoundLength});
  rows.one<decltype(SQLCopyDesc)>("SQLCopyDesc", {kDescriptor, kDescriptor});
  rows.two<decltype(SQLGetDiagRec), decltype(SQLGetDiagRecW)>(
      "SQLGetDiagRec",
      {kHandleType, kAnyHandle, kColumn, kStatusOut, kIntOut, kBuffer, kCapacity, kShortOut});
  rows.two<decltype(SQLGetDiagField), decltype(SQLGetDiagFieldW)>(
      "SQLGetDiagField",
      {kHandleType, kAnyHandle, kColumn, kDiagnosticField, kBuffer, kCapacityBytes, kShortOut});
  rows.two<decltype(SQLError), decltype(SQLErrorW)>(
      "SQLError",
      {kEnvironment, kConnection, kStatement, kStatusOut, kIntOut, kBuffer, kCapacity, kShortOut});
}

void add_statements(Rows& rows) {
  rows.two<decltype(SQLPrepare), decltype(SQLPrepareW)>("SQLPrepare",
                                                        {kStatement, kText, kTextLength});
  rows.two<decltype(SQLExecDirect), decltype(SQLExecDirectW)>("SQLExecDirect",
                                                              {kStatement, kText, kTextLength});
  rows.one<decltype(SQLExecute)>("SQLExecute", {kStatement});
  rows.two<decltype(SQLNativeSql), decltype(SQLNativeSqlW)>(
      "SQLNativeSql", {kConnection, kText, kTextLength, kBuffer, kCapacity, kIntOut});
  rows.one<decltype(SQLBindParameter)>(
      "SQLBindParameter", {kStatement, kColumn, kOption, kCType, kSqlType, kSize, kSmall, kBound,
                           kBoundCapacity, kBoundLength});
  rows.one<decltype(SQLBindParam)>(
      "SQLBindParam", {kStatement, kColumn, kCType, kSqlType, kSize, kSmall, kBound, kBoundLength});
  rows.one<decltype(SQLSetParam)>(
      "SQLSetParam", {kStatement, kColumn, kCType, kSqlType, kSize, kSmall, kBound, kBoundLength});
  rows.one<decltype(SQLParamOptions)>("SQLParamOptions", {kStatement, kOption, kBoundLength});
  rows.one<decltype(SQLNumParams)>("SQLNumParams", {kStatement, kShortOut});
  rows.one<decltype(SQLDescribeParam)>(
      "SQLDescribeParam", {kStatement, kColumn, kShortOut, kLenOut, kShortOut, kShortOut});
  rows.one<decltype(SQLParamData)>("SQLParamData", {kStatement, kPointerOut});
  rows.one<decltype(SQLPutData)>("SQLPutData", {kStatement, kData, kDataLength});
  rows.two<decltype(SQLSetCursorName), decltype(SQLSetCursorNameW)>(
      "SQLSetCursorName", {kStatement, kText, kTextLength});
  rows.two<decltype(SQLGetCursorName), decltype(SQLGetCursorNameW)>(
      "SQLGetCursorName", {kStatement, kBuffer, kCapacity, kShortOut});
}

void add_results(Rows& rows) {
  rows.one<decltype(SQLBindCol)>(
      "SQLBindCol", {kStatement, kColumn, kCType, kBound, kBoundCapacity, kBoundLength});
  rows.one<decltype(SQLFetch)>("SQLFetch", {kStatement});
  rows.one<decltype(SQLFetchScroll)>("SQLFetchScroll", {kStatement, kOrientation, kOffset});
  rows.one<decltype(SQLExtendedFetch)>("SQLExtendedFetch",
                                       {kStatement, kOrientation, kOffset, kLenOut, kStatusOut});
  rows.one<decltype(SQLSetPos)>("SQLSetPos", {kStatement, kColumn, kOption, kOption});
  rows.one<decltype(SQLBulkOperations)>("SQLBulkOperations", {kStatement, kOption});
  rows.one<decltype(SQLSetScrollOptions)>("SQLSetScrollOptions",
                                          {kStatement, kOption, kOption, kOption});
  rows.one<decltype(SQLGetData)>("SQLGetData",
                                 {kStatement, kColumn, kCType, kBuffer, kCapacityBytes, kLenOut});
  rows.one<decltype(SQLMoreResults)>("SQLMoreResults", {kStatement});
  rows.one<decltype(SQLCloseCursor)>("SQLCloseCursor", {kStatement});
  rows.one<decltype(SQLRowCount)>("SQLRowCount", {kStatement, kLenOut});
  rows.one<decltype(SQLNumResultCols)>("SQLNumResultCols", {kStatement, kShortOut});
  rows.two<decltype(SQLDescribeCol), decltype(SQLDescribeColW)>(
      "SQLDescribeCol", {kStatement, kColumn, kBuffer, kCapacity, kShortOut, kShortOut, kLenOut,
                         kShortOut, kShortOut});
  rows.two<decltype(SQLColAttribute), decltype(SQLColAttributeW)>(
      "SQLColAttribute",
      {kStatement, kColumn, kColumnField, kBuffer, kCapacityBytes, kShortOut, kLenOut});
  rows.two<decltype(SQLColAttributes), decltype(SQLColAttributesW)>(
      "SQLColAttributes",
      {kStatement, kColumn, kColumnField, kBuffer, kCapacityBytes, kShortOut, kLenOut});
}

void add_catalog(Rows& rows) {
  rows.two<decltype(SQLTables), decltype(SQLTablesW)>(
      "SQLTables",
      {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLColumns), decltype(SQLColumnsW)>(
      "SQLColumns",
      {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLColumnPrivileges), decltype(SQLColumnPrivilegesW)>(
      "SQLColumnPrivileges",
      {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLProcedureColumns), decltype(SQLProcedureColumnsW)>(
      "SQLProcedureColumns",
      {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLPrimaryKeys), decltype(SQLPrimaryKeysW)>(
      "SQLPrimaryKeys", {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLProcedures), decltype(SQLProceduresW)>(
      "SQLProcedures", {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLTablePrivileges), decltype(SQLTablePrivilegesW)>(
      "SQLTablePrivileges",
      {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLStatistics), decltype(SQLStatisticsW)>(
      "SQLStatistics",
      {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength, kOption, kOption});
  rows.two<decltype(SQLSpecialColumns), decltype(SQLSpecialColumnsW)>(
      "SQLSpecialColumns", {kStatement, kOption, kText, kTextLength, kText, kTextLength, kText,
                            kTextLength, kOption, kOption});
  rows.two<decltype(SQLForeignKeys), decltype(SQLForeignKeysW)>(
      "SQLForeignKeys", {kStatement, kText, kTextLength, kText, kTextLength, kText, kTextLength,
                         kText, kTextLength, kText, kTextLength, kText, kTextLength});
  rows.two<decltype(SQLGetTypeInfo), decltype(SQLGetTypeInfoW)>("SQLGetTypeInfo",
                                                                {kStatement, kSqlType});
}

}  // namespace

const std::vector<OdbcCall>& odbc_calls() {
  static const std::vector<OdbcCall> calls = [] {
    Rows rows;
    add_handles(rows);
    add_attributes(rows);
    add_descriptors(rows);
    add_statements(rows);
    add_results(rows);
    add_catalog(rows);
    return std::move(rows).sorted();
  }();
  return calls;
}

const OdbcCall& odbc_call(std::string_view name) {
  const auto found = std::ranges::lower_bound(odbc_calls(), name, {}, &OdbcCall::name);
  if (found == odbc_calls().end() || found->name != name) {
    throw std::out_of_range("no ODBC function " + std::string(name));
  }
  return *found;
}

OdbcLibrary::OdbcLibrary(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(dlerror());
  for (const OdbcCall& call : odbc_calls()) {
    functions_.push_back(dlsym(library, call.name.c_str()));
  }
}

bool OdbcLibrary::has(const OdbcCall& call) const {
  return functions_[static_cast<std::size_t>(&call - odbc_calls().data())] != nullptr;
}

SQLRETURN OdbcLibrary::invoke(const OdbcCall& call, std::span<const std::uint64_t> values) const {
  void* function = functions_[static_cast<std::size_t>(&call - odbc_calls().data())];
  if (function == nullptr) throw std::out_of_range("the library has no " + call.name);
  if (values.size() != call.count)
    throw std::out_of_range("wrong number of arguments: " + call.name);
  return call.invoke(function, values.data());
}

}  // namespace test_support
