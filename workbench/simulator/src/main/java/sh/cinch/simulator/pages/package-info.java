/** What a Bitbucket user would see in a browser. */
@NullMarked
package sh.cinch.simulator.pages;

import org.jspecify.annotations.NullMarked;
