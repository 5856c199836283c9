/** What this instance knows of credentials without asking the database. */
@NullMarked
package sh.cinch.tokenservice.known;

import org.jspecify.annotations.NullMarked;
