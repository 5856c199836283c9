/**
 * HTTP servers: straight-line handlers on virtual threads, RFC 9457 problems, and bounds of what
 * requests and connections may hold.
 */
@NullMarked
package sh.cinch.service.http;

import org.jspecify.annotations.NullMarked;
