// The one place that includes the C client library.
#pragma once

#include <mysql.h>
// After it, since they need its types.
#include <errmsg.h>
#include <ma_pvio.h>
