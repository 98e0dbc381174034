// LOAD DATA LOCAL: which of the application's files the server may have. The server asks for the
// file by name, so a hostile one could ask for any: hence the guard.
// Functions without state of their own; used by the thread that owns the session.
#pragma once

#include <string>

#include "fabric/mysql/client_library.h"

namespace fabric::mysql {

/// Files are read only when they lie below `folder` (any, when it is empty), symbolic links
/// followed. `folder` must outlive the connection.
void guard_local_infile(MYSQL* mysql, const std::string& folder);

}  // namespace fabric::mysql
