/** The REST API under {@code /api/v1}, as its OpenAPI document describes it. */
@NullMarked
package sh.cinch.ingress.web.api;

import org.jspecify.annotations.NullMarked;
