/** What everybody who has to do with commit statuses must agree upon beside their events. */
@NullMarked
package sh.cinch.schema.status;

import org.jspecify.annotations.NullMarked;
