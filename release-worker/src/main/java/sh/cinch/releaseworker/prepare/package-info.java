/** A release before anything is sent: its tag, and what it would replace. */
@NullMarked
package sh.cinch.releaseworker.prepare;

import org.jspecify.annotations.NullMarked;
