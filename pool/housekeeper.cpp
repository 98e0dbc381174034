#include "pool/housekeeper.h"

namespace pool {

void Housekeeper::sweep() {
  const auto now = clock_.now();
  pool_.sweep(now);
  // Nobody is sent to a suspect while others serve, so nobody would notice its return.
  const auto standing = suspects_.standing(pool_.server(), fabric::RequestMode::kReadOnly);
  if (standing.suspect && standing.retry_at <= now) pool_.verify(now);
}

}  // namespace pool
