/**
 * What must be so before a release is asked for: its files are there, its tag and names are good.
 */
@NullMarked
package sh.cinch.ingress.artifacts.release;

import org.jspecify.annotations.NullMarked;
