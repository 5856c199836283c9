package sh.cinch.bitbucket.webhook;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Which repository the body of any event is about. */
public sealed interface PayloadRepository {
  record About(RepositoryId repository) implements PayloadRepository {}

  /** JSON, but without a {@code repository} that has a {@code uuid}. */
  record Unnamed() implements PayloadRepository {}

  /**
   * @param why where it stops being JSON; quotes nothing of the body
   */
  record NotJson(String why) implements PayloadRepository {}

  /** Reads a body of any content, and never throws for what is in it. */
  static PayloadRepository parse(byte[] body) {
    try (BodyCursor cursor = BodyCursor.open(body)) {
      RepositoryId repository = find(cursor);
      return repository == null ? new Unnamed() : new About(repository);
    } catch (OtherShapeException e) {
      return new Unnamed();
    } catch (IOException e) {
      return new NotJson(BodyCursor.explain(e));
    }
  }

  private static @Nullable RepositoryId find(BodyCursor cursor)
      throws IOException, OtherShapeException {
    RepositoryId repository = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      if (field.equals("repository")) {
        cursor.once(field, repository);
        repository = RepositoryReader.read(cursor);
      } else {
        cursor.skip();
      }
    }
    cursor.end();
    return repository;
  }
}
