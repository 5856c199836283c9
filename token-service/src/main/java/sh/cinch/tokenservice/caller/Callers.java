package sh.cinch.tokenservice.caller;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sh.cinch.service.secret.Secret;

/** The services and the secret that each proves itself with. */
public final class Callers {

  private static final String BEARER = "Bearer ";
  private static final int SHORTEST_SECRET = 16;

  private final Map<Caller, Secret> secrets;

  private Callers(Map<Caller, Secret> secrets) {
    this.secrets = Map.copyOf(secrets);
  }

  /** Lets nobody in. */
  public static Callers none() {
    return new Callers(Map.of());
  }

  /**
   * @param list {@code ingress=SECRET,status-worker=SECRET}
   * @throws IllegalArgumentException naming the entry by its position and never by its text: what
   *     is malformed may be a secret
   */
  public static Callers parse(Secret list) {
    Map<Caller, Secret> secrets = new EnumMap<>(Caller.class);
    String[] entries = list.reveal().split(",", -1);
    for (int i = 0; i < entries.length; i++) {
      String entry = entries[i].strip();
      int equals = entry.indexOf('=');
      Caller caller = caller(i + 1, equals < 0 ? "" : entry.substring(0, equals).strip());
      Secret secret = secret(caller, entry.substring(equals + 1).strip());
      if (secrets.containsKey(caller)) {
        throw new IllegalArgumentException(caller.word() + " is there twice");
      }
      if (secrets.containsValue(secret)) {
        throw new IllegalArgumentException(
            "%s has the secret of another service: each needs one of its own"
                .formatted(caller.word()));
      }
      secrets.put(caller, secret);
    }
    return new Callers(secrets);
  }

  /** Compares with every secret there is, so that the time it takes tells nothing. */
  public Optional<Caller> authenticate(Optional<String> authorization) {
    Optional<Secret> given =
        authorization
            .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(header -> header.substring(BEARER.length()).strip())
            .filter(text -> !text.isEmpty())
            .map(Secret::of);
    Optional<Caller> caller = Optional.empty();
    for (Map.Entry<Caller, Secret> known : secrets.entrySet()) {
      if (given.isPresent() && known.getValue().matches(given.get())) {
        caller = Optional.of(known.getKey());
      }
    }
    return caller;
  }

  private static Caller caller(int position, String name) {
    return Caller.of(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "entry %d is not NAME=SECRET with one of the names %s"
                        .formatted(position, names())));
  }

  private static Secret secret(Caller caller, String text) {
    if (text.length() < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "the secret of %s has fewer than %d characters"
              .formatted(caller.word(), SHORTEST_SECRET));
    }
    return Secret.of(text);
  }

  private static String names() {
    return Arrays.stream(Caller.values()).map(Caller::word).collect(Collectors.joining(", "));
  }
}
