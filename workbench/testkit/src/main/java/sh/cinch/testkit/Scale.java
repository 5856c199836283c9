package sh.cinch.testkit;

/** How much of a fault test is run: little with every build, all of it for the proof. */
public final class Scale {

  private Scale() {}

  public static int of(int usual, int proof) {
    return isProof() ? proof : usual;
  }

  public static boolean isProof() {
    return Boolean.getBoolean("cinch.proof");
  }
}
