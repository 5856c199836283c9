/** The contents of downloads: files on disk, and the host that hands them out. */
@NullMarked
package sh.cinch.simulator.store;

import org.jspecify.annotations.NullMarked;
