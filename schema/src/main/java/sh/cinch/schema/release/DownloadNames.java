package sh.cinch.schema.release;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.ReleaseRequest;

/**
 * The names of a release's files in a forge's downloads, which are one flat list where a name that
 * is there already is replaced. Two files of one release never get the same name, not even one that
 * differs in case only: no forge says whether it tells those apart.
 *
 * @param files in the order of the request
 * @param checksums of the file that lists all checksums; empty where none was asked for
 */
public record DownloadNames(List<DownloadName> files, Optional<String> checksums) {

  public static final String USUAL_PATTERN = "{name}";

  /** Shorter than any file system's limit, so that whoever downloads can keep the name. */
  public static final int LONGEST = 200;

  private static final int SHORT_HASH = 12;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]");

  public DownloadNames {
    files = List.copyOf(files);
  }

  /**
   * @throws IllegalArgumentException for whoever asked: which name cannot be had, and what to do
   */
  public static DownloadNames of(ReleaseRequest request) {
    return of(
        request.tag(),
        request.commit(),
        request.files().stream().map(ReleaseRequest.File::name).toList(),
        request.options());
  }

  /**
   * @param options null: the usual ones
   * @throws IllegalArgumentException for whoever asked: which name cannot be had, and what to do
   */
  public static DownloadNames of(
      String tag, String commit, List<String> files, ReleaseRequest.@Nullable Options options) {
    String pattern =
        options == null || options.name() == null ? USUAL_PATTERN : options.name().strip();
    Map<String, String> known =
        Map.of(
            "tag",
            tag,
            "version",
            tag.matches("v[0-9].*") ? tag.substring(1) : tag,
            "commit",
            commit.substring(0, Math.min(SHORT_HASH, commit.length())));
    check(pattern);
    List<DownloadName> names = files.stream().map(file -> named(pattern, file, known)).toList();
    Optional<String> checksums =
        withChecksums(options) ? Optional.of(safe(tag + "-SHA256SUMS")) : Optional.empty();
    refuseClashes(names, checksums);
    return new DownloadNames(names, checksums);
  }

  private static boolean withChecksums(ReleaseRequest.@Nullable Options options) {
    return options == null || options.checksums() == null || options.checksums();
  }

  private static void check(String pattern) {
    PLACEHOLDER
        .matcher(pattern)
        .results()
        .map(found -> found.group(1))
        .filter(word -> !List.of("name", "tag", "version", "commit").contains(word))
        .findFirst()
        .ifPresent(
            word -> {
              throw new IllegalArgumentException(
                  "the name pattern has {%s}: {name}, {tag}, {version} and {commit} are known"
                      .formatted(word));
            });
  }

  private static DownloadName named(String pattern, String file, Map<String, String> known) {
    String whole =
        PLACEHOLDER
            .matcher(pattern)
            .replaceAll(
                found -> Matcher.quoteReplacement(known.getOrDefault(found.group(1), file)));
    String name = safe(whole);
    if (name.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the file '%s' would be called '%s…', longer than %d characters: shorten its name or the pattern"
              .formatted(cut(file), cut(name), LONGEST));
    }
    return new DownloadName(file, name, !name.equals(whole));
  }

  private static String safe(String name) {
    String safe = UNSAFE.matcher(name.strip()).replaceAll("_");
    return safe.isEmpty() || safe.startsWith(".") ? "_" + safe : safe;
  }

  private static void refuseClashes(List<DownloadName> names, Optional<String> checksums) {
    Map<String, String> taken = new TreeMap<>();
    checksums.ifPresent(name -> taken.put(name.toLowerCase(Locale.ROOT), "the checksums"));
    for (DownloadName one : names) {
      String file = "'%s'".formatted(cut(one.file()));
      if (checksums.filter(one.file()::equalsIgnoreCase).isPresent()) {
        throw new IllegalArgumentException(
            "%s is called as the checksums will be: nobody could tell what became of which; give it another name"
                .formatted(file));
      }
      String other = taken.putIfAbsent(one.name().toLowerCase(Locale.ROOT), file);
      if (other != null) {
        throw new IllegalArgumentException(
            "%s and %s would both be called %s: downloads have one place for a name, so give them different ones"
                .formatted(other, file, one.name()));
      }
    }
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= 80
        ? text
        : text.substring(0, text.offsetByCodePoints(0, 80));
  }
}
