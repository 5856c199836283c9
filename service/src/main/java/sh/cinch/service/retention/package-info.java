/** What is kept for so many days, and deleted after that. */
@NullMarked
package sh.cinch.service.retention;

import org.jspecify.annotations.NullMarked;
