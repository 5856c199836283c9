/** PostgreSQL as Cinch uses it: the migrations, and jOOQ's classes generated from them. */
@NullMarked
package sh.cinch.database;

import org.jspecify.annotations.NullMarked;
