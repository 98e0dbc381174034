// The setup library's functions, which unixODBC's installer library calls. No exception leaves
// them.
#include <odbcinstext.h>

#include <exception>

#include "driver/setup/checks.h"
#include "driver/setup/data_source.h"
#include "driver/setup/properties.h"

namespace {

constexpr BOOL kDone = 1;
constexpr BOOL kFailed = 0;

/// In place of what the installer library may have said itself, which is "Request failed" at best.
BOOL fail(DWORD code, const char* text) {
  UWORD mode = 0;
  SQLGetConfigMode(&mode);  // forgets earlier errors
  SQLPostInstallerError(code, text);
  return kFailed;
}

}  // namespace

extern "C" {

int INSTAPI ODBCINSTGetProperties(HODBCINSTPROPERTY last) {
  if (last == nullptr) return ODBCINST_ERROR;
  try {
    driver::setup::append_properties(*last);
    return ODBCINST_SUCCESS;
  } catch (const std::exception&) {  // no memory
    return ODBCINST_ERROR;
  }
}

BOOL INSTAPI ConfigDSN(HWND /*window*/, WORD request, LPCSTR name, LPCSTR attributes) {
  try {
    const std::string driver = name == nullptr ? "" : name;
    driver::setup::configure(request, driver, driver::setup::parse_attributes(attributes));
    return kDone;
  } catch (const driver::setup::Refusal& refusal) {
    return fail(refusal.code, refusal.text.c_str());
  } catch (const std::exception& error) {
    return fail(ODBC_ERROR_GENERAL_ERR, error.what());
  }
}

}  // extern "C"
