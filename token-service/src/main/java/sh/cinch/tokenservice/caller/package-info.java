/** Who calls the internal API, and what each may do. */
@NullMarked
package sh.cinch.tokenservice.caller;

import org.jspecify.annotations.NullMarked;
