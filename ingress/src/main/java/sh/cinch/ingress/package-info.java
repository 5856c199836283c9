/** The ingress: webhooks in, web pages, OAuth and the REST API. */
@NullMarked
package sh.cinch.ingress;

import org.jspecify.annotations.NullMarked;
