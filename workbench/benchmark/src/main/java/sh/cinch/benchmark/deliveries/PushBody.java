package sh.cinch.benchmark.deliveries;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import sh.cinch.benchmark.load.Request;

/**
 * A push as Bitbucket delivers it, of some 10 KB: most of it is commits that nobody reads. Each
 * time it is sent it is the next of its branch, so that no two bodies are the same.
 */
final class PushBody {

  private static final int BYTES = 10 * 1024;

  private PushBody() {}

  /**
   * @param uuid the repository's, in braces
   */
  static String of(String uuid, String fullName) {
    JsonArray commits = new JsonArray();
    JsonObject change =
        new JsonObject()
            .put("commits", commits)
            .put("created", false)
            .put("closed", false)
            .put("forced", false)
            .put("truncated", false)
            .put("old", side(Request.Push.OLD))
            .put("new", side(Request.Push.NEW));
    JsonObject body =
        new JsonObject()
            .put(
                "actor",
                new JsonObject()
                    .put("type", "user")
                    .put("uuid", "{6b47e1a0-0000-4000-8000-000000000001}")
                    .put("display_name", "Jo Doe"))
            .put(
                "repository",
                new JsonObject()
                    .put("type", "repository")
                    .put("uuid", uuid)
                    .put("full_name", fullName))
            .put("push", new JsonObject().put("changes", new JsonArray().add(change)));
    while (body.encode().length() < BYTES) {
      commits.add(commit("%040x".formatted(commits.size() + 1)));
    }
    return body.encode();
  }

  private static JsonObject side(String hash) {
    return new JsonObject()
        .put("type", "branch")
        .put("name", "main")
        .put("links", links("branch/main"))
        .put("target", commit(hash));
  }

  private static JsonObject commit(String hash) {
    return new JsonObject()
        .put("type", "commit")
        .put("hash", hash)
        .put("date", "2026-11-23T15:00:00+00:00")
        .put("message", "Say what a commit of no great length says\n")
        .put("author", new JsonObject().put("type", "author").put("raw", "Jo <jo@example.com>"))
        .put("links", links("commit/" + hash));
  }

  private static JsonObject links(String to) {
    String self = "https://bitbucket.example/acme/app/" + to;
    return new JsonObject()
        .put("self", new JsonObject().put("href", self))
        .put("html", new JsonObject().put("href", self));
  }
}
