/** What everybody who has to do with a release must agree upon beside its events. */
@NullMarked
package sh.cinch.schema.release;

import org.jspecify.annotations.NullMarked;
