/** What Cinch knows of Bitbucket Cloud: its webhooks, its API and its token endpoint. */
@NullMarked
package sh.cinch.bitbucket;

import org.jspecify.annotations.NullMarked;
