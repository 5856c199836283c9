package sh.cinch.ingress.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.net.URI;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Purpose;
import sh.cinch.ingress.artifacts.release.ReleaseChecks;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.readmodel.ReleaseRecorder;
import sh.cinch.ingress.readmodel.ReleaseRow;
import sh.cinch.ingress.readmodel.Releases;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.http.Problem;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.trace.Traceparent;

/** Releases: ask for one, or what one would do; see what became of them. */
record ReleaseOperations(
    Rights rights,
    Connections connections,
    ReleaseChecks checks,
    Releases releases,
    ReleaseRecorder recorder,
    Sending sending,
    Database database,
    InstantSource clock) {

  private static final Logger log = LoggerFactory.getLogger(ReleaseOperations.class);
  private static final URI SOURCE = URI.create("/cinch/ingress");
  private static final String KEY_HEADER = "Idempotency-Key";

  /** {@code id}: the {@code ce_id} of the record. */
  record Accepted(String id) {}

  /** {@code note}: what Bitbucket makes of releases. */
  record Noted(@JsonUnwrapped ReleaseRow release, String note) {}

  ApiReply create(ApiCall call) {
    boolean dryRun = call.query("dryRun").map(Boolean::valueOf).orElse(false);
    ReleaseBody body = ReleaseBody.read(call.body(), dryRun);
    Connection connection = named(call, body.request().repository());
    if (!connection.isConnected()) {
      throw ReleaseChecks.apart();
    }
    return dryRun ? tried(connection, body) : ordered(call, connection, body);
  }

  private ApiReply tried(Connection connection, ReleaseBody body) {
    ReleaseRequest request = complete(connection, body, Purpose.RELEASE_CHECK);
    checks.files(connection, request);
    DownloadNames names = checks.names(request);
    return ApiReply.ok(DryRunView.of(connection, request, names, checks.downloads(connection)));
  }

  private ApiReply ordered(ApiCall call, Connection connection, ReleaseBody body) {
    Optional<String> id = key(call).map(key -> id(connection, key));
    Optional<ReleaseRequest> before = id.flatMap(releases::request);
    if (before.isPresent()) {
      return again(call, id.orElseThrow(), before.get(), body);
    }
    ReleaseRequest request = complete(connection, body, Purpose.RELEASE);
    checks.files(connection, request);
    return publish(call, request, id.orElseGet(() -> UUID.randomUUID().toString()));
  }

  /** It is on the topic already: the same answer, also where the tag has moved since. */
  private ApiReply again(ApiCall call, String id, ReleaseRequest before, ReleaseBody body) {
    if (!content(before).equals(content(body.request()))
        || body.commit().filter(commit -> !commit.equals(before.commit())).isPresent()
        || !checks
            .names(before)
            .equals(checks.names(body.of(before.repository(), before.commit())))) {
      throw new Problem(
          422,
          "Key used before",
          "Another release of this repository was asked for with this %s, of another tag, commit, files or options: send another key, or that release once more."
              .formatted(KEY_HEADER));
    }
    return accepted(call, id);
  }

  /** What makes it the same release, wherever its files come from this time. */
  private static List<String> content(ReleaseRequest request) {
    return Stream.concat(
            Stream.of(request.tag()),
            request.files().stream()
                .map(file -> "%d %s %s".formatted(file.size(), file.sha256(), file.name())))
        .toList();
  }

  /** Names that do not depend on the commit are looked at before anybody is asked about it. */
  private ReleaseRequest complete(Connection connection, ReleaseBody body, Purpose purpose) {
    checks.names(body.request());
    String commit = checks.commit(connection, body.request().tag(), body.commit(), purpose);
    return body.of(RepositoryRef.byId(connection.id()), commit);
  }

  private Connection named(ApiCall call, RepositoryRef named) {
    return call.repository(rights, connections.resolve(named).orElseThrow(Rights::noRepository));
  }

  private static Optional<String> key(ApiCall call) {
    Optional<String> key = Optional.ofNullable(call.context().request().getHeader(KEY_HEADER));
    if (key.filter(text -> text.isBlank() || text.length() > RequestLimits.IDEMPOTENCY_KEY)
        .isPresent()) {
      throw new Problem(
          400,
          "Malformed request",
          "The header %s is empty or longer than %d characters."
              .formatted(KEY_HEADER, RequestLimits.IDEMPOTENCY_KEY));
    }
    return key;
  }

  private static String id(Connection connection, String key) {
    return UUID.nameUUIDFromBytes((connection.id() + "\0" + key).getBytes(UTF_8)).toString();
  }

  private ApiReply publish(ApiCall call, ReleaseRequest request, String id) {
    String key = String.valueOf(request.repository().id());
    ProducerRecord<byte[], byte[]> record =
        new Event<>(
                Topic.RELEASE_REQUEST,
                key,
                id,
                SOURCE,
                key,
                clock.instant(),
                Traceparent.continued(call.context().request().getHeader(Traceparent.HEADER)),
                request)
            .toRecord();
    RecordMetadata written = sending.send(record, "request for the release");
    record(record, written);
    return accepted(call, id);
  }

  /** Shows it from now on. Should this fail, the projection does it. */
  private void record(ProducerRecord<byte[], byte[]> record, RecordMetadata written) {
    try {
      database.write(transaction -> recorder.written(transaction, record, written));
    } catch (DataAccessException e) {
      log.warn("a release is asked for, and shown later: record={}", written, e);
    }
  }

  private static ApiReply accepted(ApiCall call, String id) {
    call.context()
        .response()
        .putHeader("location", ApiRoutes.PREFIX + "/releases/" + URLEncoder.encode(id, UTF_8));
    return ApiReply.of(202, new Accepted(id));
  }

  ApiReply show(ApiCall call) {
    ReleaseRow row =
        releases.find(call.context().pathParam("id")).orElseThrow(ReleaseOperations::none);
    checkVisible(call, row);
    return ApiReply.ok(new Noted(row, Words.RELEASES));
  }

  private void checkVisible(ApiCall call, ReleaseRow row) {
    try {
      call.repository(rights, row.repository().id());
    } catch (Problem hidden) {
      throw none();
    }
  }

  ApiReply list(ApiCall call) {
    Connection connection = call.repository(rights);
    return ApiReply.ok(releases.page(List.of(connection.id()), call.page()));
  }

  private static Problem none() {
    return new Problem(404, "No such release", "There is no release with this id for you.");
  }
}
