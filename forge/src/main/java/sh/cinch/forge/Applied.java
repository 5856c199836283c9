package sh.cinch.forge;

/** The value of a call that has nothing to tell beyond that it worked. */
public record Applied() {}
