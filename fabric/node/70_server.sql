-- A Fabric node in SQL: schema `server`, administration of servers. Arguments and columns
-- as Fabric's; register and unregister are ours.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

-- Makes a server known, or gives a known one a new address. It serves nobody until group.add.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE server.register(
  uuid TEXT, address TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE id VARCHAR(40);
  DECLARE of_group VARCHAR(64);
  DECLARE new_host VARCHAR(255);
  DECLARE new_port BIGINT;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  IF COALESCE(TRIM(uuid), '') NOT REGEXP '^[0-9A-Za-z-]{1,40}$' THEN
    CALL fabric.fail(CONCAT('ServerError: Not a server UUID: (', LEFT(COALESCE(uuid, 'NULL'), 100),
      '); use 1 to 40 letters, digits and -.'));
  END IF;
  SET id = TRIM(uuid);
  CALL fabric.split_address(address, new_host, new_port);
  START TRANSACTION;
  IF EXISTS (SELECT * FROM fabric.servers AS s
              WHERE s.host = new_host AND s.port = new_port AND s.server_uuid <> id FOR UPDATE) THEN
    CALL fabric.fail(CONCAT('ServerError: Address (', LEFT(address, 100),
                            ') belongs to another server: server.unregister that first.'));
  END IF;
  SET of_group = (SELECT s.group_id FROM fabric.servers AS s WHERE s.server_uuid = id FOR UPDATE);
  UPDATE fabric.groups SET version = version + 1 WHERE group_id = of_group;
  INSERT INTO fabric.servers (server_uuid, host, port, status_since)
  VALUES (id, new_host, new_port, UTC_TIMESTAMP(6))
  ON DUPLICATE KEY UPDATE host = new_host, port = new_port;
  CALL fabric.note(of_group, id, CONCAT('registered at ', LEFT(TRIM(address), 200)));
  COMMIT;
  CALL fabric.done('register_server', id, NULL, TRUE);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE server.unregister(
  server_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE uuid VARCHAR(40);
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  START TRANSACTION;
  CALL fabric.find_server(server_id, uuid);
  DELETE FROM fabric.servers WHERE server_uuid = uuid AND group_id IS NULL;
  IF ROW_COUNT() = 0 THEN
    CALL fabric.fail(CONCAT('ServerError: Server (', uuid,
                            ') belongs to a group: group.remove it first.'));
  END IF;
  CALL fabric.note(NULL, uuid, 'unregistered');
  COMMIT;
  CALL fabric.done('unregister_server', NULL, NULL, wait);
END $$

-- SPARE from SECONDARY or FAULTY, SECONDARY from SPARE; the others have commands of their own.
-- What the cluster does not see cannot come back.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.check_transition(
  of_group VARCHAR(64), uuid VARCHAR(40), wanted INT)
READS SQL DATA
BEGIN
  DECLARE members VARCHAR(2048);
  DECLARE known, gone BOOLEAN;
  DECLARE present_status INT DEFAULT
    (SELECT s.status FROM fabric.servers AS s WHERE s.server_uuid = uuid);
  IF wanted = 3 THEN
    CALL fabric.fail(CONCAT('ServerError: To make server (', uuid,
                            ') the PRIMARY use group.promote.'));
  ELSEIF wanted = 0 THEN
    CALL fabric.fail(CONCAT('ServerError: To make server (', uuid,
                            ') FAULTY use threat.report_failure.'));
  ELSEIF (wanted = 1 AND present_status NOT IN (0, 2)) OR (wanted = 2 AND present_status <> 1) THEN
    CALL fabric.fail(CONCAT('ServerError: Cannot change server''s (', uuid, ') status from (',
      fabric.status_name(present_status), ') to (', fabric.status_name(wanted), ').',
      IF(wanted = 2 AND present_status = 0, ' Set it SPARE first.', '')));
  END IF;
  IF (wanted = 2 OR present_status = 0)
     AND (SELECT g.kind FROM fabric.groups AS g WHERE g.group_id = of_group) = 'GALERA' THEN
    CALL fabric.read_view(of_group, members, known);
    CALL fabric.is_gone(uuid, members, known, gone);
    IF gone THEN
      CALL fabric.fail(CONCAT('ServerError: Server (', uuid,
                              ') is not in the cluster: start it first.'));
    END IF;
  END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE server.set_status(
  server_id TEXT, status TEXT, update_only TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE uuid VARCHAR(40);
  DECLARE locked VARCHAR(64);
  DECLARE wanted INT;
  DECLARE ignored, wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wanted = fabric.status_number(COALESCE(status, 'NULL'));
  SET ignored = fabric.flag(update_only, FALSE, 'update_only');
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_server(server_id, uuid, locked);
  CALL fabric.check_transition(locked, uuid, wanted);
  CALL fabric.set_server_status(locked, uuid, wanted, 'set by hand');
  COMMIT;
  CALL fabric.done('set_server_status', NULL, NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE server.set_mode(
  server_id TEXT, mode TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE uuid VARCHAR(40);
  DECLARE locked VARCHAR(64);
  DECLARE wanted, present_status INT;
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wanted = fabric.mode_number(COALESCE(mode, 'NULL'));
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_server(server_id, uuid, locked);
  SET present_status = (SELECT s.status FROM fabric.servers AS s WHERE s.server_uuid = uuid);
  IF NOT CASE present_status WHEN 3 THEN wanted IN (2, 3) WHEN 0 THEN FALSE
                             ELSE wanted IN (0, 1) END THEN
    CALL fabric.fail(CONCAT('ServerError: Cannot set mode to (', fabric.mode_name(wanted),
      ') when the server''s (', uuid, ') status is (', fabric.status_name(present_status), '): ',
      CASE present_status WHEN 3 THEN 'use WRITE_ONLY or READ_WRITE.'
        WHEN 0 THEN 'set its status first.' ELSE 'use OFFLINE or READ_ONLY.' END));
  END IF;
  UPDATE fabric.servers AS s SET s.mode = wanted WHERE s.server_uuid = uuid;
  CALL fabric.note(locked, uuid, CONCAT('mode ', fabric.mode_name(wanted)));
  COMMIT;
  CALL fabric.done('set_server_mode', NULL, NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE server.set_weight(
  server_id TEXT, weight TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE uuid VARCHAR(40);
  DECLARE locked VARCHAR(64);
  DECLARE wanted DECIMAL(9,3);
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  IF COALESCE(TRIM(weight), '') NOT REGEXP '^[0-9]{1,6}([.][0-9]{0,30})?$'
     OR CAST(TRIM(weight) AS DECIMAL(10,3)) NOT BETWEEN 0.001 AND 999999.999 THEN
    CALL fabric.fail(CONCAT('ServerError: Weight (', LEFT(COALESCE(weight, 'NULL'), 64),
      ') is not a number of 0.001 or more and less than 1000000.'));
  END IF;
  SET wanted = CAST(TRIM(weight) AS DECIMAL(9,3));
  CALL fabric.lock_server(server_id, uuid, locked);
  UPDATE fabric.servers AS s SET s.weight = wanted WHERE s.server_uuid = uuid;
  CALL fabric.note(locked, uuid, CONCAT('weight ', wanted));
  COMMIT;
  CALL fabric.done('set_server_weight', NULL, NULL, wait);
END $$

-- The UUID under which an address is registered; the server itself is not asked.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE server.lookup_uuid(
  address TEXT, timeout TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  DECLARE found VARCHAR(40);
  DECLARE known_host VARCHAR(255);
  DECLARE known_port BIGINT;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse_lookup(alone);
  CALL fabric.split_address(address, known_host, known_port);
  SET found = (SELECT s.server_uuid FROM fabric.servers AS s
                WHERE s.host = known_host AND s.port = known_port);
  IF found IS NULL THEN
    CALL fabric.fail(CONCAT('ServerError: Server (', LEFT(address, 100), ') does not exist.'));
  END IF;
  CALL fabric.answer(NULL);
  SELECT found AS uuid;
  IF alone THEN COMMIT; END IF;
END $$

DELIMITER ;
