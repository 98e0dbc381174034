#include "tests/fuzz/sequence.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace fuzz {
namespace {

using test_support::Argument;
using test_support::OdbcCall;
using test_support::OdbcLibrary;

/// How often a function is called: those that lead deep often, those that tear down seldom.
std::uint64_t weight_of(const std::string& name) {
  static constexpr std::array<std::string_view, 17> kOften{
      "SQLExecDirect",  "SQLPrepare",        "SQLExecute",       "SQLFetch",
      "SQLFetchScroll", "SQLGetData",        "SQLBindCol",       "SQLBindParameter",
      "SQLParamData",   "SQLPutData",        "SQLMoreResults",   "SQLExecDirectW",
      "SQLSetPos",      "SQLBulkOperations", "SQLExtendedFetch", "SQLSetStmtAttr",
      "SQLSetDescField"};
  static constexpr std::array<std::string_view, 4> kSeldom{"SQLDisconnect", "SQLFreeHandle",
                                                           "SQLDriverConnect", "SQLConnect"};
  if (std::ranges::find(kOften, name) != kOften.end()) return 24;
  return std::ranges::find(kSeldom, name) != kSeldom.end() ? 1 : 3;
}

const OdbcCall& choose_call(const OdbcLibrary& driver, Chooser& choose) {
  static const std::vector<const OdbcCall*> weighted = [] {
    std::vector<const OdbcCall*> all;
    for (const OdbcCall& call : test_support::odbc_calls()) {
      all.insert(all.end(), weight_of(call.name), &call);
    }
    return all;
  }();
  for (;;) {
    const OdbcCall& call = *choose.of(weighted);
    if (driver.has(call)) return call;
  }
}

bool reads_diagnostics(const OdbcCall& call) {
  return call.name.starts_with("SQLGetDiag") || call.name.starts_with("SQLError");
}

SQLHANDLE handle_of(std::uint64_t bits) {
  return reinterpret_cast<SQLHANDLE>(static_cast<std::uintptr_t>(bits));
}

SQLSMALLINT kind_of(Argument argument) {
  switch (argument) {
    case Argument::kEnvironment:
      return SQL_HANDLE_ENV;
    case Argument::kConnection:
      return SQL_HANDLE_DBC;
    case Argument::kStatement:
      return SQL_HANDLE_STMT;
    case Argument::kDescriptor:
      return SQL_HANDLE_DESC;
    default:
      return 0;
  }
}

void show(const OdbcCall& call, const std::vector<std::uint64_t>& values, std::uint64_t number) {
  std::printf("%6llu %s(", static_cast<unsigned long long>(number), call.name.c_str());
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::printf(i == 0 ? "%llx" : ", %llx", static_cast<unsigned long long>(values[i]));
    if (call.kinds[i] == Argument::kText && !call.wide && values[i] != 0) {
      const auto size = static_cast<SQLSMALLINT>(values[i + 1]);
      const auto* text = static_cast<const char*>(handle_of(values[i]));
      std::printf(size >= 0 ? "='%.*s'" : "='...'", static_cast<int>(size), text);
    }
  }
  std::printf(")");
  std::fflush(stdout);
}

}  // namespace

Sequence::~Sequence() { free_all(); }

void Sequence::run(const Plan& plan, volatile std::uint64_t& progress) {
  for (std::uint64_t number = 0; number < plan.steps; ++number) {
    if (!plan.only.empty() && std::ranges::find(plan.only, number) == plan.only.end()) continue;
    progress = number;
    step(plan, number);
  }
  progress = plan.steps;
  free_all();
  if (!arena_.intact()) throw Broken("a byte behind a bound buffer was written");
}

void Sequence::step(const Plan& plan, std::uint64_t number) {
  Chooser choose(plan.seed, number);
  ensure_handles(choose);
  const OdbcCall& call = choose_call(driver_, choose);
  const Arguments arguments(call, {handles_, connection_strings_, arena_, choose});
  if (plan.trace) show(call, arguments.values(), number);
  const SQLRETURN result = driver_.invoke(call, arguments.values());
  if (plan.trace) std::printf(" = %d\n", result);
  check(call, arguments, result);
  note(call, arguments.values(), result);
  if (!arena_.end_call()) throw Broken(call.name + " wrote behind a buffer");
}

