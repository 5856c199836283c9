/** Pages and cursors. */
@NullMarked
package sh.cinch.ingress.paging;

import org.jspecify.annotations.NullMarked;
