@NullMarked
package sh.cinch.tokenservice.flight;

import org.jspecify.annotations.NullMarked;
