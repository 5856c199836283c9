/** What this instance knows of credentials without asking the database. */
@NullMarked
package sh.cinch.tokenservice.cache;

import org.jspecify.annotations.NullMarked;
