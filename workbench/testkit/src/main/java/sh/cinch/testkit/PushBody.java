package sh.cinch.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Bitbucket sends of a push. */
public final class PushBody {

  private PushBody() {}

  /** One change of a push, as its JSON. */
  public record Change(String json) {

    /** A branch moved; null for where it came from or goes to nowhere. */
    public static Change branch(String name, @Nullable String from, @Nullable String to) {
      return of("branch", name, from, to);
    }

    public static Change tag(String name, @Nullable String from, @Nullable String to) {
      return of("tag", name, from, to);
    }

    private static Change of(String type, String name, @Nullable String from, @Nullable String to) {
      return new Change(
          """
          {"old":%s,"new":%s,"created":%s,"closed":%s,"forced":false,"truncated":false}
          """
              .formatted(side(type, name, from), side(type, name, to), from == null, to == null));
    }

    private static String side(String type, String name, @Nullable String hash) {
      return hash == null
          ? "null"
          : """
          {"type":"%s","name":"%s","target":{"type":"commit","hash":"%s","message":"Fix\\n",\
          "author":{"type":"author","raw":"Jo <jo@example.com>"}}}\
          """
              .formatted(type, name, hash);
    }
  }

  public static byte[] of(String repositoryUuid, String fullName, Change... changes) {
    return bytes(
        """
        {"push":{"changes":[%s]},
         "repository":{"type":"repository","uuid":"%s","full_name":"%s"},
         "actor":{"type":"user","uuid":"{6b47}","display_name":"Jo"}}
        """
            .formatted(
                Arrays.stream(changes).map(Change::json).collect(Collectors.joining(",")),
                repositoryUuid,
                fullName));
  }

  /** A commit hash of one digit. */
  public static String hash(char digit) {
    return String.valueOf(digit).repeat(40);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
