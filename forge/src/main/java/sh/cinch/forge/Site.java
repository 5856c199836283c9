package sh.cinch.forge;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.config.Environment;

/**
 * Every address of a forge.
 *
 * @param forge its kind, as events name it
 * @param pages where people and git go
 * @param api where its API is
 */
public record Site(String forge, URI pages, URI api) {

  public static Site bitbucketCloud(URI pages, URI api) {
    return new Site(Repository.BITBUCKET_CLOUD, pages, api);
  }

  public static Site bitbucketCloud(Environment environment) {
    return bitbucketCloud(
        environment.address("CINCH_BITBUCKET_URL", "https://bitbucket.org"),
        environment.address("CINCH_BITBUCKET_API_URL", "https://api.bitbucket.org"));
  }

  /** Where git finds a repository, without credentials. */
  public String cloneUrl(String fullName) {
    return "%s/%s.git".formatted(pages, fullName);
  }

  /** The same by the forge's ids, braces and all, which no renaming moves. */
  public String cloneUrl(String workspaceUuid, String uuid) {
    return cloneUrl(encoded(workspaceUuid) + "/" + encoded(uuid));
  }

  private static String encoded(String uuid) {
    return URLEncoder.encode(uuid, StandardCharsets.UTF_8);
  }

  public String commitPage(String fullName, String commit) {
    return "%s/%s/commits/%s".formatted(pages, fullName, commit);
  }

  /**
   * @param name only characters that need no encoding
   */
  public String downloadPage(String fullName, String name) {
    return "%s/%s/downloads/%s".formatted(pages, fullName, name);
  }
}
