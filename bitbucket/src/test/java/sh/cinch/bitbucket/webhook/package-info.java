/** Holds the reading of deliveries to bodies of all kinds, broken ones too. */
@NullMarked
package sh.cinch.bitbucket.webhook;

import org.jspecify.annotations.NullMarked;
