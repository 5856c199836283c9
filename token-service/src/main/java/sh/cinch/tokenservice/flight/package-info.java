/** Work shared by all who want the same at the same time. */
@NullMarked
package sh.cinch.tokenservice.flight;

import org.jspecify.annotations.NullMarked;
