/** What the tests of several modules share. */
@NullMarked
package sh.cinch.testkit;

import org.jspecify.annotations.NullMarked;
