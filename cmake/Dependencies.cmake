# libmysqlclient (on Debian: MariaDB Connector/C) and unixODBC have pkg-config files; Poco has its own.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(MariaDB REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(OdbcInst REQUIRED IMPORTED_TARGET odbcinst)
pkg_check_modules(Odbc REQUIRED IMPORTED_TARGET odbc)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Poco REQUIRED COMPONENTS Foundation JSON XML Net NetSSL)
find_package(CLI11 REQUIRED)
