// The driver without a driver manager, for what that hides: its functions by name, and an
// environment and a connection of its own.
#pragma once

#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "tests/driver_manager/odbc_fixture.h"

namespace test_support {

/// The path of the driver under test (odbc_fixture.cpp).
std::string driver_library();

class DirectDriver {
 public:
  DirectDriver() : library_(dlopen(driver_library().c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) throw std::runtime_error(dlerror());
  }

  /// Null when the driver exports no such function.
  [[nodiscard]] void* find(const char* name) const { return dlsym(library_, name); }

  /// Calls the driver's own; the first argument tells the type: call(&SQLFetch, "SQLFetch", h).
  template <class Function, class... Arguments>
  SQLRETURN call(Function* /*like*/, const char* name, Arguments... arguments) const {
    auto* const function = reinterpret_cast<Function*>(find(name));
    if (function == nullptr) throw std::runtime_error(std::string(name) + " is not exported");
    return function(arguments...);
  }

  [[nodiscard]] SQLHANDLE allocate(SQLSMALLINT type, SQLHANDLE parent) const {
    SQLHANDLE made = nullptr;
    call(&SQLAllocHandle, "SQLAllocHandle", type, parent, &made);
    return made;
  }
  void free(SQLSMALLINT type, SQLHANDLE handle) const {
    call(&SQLFreeHandle, "SQLFreeHandle", type, handle);
  }

  /// The first record's state; "00000" without any.
  [[nodiscard]] std::string state(SQLSMALLINT type, SQLHANDLE handle) const {
    SQLCHAR state[6] = "00000";
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    call(&SQLGetDiagRec, "SQLGetDiagRec", type, handle, SQLSMALLINT{1},
         static_cast<SQLCHAR*>(state), &native, static_cast<SQLCHAR*>(nullptr), SQLSMALLINT{0},
         &length);
    return reinterpret_cast<const char*>(state);
  }

 private:
  void* library_;  // stays loaded: the driver is linked with -z nodelete
};

}  // namespace test_support
