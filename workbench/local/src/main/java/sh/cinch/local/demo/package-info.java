/** The demonstration: people, runners and Bitbucket, played over the real stack and checked. */
@NullMarked
package sh.cinch.local.demo;

import org.jspecify.annotations.NullMarked;
