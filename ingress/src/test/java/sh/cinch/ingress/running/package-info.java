/** What tests of the ingress stand on: real servers, and the webhook side running on them. */
@NullMarked
package sh.cinch.ingress.running;

import org.jspecify.annotations.NullMarked;
