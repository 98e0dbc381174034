library(RODBC)

db <- odbcConnect(commandArgs(TRUE)[1])
ask <- function(...) {
  if (odbcQuery(db, sprintf(...)) == -1) stop(odbcGetErrMsg(db)[1])
  invisible(sqlGetResults(db, as.is = TRUE))
}
value <- function(...) ask(...)[[1]][1]
say <- function(...) cat(paste(...), "\n", sep = "")

say("tables:", paste(sqlTables(db, tableType = "TABLE")$TABLE_NAME, collapse = ", "))

ask("INSERT INTO kinds VALUES (9223372036854775807, 1234567890123456.7891, '2026-11-26 23:59:59.123456',
     'Grüße 😀 漢字', X'00FF7F80', NULL)")
row <- ask("SELECT * FROM kinds")
row$data <- toupper(paste(row$data[[1]], collapse = ""))
row$nothing[is.na(row$nothing)] <- "NULL"
say("row:", paste(row, collapse = "|"))

ask("START TRANSACTION")
ask("DELETE FROM kinds")
ask("ROLLBACK")
say("rolled back:", value("SELECT COUNT(*) FROM kinds"), "row")
ask("START TRANSACTION")
ask("UPDATE kinds SET nothing = 7")
ask("COMMIT")
say("committed:", value("SELECT nothing FROM kinds"))

tryCatch(ask("SELECT * FROM nowhere"), error = function(error) say("error:", conditionMessage(error)))

store <- function(number) repeat {
  failure <- tryCatch({
    ask("START TRANSACTION")
    if (nrow(ask("SELECT n FROM orders WHERE n = %d", number)) == 0) ask("INSERT INTO orders VALUES (%d)", number)
    ask("COMMIT")
    return()
  }, error = conditionMessage)
  if (!substr(failure, 1, 5) %in% c("40001", "25S03", "08007")) stop(failure) # rolled back, or COMMIT's outcome unknown
  cat("again, looking first:", failure, "\n", file = stderr())
  ask("ROLLBACK")
}

input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  store(as.integer(line))
  say("stored", line)
}
say("rows", value("SELECT COUNT(*) FROM orders"))
odbcClose(db)
