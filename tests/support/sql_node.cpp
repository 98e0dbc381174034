#include "tests/support/sql_node.h"

#include "tests/support/child_process.h"
#include "tests/support/source_tree.h"

namespace test_support {

void install_sql_node(const TestServer& server) {
  const std::string command = "cat '" + source_file("fabric/node") +
                              "'/*.sql | mariadb --no-defaults --protocol=tcp --host=127.0.0.1 "
                              "--user=app --password=apppw --port=" +
                              std::to_string(server.endpoint().port);
  run_process({"/bin/sh", "-c", command}, {}, server.folder() / "install.log");
}

}  // namespace test_support
