@NullMarked
package sh.cinch.tokenservice.keyset;

import org.jspecify.annotations.NullMarked;
