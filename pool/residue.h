// What a lease left behind on its connection, and so which cleaning it needs before the next loan.
#pragma once

#include <cstdint>

namespace pool {

/// Ordered: a lease's residue is the greatest of its statements'.
enum class Residue : std::uint8_t {
  kNothing,  ///< ran nothing, or only reads that the classifier calls pure
  kSession,  ///< may have left anything that a reset clears
  kWhole,    ///< left what only COM_CHANGE_USER clears (SET ROLE)
};

}  // namespace pool
