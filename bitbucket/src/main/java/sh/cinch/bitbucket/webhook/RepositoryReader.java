package sh.cinch.bitbucket.webhook;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the field {@code repository}, which is the same in every event. */
final class RepositoryReader {
  private static final int LONGEST_FULL_NAME = 1024;

  private RepositoryReader() {}

  static RepositoryId read(BodyCursor cursor) throws IOException, OtherShapeException {
    if (!cursor.enterObject("repository")) {
      throw new OtherShapeException("repository is null");
    }
    String uuid = null;
    String fullName = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      switch (field) {
        case "uuid" -> {
          cursor.once("repository.uuid", uuid);
          uuid = cursor.name("repository.uuid");
        }
        case "full_name" -> fullName = cursor.text(LONGEST_FULL_NAME);
        default -> cursor.skip();
      }
    }
    return new RepositoryId(required(uuid), fullName);
  }

  private static String required(@Nullable String uuid) throws OtherShapeException {
    if (uuid == null) {
      throw new OtherShapeException("repository.uuid is missing");
    }
    return uuid;
  }
}
