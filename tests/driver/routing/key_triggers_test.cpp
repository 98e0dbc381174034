#include "driver/routing/key_triggers.h"

#include <gtest/gtest.h>

namespace {

bool sets_id(const char* text) {
  driver::routing::Definition trigger;
  trigger.kind = "TRIGGER";
  trigger.text = text;
  return driver::routing::sets_new_value(trigger, "id");
}

TEST(KeyTriggers, AreSeenToSetTheColumn) {
  for (const char* text :
       {"SET NEW.id = 5", "set new.ID := NEW.id + 1000", "SET NEW.note = 'x', NEW.`id` = 5",
        "SET `NEW`.id = 5", "BEGIN :NEW.id := :NEW.id + 1; END", "SELECT a INTO :NEW.id FROM t",
        "BEGIN IF NEW.id < 5 THEN SET NEW.id = 5; END IF; END",
        "BEGIN SELECT a, b INTO NEW.note, NEW.id FROM t; END", "SELECT a INTO NEW.id FROM t",
        "BEGIN SELECT a, b, c INTO @x, y, NEW.id FROM t; END",
        "BEGIN FETCH c INTO NEW.note, NEW.id; END", "CALL p(1, NEW.id)",
        "BEGIN CALL shop.p(NEW.note, NEW.id); SET NEW.note = ''; END"}) {
    EXPECT_TRUE(sets_id(text)) << text;
  }
}

TEST(KeyTriggers, AreSeenToLeaveTheColumn) {
  for (const char* text :
       {"SET NEW.note = NEW.id", "SET NEW.note = CONCAT(NEW.note, NEW.id)", "SET NEW.ids = 5",
        "BEGIN IF NEW.id = 5 THEN SET NEW.note = 'five'; END IF; END", "SET @id = NEW.id",
        "INSERT INTO log VALUES (NEW.note, NEW.id)", "SET NEW.note = 'SET NEW.id = 5'",
        "BEGIN CALL p(NEW.note); INSERT INTO log (a) SELECT NEW.id; END",
        "UPDATE t SET n = n + 1 WHERE t.id = NEW.id", "SET OLD.id = 5", ""}) {
    EXPECT_FALSE(sets_id(text)) << text;
  }
}

}  // namespace
