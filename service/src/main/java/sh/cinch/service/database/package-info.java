/** The one PostgreSQL: pool, migrations, transactions. */
@NullMarked
package sh.cinch.service.database;

import org.jspecify.annotations.NullMarked;