void Sequence::check(const OdbcCall& call, const Arguments& arguments, SQLRETURN result) const {
  switch (result) {
    case SQL_SUCCESS:
    case SQL_NO_DATA:
    case SQL_NEED_DATA:
      return;
    case SQL_INVALID_HANDLE:
      if (arguments.valid_handle() && call.kinds[0] != Argument::kHandleType) {
        throw Broken(call.name + " takes a good handle for a bad one");
      }
      return;
    case SQL_SUCCESS_WITH_INFO:
    case SQL_ERROR:
      break;
    default:
      throw Broken(call.name + " gives " + std::to_string(result));
  }
  if (reads_diagnostics(call) || !arguments.valid_handle()) return;
  const SQLSMALLINT kind = kind_of(call.kinds[0]);
  const bool two_handles = call.count > 1 && kind_of(call.kinds[1]) != 0;
  if (kind == 0 || two_handles) return;
  try {
    check_record(kind, handle_of(arguments.values()[0]));
  } catch (const Broken& broken) {
    throw Broken(call.name + " gives " + std::to_string(result) + ", but " + broken.what());
  }
}

void Sequence::check_record(SQLSMALLINT kind, SQLHANDLE handle) const {
  std::array<SQLCHAR, 6> state{};
  std::array<SQLCHAR, 1024> text{};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  const SQLRETURN found = driver_("SQLGetDiagRec", kind, handle, 1, state.data(), &native,
                                  text.data(), text.size(), &length);
  if (!SQL_SUCCEEDED(found)) throw Broken("there is no diagnostic");
  const bool five = std::all_of(state.begin(), state.begin() + 5, [](SQLCHAR c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  });
  if (!five || length <= 0 || text[0] != '[') throw Broken("its diagnostic is malformed");
}

void Sequence::note(const OdbcCall& call, const std::vector<std::uint64_t>& values,
                    SQLRETURN result) {
  if (!SQL_SUCCEEDED(result)) return;
  if (call.name == "SQLAllocHandle" && values[2] != 0) {
    add(static_cast<SQLSMALLINT>(values[0]), *static_cast<SQLHANDLE*>(handle_of(values[2])),
        handle_of(values[1]));
  } else if (call.name == "SQLFreeHandle") {
    remove(handle_of(values[1]));
  } else if (call.name == "SQLFreeStmt" && static_cast<SQLUSMALLINT>(values[1]) == SQL_DROP) {
    remove(handle_of(values[0]));
  } else if (call.name == "SQLDisconnect") {
    remove_children(handle_of(values[0]));
  }
}

void Sequence::add(SQLSMALLINT kind, SQLHANDLE raw, SQLHANDLE parent) {
  handles_.push_back({kind, raw, parent});
  if (kind != SQL_HANDLE_STMT) return;
  for (const SQLINTEGER id : {SQL_ATTR_APP_ROW_DESC, SQL_ATTR_APP_PARAM_DESC, SQL_ATTR_IMP_ROW_DESC,
                              SQL_ATTR_IMP_PARAM_DESC}) {
    SQLHANDLE descriptor = nullptr;
    SQLINTEGER length = 0;
    driver_("SQLGetStmtAttr", raw, id, &descriptor, sizeof descriptor, &length);
    handles_.push_back({SQL_HANDLE_DESC, descriptor, raw});
  }
}

void Sequence::remove(SQLHANDLE raw) {
  std::erase_if(handles_, [raw](const Live& live) { return live.raw == raw; });
  remove_children(raw);
}

void Sequence::remove_children(SQLHANDLE parent) {
  std::vector<SQLHANDLE> children;
  for (const Live& live : handles_) {
    if (live.parent == parent) children.push_back(live.raw);
  }
  if (parent == nullptr) return;
  for (SQLHANDLE child : children) remove(child);
}

