package sh.cinch.ingress.readmodel;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.service.kafka.Incoming;

/**
 * Which commit status a record of {@code cinch.commit-status.v1} is about, by its key alone.
 *
 * @param ref empty where none
 */
record StatusId(UUID repository, String commit, String key, String ref) {

  /** Only the third may hold colons. */
  private static final Pattern PARTS =
      Pattern.compile("([^:]+):([^:]+):(.+):([^:]*)", Pattern.DOTALL);

  /** Empty where the record's key is none of this topic. */
  static Optional<StatusId> of(Incoming record) {
    byte[] key = record.key();
    if (key == null) {
      return Optional.empty();
    }
    Matcher parts = PARTS.matcher(new String(key, StandardCharsets.UTF_8));
    return parts.matches()
        ? Uuids.parse(parts.group(1))
            .map(id -> new StatusId(id, parts.group(2), parts.group(3), parts.group(4)))
        : Optional.empty();
  }
}
