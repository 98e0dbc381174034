// The C client library's own start: once, before the first connection, from any thread.
#pragma once

namespace fabric::mysql {

/// Also starts the TLS library below it, so that an exit handler registered afterwards runs before
/// the end of both.
void start_client_library();

}  // namespace fabric::mysql
