# The .deb and the .rpm, by CPack. Version and name are the project's.
set(FABRIC_ODBC_MAINTAINER "fabric-odbc maintainers <maintainers@fabric-odbc.example>"
  CACHE STRING "who answers for the packages")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT ${FABRIC_ODBC_MAINTAINER})
set(CPACK_PACKAGE_VENDOR "fabric-odbc")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "ODBC driver for farms of MySQL and MariaDB servers")
set(CPACK_PACKAGE_DESCRIPTION
  "A program names a DSN and gets the right server of a farm that is managed by
MySQL Fabric: the primary of a group for writes, a secondary by weight for
reads, the shard that holds a key, and after a failover the new primary, on
the connection handle it already has. Physical connections are pooled inside
the process. With SERVER= a DSN leads to a single MySQL or MariaDB server.
.
The package holds the driver, registered with unixODBC as MySQL Fabric ODBC,
the command line program fabricctl, a Fabric node as stored procedures, and
the header with the driver's own attributes.")
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON)  # what is written at installation names /usr, not the folder of staging
set(CPACK_INSTALL_PREFIX /usr)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS odbcinst)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS unixodbc)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "unixodbc-dev, mariadb-client")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_CURRENT_SOURCE_DIR}/debian/postinst ${CMAKE_CURRENT_SOURCE_DIR}/debian/prerm)

set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_RELEASE 1)
set(CPACK_RPM_PACKAGE_LICENSE Apache-2.0)
set(CPACK_RPM_PACKAGE_DESCRIPTION ${CPACK_PACKAGE_DESCRIPTION})
set(CPACK_RPM_PACKAGE_REQUIRES unixODBC)
set(CPACK_RPM_PACKAGE_REQUIRES_POST unixODBC)
set(CPACK_RPM_PACKAGE_REQUIRES_PREUN unixODBC)
set(CPACK_RPM_POST_INSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/rpm/post)
set(CPACK_RPM_PRE_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/rpm/preun)
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION  # folders of the system
  /usr/${FABRIC_ODBC_DRIVER_FOLDER} /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}
  /usr/share/man /usr/share/man/man1 /usr/share/man/man7)
