/** Many builds, a Bitbucket that fails now and then, and instances that are killed meanwhile. */
@NullMarked
package sh.cinch.statusworker.storm;

import org.jspecify.annotations.NullMarked;
