package sh.cinch.testkit;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What senders write in the fields of build states and release requests, and the one way each is
 * read: by the JSON Schemas, on Kafka, by the API and its document, and by the command.
 *
 * @param fullName of the repository that all are about
 * @param tag that it has, at {@code commit}
 */
public record ContractVariants(String repository, String fullName, String tag, String commit) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LONG = Pattern.compile("<([0-9]+)(.+?)>");

  /** How a variant is read. */
  public sealed interface Reading {

    /**
     * @param as the field in the event, as JSON; empty where the event has none
     */
    record Taken(Optional<JsonNode> as) implements Reading {}

    /**
     * @param words part of the reason
     */
    record Refused(String words) implements Reading {}

    /** Left out on purpose: the API knows it, and a record must say it. */
    record FilledIn(String words) implements Reading {}
  }

  /**
   * One row.
   *
   * @param value as JSON; empty: the field is left out
   */
  public record Variant(String field, Optional<JsonNode> value, Reading reading) {

    /** The event that has it. */
    public ObjectNode in(ObjectNode event) {
      ObjectNode changed = event.deepCopy();
      JsonPointer pointer = JsonPointer.compile(field);
      JsonNode parent = changed.at(pointer.head());
      String name = pointer.last().getMatchingProperty();
      if (parent instanceof ArrayNode list) {
        list.set(Integer.parseInt(name), value.orElseThrow());
      } else if (value.isPresent()) {
        ((ObjectNode) parent).set(name, value.get());
      } else {
        ((ObjectNode) parent).remove(name);
      }
      return changed;
    }

    @Override
    public String toString() {
      String text = value.map(JsonNode::toString).orElse("left out");
      return field + " " + (text.length() > 100 ? text.substring(0, 100) + "…" : text);
    }
  }

  /** What is the same in all, with {@code key} for telling them apart. */
  public ObjectNode buildState() {
    return object(
        """
        {"repository":{"id":"$ID"},"commit":"$COMMIT","key":"unit","state":"running",
        "occurredAt":"$DAYT15:00:00Z"}
        """);
  }

  public ObjectNode releaseRequest() {
    return object(
        """
        {"repository":{"id":"$ID"},"tag":"$TAG","commit":"$COMMIT","files":[{"name":"app",
        "source":"https://runner.example/app","size":10,"sha256":"$SHA256"}]}
        """);
  }

  /** A line: the field, its JSON, and as what it is taken, or with «!» why it is not. */
  public List<Variant> buildStates() {
    return variants(
        """
        /repository | {"id":"$ID"} | {"id":"$ID"}
        /repository | {"id":"$UPPER_ID"} | {"id":"$ID"}
        /repository | {"id":"$ID","forge":null,"fullName":null} | {"id":"$ID"}
        /repository | {"forge":"bitbucket-cloud","fullName":"$NAME"} | {"forge":"bitbucket-cloud","fullName":"$NAME"}
        /repository | {"forge":"bitbucket","fullName":"$NAME"} | {"forge":"bitbucket-cloud","fullName":"$NAME"}
        /repository | {"id":null,"forge":"bitbucket","fullName":"$NAME"} | {"forge":"bitbucket-cloud","fullName":"$NAME"}
        /repository | {} | ! names none
        /repository | {"forge":"bitbucket"} | ! names none
        /repository | {"fullName":"$NAME"} | ! names none
        /repository | {"id":"app"} | ! an id as Cinch gives them
        /repository | {"id":""} | ! an id as Cinch gives them
        /repository | {"id":7} | ! an id as Cinch gives them
        /repository | {"forge":7,"fullName":"$NAME"} | ! a text is expected
        /repository | "$NAME" | ! an object is expected
        /repository | [] | ! an object is expected
        /repository | - | ? 'repository' is missing
        /repository | null | ? 'repository' is missing
        /commit | "$COMMIT" | "$COMMIT"
        /commit | "$UPPER_COMMIT" | "$COMMIT"
        /commit | - | ! 'commit' is missing
        /commit | null | ! 'commit' is missing
        /commit | "" | ! full commit hash
        /commit | "b2b2b2b" | ! full commit hash
        /commit | "$COMMIT0" | ! full commit hash
        /commit | 1234567890 | ! a text is expected
        /commit | ["$COMMIT"] | ! a text is expected
        /ref | - | -
        /ref | null | -
        /ref | "" | -
        /ref | " " | -
        /ref | "main" | "refs/heads/main"
        /ref | "refs/heads/main" | "refs/heads/main"
        /ref | "refs/tags/v1" | "refs/tags/v1"
        /ref | "<289x>" | "refs/heads/<289x>"
        /ref | "<290x>" | ! longer than 300
        /ref | "a:b" | ! a colon
        /ref | 5 | ! a text is expected
        /key | - | "cinch"
        /key | null | "cinch"
        /key | "unit" | "unit"
        /key | "<255x>" | "<255x>"
        /key | "<255🗼>" | "<255🗼>"
        /key | "<256x>" | ! longer than 255
        /key | "" | ! 'key' is empty
        /key | " " | ! 'key' is empty
        /key | 7 | ! a text is expected
        /key | true | ! a text is expected
        /key | {} | ! a text is expected
        /key | "a\\u0000b" | ! contains a
        /name | - | "Cinch CI"
        /name | null | "Cinch CI"
        /name | "" | "Cinch CI"
        /name | "Unit tests" | "Unit tests"
        /name | "<1000x>" | "<1000x>"
        /name | "<1001x>" | ! longer than 1000
        /name | 5 | ! a text is expected
        /number | - | -
        /number | null | -
        /number | "" | -
        /number | "412" | "412"
        /number | "0412-a" | "0412-a"
        /number | 412 | "412"
        /number | 412.0 | "412"
        /number | -1 | "-1"
        /number | 9223372036854775807 | "9223372036854775807"
        /number | 9223372036854775808 | ! a whole number is expected
        /number | 4.5 | ! a whole number is expected
        /number | true | ! a text is expected
        /number | "<255x>" | "<255x>"
        /number | "<256x>" | ! longer than 255
        /state | "pending" | "pending"
        /state | "running" | "running"
        /state | "success" | "success"
        /state | "failure" | "failure"
        /state | "error" | "error"
        /state | "cancelled" | "cancelled"
        /state | - | ! 'state' is missing
        /state | null | ! 'state' is missing
        /state | "" | ! one of pending
        /state | "SUCCESS" | ! one of pending
        /state | " success" | ! one of pending
        /state | "passed" | ! one of pending
        /state | 2 | ! one of pending
        /description | - | -
        /description | null | -
        /description | "two\\nlines" | "two\\nlines"
        /description | "<10000x>" | "<10000x>"
        /description | "<10001x>" | ! longer than 10000
        /description | 3 | ! a text is expected
        /url | - | -
        /url | null | -
        /url | "" | -
        /url | "https://ci.example.com/412" | "https://ci.example.com/412"
        /url | "<2049x>" | ! longer than 2048
        /url | 5 | ! a text is expected
        /sequence | - | -
        /sequence | null | -
        /sequence | "" | -
        /sequence | 2 | 2
        /sequence | 2.0 | 2
        /sequence | "2" | 2
        /sequence | -1 | -1
        /sequence | "-1" | -1
        /sequence | 1.5 | ! a whole number is expected
        /sequence | "2.0" | ! a whole number is expected
        /sequence | " 2" | ! a whole number is expected
        /sequence | "two" | ! a whole number is expected
        /sequence | true | ! a whole number is expected
        /sequence | 9223372036854775808 | ! a whole number is expected
        /occurredAt | "$DAYT15:00:00Z" | "$DAYT15:00:00Z"
        /occurredAt | "$DAYT15:00:00.123Z" | "$DAYT15:00:00.123Z"
        /occurredAt | "$DAYT15:00:00+01:00" | "$DAYT14:00:00Z"
        /occurredAt | "$DAYT15:00:00.123456789-00:30" | "$DAYT15:30:00.123456789Z"
        /occurredAt | - | ! 'occurredAt' is missing
        /occurredAt | null | ! 'occurredAt' is missing
        /occurredAt | "" | ! a time such as
        /occurredAt | "$DAYT15:00:00" | ! a time such as
        /occurredAt | "$DAY 15:00:00Z" | ! a time such as
        /occurredAt | "$DAYT15:00Z" | ! a time such as
        /occurredAt | "$DAYT15:00:00+0100" | ! a time such as
        /occurredAt | "$DAYT24:00:00Z" | ! a time such as
        /occurredAt | "$DAY" | ! a time such as
        /occurredAt | "2026-02-30T15:00:00Z" | ! a time such as
        /occurredAt | "1764000000" | ! a time such as
        /occurredAt | 1764000000 | ! a time such as
        /occurredAt | 1764000000.5 | ! a time such as
        /deliveryId | null | -
        /deliveryId | "" | -
        /deliveryId | 5 | ! a text is expected
        /pushId | null | -
        /pushId | "p-1" | "p-1"
        /pushId | "<256x>" | ! longer than 255
        /later | {"a":[1,null]} | -
        """);
  }

  public List<Variant> releaseRequests() {
    return variants(
        """
        /repository | {"id":"$ID"} | {"id":"$ID"}
        /repository | {"forge":"bitbucket-cloud","fullName":"$NAME"} | {"forge":"bitbucket-cloud","fullName":"$NAME"}
        /repository | {"forge":"bitbucket","fullName":"$NAME"} | {"forge":"bitbucket-cloud","fullName":"$NAME"}
        /repository | {} | ! names none
        /repository | "$NAME" | ! an object is expected
        /repository | - | ! 'repository' is missing
        /repository | null | ! 'repository' is missing
        /tag | "$TAG" | "$TAG"
        /tag | "refs/tags/$TAG" | "$TAG"
        /tag | - | ! 'tag' is missing
        /tag | null | ! 'tag' is missing
        /tag | "" | ! 'tag' is empty
        /tag | " " | ! 'tag' is empty
        /tag | "refs/tags/" | ! 'tag' is empty
        /tag | "." | ! git knows no such tag
        /tag | "refs/tags/.." | ! git knows no such tag
        /tag | "refs/heads/main" | ! names no tag
        /tag | "refs/tags/refs/tags/v1" | ! names no tag
        /tag | "<251x>" | ! longer than 250
        /tag | "refs/tags/<251x>" | ! longer than 250
        /tag | 1 | ! a text is expected
        /commit | "$COMMIT" | "$COMMIT"
        /commit | "$UPPER_COMMIT" | "$COMMIT"
        /commit | - | ? 'commit' is missing
        /commit | null | ? 'commit' is missing
        /commit | "" | ! full commit hash
        /commit | "b2b2b2b" | ! full commit hash
        /commit | 7 | ! a text is expected
        /options | - | -
        /options | null | -
        /options | {} | {}
        /options | {"name":null,"checksums":null} | {}
        /options | {"name":"","later":1} | {}
        /options | {"name":"{tag}-{name}","checksums":false} | {"name":"{tag}-{name}","checksums":false}
        /options | {"name":"<501x>"} | ! longer than 500
        /options | {"name":5} | ! a text is expected
        /options | {"checksums":"true"} | ! true or false is expected
        /options | {"checksums":1} | ! true or false is expected
        /options | [] | ! an object is expected
        /options | "" | ! an object is expected
        /files | - | ! 'files' is missing
        /files | null | ! 'files' is missing
        /files | [] | ! 'files' is empty
        /files | {} | ! a list is expected
        /files/0 | null | ! 'files'
        /files/0/name | "app.zip" | "app.zip"
        /files/0/name | "" | ! is empty
        /files/0/name | null | ! is missing
        /files/0/name | "<256x>" | ! longer than 255
        /files/0/name | 5 | ! a text is expected
        /files/0/source | "https://runner.example/a?b=c" | "https://runner.example/a?b=c"
        /files/0/source | "https://jo:secret@runner.example/a" | ! is neither
        /files/0/source | "artifact:7" | ! is neither
        /files/0/source | "ftp://runner.example/a" | ! is neither
        /files/0/source | - | ! is missing
        /files/0/source | null | ! is missing
        /files/0/size | 0 | 0
        /files/0/size | 10 | 10
        /files/0/size | 10.0 | 10
        /files/0/size | "10" | 10
        /files/0/size | - | ! is missing
        /files/0/size | null | ! is missing
        /files/0/size | "" | ! is missing
        /files/0/size | -1 | ! is negative
        /files/0/size | "-1" | ! is negative
        /files/0/size | 1.5 | ! a whole number is expected
        /files/0/size | "10 MB" | ! a whole number is expected
        /files/0/sha256 | "$UPPER_SHA256" | "$SHA256"
        /files/0/sha256 | "b2b2b2" | ! 64 hex digits
        /files/0/sha256 | null | ! is missing
        /files/0/contentType | null | -
        /files/0/contentType | "text/plain" | "text/plain"
        /files/0/contentType | 5 | ! a text is expected
        /later | 1 | -
        """);
  }

  private List<Variant> variants(String table) {
    return filled(table).lines().map(ContractVariants::variant).toList();
  }

  private static Variant variant(String line) {
    String[] cells = line.split(" \\| ", -1);
    String reading = cells[2].strip();
    return new Variant(
        cells[0].strip(),
        json(cells[1].strip()),
        switch (reading.charAt(0)) {
          case '!' -> new Reading.Refused(reading.substring(1).strip());
          case '?' -> new Reading.FilledIn(reading.substring(1).strip());
          default -> new Reading.Taken(json(reading));
        });
  }

  private static Optional<JsonNode> json(String cell) {
    return cell.equals("-") ? Optional.empty() : Optional.of(parsed(cell));
  }

  private ObjectNode object(String text) {
    return (ObjectNode) parsed(filled(text));
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Yesterday: whatever the offset, neither to come nor long ago. */
  private String filled(String text) {
    String sha256 = "ab".repeat(32);
    return LONG.matcher(
            text.replace("$UPPER_ID", repository.toUpperCase(Locale.ROOT))
                .replace("$ID", repository)
                .replace("$NAME", fullName)
                .replace("$UPPER_COMMIT", commit.toUpperCase(Locale.ROOT))
                .replace("$COMMIT", commit)
                .replace("$UPPER_SHA256", sha256.toUpperCase(Locale.ROOT))
                .replace("$SHA256", sha256)
                .replace("$TAG", tag)
                .replace("$DAY", LocalDate.now(ZoneOffset.UTC).minusDays(1).toString()))
        .replaceAll(
            found ->
                Matcher.quoteReplacement(found.group(2).repeat(Integer.parseInt(found.group(1)))));
  }
}
