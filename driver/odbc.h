// The ODBC headers, included in one place so that every file sees the same version and widths.
#pragma once

#ifndef ODBCVER
#define ODBCVER 0x0380
#endif
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>
