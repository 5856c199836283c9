package sh.cinch.bitbucket.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * A repository.
 *
 * @param uuid in braces; what identifies it, while the full name may change
 * @param fullName e.g. {@code acme/app}
 * @param workspaceUuid in braces; empty where the answer does not say
 * @param isPrivate true also where the answer does not say
 * @param mainBranch empty in an empty repository
 * @param cloneUrl for git over HTTPS, without the user name that Bitbucket puts in
 */
public record Repository(
    String uuid,
    String fullName,
    String name,
    Optional<String> workspaceUuid,
    boolean isPrivate,
    Optional<String> mainBranch,
    Optional<String> cloneUrl) {

  static Repository from(Fields repository) throws AnswerShapeException {
    String fullName = repository.text("full_name");
    if (RepositoryAddress.parse(fullName).isEmpty()) {
      throw new AnswerShapeException("full_name is not workspace/repository");
    }
    return new Repository(
        repository.text("uuid"),
        fullName,
        repository.optionalText("name").orElse(fullName),
        Optional.ofNullable(repository.node().path("workspace").path("uuid").textValue()),
        repository.flag("is_private", true),
        Optional.ofNullable(repository.node().path("mainbranch").path("name").textValue()),
        cloneUrl(repository));
  }

  private static Optional<String> cloneUrl(Fields repository) {
    for (JsonNode link : repository.node().path("links").path("clone")) {
      if (link.path("name").asText().startsWith("http")) {
        return Optional.ofNullable(link.path("href").textValue()).flatMap(Repository::withoutUser);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> withoutUser(String href) {
    try {
      URI uri = new URI(href);
      return Optional.of(
          new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), uri.getPath(), null, null)
              .toString());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