std::vector<Live> Sequence::of_kind(SQLSMALLINT kind) const {
  std::vector<Live> found;
  std::ranges::copy_if(handles_, std::back_inserter(found),
                       [kind](const Live& live) { return live.kind == kind; });
  return found;
}

SQLHANDLE Sequence::allocate(SQLSMALLINT kind, SQLHANDLE parent) {
  SQLHANDLE made = nullptr;
  if (!SQL_SUCCEEDED(driver_("SQLAllocHandle", kind, parent, &made))) return nullptr;
  add(kind, made, parent);
  return made;
}

bool Sequence::connect(SQLHDBC connection, const std::string& text) {
  std::array<SQLCHAR, 512> completed{};
  SQLSMALLINT length = 0;
  return SQL_SUCCEEDED(driver_("SQLDriverConnect", connection, nullptr, text.c_str(), SQL_NTS,
                               completed.data(), completed.size(), &length, SQL_DRIVER_NOPROMPT));
}

void Sequence::ensure_handles(Chooser& choose) {
  auto environments = of_kind(SQL_HANDLE_ENV);
  if (environments.empty()) {
    SQLHANDLE made = allocate(SQL_HANDLE_ENV, nullptr);
    static constexpr std::array<int, 4> kVersions{SQL_OV_ODBC3, SQL_OV_ODBC3_80, SQL_OV_ODBC3,
                                                  SQL_OV_ODBC2};
    driver_("SQLSetEnvAttr", made, SQL_ATTR_ODBC_VERSION, choose.of(kVersions), 0);
    environments = of_kind(SQL_HANDLE_ENV);
  }
  if (of_kind(SQL_HANDLE_DBC).empty()) allocate(SQL_HANDLE_DBC, environments.front().raw);
  if (of_kind(SQL_HANDLE_STMT).size() >= 2) return;
  for (const Live& connection : of_kind(SQL_HANDLE_DBC)) {
    if (allocate(SQL_HANDLE_STMT, connection.raw) != nullptr) return;
    const bool fresh = connect(connection.raw, choose.one_in(3) ? choose.of(connection_strings_)
                                                                : connection_strings_.front());
    if (fresh) allocate(SQL_HANDLE_STMT, connection.raw);
  }
}

void Sequence::run_sql(std::span<const std::string_view> statements) {
  SQLHANDLE environment = allocate(SQL_HANDLE_ENV, nullptr);
  driver_("SQLSetEnvAttr", environment, SQL_ATTR_ODBC_VERSION, SQL_OV_ODBC3, 0);
  SQLHANDLE connection = allocate(SQL_HANDLE_DBC, environment);
  if (connect(connection, connection_strings_.front())) {
    SQLHANDLE statement = allocate(SQL_HANDLE_STMT, connection);
    for (const std::string_view sql : statements) {
      driver_("SQLExecDirect", statement, sql.data(), static_cast<SQLINTEGER>(sql.size()));
      driver_("SQLFreeStmt", statement, SQL_CLOSE);
    }
  }
  free_all();
}

void Sequence::free_all() {
  for (const Live& live : of_kind(SQL_HANDLE_STMT)) {
    driver_("SQLCancel", live.raw);  // what waits for data cannot be freed
    driver_("SQLFreeHandle", SQL_HANDLE_STMT, live.raw);
  }
  for (const Live& live : of_kind(SQL_HANDLE_DBC)) {
    driver_("SQLEndTran", SQL_HANDLE_DBC, live.raw, SQL_ROLLBACK);
    driver_("SQLDisconnect", live.raw);
    driver_("SQLFreeHandle", SQL_HANDLE_DBC, live.raw);
  }
  for (const Live& live : of_kind(SQL_HANDLE_ENV)) {
    driver_("SQLFreeHandle", SQL_HANDLE_ENV, live.raw);
  }
  handles_.clear();
}

}  // namespace fuzz
