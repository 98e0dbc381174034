// The functions of descriptors; SQLFreeHandle and SQLAllocHandle for each kind of handle.
#include "tests/direct/transitions.h"

namespace test_support {
namespace {

void add_calls_on(Transitions& all, const std::string& which) {
  add_transition(all, ToldOn::kDescriptor, "GetDescField:" + which, [which](TransitionRig& r) {
    return r("SQLGetDescField", r.descriptors.at(which), 1, SQL_DESC_CONCISE_TYPE, &r.status, 0,
             nullptr);
  });
  add_transition(all, ToldOn::kDescriptor, "GetDescRec:" + which, [which](TransitionRig& r) {
    return r("SQLGetDescRec", r.descriptors.at(which), 1, nullptr, 0, nullptr, &r.status, nullptr,
             nullptr, nullptr, nullptr, nullptr);
  });
  add_transition(all, ToldOn::kDescriptor, "SetDescField:" + which, [which](TransitionRig& r) {
    return r("SQLSetDescField", r.descriptors.at(which), 0, SQL_DESC_ARRAY_STATUS_PTR, nullptr, 0);
  });
  add_transition(all, ToldOn::kDescriptor, "SetDescRec:" + which, [which](TransitionRig& r) {
    const SQLSMALLINT type = which == "ipd" ? SQL_INTEGER : SQL_C_SBIGINT;
    return r("SQLSetDescRec", r.descriptors.at(which), 2, type, 0, 0, 0, 0, nullptr, nullptr,
             nullptr);
  });
  add_transition(all, ToldOn::kDescriptor, "CopyDesc:" + which, [which](TransitionRig& r) {
    return r("SQLCopyDesc", r.descriptors.at(which), r.descriptors.at("explicit"));
  });
  add_transition(all, ToldOn::kDescriptor, "FreeHandle:" + which, [which](TransitionRig& r) {
    return r("SQLFreeHandle", SQL_HANDLE_DESC, r.descriptors.at(which));
  });
}

SQLRETURN allocate(TransitionRig& r, SQLSMALLINT kind, SQLHANDLE from) {
  SQLHANDLE made = nullptr;
  const SQLRETURN result = r("SQLAllocHandle", kind, from, &made);
  if (SQL_SUCCEEDED(result)) r("SQLFreeHandle", kind, made);
  return result;
}

}  // namespace

void add_descriptor_transitions(Transitions& all) {
  for (const char* which : {"ard", "apd", "ird", "ipd", "explicit"}) add_calls_on(all, which);
  add_transition(all, ToldOn::kConnection, "AllocHandle:statement",
                 [](TransitionRig& r) { return allocate(r, SQL_HANDLE_STMT, r.odbc.connection); });
  add_transition(all, ToldOn::kConnection, "AllocHandle:descriptor",
                 [](TransitionRig& r) { return allocate(r, SQL_HANDLE_DESC, r.odbc.connection); });
  add_transition(all, ToldOn::kEnvironment, "AllocHandle:connection",
                 [](TransitionRig& r) { return allocate(r, SQL_HANDLE_DBC, r.odbc.environment); });
  add_transition(all, ToldOn::kStatement, "FreeHandle:statement", [](TransitionRig& r) {
    const SQLRETURN result = r("SQLFreeHandle", SQL_HANDLE_STMT, r.odbc.statement);
    if (SQL_SUCCEEDED(result)) r.odbc.statement = nullptr;
    return result;
  });
  add_transition(all, ToldOn::kConnection, "FreeHandle:connection", [](TransitionRig& r) {
    const SQLRETURN result = r("SQLFreeHandle", SQL_HANDLE_DBC, r.odbc.connection);
    if (SQL_SUCCEEDED(result)) r.odbc.connection = nullptr;
    return result;
  });
  add_transition(all, ToldOn::kEnvironment, "FreeHandle:environment", [](TransitionRig& r) {
    const SQLRETURN result = r("SQLFreeHandle", SQL_HANDLE_ENV, r.odbc.environment);
    if (SQL_SUCCEEDED(result)) r.odbc.environment = nullptr;
    return result;
  });
}

}  // namespace test_support
