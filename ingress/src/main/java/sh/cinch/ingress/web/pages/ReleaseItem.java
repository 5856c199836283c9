package sh.cinch.ingress.web.pages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import sh.cinch.ingress.readmodel.ReleaseRow;
import sh.cinch.schema.event.ReleaseEvent.FileState;

/**
 * A release in a list.
 *
 * @param anchor its address on the page, also kept when the list is renewed
 * @param reason why it is not on the forge
 * @param shown the files that are seen at once: all, or of many those that failed
 * @param folded all files, where they are many; of very many the first
 * @param summary how many files there are, and how many of them are where they should be
 */
public record ReleaseItem(
    String anchor,
    String repository,
    String tag,
    String commit,
    Badge badge,
    Optional<String> reason,
    List<String> warnings,
    List<FileItem> shown,
    List<FileItem> folded,
    String summary,
    When when) {

  private static final int SHORT_HASH = 12;
  private static final int MANY = 10;

  /** Warnings of one file. */
  private static final int FEW = 2;

  /** Files that are folded; the API has all of them. */
  private static final int MOST = 200;

  /**
   * A file of it.
   *
   * @param name in the downloads
   * @param before what it was called where it was built, if otherwise
   * @param url of the download, once it is there
   */
  public record FileItem(
      String name,
      Optional<String> before,
      Optional<String> size,
      Badge badge,
      Optional<String> reason,
      List<String> warnings,
      Optional<String> url) {

    static FileItem of(ReleaseRow.File file) {
      String name = file.download().orElse(file.name());
      return new FileItem(
          Brief.text(name),
          Optional.of(file.name()).filter(before -> !before.equals(name)).map(Brief::text),
          file.size().map(Bytes::text),
          Badge.ofReleasedFile(file.state()),
          file.reason().map(Brief::text),
          Brief.texts(file.warnings(), FEW),
          file.url().filter(Brief::isWebAddress));
    }
  }

  static ReleaseItem of(ReleaseRow row) {
    List<FileItem> files = row.files().stream().map(FileItem::of).toList();
    boolean many = files.size() > MANY;
    return new ReleaseItem(
        "release-" + UUID.nameUUIDFromBytes(row.id().getBytes(StandardCharsets.UTF_8)),
        row.repository().fullName(),
        Brief.text(row.tag()),
        row.commit().substring(0, SHORT_HASH),
        Badge.ofRelease(row.state(), row.waitingFor()),
        row.reason().map(Brief::text),
        Brief.texts(row.warnings(), MANY),
        many ? failed(row, files) : files,
        many ? files.stream().limit(MOST).toList() : List.of(),
        summary(row),
        When.of(row.requestedAt()));
  }

  private static List<FileItem> failed(ReleaseRow row, List<FileItem> files) {
    return IntStream.range(0, files.size())
        .filter(i -> row.files().get(i).state() == FileState.FAILED)
        .mapToObj(files::get)
        .limit(MANY)
        .toList();
  }

  private static String summary(ReleaseRow row) {
    long delivered = count(row, FileState.DELIVERED);
    long failed = count(row, FileState.FAILED);
    return "%d files, %d on Bitbucket%s"
        .formatted(
            row.files().size(), delivered, failed == 0 ? "" : ", %d failed".formatted(failed));
  }

  private static long count(ReleaseRow row, FileState state) {
    return row.files().stream().filter(file -> file.state() == state).count();
  }
}
