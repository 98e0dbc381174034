-- A Fabric node in SQL: who may call what, as two roles. An application needs the role
-- of clients; a person who administers the farm needs both. Members get a role like this:
--
--   GRANT fabric_client TO app@'%';
--   SET DEFAULT ROLE fabric_client FOR app@'%';
--
-- For an account without a default role grant EXECUTE on dump.* and threat.* directly.

CREATE ROLE IF NOT EXISTS fabric_client;
GRANT EXECUTE ON dump.* TO fabric_client;
GRANT EXECUTE ON threat.* TO fabric_client;
-- Tells a shard that was removed from one that is only disabled.
GRANT EXECUTE ON PROCEDURE sharding.lookup_servers TO fabric_client;

CREATE ROLE IF NOT EXISTS fabric_admin;
GRANT fabric_client TO fabric_admin;
GRANT EXECUTE ON `group`.* TO fabric_admin;
GRANT EXECUTE ON server.* TO fabric_admin;
GRANT EXECUTE ON sharding.* TO fabric_admin;
GRANT SELECT ON fabric.* TO fabric_admin;
GRANT UPDATE (value) ON fabric.settings TO fabric_admin;

-- `fabricctl watch` and `fabricctl promote`.
CREATE ROLE IF NOT EXISTS fabric_watch;
GRANT fabric_client TO fabric_watch;
GRANT EXECUTE ON watch.* TO fabric_watch;
GRANT fabric_watch TO fabric_admin;
