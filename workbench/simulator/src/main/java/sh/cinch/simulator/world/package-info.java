/** What the imitated Bitbucket knows: accounts, repositories and credentials, behind one lock. */
@NullMarked
package sh.cinch.simulator.world;

import org.jspecify.annotations.NullMarked;
