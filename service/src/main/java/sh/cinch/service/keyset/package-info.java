/** The keyset against the database: whether it fits, and moving secrets to its primary key. */
@NullMarked
package sh.cinch.service.keyset;

import org.jspecify.annotations.NullMarked;
