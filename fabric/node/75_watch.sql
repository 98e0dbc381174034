-- A Fabric node in SQL: schema `watch`, for `fabricctl watch`, which does in REPLICATED groups what a
-- node in SQL cannot: promote. One instance is active, by a lease. Each change is made together with
-- a check, and a change, of the lease's row: an instance that has lost it changes nothing.
-- Answers have the form of the other commands': an info row, then the command's own sets.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

-- Takes the lease when nobody's is valid. The epoch is the new holder's alone.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.take(holder TEXT, milliseconds INT)
MODIFIES SQL DATA
BEGIN
  DECLARE now DATETIME(6) DEFAULT UTC_TIMESTAMP(6);
  DECLARE present VARCHAR(128);
  DECLARE until DATETIME(6);
  DECLARE taken BIGINT;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  START TRANSACTION;
  INSERT IGNORE INTO fabric.watch_lease (name, holder, epoch, expires_at)
  VALUES ('watch', '', 0, '2000-01-01');
  SELECT l.holder, l.expires_at INTO present, until
    FROM fabric.watch_lease AS l WHERE l.name = 'watch' FOR UPDATE;
  IF until > now THEN
    CALL fabric.fail(CONCAT('held by ', present));
  END IF;
  UPDATE fabric.watch_lease AS l
     SET l.holder = LEFT(TRIM(holder), 128), l.epoch = l.epoch + 1,
         l.expires_at = now + INTERVAL milliseconds * 1000 MICROSECOND
   WHERE l.name = 'watch';
  SET taken = (SELECT l.epoch FROM fabric.watch_lease AS l WHERE l.name = 'watch');
  COMMIT;
  CALL fabric.answer(NULL);
  SELECT taken AS epoch;
  COMMIT;
END $$

-- Also after its time, as long as nobody else has taken it. 0 milliseconds give it up.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.renew(epoch BIGINT, milliseconds INT)
MODIFIES SQL DATA
BEGIN
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  START TRANSACTION;
  UPDATE fabric.watch_lease AS l
     SET l.uses = l.uses + 1,
         l.expires_at = UTC_TIMESTAMP(6) + INTERVAL milliseconds * 1000 MICROSECOND
   WHERE l.name = 'watch' AND l.epoch = epoch;
  IF ROW_COUNT() = 0 THEN
    CALL fabric.fail('lease lost');
  END IF;
  COMMIT;
  CALL fabric.answer(NULL);
  COMMIT;
END $$

-- Opens the transaction of a change to a group, if the lease is still that of `epoch`.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.lock_group_by_lease(
  epoch BIGINT, given TEXT, OUT locked VARCHAR(64))
MODIFIES SQL DATA
BEGIN
  CALL fabric.lock_group(given, locked);
  UPDATE fabric.watch_lease AS l SET l.uses = l.uses + 1
   WHERE l.name = 'watch' AND l.epoch = epoch AND l.expires_at > UTC_TIMESTAMP(6);
  IF ROW_COUNT() = 0 THEN
    CALL fabric.fail('lease lost');
  END IF;
  IF (SELECT g.kind FROM fabric.groups AS g WHERE g.group_id = locked) <> 'REPLICATED' THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', locked, ') is not REPLICATED.'));
  END IF;
END $$

-- Asks for a change of primary, to `wanted` or, when that is empty, to the best. What has not begun
-- after a minute does not count any more: nobody waits for it.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.ask(group_id TEXT, wanted TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE uuid VARCHAR(40);
  DECLARE present_status INT;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.lock_group(group_id, locked);
  IF (SELECT g.kind FROM fabric.groups AS g WHERE g.group_id = locked) <> 'REPLICATED' THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', locked, ') is not REPLICATED: use group.promote.'));
  END IF;
  IF TRIM(COALESCE(wanted, '')) <> '' THEN
    CALL fabric.find_member(locked, wanted, uuid);
    SET present_status = (SELECT s.status FROM fabric.servers AS s WHERE s.server_uuid = uuid);
    IF present_status = 0 THEN
      CALL fabric.fail(CONCAT('GroupError: Server (', uuid, ') is FAULTY.'));
    END IF;
  END IF;
  DELETE FROM fabric.promotions
   WHERE fabric.promotions.group_id = locked AND leaving IS NULL
     AND asked_at < UTC_TIMESTAMP(6) - INTERVAL 60 SECOND;
  IF EXISTS (SELECT * FROM fabric.promotions AS p WHERE p.group_id = locked) THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', locked, ') is being switched over already.'));
  END IF;
  IF present_status IS NULL OR present_status <> 3 THEN
    INSERT INTO fabric.promotions (group_id, wanted, planned, asked_at)
    VALUES (locked, uuid, TRUE, UTC_TIMESTAMP(6));
  END IF;
  COMMIT;
  CALL fabric.answer(NULL);
  COMMIT;
END $$

