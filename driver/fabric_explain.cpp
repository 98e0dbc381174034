#include "driver/fabric_explain.h"

#include "driver/connection.h"
#include "fabric/base/error.h"

namespace driver {

std::vector<fabric::mysql::Column> explain_columns() { return {}; }

std::unique_ptr<fabric::mysql::Reply> Connection::explain(const ExplainedStatement& /*explained*/,
                                                          fabric::base::Deadline /*deadline*/) {
  throw fabric::base::Error(SqlState::kHYC00,
                            "EXPLAIN FABRIC is not there yet: SHOW FABRIC STATUS tells the route "
                            "of the connection");
}

}  // namespace driver
