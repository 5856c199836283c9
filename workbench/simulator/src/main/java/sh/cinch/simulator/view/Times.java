package sh.cinch.simulator.view;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Instants as Bitbucket writes them. */
public final class Times {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx").withZone(ZoneOffset.UTC);

  private Times() {}

  /** Of the things Bitbucket itself keeps. */
  public static String micros(Instant time) {
    return MICROS.format(time);
  }

  /** Of what comes from git. */
  public static String seconds(Instant time) {
    return SECONDS.format(time);
  }
}
