package sh.cinch.tokenservice.refresh;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.TokenLife;

/** Says in time that a pasted token will end, and that it has: nobody can refresh it. */
record TokenEndNotices(Credentials credentials, InstantSource clock) {

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final String WHAT_TO_DO =
      " Make a new one and connect the repository with it; nothing else changes.";

  void attend(Credential credential) {
    credential.token().life().map(life -> after(credential, life)).ifPresent(credentials::save);
  }

  private Credential after(Credential credential, TokenLife life) {
    Optional<Instant> next = life.nextWarning(clock.instant());
    String day = DAY.format(life.expiresAt());
    return next.map(
            time -> credential.warned("It expires on %s.".formatted(day) + WHAT_TO_DO, time))
        .orElseGet(() -> credential.condemned("It expired on %s.".formatted(day) + WHAT_TO_DO));
  }
}
