/** HTTP answers: straight-line handlers on virtual threads, and RFC 9457 problems. */
@NullMarked
package sh.cinch.service.http;

import org.jspecify.annotations.NullMarked;
