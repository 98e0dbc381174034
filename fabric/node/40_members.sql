-- A Fabric node in SQL: finding and locking groups and servers, the cluster's view, and
-- who becomes PRIMARY. Used by `threat`, `group` and `server`.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

-- server_id is a UUID or host:port, as registered.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.find_server(
  server_id TEXT, OUT uuid VARCHAR(40))
READS SQL DATA
BEGIN
  SET uuid = (SELECT s.server_uuid FROM fabric.servers AS s WHERE s.server_uuid = TRIM(server_id)
              UNION SELECT s.server_uuid FROM fabric.servers AS s WHERE s.address = TRIM(server_id)
              LIMIT 1);
  IF uuid IS NULL THEN
    CALL fabric.fail(CONCAT('ServerError: Server (', LEFT(COALESCE(server_id, 'NULL'), 100),
                            ') does not exist.'));
  END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.find_group(
  given TEXT, OUT found VARCHAR(64))
READS SQL DATA
BEGIN
  SET found = (SELECT g.group_id FROM fabric.groups AS g WHERE g.group_id = TRIM(given));
  IF found IS NULL THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', LEFT(COALESCE(given, 'NULL'), 100),
                            ') does not exist.'));
  END IF;
END $$

-- Opens the transaction of a change to a group. All who change a group or its servers come here
-- first, so one row decides the order of changes.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.lock_group(
  given TEXT, OUT locked VARCHAR(64))
MODIFIES SQL DATA
BEGIN
  START TRANSACTION;
  UPDATE fabric.groups SET version = version + 1 WHERE group_id = TRIM(given);
  CALL fabric.find_group(given, locked);
END $$

-- The same for a change to one server, which must be in a group.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.lock_server(
  server_id TEXT, OUT uuid VARCHAR(40), OUT locked VARCHAR(64))
MODIFIES SQL DATA
BEGIN
  DECLARE of_group VARCHAR(64);
  CALL fabric.find_server(server_id, uuid);
  SET of_group = (SELECT s.group_id FROM fabric.servers AS s WHERE s.server_uuid = uuid);
  COMMIT;
  IF of_group IS NOT NULL THEN
    CALL fabric.lock_group(of_group, locked);
  END IF;
  IF NOT EXISTS (SELECT * FROM fabric.servers AS s
                  WHERE s.server_uuid = uuid AND s.group_id = locked) THEN
    CALL fabric.fail(CONCAT('ServerError: Server (', LEFT(server_id, 100),
                            ') does not belong to a group.'));
  END IF;
END $$

-- A server named together with its group.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.find_member(
  of_group VARCHAR(64), server_id TEXT, OUT uuid VARCHAR(40))
READS SQL DATA
BEGIN
  CALL fabric.find_server(server_id, uuid);
  IF NOT EXISTS (SELECT * FROM fabric.servers AS s
                  WHERE s.server_uuid = uuid AND s.group_id = of_group) THEN
    CALL fabric.fail(CONCAT('GroupError: Server (', LEFT(server_id, 100),
                            ') is not in group (', of_group, ').'));
  END IF;
END $$

-- What the Galera cluster of the answering server sees. `known` is true when the view tells who
-- of the group lives: the cluster has quorum, each member it lists is a registered server (one
-- that is not, or that says AUTO, could be any), it lists one of the group at least (else the
-- group lives in another cluster), and it lists as many as the cluster has: a member that received
-- its data while another joined misses that one in its list, until somebody comes or goes (tried:
-- two full transfers at a time). An arbitrator's empty entry does not matter.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.read_view(
  of_group VARCHAR(64), OUT members VARCHAR(2048), OUT known BOOLEAN)
