package sh.cinch.releaseworker.forge;

/** What came of asking Bitbucket for something. */
public sealed interface Got<T> {

  record Value<T>(T value) implements Got<T> {}

  record Not<T>(Setback setback) implements Got<T> {}
}
