/** How much a request may say. */
@NullMarked
package sh.cinch.schema.http;

import org.jspecify.annotations.NullMarked;
