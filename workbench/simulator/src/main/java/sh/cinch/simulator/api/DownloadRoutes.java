package sh.cinch.simulator.api;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import sh.cinch.simulator.http.FilePart;
import sh.cinch.simulator.http.Form;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.store.ContentHost;
import sh.cinch.simulator.store.ContentStore;
import sh.cinch.simulator.view.Times;
import sh.cinch.simulator.world.Download;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.Settings;

/** The downloads of a repository: one flat list, in which a name is there once. */
record DownloadRoutes(ContentStore store, ContentHost host) {
  private static final Required WRITE =
      new Required(List.of("repository:write"), List.of("write:repository:bitbucket"));
  private static final String FIELD = "files";

  void addTo(Api api) {
    api.onRepository(GET, "/downloads", Required.REPOSITORY, DownloadRoutes::list);
    api.onRepository("/downloads", WRITE, store, this::upload);
    api.onRepository(GET, "/downloads/:name", Required.REPOSITORY, this::fetch);
    api.onRepository(DELETE, "/downloads/:name", WRITE, this::delete);
  }

  private static Reply list(Visit visit, Repository repository) {
    return Listing.of(visit, repository.downloads(), download -> view(visit, repository, download));
  }

  private Reply upload(Visit visit, Repository repository, Form form) {
    if (!visit.account().may(Permission.WRITE, repository)) {
      return mayNotWrite();
    }
    Settings settings = visit.state().settings();
    return switch (form) {
      case Form.Other() ->
          ApiError.of(406, "The request's content type must be multipart/form-data.");
      case Form.Malformed malformed -> ApiError.of(400, "The multipart form is malformed.");
      case Form.TooLarge tooLarge -> ApiError.tooLarge();
      case Form.Torn(var files) -> {
        if (settings.tornUploads() == Settings.TornUploads.KEPT && problem(files).isEmpty()) {
          files.forEach(file -> put(visit, repository, file));
        }
        yield Reply.empty(400);
      }
      case Form.Whole(var files) ->
          problem(files)
              .or(() -> noRoom(settings.repositoryBytes(), repository, files))
              .orElseGet(
                  () -> {
                    files.forEach(file -> put(visit, repository, file));
                    return Reply.empty(201);
                  });
    };
  }

  private static Optional<Reply> problem(List<FilePart> files) {
    if (files.isEmpty() || !files.stream().map(FilePart::field).allMatch(FIELD::equals)) {
      return Optional.of(ApiError.of(400, "Files must be sent in the form's field files."));
    }
    return files.stream().map(DownloadRoutes::name).anyMatch(String::isBlank)
        ? Optional.of(ApiError.of(400, "A file has no name."))
        : Optional.empty();
  }

  private static Optional<Reply> noRoom(long most, Repository repository, List<FilePart> files) {
    List<String> names = files.stream().map(DownloadRoutes::name).toList();
    long others =
        repository.downloads().stream()
            .filter(download -> !names.contains(download.name()))
            .mapToLong(download -> download.content().size())
            .sum();
    long all = others + files.stream().mapToLong(file -> file.content().size()).sum();
    return most > 0 && all > most
        ? Optional.of(
            ApiError.of(
                400,
                "The repository's downloads would hold %d bytes; at most %d are allowed."
                    .formatted(all, most)))
        : Optional.empty();
  }

  /** At once, and only now that it is whole: nobody ever sees a part of it. */
  private void put(Visit visit, Repository repository, FilePart file) {
    Optional<Download> old = repository.download(name(file));
    store.keep(file.content());
    repository.put(
        new Download(
            name(file),
            file.content(),
            visit.account().uuid(),
            visit.now(),
            0,
            old.map(download -> download.replaced() + 1).orElse(0)));
    old.ifPresent(download -> store.remove(download.content()));
  }

  private Reply fetch(Visit visit, Repository repository) {
    Optional<Download> found = repository.download(visit.call().at("name"));
    found.map(Download::fetched).ifPresent(repository::put);
    return found
        .map(download -> Reply.redirect(host.link(repository, download)))
        .orElseGet(() -> none(visit));
  }

  private Reply delete(Visit visit, Repository repository) {
    if (!visit.account().may(Permission.WRITE, repository)) {
      return mayNotWrite();
    }
    Optional<Download> found = repository.download(visit.call().at("name"));
    found.ifPresent(
        download -> {
          repository.removeDownload(download.name());
          store.remove(download.content());
        });
    return found.isPresent() ? Reply.empty(204) : none(visit);
  }

  private static Reply mayNotWrite() {
    return ApiError.forbidden("You do not have write access to this repository.");
  }

  private static Reply none(Visit visit) {
    return ApiError.notFound("Download %s not found".formatted(visit.call().at("name")));
  }

  /** Browsers of old sent their user's folders along. */
  private static String name(FilePart file) {
    String name = file.fileName();
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  }

  private static ObjectNode view(Visit visit, Repository repository, Download download) {
    ObjectNode node =
        Json.object()
            .put("type", "download")
            .put("name", download.name())
            .put("size", download.content().size())
            .put("created_on", Times.micros(download.createdOn()))
            .put("downloads", download.downloads());
    node.set("user", visit.views().accounts().show(visit.state().account(download.account())));
    String file = URLEncoder.encode(download.name(), StandardCharsets.UTF_8).replace("+", "%20");
    String path = "/repositories/%s/downloads/%s".formatted(repository.fullName(), file);
    node.putObject("links").putObject("self").put("href", visit.call().site().api(path));
    return node;
  }
}
