/** Long lists, newest first, a page at a time. */
@NullMarked
package sh.cinch.ingress.paging;

import org.jspecify.annotations.NullMarked;