-- Takes back what was asked for and has not begun.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.take_back(group_id TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.lock_group(group_id, locked);
  DELETE FROM fabric.promotions WHERE fabric.promotions.group_id = locked AND leaving IS NULL;
  COMMIT;
  CALL fabric.answer(NULL);
  COMMIT;
END $$

-- The PRIMARY leaves: it is FAULTY until it follows its successor. From here on clients wait. Nothing
-- happens when it has left already.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.`begin`(
  epoch BIGINT, group_id TEXT, dead INT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE old_primary VARCHAR(40);
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.lock_group_by_lease(epoch, group_id, locked);
  SET old_primary =
    (SELECT s.server_uuid FROM fabric.servers AS s WHERE s.group_id = locked AND s.status = 3);
  IF old_primary IS NOT NULL THEN
    CALL fabric.set_server_status(locked, old_primary, 0,
                                  IF(dead, 'dead, says the watch', 'is being switched over'));
    INSERT INTO fabric.promotions (group_id, leaving, planned, asked_at)
    VALUES (locked, old_primary, NOT dead, UTC_TIMESTAMP(6))
    ON DUPLICATE KEY UPDATE leaving = old_primary, planned = NOT dead;
  END IF;
  COMMIT;
  CALL fabric.answer(NULL);
  COMMIT;
END $$

-- Why a change of primary does not go on; NULL or '': it does.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.say(
  epoch BIGINT, group_id TEXT, problem TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.lock_group_by_lease(epoch, group_id, locked);
  UPDATE fabric.promotions AS p SET p.problem = NULLIF(LEFT(problem, 500), '')
   WHERE p.group_id = locked;
  COMMIT;
  CALL fabric.answer(NULL);
  COMMIT;
END $$

-- Ends a change of primary: clients see the new one. Sent again after a lost answer it does nothing.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.publish(
  epoch BIGINT, group_id TEXT, successor TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE uuid, present VARCHAR(40);
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.lock_group_by_lease(epoch, group_id, locked);
  CALL fabric.find_member(locked, successor, uuid);
  SET present =
    (SELECT s.server_uuid FROM fabric.servers AS s WHERE s.group_id = locked AND s.status = 3);
  IF present IS NOT NULL AND present <> uuid THEN
    CALL fabric.fail(CONCAT('GroupError: Group (', locked, ') has the PRIMARY (', present,
                            ') meanwhile.'));
  END IF;
  IF present IS NULL THEN
    CALL fabric.set_server_status(locked, uuid, 3, 'promoted by the watch');
  END IF;
  DELETE FROM fabric.promotions WHERE fabric.promotions.group_id = locked;
  COMMIT;
  CALL fabric.answer(NULL);
  COMMIT;
END $$

-- A server that is not the PRIMARY: FAULTY, SPARE or SECONDARY.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.mark(
  epoch BIGINT, server_id TEXT, wanted TEXT, reason TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE uuid VARCHAR(40);
  DECLARE of_group, locked VARCHAR(64);
  DECLARE number INT;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET number = fabric.status_number(COALESCE(wanted, 'NULL'));
  CALL fabric.find_server(server_id, uuid);
  SET of_group = (SELECT s.group_id FROM fabric.servers AS s WHERE s.server_uuid = uuid);
  COMMIT;
  CALL fabric.lock_group_by_lease(epoch, of_group, locked);
  IF number = 3 OR EXISTS (SELECT * FROM fabric.servers AS s
                            WHERE s.server_uuid = uuid AND s.status = 3) THEN
    CALL fabric.fail(CONCAT('ServerError: Server (', uuid, ') is or would be the PRIMARY.'));
  END IF;
  IF EXISTS (SELECT * FROM fabric.servers AS s WHERE s.server_uuid = uuid AND s.status <> number) THEN
    CALL fabric.set_server_status(locked, uuid, number, LEFT(reason, 200));
  END IF;
  COMMIT;
  CALL fabric.answer(NULL);
  COMMIT;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.note_upstream(
  epoch BIGINT, group_id TEXT, host TEXT, port INT)
MODIFIES SQL DATA
BEGIN
  DECLARE locked VARCHAR(64);
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.lock_group_by_lease(epoch, group_id, locked);
  IF TRIM(COALESCE(host, '')) = '' THEN
    DELETE FROM fabric.upstreams WHERE fabric.upstreams.group_id = locked;
  ELSE
    REPLACE INTO fabric.upstreams (group_id, host, port) VALUES (locked, LEFT(TRIM(host), 255), port);
  END IF;
  COMMIT;
  CALL fabric.answer(NULL);
  COMMIT;
END $$

-- The REPLICATED groups with their servers (a group without one has a row of NULLs), what is being
-- changed, and where their primaries replicate from.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE watch.look()
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  CALL fabric.answer(NULL);
  SELECT g.group_id, s.server_uuid, s.host, s.port, s.status, s.mode, s.weight
    FROM fabric.groups AS g JOIN fabric.servers AS s ON s.group_id = g.group_id
   WHERE g.kind = 'REPLICATED' ORDER BY g.group_id, s.weight DESC, s.server_uuid;
  SELECT p.group_id, p.leaving, p.wanted, p.planned, p.problem FROM fabric.promotions AS p
   WHERE p.leaving IS NOT NULL OR p.asked_at > UTC_TIMESTAMP(6) - INTERVAL 60 SECOND;
  SELECT u.group_id, u.host, u.port FROM fabric.upstreams AS u;
  IF alone THEN COMMIT; END IF;
END $$

DELIMITER ;
