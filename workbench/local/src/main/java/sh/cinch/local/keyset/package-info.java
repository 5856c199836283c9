/** {@code ./cinch keyset}: making keysets, and changing the key that secrets are encrypted with. */
@NullMarked
package sh.cinch.local.keyset;

import org.jspecify.annotations.NullMarked;
