// What a lease left behind on its connection, and so which cleaning it needs before the next loan.
// Pure.
#pragma once

#include <cstdint>

#include "pool/options.h"

namespace pool {

/// Ordered: a lease's residue is the greatest of its statements'.
enum class Residue : std::uint8_t {
  kNothing,  ///< ran nothing, or only reads that the classifier calls pure
  kSession,  ///< may have left anything that a reset clears
  kLasting,  ///< left what nothing clears (SET ROLE, SET profiling, SET insert_id)
};

/// What a connector does with a connection before the next loan.
enum class Cleaning : std::uint8_t {
  kNone,
  kCheck,      ///< a look and a ping: the server is in doubt
  kKeepAlive,  ///< the same, since it has idled for long
  kRollback,   ///< CONNECTION_RESET=NEVER, but a transaction is open
  kReset,
  kWhole,  ///< COM_CHANGE_USER
  kClose,
};

/// What the connection itself says at give-back.
struct SessionFacts {
  bool in_transaction = false;
  bool autocommit = true;
  bool database_to_lose = false;  ///< it has one, and the lease wanted none
};

Cleaning cleaning_after(Residue residue, ResetPolicy policy, const SessionFacts& facts);

}  // namespace pool