READS SQL DATA
BEGIN
  DECLARE component, size VARCHAR(64);
  DECLARE looks TINYINT UNSIGNED DEFAULT 0;
  -- When somebody goes, the list and the size follow one another by some milliseconds.
  REPEAT
    IF looks > 0 THEN DO SLEEP(0.02); END IF;
    SET looks = looks + 1;
    SELECT MAX(IF(v.VARIABLE_NAME = 'WSREP_INCOMING_ADDRESSES', v.VARIABLE_VALUE, NULL)),
           MAX(IF(v.VARIABLE_NAME = 'WSREP_CLUSTER_STATUS', v.VARIABLE_VALUE, NULL)),
           MAX(IF(v.VARIABLE_NAME = 'WSREP_CLUSTER_SIZE', v.VARIABLE_VALUE, NULL))
      INTO members, component, size
      FROM information_schema.GLOBAL_STATUS AS v
     WHERE v.VARIABLE_NAME IN
       ('WSREP_INCOMING_ADDRESSES', 'WSREP_CLUSTER_STATUS', 'WSREP_CLUSTER_SIZE');
    SET members = COALESCE(members, '');
    UNTIL looks = 5 OR NOT COALESCE(
      component = 'Primary' AND JSON_LENGTH(fabric.as_list(members)) <> CAST(size AS UNSIGNED), FALSE)
  END REPEAT;
  SET known = component = 'Primary'
    AND JSON_LENGTH(fabric.as_list(members)) = CAST(size AS UNSIGNED)
    AND NOT EXISTS (
      SELECT * FROM JSON_TABLE(fabric.as_list(members),
                               '$[*]' COLUMNS (entry VARCHAR(300) PATH '$')) AS m
       WHERE m.entry <> ''
         AND NOT EXISTS (SELECT * FROM fabric.servers AS s
                          WHERE s.address = m.entry COLLATE utf8mb4_general_ci))
    AND EXISTS (SELECT * FROM fabric.servers AS s
                 WHERE s.group_id = of_group AND FIND_IN_SET(s.address, members) > 0);
  SET known = COALESCE(known, FALSE);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.is_gone(
  uuid VARCHAR(40), members VARCHAR(2048), known BOOLEAN, OUT gone BOOLEAN)
READS SQL DATA
SET gone = known AND NOT EXISTS (
  SELECT * FROM fabric.servers AS s
   WHERE s.server_uuid = uuid AND FIND_IN_SET(s.address, members) > 0) $$

-- Of the SECONDARY servers open for reading and not known to be dead, the one of most weight,
-- then of least uuid; NULL if there is none.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.pick_candidate(
  of_group VARCHAR(64), members VARCHAR(2048), known BOOLEAN, besides VARCHAR(40),
  OUT candidate VARCHAR(40))
READS SQL DATA
SET candidate = (
  SELECT s.server_uuid FROM fabric.servers AS s
   WHERE s.group_id = of_group AND s.status = 2 AND s.mode = 1 AND NOT s.server_uuid <=> besides
     AND (NOT known OR FIND_IN_SET(s.address, members) > 0)
   ORDER BY s.weight DESC, s.server_uuid LIMIT 1) $$

-- Inside the transaction of lock_group. Entering SPARE closes a server, SECONDARY opens it for
-- reading, PRIMARY for both; FAULTY keeps the mode.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.set_server_status(
  of_group VARCHAR(64), uuid VARCHAR(40), wanted INT, reason VARCHAR(200))
MODIFIES SQL DATA
BEGIN
  UPDATE fabric.servers
     SET status = wanted,
         mode = CASE wanted WHEN 0 THEN mode WHEN 1 THEN 0 WHEN 2 THEN 1 ELSE 3 END,
         status_since = UTC_TIMESTAMP(6)
   WHERE server_uuid = uuid;
  IF wanted = 3 THEN
    UPDATE fabric.groups SET orphaned = FALSE WHERE group_id = of_group;
  END IF;
  CALL fabric.note(of_group, uuid, CONCAT(fabric.status_name(wanted), ': ', reason));
END $$

DELIMITER ;
