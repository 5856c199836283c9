/** What is wanted is posted on Bitbucket, and what came of it is written down. */
@NullMarked
package sh.cinch.statusworker.post;

import org.jspecify.annotations.NullMarked;
