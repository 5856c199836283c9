package sh.cinch.releaseworker;

/** How much of a fault test is run: little with every build, the whole of it for the proof. */
final class Scale {

  private static final boolean PROOF = Boolean.getBoolean("cinch.proof");

  private Scale() {}

  static int of(int usual, int proof) {
    return PROOF ? proof : usual;
  }
}
