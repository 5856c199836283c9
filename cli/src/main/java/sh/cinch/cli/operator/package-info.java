/** Operators' own commands, a program beside {@code cinch}: keysets, and the key that encrypts. */
@NullMarked
package sh.cinch.cli.operator;

import org.jspecify.annotations.NullMarked;
