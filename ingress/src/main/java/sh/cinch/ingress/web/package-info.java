/**
 * The API and the pages: they show what the other groups know, and ask them to act. Knows all of
 * them through their doors; nobody knows it but the wiring, through {@code Web}.
 */
@NullMarked
package sh.cinch.ingress.web;

import org.jspecify.annotations.NullMarked;
