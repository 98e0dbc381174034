// Keeps a thread that is cancelled (pthread_cancel) alive to the end of a scope: it would unwind,
// which neither our locks nor the C boundary let pass. Costs two calls of the C library. Scopes
// nest; each belongs to its thread.
#pragma once

#include <pthread.h>

namespace driver {

class CancelLater {
 public:
  CancelLater() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~CancelLater() { pthread_setcancelstate(before_, nullptr); }
  CancelLater(const CancelLater&) = delete;
  CancelLater& operator=(const CancelLater&) = delete;

 private:
  int before_ = PTHREAD_CANCEL_ENABLE;
};

}  // namespace driver
