package sqlite

/*
// The driver compiles SQLite into the program, and has no way to say this.
typedef struct sqlite3 sqlite3;
int sqlite3_auto_extension(void (*)(void));
int sqlite3_db_config(sqlite3 *, int, ...);

// SQLITE_DBCONFIG_ENABLE_QPSG: the query planner stability guarantee.
static int keep_plans(sqlite3 *db, char **wrong, const void *api) {
	return sqlite3_db_config(db, 1007, 1, (int *)0);
}

static int keep_plans_everywhere(void) {
	return sqlite3_auto_extension((void (*)(void))keep_plans);
}
*/
import "C"

import "fmt"

// keepPlans makes every connection of the program that is opened from now on plan a
// statement once, whatever is bound to it. SQLite otherwise looks at what is bound and
// plans anew, and because the driver clears what is bound, it did so each time that a
// statement ran: a third of the time that the writer spent in SQLite. What is
// registered already is not registered again.
func keepPlans() error {
	if code := C.keep_plans_everywhere(); code != 0 {
		return fmt.Errorf("the plans of SQLite cannot be kept: %d", int(code))
	}
	return nil
}
