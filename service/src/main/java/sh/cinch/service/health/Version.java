package sh.cinch.service.health;

import java.util.Objects;

/** Which Cinch this is, from the jar's manifest. */
public final class Version {

  public static final String CURRENT =
      Objects.requireNonNullElse(
          Version.class.getPackage().getImplementationVersion(), "development");

  private Version() {}
}
