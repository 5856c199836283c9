/** The JSON in which Bitbucket describes its things, in the API and in webhook bodies alike. */
@NullMarked
package sh.cinch.simulator.view;

import org.jspecify.annotations.NullMarked;
