#include "fabric/xmlrpc_library/exported.h"

const fabric::XmlRpcLibrary fabric_odbc_xmlrpc{.version = FABRIC_ODBC_VERSION,
                                               .link = fabric::xmlrpc_link};
