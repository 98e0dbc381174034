// Why a Fabric node did not give what was asked, as a sentence that says what to do. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "fabric/base/error.h"
#include "fabric/mysql/mysql_error.h"

namespace fabric {

class NodeFailure final : public base::Error {
 public:
  enum class Kind : std::uint8_t {
    kPassing,    ///< down, silent, overloaded, without quorum: may be better soon
    kLinkLost,   ///< as kPassing; a link that was idle before may simply have been closed
    kConflict,   ///< 1213: the CALL ended without effect and is to be made again whole
    kRefused,    ///< privileges, not a node: will not change by itself
    kDenied,     ///< the login: likewise
    kCommand,    ///< the command itself reported an error
    kMalformed,  ///< an answer that does not fit the protocol
  };
  NodeFailure(Kind kind, const std::string& text, int native = 0)
      : Error(kind == Kind::kDenied ? base::SqlState::k28000 : base::SqlState::k08001, text,
              native),
        kind_(kind) {}

  [[nodiscard]] Kind kind() const { return kind_; }
  /// The node did answer; asking the same again at once is pointless.
  [[nodiscard]] bool answered() const {
    return kind_ == Kind::kRefused || kind_ == Kind::kDenied || kind_ == Kind::kCommand ||
           kind_ == Kind::kMalformed;
  }

 private:
  Kind kind_;
};

/// How far a call had come.
struct CallProgress {
  std::string user;
  std::string procedure;  ///< empty: still connecting and logging in
  bool answering = false;
  std::size_t rows = 0;  ///< of the result set that was being read
};

NodeFailure node_failure(const mysql::MysqlError& error, const CallProgress& progress);

}  // namespace fabric
